"""Planned against reached: what was not recorded first, a shadow level is neither above nor below."""

from __future__ import annotations

import itertools

from django.urls import reverse

from folkmoot.activities.actions.occasions import log_activity
from folkmoot.activities.models import Level
from folkmoot.activities.queries.log import Filters, levels_reached
from tests.apps.activities.conftest import DAY


def log(cast, initiative, level):
    return log_activity(
        organisation=cast.police, initiative=initiative, happened_on=DAY, level=level, by=cast.ben
    )


def test_levels_reached_are_counted_against_the_plan(cast, work):
    for level in ("", "L0", "L2", "L2", "L3", "S1", "S2"):
        log(cast, work.initiative, level)
    log(cast, None, "L4")
    found = levels_reached(cast.ben)[None]
    assert (found.not_recorded, found.not_planned) == (1, 1)
    assert (found.met, found.above, found.below, found.shadow) == (2, 1, 1, 2)
    assert dict(found.by_level) == {"L0": 1, "L1": 0, "L2": 2, "L3": 1, "L4": 1, "L5": 0, "S1": 1, "S2": 1}


def test_every_pair_of_levels_falls_into_exactly_one_class(cast, work):
    for planned, level in itertools.product(["", "L0", "L5"], ["", *Level.values]):
        work.initiative.planned_level = planned
        work.initiative.save()
        log(cast, work.initiative, level)
    found = levels_reached(cast.ben)[None]
    assert found.not_recorded + found.not_planned + found.judged == found.activities == 27


def test_levels_are_seen_by_initiative_and_inside_the_organisation_only(cast, work):
    log(cast, work.initiative, "L2")
    log(cast, None, "")
    found = levels_reached(cast.ben, by_initiative=True)
    assert (found[work.initiative.pk].met, found[None].not_recorded) == (1, 1)
    assert levels_reached(cast.ben, filters=Filters(initiative=work.initiative))[None].activities == 1
    assert levels_reached(cast.cleo) == levels_reached(cast.eli) == levels_reached(None) == {}


def test_the_page_names_what_was_not_recorded_first(as_, cast, work):
    for level in ("", "L1"):
        log(cast, work.initiative, level)
    text = as_(cast.ben).get(reverse("work")).text
    assert (
        "Level reached: not recorded 1, as planned 0, people were more active than planned 0, less active than planned 1."
        in text
    )
