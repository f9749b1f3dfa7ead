"""The gap map: cells that hold what their lists hold, empty ones that say so, and files that need nothing else."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.urls import reverse
from lxml import etree
from openpyxl import load_workbook

from folkmoot.activities.actions import initiatives
from folkmoot.communities import actions as communities
from folkmoot.evidence.queries import standings
from folkmoot.front.queries.assumptions import Filters, listed
from folkmoot.front.queries.gaps import gap_map, sides_of
from folkmoot.front.queries.uses import names_of
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Instance

TODAY = date(2026, 11, 23)


def mapped(viewer, down="aim", across="method", **filters):
    return gap_map(viewer, Filters(scope="network", **filters), down=down, across=across, today=TODAY)


def cell(found, row, column):
    line = next(one for one in found.rows if one.head.key == row)
    return next(one for one in line.cells if one.column.key == column)


@pytest.fixture
def for_young_people(world, cast):
    """Ada's force runs the doorstep chain at a stall, for young people."""
    grouping = communities.create_grouping(
        "Young people",
        organisation=cast.police,
        basis="identity",
        defined_by="the force",
        visibility="own",
        by=cast.ada,
    )
    initiatives.open_initiative(
        "Stall at the college",
        organisation=cast.police,
        method=Method.objects.get(code="M-POP"),
        mechanism_version=world.shared.versions.get(is_current=True),
        groupings=[grouping],
        by=cast.ada,
    )
    return grouping


@pytest.mark.parametrize(
    "pair", [("aim", "method"), ("method", "aim"), ("objective", "method"), ("aim", "grouping")]
)
def test_every_row_and_column_there_can_be_is_there_and_empty_cells_say_so(world, cast, as_, pair):
    found = mapped(cast.ada, *pair)
    for part, heads in ((pair[0], [row.head for row in found.rows]), (pair[1], found.columns)):
        assert {key for key, _ in names_of(part, viewer=cast.ada)} <= {one.key for one in heads}
    assert found.empty > 0
    page = (
        as_(cast.ada).get(reverse("gap_map"), {"grid": "-".join(pair), "scope": "network"}).content.decode()
    )
    assert f"{found.empty} of {found.cells} cells are empty" in page
    assert page.count('class="govuk-table__cell fm-gaps__empty"') == found.empty


def test_each_line_of_a_cell_opens_a_list_of_as_many_assumptions_as_it_says(
    world, cast, as_, for_young_people
):
    client = as_(cast.ada)
    for grid in ("aim-method", "grouping-objective"):
        page = client.get(reverse("gap_map"), {"grid": grid}).content.decode()
        links = re.findall(r'<a class="govuk-link fm-grid__link" href="([^"]+)">(\d+) ', page)
        assert links
        for url, number in dict.fromkeys(links):
            opened = client.get(url.replace("&amp;", "&"))
            assert len(opened.context["found"]) == int(number), url


def test_an_initiative_puts_its_chain_under_its_own_method_and_grouping(world, cast, for_young_people):
    found = mapped(cast.ada, "grouping", "method")
    codes = {one.assumption.code for one in cell(found, str(for_young_people.pk), "M-POP").found}
    assert codes == set(world.steps)
    # as it was stated the chain names no grouping and no method: it stands where the library's usually does
    assert cell(found, "none", "M-DAY").found and not cell(found, "none", "M-SEC").found


def test_what_is_an_organisations_own_moves_nothing_in_anybody_elses_map(world, cast, for_young_people):
    for viewer in (cast.eli, cast.cleo):
        found = mapped(viewer, "grouping", "method")
        assert [row.head.key for row in found.rows] == ["none"]
        assert not any(
            one.assumption.pk == world.secret.pk and viewer != cast.eli
            for row in found.rows
            for inside in row.cells
            for one in inside.found
        )


def test_the_third_part_is_a_filter_of_the_same_uses(world, cast, for_young_people):
    key = str(for_young_people.pk)
    found = mapped(cast.ada, "aim", "method", grouping=key)
    full = [inside for row in found.rows for inside in row.full]
    assert full and {inside.column.key for inside in full} == {"M-POP"}
    same = listed(cast.ada, Filters(scope="network", grouping=key), today=TODAY)
    assert {one.judged.assumption.code for one in same} == set(world.steps)


def test_by_setting_every_test_is_read_for_and_against_alike(world, cast, as_):
    found = mapped(cast.ada, "assumption", "setting")
    judged = standings(None, viewer=cast.ada, scope="network")
    full = [(row, inside) for row in found.rows for inside in row.full]
    assert full
    for row, inside in full:
        said = [entry.said for entry in inside.entries]
        assert said[:2] == ["for", "against"]
        assert row.head.judged.word == judged[int(row.head.key)].word
    countries = {one.key for one in found.columns}
    assert "England and Wales" in countries
    within = gap_map(
        cast.ada,
        Filters(scope="network"),
        down="assumption",
        across="setting",
        today=TODAY,
        within="England and Wales",
    )
    assert {one.key for one in within.columns} and not countries & {one.key for one in within.columns}
    page = (
        as_(cast.ada)
        .get(reverse("gap_map"), {"grid": "assumption-setting", "scope": "network"})
        .content.decode()
    )
    assert "no test" in page and "#tested" in page


