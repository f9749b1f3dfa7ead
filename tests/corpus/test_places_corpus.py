"""The real geography and the real census: the same figures as a script that knows nothing of ours.

The files come in once for all tests here. Every trap of theirs that the corpus names is named by us.
"""

from __future__ import annotations

import csv
import datetime
import gzip
import json
import time
from collections import Counter, defaultdict

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from folkmoot.communities import actions
from folkmoot.communities.counting import Said
from folkmoot.communities.models import (
    Boundary,
    Characteristic,
    Import,
    Lies,
    Place,
    Population,
    PopulationCount,
)
from folkmoot.communities.queries.people import living_here, living_in_each
from folkmoot.core.errors import FolkmootError
from folkmoot.core.reach.people import Tally, reach
from folkmoot.organisations.models import ResearchTeam, TeamMembership, User

pytestmark = [pytest.mark.corpus, pytest.mark.django_db]

LOOKUP = "geography/lookup_lsoa21_ward24_ltla24_csp24_pfa24_ruc21_north.csv"
OUTLINES = ("wards22_north", "msoa21_north", "lsoa21_cleveland", "ltla24_north", "pfa20_EW")
TABLES = (
    "ethnic_group_5a_lsoa21",
    "religion_lsoa21",
    "disability_lsoa21",
    "english_proficiency_msoa21",
    "sexual_orientation_msoa21",
)


@pytest.fixture(scope="module")
def stored(corpus, django_db_setup, django_db_blocker):
    """Everything brought in, in a transaction that the end of this file takes back."""
    with django_db_blocker.unblock(), transaction.atomic():
        user = User.objects.create_user("rae@example.org", None, name="Rae")
        team = ResearchTeam.objects.create(slug="keepers", name="Keepers")
        TeamMembership.objects.create(
            user=user, team=team, role="lead", created_at=timezone.now(), created_by="the test"
        )
        shared = {"organisation": None, "visibility": "public", "by": user}
        for path in (LOOKUP, "geography/lookup_ltla24_csp24_pfa24.csv"):
            bring(corpus, path, actions.bring_in_places, shared)
        for name in OUTLINES:
            bring(corpus, f"geography/{name}.geojson", actions.bring_in_places, shared)
        for name in TABLES:
            bring(corpus, f"census/census21_{name}_north.csv", actions.bring_in_counts, shared)
        yield shared
        transaction.set_rollback(True)
    cache.clear()


def bring(corpus, path, action, shared, **said):
    file = corpus / path
    return action(file.name, file.read_bytes(), **shared, **said)


@pytest.fixture(autouse=True)
def in_database(stored, db):
    """Every test sees the files and leaves them as they were."""


def rows_of(corpus, path):
    with (corpus / path).open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def brought(name) -> Import:
    return Import.objects.get(filename__startswith=name)


def test_638_rows_of_the_naive_join_are_set_aside_and_319_places_are_left_open(corpus):
    one = brought("lookup_lsoa21")
    assert (one.read, one.used, one.set_aside) == (10242, 9604, 638)
    assert any("plain join would have counted 957 for 319" in note for note in one.notes)
    assert any(note.startswith("638 rows set aside: it repeats a place") for note in one.notes)
    cumbria = Place.objects.get(kind="force", name="Cumbria", vintage=2024)
    inside = Lies.objects.filter(inside=cumbria, place__kind="lsoa").values("place")
    assert inside.count() == 319
    assert not Lies.objects.filter(place__in=inside, inside__kind="partnership").exists()
    cumberland = Place.objects.get(kind="district", name="Cumberland", vintage=2024)
    assert Lies.objects.filter(inside=cumberland, place__kind="partnership").count() == 3


def test_every_small_place_lies_where_the_file_says(corpus):
    expected = {
        (row["lsoa21_code"], row[f"{kind}_code"])
        for row in rows_of(corpus, LOOKUP)
        for kind in ("ward24", "ltla24", "pfa24")
    }
    stored = Lies.objects.filter(place__kind="lsoa", inside__kind__in=["ward", "district", "force"])
    assert set(stored.values_list("place__code", "inside__code")) == expected


def test_wards_of_2022_and_2024_are_apart_and_nothing_is_matched_by_name():
    assert Place.objects.filter(kind="ward", vintage=2022).count() == 1559
    assert Place.objects.filter(kind="ward", vintage=2024).count() == 1577
    one = brought("wards22")
    assert (one.read, one.used) == (1560, 1560)
    assert any("E05014284" in note and "2 parts" in note for note in one.notes)
    assert any(
        "1,226 codes are in both, 333 only in 2022, 351 only in 2024; 170 names" in note for note in one.notes
    )
    assert not Lies.objects.filter(place__kind="ward", place__vintage=2022, inside__kind="ward").exists()


