"""Pages, files and the command: who sees what, the way from an objective to an edition, and sentences for refusals."""

from __future__ import annotations

import argparse

import pytest

from folkmoot.briefings import actions
from folkmoot.briefings.exporting import parts
from folkmoot.briefings.models import Briefing, Edition
from folkmoot.core.errors import FolkmootError
from folkmoot.discussion import targets
from folkmoot.project.commands import brief_

INSIDERS = ("ada", "ben", "fay", "ira", "jon")
OUTSIDERS = ("cleo", "dina", "eli")


def _places(edition: Edition) -> list[str]:
    base = f"/briefings/{edition.briefing_id}/"
    return [base, *(f"{base}{edition.number}{end}" for end in ("/", ".html", ".docx", ".pdf"))]


@pytest.mark.parametrize(
    ("visibility", "seeing", "blind"),
    [
        ("own", INSIDERS, (*OUTSIDERS, "gus", None)),
        ("network", (*INSIDERS, *OUTSIDERS), ("gus", None)),
        ("public", (*INSIDERS, *OUTSIDERS, "gus", None), ()),
    ],
)
def test_a_published_edition_is_seen_by_its_readers_and_is_404_for_everybody_else(
    visibility, seeing, blind, published, both_sides, cast, as_
):
    edition = published(visibility)
    for names, status in ((seeing, 200), (blind, 404)):
        for name in names:
            client = as_(cast.people[name] if name else None)
            # a file takes a second to set; three people stand for all
            for place in _places(edition) if name in ("ada", "eli", None) else _places(edition)[:2]:
                assert client.get(place).status_code == status, (name, place)
            assert (edition.briefing.title in client.get("/briefings/").content.decode()) is (status == 200)


@pytest.mark.parametrize("visibility", ["own", "network", "public"])
def test_a_draft_is_only_for_people_of_its_owner(visibility, briefing, cast, as_):
    draft = actions.draft_edition(briefing(visibility), by=cast.ada)
    desk = [f"/briefings/{draft.briefing_id}/1/{end}" for end in ("", "edit/", "review/", "publish/")]
    for name in ("ada", "ben", "fay"):
        assert [as_(cast.people[name]).get(place).status_code for place in desk] == [200] * 4
    for name in (*OUTSIDERS, "gus"):
        places = [*desk, *_places(draft)]
        assert {as_(cast.people[name]).get(place).status_code for place in places} == {404}
    assert {as_(None).get(place).status_code for place in _places(draft)} == {404}


def test_an_insider_without_the_role_is_refused_on_writes(briefing, cast, as_):
    draft = actions.draft_edition(briefing(), by=cast.ada)
    base = f"/briefings/{draft.briefing_id}/"
    client = as_(cast.ben)
    writes = (
        (f"{base}1/edit/", {"version": 1, "introduction": "x"}),
        (f"{base}1/again/", {"version": 1}),
        (f"{base}1/publish/", {"version": 1, "seen": "on"}),
        (f"{base}draft/", {}),
        (f"{base}readers/", {"version": 1, "visibility": "own"}),
        ("/briefings/new/", {"title": "x"}),
    )
    assert [client.post(place, data).status_code for place, data in writes] == [403] * len(writes)
    draft.refresh_from_db()
    assert draft.state == "draft" and draft.introduction == ""


def test_from_an_objective_to_a_published_edition_through_the_pages(world, both_sides, words, cast, as_):
    client = as_(cast.ada)
    form = client.get(f"/briefings/new/?objective={world.objective.pk}").content.decode()
    assert f'value="objective-{world.objective.pk}" selected' in form
    given = {
        "title": "Do visits last?",
        "about": f"objective-{world.objective.pk}",
        "owner": f"organisation-{cast.police.pk}",
        "visibility": "public",
    }
    assert client.post("/briefings/new/", given | {"title": ""}).status_code == 422
    begun = client.post("/briefings/new/", given)
    briefing = Briefing.objects.get()
    assert begun.url == f"/briefings/{briefing.pk}/"
    assert client.post(f"/briefings/{briefing.pk}/draft/").url == f"/briefings/{briefing.pk}/1/"
    base = f"/briefings/{briefing.pk}/1/"
    stale = client.post(f"{base}edit/", {"version": 9, "introduction": "My own words"})
    assert stale.status_code == 412 and "My own words" in stale.content.decode()
    assert client.post(f"{base}edit/", {"version": 1, "introduction": "My own words"}).status_code == 302
    assert as_(cast.fay).post(f"{base}review/", {"verdict": "ready", "words": ""}).status_code == 302
    client = as_(cast.ada)
    last_look = client.get(f"{base}publish/").content.decode()
    assert words.against in last_look and "1 further account against; consent forbids quotation." in last_look
    assert client.post(f"{base}publish/", {"version": 2}).status_code == 422
    assert client.post(f"{base}publish/", {"version": 2, "seen": "on"}).url == base
    shown = as_(None).get(base).content.decode()
    assert (
        "My own words" in shown
        and words.against in shown
        and f"/passages/{both_sides.against.passage_id}/" in shown
    )
    assert "1 other person read the draft" in shown
    assert as_(cast.ada).get(f"{base}edit/").status_code == 404