def test_the_list_can_be_asked_for_what_was_tested_in_a_setting_or_nowhere(world, cast):
    found = mapped(cast.ada, "assumption", "setting")
    here = {
        row.head.key for row in found.rows if any(one.column.key == "England and Wales" for one in row.full)
    }
    asked = listed(cast.ada, Filters(scope="network", setting="England and Wales"), today=TODAY)
    assert {str(one.judged.assumption.pk) for one in asked} == here
    nowhere = listed(cast.ada, Filters(scope="network", setting="none"), today=TODAY)
    assert {str(one.judged.assumption.pk) for one in nowhere} == {
        row.head.key for row in found.rows if not row.full
    }


def test_rows_and_columns_that_make_no_sense_become_aims_by_methods():
    assert sides_of("", "") == ("aim", "method")
    assert sides_of("method", "method") == ("method", "aim")
    assert sides_of("<script>", "grouping") == ("aim", "grouping")
    assert sides_of("aim", "setting") == ("assumption", "setting")


def test_there_is_no_number_for_a_cell_but_counts_of_each_standing(world, cast):
    order = ["none", "anecdotal", "thin", "contested", "challenged", "supported"]
    for row in mapped(cast.ada).rows:
        for inside in row.full:
            words = [order.index(entry.word) for entry in inside.entries]
            assert words == sorted(words)
            assert sum(entry.number for entry in inside.entries) == len(inside.found)


class Outside(HTMLParser):
    """What a page asks for from elsewhere, and where its links lead."""

    def __init__(self):
        super().__init__()
        self.loaded, self.links, self.ids = [], [], set()

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids.add(found.get("id"))
        if tag in {"script", "link", "img", "iframe", "object", "embed", "source"} or "src" in found:
            self.loaded.append((tag, found))
        if tag == "a":
            self.links.append(found["href"])


def _file(client, ending, **asked):
    answer = client.get(reverse("gap_map_file", args=[ending]), {"scope": "network", **asked})
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    return answer


def test_the_page_that_stands_alone_loads_nothing_and_its_links_lead_within(world, cast, as_):
    Instance.objects.update_or_create(defaults={"name": "Demo", "fictional": True})
    cache.clear()
    for grid in ("aim-method", "assumption-setting"):
        text = _file(as_(cast.ada), "html", grid=grid).content.decode()
        seen = Outside()
        seen.feed(text)
        assert not seen.loaded and "url(" not in text and "@import" not in text
        assert all(one.startswith("#") and one[1:] in seen.ids for one in seen.links)
        assert "<strong>Fictional.</strong>" in text and "<title>Fictional: " in text
        assert 'tabindex="0"' in text
        assert "no test" in text or "no assumption" in text


def test_every_file_says_fictional_on_a_demo_and_holds_every_cell(world, cast, as_):
    Instance.objects.update_or_create(defaults={"name": "Demo", "fictional": True})
    cache.clear()
    client, found = as_(cast.ada), mapped(cast.ada)
    drawn = etree.fromstring(_file(client, "svg").content)
    words = " ".join(drawn.itertext())
    assert "Fictional:" in words and words.count("no assumption") == found.empty
    assert not drawn.xpath("//*[@style or local-name()='image' or local-name()='script']")
    answer = _file(client, "csv")
    assert "fictional-" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert sum(row["in the cell"] == "no assumption" for row in rows) == found.empty
    assert sum(int(row["number"]) for row in rows) == sum(
        len(one.found) for row in found.rows for one in row.cells
    )
    assert all(row["note"].startswith("Fictional") for row in rows)
    book = load_workbook(io.BytesIO(_file(client, "xlsx").content))
    sheet = book["Fictional gap map"]
    assert (sheet.max_row - 1, sheet.max_column - 1) == (len(found.rows), len(found.columns))
    assert book["About this map"]["A2"].value.startswith("Fictional")


def test_an_ending_that_is_not_known_is_not_found(world, cast, as_):
    assert as_(cast.ada).get(reverse("gap_map_file", args=["exe"])).status_code == 404


def test_what_a_spreadsheet_would_run_is_text_in_both_tables(world, cast, as_):
    from folkmoot.mechanisms.models import Factor

    Factor.objects.filter(pk=world.steps["P3.4"].cause_id).update(wording="=cmd|' /C calc'!A0")
    client = as_(cast.ada)
    text = _file(client, "csv", grid="assumption-setting").content.decode("utf-8-sig")
    assert not any(row[0].startswith("=") for row in csv.reader(io.StringIO(text)))
    book = load_workbook(io.BytesIO(_file(client, "xlsx", grid="assumption-setting").content))
    assert not any(one.data_type == "f" for sheet in book for row in sheet.iter_rows() for one in row)


def test_the_number_of_questions_to_the_database_does_not_grow_with_the_map(
    world, cast, as_, django_assert_max_num_queries
):
    client = as_(cast.ada)
    client.get(reverse("gap_map"))
    for grid in ("aim-method", "objective-grouping", "assumption-setting"):
        with django_assert_max_num_queries(34):
            client.get(reverse("gap_map"), {"grid": grid})


def test_asked_as_a_grid_the_list_leads_to_the_map_with_its_filters(world, cast, as_):
    answer = as_(cast.ada).get(reverse("assumptions"), {"view": "grid", "aim": "O2"})
    assert answer.status_code == 302 and answer.url == f"{reverse('gap_map')}?aim=O2"