def test_the_totals_of_the_census_differ_in_74_percent_of_places_and_the_import_says_so(corpus):
    totals = {}
    for name in ("ethnic_group_5a", "religion"):
        rows = rows_of(corpus, f"census/census21_{name}_lsoa21_north.csv")
        totals[name] = {
            row["lsoa21_code"]: sum(int(v) for k, v in row.items() if k != "lsoa21_code") for row in rows
        }
    differ = sum(totals["religion"][code] != people for code, people in totals["ethnic_group_5a"].items())
    note = next(note for note in brought("census21_religion").notes if "differ in" in note)
    assert f"differ in {differ:,} of 9,604 places (74%), by up to 11" in note
    assert {table.perturbed_by for table in Population.objects.all()} == {3}


def test_counts_stay_as_published(corpus):
    table = Population.objects.get(characteristic__code="religion")
    stored = {
        (place, category): people
        for place, category, people in PopulationCount.objects.filter(population=table).values_list(
            "place__code", "category__name", "people"
        )
    }
    rows = rows_of(corpus, "census/census21_religion_lsoa21_north.csv")
    assert stored == {
        (row["lsoa21_code"], name): int(n) for row in rows for name, n in row.items() if name != "lsoa21_code"
    }


def test_a_subtotal_and_a_share_of_the_language_table_are_no_categories():
    names = set(Characteristic.objects.get(code="english").categories.values_list("name", flat=True))
    assert len(names) == 5 and "Main language is not English (English or Welsh in Wales)" not in names
    notes = " ".join(brought("census21_english").notes)
    assert "is the sum of 4 other columns" in notes and "Proportion who cannot speak English" in notes


def apart(corpus, table, *, by):
    """Who lives where, added up by a script of its own: {area's code: Counter}."""
    above = {row["lsoa21_code"]: row[f"{by}_code"] for row in rows_of(corpus, LOOKUP)}
    found = defaultdict(Counter)
    for row in rows_of(corpus, f"census/census21_{table}_lsoa21_north.csv"):
        for name, people in row.items():
            if name != "lsoa21_code":
                found[above[row["lsoa21_code"]]][name] += int(people)
    return found


@pytest.mark.parametrize(("kind", "by"), [("force", "pfa24"), ("district", "ltla24"), ("ward", "ward24")])
def test_who_lives_in_every_area_equals_a_script_written_apart(corpus, kind, by):
    for table, code in (("ethnic_group_5a", "ethnic-group-5"), ("disability", "disability")):
        expected = apart(corpus, table, by=by)
        characteristic = Characteristic.objects.get(code=code)
        names = dict(characteristic.categories.values_list("pk", "name"))
        areas = dict(
            Place.objects.filter(kind=kind, vintage=2024, code__in=expected).values_list("pk", "code")
        )
        _, each = living_in_each(areas, characteristic=characteristic, viewer=None)
        got = {
            areas[pk]: {names[key]: one.people for key, one in found.items() if key}
            for pk, found in each.items()
        }
        assert got == {area: dict(counts) for area, counts in expected.items()}


def test_reach_against_the_census_equals_a_script_written_apart(corpus):
    """The share living here and its range come out as a hand-made sum over the files."""
    expected = apart(corpus, "ethnic_group_5a", by="pfa24")["E23000013"]
    small = sum(row["pfa24_code"] == "E23000013" for row in rows_of(corpus, LOOKUP))
    force = Place.objects.get(kind="force", code="E23000013", vintage=2024)
    characteristic = Characteristic.objects.get(code="ethnic-group-5")
    here = living_here([force.pk], characteristic=characteristic, viewer=None)
    names = dict(characteristic.categories.values_list("pk", "name"))
    assert here.cells == small == 359
    off = here.population.perturbed_by * here.cells
    result = reach(
        [Tally("White", 90), Tally("Other ethnic group", 10), Tally(None, 25)],
        population=[Tally(names[key], one.people) for key, one in here.by_category.items()],
        off_by=off,
    )
    white = next(group for group in result.groups if group.group == "White")
    total, cell = sum(expected.values()), expected["White"]
    assert white.living_here == cell and white.share_living_here == pytest.approx(cell / total)
    low, high = white.share_living_here_range
    assert low == pytest.approx((cell - off) / ((cell - off) + (total - cell) + 4 * off))
    assert high == pytest.approx((cell + off) / ((cell + off) + (total - cell) - 4 * off))
    assert white.bounds == (pytest.approx(90 / 125), pytest.approx(115 / 125))


def test_an_area_of_which_a_middle_area_is_missing_has_no_sum(corpus):
    """89 small areas bear the name of no middle area of the corpus: their districts would come out short."""
    lsoas = {row["lsoa21_name"]: row for row in rows_of(corpus, LOOKUP)}
    document = json.loads((corpus / "geography/msoa21_north.geojson").read_text())
    known = {one["properties"]["msoa21_name"] for one in document["features"]}
    short = {row["ltla24_code"] for name, row in lsoas.items() if name[:-1] not in known}
    assert sum(name[:-1] not in known for name in lsoas) == 89
    whole = set(
        Lies.objects.filter(place__kind="msoa", inside__kind="district").values_list(
            "inside__code", flat=True
        )
    )
    assert not whole & short and len(whole) + len(short) == 62
    english = Characteristic.objects.get(code="english")
    stockton = Place.objects.get(kind="district", name="Stockton-on-Tees", vintage=2024)
    assert living_here([stockton.pk], characteristic=english, viewer=None).without == {stockton.pk}
    middlesbrough = Place.objects.get(kind="district", name="Middlesbrough", vintage=2024)
    expected = sum(
        float(row["Main language is English (English or Welsh in Wales)"])
        + float(row["Main language is not English (English or Welsh in Wales)"])
        for row in rows_of(corpus, "census/census21_english_proficiency_msoa21_north.csv")
        if row["msoa21_code"] in codes_in(document, "Middlesbrough")
    )
    assert living_here([middlesbrough.pk], characteristic=english, viewer=None).everybody.people == expected


