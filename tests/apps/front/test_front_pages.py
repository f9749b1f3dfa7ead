"""The front pages: who sees which, what they say, and that private evidence stays private."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from folkmoot.core.standing import Word
from folkmoot.evidence.queries import standings
from folkmoot.front.queries.overview import overview
from folkmoot.front.queries.relying import relying
from folkmoot.mechanisms.models import Assumption, Factor
from folkmoot.organisations.models import Organisation

INSIDERS = ("ada", "ben", "cleo", "dina", "fay", "ira", "jon", "eli")

TODAY = date(2026, 11, 23)


def _pages(world):
    return {
        "overview": reverse("overview"),
        "assumptions": reverse("assumptions"),
        "grid": reverse("gap_map"),
        "assumption": reverse("assumption", args=[world.steps["P3.4"].pk]),
        "mechanism": reverse("mechanism", args=[world.shared.pk]),
        "objective": reverse("objective", args=[world.objective.pk]),
    }


@pytest.mark.parametrize("name", INSIDERS)
def test_members_of_the_network_see_what_is_shared_with_it(world, cast, as_, name):
    client = as_(cast.people[name])
    assert {page: client.get(url).status_code for page, url in _pages(world).items()} == dict.fromkeys(
        _pages(world), 200
    )


@pytest.mark.parametrize("name", [None, "gus"])
def test_outsiders_see_the_library_and_404_for_what_is_shared_in_the_network(world, cast, as_, name):
    client = as_(cast.people[name] if name else None)
    found = {page: client.get(url).status_code for page, url in _pages(world).items()}
    assert found == {
        "overview": 200,
        "assumptions": 200,
        "grid": 200,
        "assumption": 200,  # a step of the public library
        "mechanism": 404,
        "objective": 404,
    }


@pytest.mark.parametrize("name", [None, "gus", "ada", "cleo", "dina"])
def test_what_is_an_organisations_own_is_nowhere_for_others(world, cast, as_, name):
    client = as_(cast.people[name] if name else None)
    assert client.get(reverse("mechanism", args=[world.hidden.pk])).status_code == 404
    assert client.get(reverse("objective", args=[world.private.pk])).status_code == 404
    assert client.get(reverse("assumption", args=[world.secret.pk])).status_code == 404
    for url in (*_pages(world).values(), reverse("assumptions") + "?words=posters"):
        assert b"the posters" not in client.get(url).content
        assert b"Secret posters" not in client.get(url).content
    assert b"posters" in as_(cast.eli).get(reverse("assumptions") + "?scope=ours").content


def test_the_picture_counts_distinct_objectives_once(world, cast):
    resting = relying(cast.ada, today=TODAY)
    assert all(resting.on(one.pk) == 1 for one in world.steps.values())
    assert resting.on(world.secret.pk) == 0
    assert (
        relying(cast.eli, today=TODAY, organisation=Organisation.objects.get(slug="southholt")).on(
            world.secret.pk
        )
        == 1
    )


def test_the_overview_names_what_is_relied_on_and_untested(world, cast, as_):
    shown = overview(cast.ada, scope="network", organisation=cast.police, today=TODAY)
    assert shown.objectives == 1 and shown.relied_on == 5
    untested = list(standings(None, viewer=cast.ada, scope="network").values())
    words = {one.assumption.code: one.judgement.word for one in untested}
    expected = sum(words[code] in {Word.NONE, Word.ANECDOTAL} for code in world.steps)
    assert shown.untested == expected
    page = as_(cast.ada).get(reverse("overview")).content.decode()
    assert "Northmere Police rests its 1 objective on 5 assumptions" in page
    assert "<svg" in page and "<table" in page


def test_an_empty_overview_says_what_to_do_first(cast, as_):
    page = as_(cast.ada).get(reverse("overview")).content.decode()
    assert "State an objective" in page


def test_words_are_quoted_only_as_far_as_consent_goes_and_counted_all_the_same(world, cast, as_, claim_in):
    step = world.steps["P3.4"]
    claim_in(
        "it is gone by the next bad stop",
        stance="challenges",
        assumption=step,
        cause="visits",
        effect="lasting",
    )
    url = reverse("assumption", args=[step.pk])
    assert "gone by the next bad stop" in as_(cast.dina).get(url).content.decode()
    outside = as_(cast.ada).get(url).content.decode()
    assert "gone by the next bad stop" not in outside
    assert "1 further account against" in outside
    world.sources.finish_redaction_review(world.talk, by=cast.dina)
    assert "gone by the next bad stop" in as_(cast.ada).get(url).content.decode()


def test_a_private_study_moves_our_word_and_never_the_networks(world, cast):
    step = world.steps["P3.4"]
    study = world.evidence.record_study(
        authors="Northmere",
        title="Our visits",
        owner=cast.police,
        visibility="own",
        kind="own",
        design="Streets by lot",
        setting="Northmere",
        country="England and Wales",
        level_low=5,
        level_high=5,
        evaluators="northmere",
        read_where="full",
        by=cast.ada,
    )
    for factor, sign in ((step.cause, "up"), (step.effect, "same")):
        world.evidence.mark_factor(
            study, factor=factor, sign=sign, horizon="a year", horizon_days=365, by=cast.ada
        )

    def word(viewer, scope):
        return standings([step.pk], viewer=viewer, scope=scope)[step.pk].standing.label

    assert word(cast.ada, "ours") == "thin (against)"
    assert word(cast.ada, "network").startswith("none")
    assert word(cast.cleo, "ours").startswith("none")


def test_a_filter_by_standing_lists_only_that_word(world, cast, as_):
    page = as_(cast.ada).get(reverse("assumptions") + "?standing=contested&scope=network").content.decode()
    assert "P2.3" in page and "P3.4" not in page


def test_the_page_of_an_assumption_says_which_row_fired(world, cast, as_):
    contested = next(
        one
        for one in standings(None, viewer=cast.ada, scope="network").values()
        if one.assumption.code == "P2.3"
    )
    page = (
        as_(cast.ada)
        .get(reverse("assumption", args=[contested.assumption.pk]) + "?scope=network")
        .content.decode()
    )
    assert "Contested" in page and contested.judgement.row in page and "What would settle it" in page
    assert "people in each of two groups" in page


def test_markup_in_peoples_words_stays_words(world, cast, as_, claim_in):
    Factor.objects.filter(pk=world.steps["P3.4"].cause_id).update(wording="<script>alert(1)</script>")
    for url in _pages(world).values():
        assert b"<script>alert" not in as_(cast.ada).get(url).content


def test_on_each_side_what_counts_stands_before_what_is_only_shown(world, cast, as_):
    client, mixed = as_(cast.ada), 0
    for step in Assumption.objects.filter(code__regex=r"^P[1-3]\."):
        page = client.get(reverse("assumption", args=[step.pk])).content.decode()
        for side in re.findall(
            r'id="side-(?:for|against)".*?(?=id="side-against"|id="explained")', page, re.S
        ):
            for part in side.split("No effect found"):
                shown_only = [
                    bool(one)
                    for one in re.findall(r'<article class="fm-evidence( fm-evidence--shown-only)?"', part)
                ]
                assert shown_only == sorted(shown_only), (step.code, shown_only)
                mixed += len(set(shown_only)) == 2
    assert mixed
