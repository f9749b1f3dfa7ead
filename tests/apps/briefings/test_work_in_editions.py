"""What an edition says of the work done: what its readers may know of it, and that reach is not among that."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from folkmoot.activities.actions.occasions import log_activity
from folkmoot.activities.actions.sharing import share_hours
from folkmoot.activities.models import Initiative
from folkmoot.briefings import actions
from folkmoot.briefings.composing import compose
from folkmoot.briefings.composing.work import NOTHING, TITLE
from folkmoot.briefings.frozen import entries
from folkmoot.mechanisms.models import Method


@pytest.fixture
def visits(world, cast):
    initiative = Initiative.objects.create(
        name="Doorsteps of Quay Street",
        method=Method.objects.first(),
        mechanism_version=world.chain.versions.get(),
        planned_level="L3",
        purpose="To hear from you.",
        organisation=cast.police,
        visibility="own",
        created_at=timezone.now(),
        created_by="the test",
    )
    for back in range(6):
        log_activity(
            organisation=cast.police,
            initiative=initiative,
            happened_on=timezone.localdate() - timedelta(days=back),
            hours=None if back == 5 else Decimal("2.5"),
            by=cast.ben,
        )
    return initiative


def _said(edition):
    part = next(one for one in entries(edition.content) if one.get("title") == TITLE)
    return " ".join(one["text"] for one in part["items"]) or part["nothing"]


def _everything(edition):
    return " ".join(one["text"] for one in entries(edition.content) if one.get("text"))


def test_readers_of_the_network_are_told_the_total_that_is_shared(briefing, visits, cast):
    begun = briefing()
    today = timezone.localdate()
    assert NOTHING in json.dumps(compose(begun, number=1, today=today), ensure_ascii=False)
    share_hours(cast.police, until=today, visibility="public", by=cast.ada)
    edition = actions.draft_edition(begun, by=cast.ada)
    assert "Northmere Police recorded 12.5 hours on 6 occasions" in _said(edition)
    assert "Quay Street" not in _everything(edition)
    assert "this edition cannot say it" in _everything(edition)


def test_readers_within_the_organisation_are_told_each_initiative(briefing, visits, cast):
    edition = actions.draft_edition(briefing(visibility="own"), by=cast.ada)
    assert "Doorsteps of Quay Street: 6 occasions, 12.5 hours (1 do not say how long they took)" in _said(
        edition
    )
    assert "a count of people is no outcome" in _everything(edition)


def test_a_study_says_what_it_found_at_both_ends_and_prints_no_figure(published, tested):
    edition = published()
    found = [one["found"] for one in entries(edition.content) if one.get("found")]
    assert found
    assert all("” moved" in one or "” was" in one or "” showed" in one for one in found)
    assert not [one for one in found if any(character.isdigit() for character in one.split("” ")[-1])]