def codes_in(document, town):
    return {
        one["properties"]["msoa21_code"]
        for one in document["features"]
        if one["properties"]["msoa21_name"].rsplit(" ", 1)[0] == town
    }


def test_the_shifted_list_of_forces_is_refused_with_a_sentence(corpus, stored):
    said = Said(source="A published list", counted_on=datetime.date(2010, 6, 30))
    before = Population.objects.count()
    with pytest.raises(FolkmootError, match=r"shifted by a row: from city of london on \(563,500\)"):
        bring(
            corpus,
            "police-uk/forces_with_shifted_populations.csv",
            actions.bring_in_counts,
            stored,
            said=said,
        )
    assert Population.objects.count() == before


def test_the_same_list_with_its_counts_put_right_comes_in(corpus, stored):
    rows = rows_of(corpus, "police-uk/forces_with_shifted_populations.csv")
    names = [row["Label"] for row in rows]
    # the counts were sorted as if London, City of, stood at L
    order = sorted(
        names[:43], key=lambda name: "London, City of" if name.startswith("City of London") else name
    )
    first, last = names.index("City of London Police"), names.index("Lincolnshire Police")
    counts = [row["Population 2010"] for row in rows]
    moved = dict(zip(names, counts, strict=True))
    for place, name in enumerate(order[first : last + 1], start=first):
        moved[name] = counts[place]
    text = "Label,Population 2010\n" + "".join(f"{name},{moved[name]}\n" for name in names[:43])
    said = Said(source="A published list, put right", counted_on=datetime.date(2010, 6, 30), off_by=0)
    one = actions.bring_in_counts("forces.csv", text.encode(), said=said, **stored)
    assert (one.used, one.set_aside) == (43, 0)


def test_a_census_table_shifted_by_a_row_anywhere_is_refused(corpus, stored):
    text = (corpus / "census/census21_ethnic_group_6a_msoa21_north.csv").read_text()
    head, *rows = text.splitlines()
    codes = [row.split(",", 1)[0] for row in rows]
    rest = [row.split(",", 1)[1] for row in rows]
    for first, last in ((0, len(rows) - 1), (400, 900)):
        moved = rest[:first] + rest[first + 1 : last + 1] + rest[first : first + 1] + rest[last + 1 :]
        body = "\n".join([head, *(f"{code},{cells}" for code, cells in zip(codes, moved, strict=True))])
        with pytest.raises(FolkmootError, match="shifted by a row"):
            actions.bring_in_counts(f"census21_{first}.csv", body.encode(), **stored)
    bring(corpus, "census/census21_ethnic_group_6a_msoa21_north.csv", actions.bring_in_counts, stored)


def test_ranks_are_no_counts_and_districts_of_2021_are_not_those_of_2024(corpus, stored):
    with pytest.raises(FolkmootError, match="counts nobody"):
        bring(corpus, "census/imd2025_north_lsoa21.csv", actions.bring_in_counts, stored)
    with pytest.raises(FolkmootError, match="none of the 331 places"):
        bring(corpus, "census/census21_age3_sex_ltla21_EW.csv", actions.bring_in_counts, stored)
    one = bring(
        corpus,
        "census/census21_age3_sex_ltla21_EW.csv",
        actions.bring_in_counts,
        stored,
        said=Said(read_as=2024),
    )
    assert (one.read, one.used, one.set_aside) == (331, 314, 17)
    # the three bands of age leave people out: no share of them is used
    assert any("leave out 7.6%" in note for note in one.notes)
    assert {table.title for table in one_tables(one)} == {"Everybody, 2021", "Sex, 2021"}


def one_tables(one):
    return Population.objects.filter(brought_by=one)


def test_1560_wards_are_ready_for_the_map_within_a_second():
    client = Client()
    client.get(reverse("places"))
    cache.clear()
    # the time of this process alone: what else the machine does is the browser test's affair
    started = time.process_time()
    response = client.get(reverse("place_outlines", args=["ward", 2022]))
    cold = time.process_time() - started
    answer = json.loads(gzip.decompress(response.content))
    assert len(answer["places"]) == 1559 and all(polygons for _, polygons in answer["places"].values())
    assert len(response.content) < 120_000
    assert cold < 1.0
    assert Boundary.objects.filter(place__kind="ward").count() == 1559