def test_the_page_before_publishing_says_that_the_records_have_changed(briefing, tested, cast, as_):
    draft = actions.draft_edition(briefing(), by=cast.ada)
    tested()
    place = f"/briefings/{draft.briefing_id}/1/publish/"
    assert "Compose it again first" in as_(cast.ada).get(place).content.decode()
    refused = as_(cast.ada).post(place, {"version": 1, "seen": "on"})
    assert refused.status_code == 422 and "would be missing" in refused.content.decode()


def test_for_and_against_stand_in_equal_columns_and_every_statement_leads_on(published, both_sides, as_):
    edition = published()
    page = as_(None).get(_places(edition)[1]).content.decode()
    assert page.count('class="fm-side fm-side--for"') == page.count('class="fm-side fm-side--against"') > 5
    assert page.count("<h1") == 1 and "style=" not in page.split("<main")[1].split("</main>")[0]
    assert f"/claims/{both_sides.against.pk}/" in page


def test_an_edition_is_read_in_few_queries_however_many_accounts_it_holds(
    published, both_sides, talk, claim_in, words, as_, django_assert_max_num_queries
):
    for place in range(12):
        claim_in(talk, words.lean[: 10 + place], stance="challenges" if place % 2 else "supports")
    edition = published()
    client = as_(None)
    with django_assert_max_num_queries(22):
        client.get(_places(edition)[1])


def test_the_list_takes_the_same_queries_for_one_briefing_and_for_many(
    published, cast, as_, django_assert_num_queries, django_assert_max_num_queries
):
    published()
    client = as_(cast.eli)
    client.get("/briefings/")
    with django_assert_max_num_queries(14) as first:
        client.get("/briefings/")
    for place in range(2):
        published(title=f"Another {place}")
    with django_assert_num_queries(len(first)):
        client.get("/briefings/")


def test_a_briefing_and_an_edition_can_be_discussed_by_those_who_see_them(published, briefing, cast, as_):
    edition = published("network")
    hidden = actions.draft_edition(briefing("own", title="Ours"), by=cast.ada)
    assert targets.find(cast.eli, kind="briefings.edition", pk=edition.pk) == edition
    assert targets.find(cast.eli, kind="briefings.briefing", pk=edition.briefing_id) == edition.briefing
    assert targets.find(cast.eli, kind="briefings.edition", pk=hidden.pk) is None
    assert targets.find(cast.eli, kind="briefings.briefing", pk=hidden.briefing_id) is None


@pytest.mark.parametrize("ending", ["html", "docx", "pdf"])
def test_the_command_writes_the_newest_edition_by_number_or_title(ending, published, world, tmp_path, capsys):
    published()
    for about in (str(world.objective.pk), world.objective.title.upper(), "Doorstep visits and trust"):
        target = tmp_path / f"out.{ending}"
        options = argparse.Namespace(
            about=about, output=str(target), site="https://folkmoot.example", dir=None
        )
        assert brief_.run(options) == 0
        assert target.read_bytes()[:4] in (b"<!do", b"PK\x03\x04", b"%PDF")
        assert "wrote edition 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("about", "output", "sentence"),
    [
        ("Nothing of the kind", "out.pdf", "There is no briefing on"),
        ("Doorstep visits and trust", "out.odt", "has to end in .html, .docx or .pdf"),
        ("Doorstep visits and trust", "missing/out.pdf", "cannot be written there"),
    ],
)
def test_the_command_refuses_in_a_sentence(about, output, sentence, published, tmp_path):
    published()
    with pytest.raises(FolkmootError, match=sentence):
        brief_.run(argparse.Namespace(about=about, output=str(tmp_path / output), site="", dir=None))


def test_the_command_says_when_nothing_is_published_or_several_fit(
    briefing, published, world, cast, tmp_path
):
    options = argparse.Namespace(
        about=world.objective.title, output=str(tmp_path / "out.pdf"), site="", dir=None
    )
    actions.draft_edition(briefing(title="Not out yet"), by=cast.ada)
    with pytest.raises(FolkmootError, match="is published yet"):
        brief_.run(options)
    for title in ("One", "Two"):
        published(title=title)
    with pytest.raises(FolkmootError, match="Several briefings fit"):
        brief_.run(options)


def test_the_export_holds_the_owners_briefings_and_no_words_of_anybody(published, both_sides, words, cast):
    published()
    rows = {name: list(found) for name, found in parts(organisation_ids=[cast.police.pk], team_ids=[])}
    assert len(rows["editions.jsonl"]) == 1 and words.against not in str(rows)
    assert not any(list(found) for _, found in parts(organisation_ids=[cast.other.pk], team_ids=[]))
