"""The export of everything holds plans with all that belongs to them, for their owner alone."""

from __future__ import annotations

import pytest

from folkmoot.evaluations.actions import board, plans
from folkmoot.evaluations.exporting import KINDS, parts
from folkmoot.evaluations.looking import look
from folkmoot.project.commands.exporters import rooms

pytestmark = pytest.mark.django_db


def taken(**owners):
    ids = {"organisation_ids": [], "team_ids": []} | owners
    return dict(parts(**ids))


def test_the_room_is_part_of_the_export_of_everything():
    assert "evaluations" in dict(rooms())


def test_an_owner_takes_plans_with_rivals_departures_answers_and_requests_and_nothing_of_others(
    cast, plan, assumption
):
    look(plan, by=cast.ada)
    plans.register_plan(plan, expected=1, by=cast.ada)
    plans.record_departure(plan, what="Nine wards", why="A strike", by=cast.ada)
    request = board.ask_for_evaluation(
        assumption, owner=cast.police, visibility="network", wanted="Do they?", by=cast.ada
    )
    board.offer_evaluation(request, owner=cast.team, words="A trial", independent="Free", by=cast.dina)
    ours = {name: list(rows) for name, rows in taken(organisation_ids=[cast.police.pk]).items()}
    assert set(ours) == {f"{name}.jsonl" for name, _, _ in KINDS}
    assert ours["plans.jsonl"][0]["frozen"]["rivals"][0]["words"] == "A warm summer"
    assert ours["departures.jsonl"][0]["why"] == "A strike"
    assert ours["sights.jsonl"][0]["answer"]["verdict"] == "could"
    assert len(ours["rivals.jsonl"]) == len(ours["evaluation-requests.jsonl"]) == 1
    assert ours["evaluation-offers.jsonl"] == []
    theirs = {name: list(rows) for name, rows in taken(team_ids=[cast.team.pk]).items()}
    assert len(theirs["evaluation-offers.jsonl"]) == 1 and theirs["plans.jsonl"] == []
    strangers = taken(organisation_ids=[cast.other.pk], team_ids=[cast.rival.pk])
    assert not any(list(rows) for rows in strangers.values())
