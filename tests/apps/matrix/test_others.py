"""What others hold does not show: not in a list, a count, a search, an export, nor by a file of equal content."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from folkmoot.core.errors import FolkmootError
from folkmoot.sources import actions as sources
from folkmoot.sources.models import Original, Source
from folkmoot.sources.storage import path_of

LISTS = (
    "overview",
    "assumptions",
    "gap_map",
    "aims",
    "mechanisms",
    "strategies",
    "commitments",
    "arrangements",
    "studies",
    "claims",
    "claims_register",
    "codebooks",
    "sources",
    "briefings",
    "discussion",
    "people",
    "audit",
    "search",
    "concerns",
    "promises",
    "priorities",
    "conversations",
    "heard",
    "places",
    "places_map",
    "populations",
    "groupings",
    "grouping_new",
    "indicators",
    "surveys",
    "series_list",
    "otherwise_list",
    "plans",
    "board",
)
QUERIES = {
    "assumptions": ("?resting=yes", "?standing=none", "?scope=network", "?words=People"),
    "gap_map": ("?grid=objective-grouping", "?grid=assumption-setting", "?scope=network", "?method=none"),
    "claims_register": ("?side=against", "?rests=anecdote", "?rests=none&scope=network"),
    "overview": ("?scope=network", "?whose=network"),
    "claims": ("?whose=others", "?joined=some"),
    "sources": ("?whose=others", "?todo=unread"),
    "search": ("?q=waving", "?q=visit", "?q=nobody", "?q=home"),
    "studies": ("?whose=others", "?words=visits"),
    "places": ("?kind=spot", "?words=Hall"),
}
# Everybody is told of how many interviews a figure speaks: the denominator of "held by", by intent.
DENOMINATOR = re.compile(rb"of \d+ interviews?")


def _lists(world, body, person):
    """Every list, under every filter that could count differently, as this person gets it."""
    urls = [reverse(name) + query for name in LISTS for query in ("", *QUERIES.get(name, ()))]
    urls.append(reverse("aim", args=["O2"]))
    for kind in (
        "objective",
        "mechanism",
        "assumption",
        "study",
        "codebook",
        "code",
        "briefing",
        "indicator",
        "plan",
        "request",
    ):
        for level in ("network", "public"):
            urls.append(reverse(kind, args=[world.of(kind, level).pk]))
    got = {}
    for url in urls:
        response = world.clients[person].get(url)
        assert response.status_code < 500, (url, person)
        got[url] = (response.status_code, DENOMINATOR.sub(b"of N", body(response)))
    return got


OUTSIDE = ("cleo", "eli", "gus", "anonymous")


@pytest.fixture(scope="module")
def world(empty_world, builders, body):
    """The world, with what outsiders were shown before the private things were there."""
    builders.shared(empty_world)
    empty_world.before = {person: _lists(empty_world, body, person) for person in OUTSIDE}
    builders.private(empty_world)
    return empty_world


@pytest.mark.parametrize("person", OUTSIDE)
def test_no_list_count_or_search_changes_by_what_others_keep_to_themselves(world, body, person):
    now = _lists(world, body, person)
    changed = [url for url, was in world.before[person].items() if now[url] != was]
    assert changed == []


def test_lists_do_change_for_those_whose_things_they_are(world, body):
    """Without this the test above could compare pages that never change."""
    ada, dina = (_lists(world, body, person) for person in ("ada", "dina"))
    ours = {url for url in ada if ada[url] != dina[url]}
    assert {reverse("sources"), reverse("studies"), reverse("mechanisms"), reverse("overview")} <= ours


def _searched(world, body, person, url, name, word):
    """The page of a search, with the words looked for taken out."""
    found = body(world.clients[person].get(url, {name: word}))
    return found.replace(word.encode(), b"")


@pytest.mark.parametrize(
    ("where", "name"),
    [("search", "q"), ("assumptions", "words"), ("sources", "words"), ("studies", "words")],
)
def test_looking_for_others_words_is_like_looking_for_words_that_stand_nowhere(world, body, where, name):
    url = reverse(where)
    nothing = {person: _searched(world, body, person, url, name, "zqnowhere") for person in world.clients}
    for marker, readers in world.markers.items():
        for person in [one for one in ("eli", "ada", "dina", "gus") if one not in readers][:1]:
            assert _searched(world, body, person, url, name, marker) == nothing[person], (person, marker)


def test_a_reader_finds_the_words(world, body):
    for person, marker in (
        ("dina", "zqwordsteamquote"),
        ("ada", "zqstrategyown"),
        ("eli", "zqwordsnetworkquote"),
    ):
        found = _searched(world, body, person, reverse("search"), "q", marker)
        assert found != _searched(world, body, person, reverse("search"), "q", "zqnowhere"), (person, marker)


def test_a_name_on_the_teams_list_is_never_found_even_by_the_team(world, body):
    nothing = _searched(world, body, "dina", reverse("search"), "q", "zqnowhere")
    for marker in [one for one in world.markers if one.startswith("zqname")]:
        assert _searched(world, body, "dina", reverse("search"), "q", marker) == nothing


TALK = b"Interviewer: And then?\n\nInterviewee: Then the very same words stood in two files.\n"


def _twice(world):
    """The same file, brought in by two teams that know nothing of each other."""
    ours = sources.import_sources(
        [("same.txt", TALK)], kind="interview", owner=world.cast.team, by=world.cast.dina
    )
    theirs = sources.import_sources(
        [("same.txt", TALK)], kind="interview", owner=world.cast.rival, by=world.cast.eli
    )
    return ours, theirs


def test_a_file_that_others_hold_already_is_taken_as_if_it_were_new(world):
    ours, theirs = _twice(world)
    assert (ours.read, ours.used, ours.set_aside) == (theirs.read, theirs.used, theirs.set_aside)
    assert (ours.notes, ours.sources.get().notes) == (theirs.notes, theirs.sources.get().notes)


def test_a_file_that_we_hold_already_is_set_aside_and_says_so(world):
    _twice(world)
    again = sources.import_sources(
        [("other name.txt", TALK)], kind="interview", owner=world.cast.team, by=world.cast.dina
    )
    assert again.used == 0 and again.set_aside


def test_files_of_equal_content_are_two_files(world, body):
    ours, theirs = (one.sources.get() for one in _twice(world))
    assert ours.original_id != theirs.original_id
    assert path_of(ours.original) != path_of(theirs.original)
    for source, reader, stranger in ((ours, "dina", "eli"), (theirs, "eli", "dina")):
        url = reverse("source_original", args=[source.pk])
        assert body(world.clients[reader].get(url)) == TALK
        assert world.clients[stranger].get(url).status_code == 404


def test_a_withdrawal_leaves_the_equal_file_of_others_alone(world, body, django_capture_on_commit_callbacks):
    ours, theirs = (one.sources.get() for one in _twice(world))
    ours_file = path_of(ours.original)
    with django_capture_on_commit_callbacks(execute=True):
        sources.withdraw_source(ours, reason="asked", by=world.cast.dina)
    assert not ours_file.exists()
    assert body(world.clients["eli"].get(reverse("source_original", args=[theirs.pk]))) == TALK
    assert Source.objects.get(pk=theirs.pk).body.text
    assert Original.objects.get(pk=theirs.original_id).erased_at is None


def test_nobody_brings_a_file_in_for_an_owner_that_is_not_theirs(world):
    with pytest.raises(FolkmootError):
        sources.import_sources(
            [("same.txt", TALK)], kind="interview", owner=world.cast.rival, by=world.cast.dina
        )
