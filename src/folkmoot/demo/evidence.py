"""The network's own evaluations as studies, their appraisals, findings from the interviews, and a clue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from folkmoot.demo.reading import table
from folkmoot.demo.world import World
from folkmoot.evidence.actions import (
    appraise,
    judge_hoop,
    mark_factor,
    record_finding,
    record_study,
    register_hoop,
)
from folkmoot.mechanisms.models import Factor

COMPONENTS = ("methodological_limits", "coherence", "adequacy", "relevance")
CURATOR = "hannah"


def record_evidence(world: World) -> None:
    """Studies, findings and the clue, in the order of the content."""
    listed = table("evidence")
    for one in listed["study"]:
        world.clock.go_to(one["on"])
        _study(world, one)
    for one in listed["finding"]:
        world.clock.go_to(one["on"])
        record_finding(
            world.assumption(one["assumption"]),
            statement=one["statement"],
            direction=one["direction"],
            components={name: one[name] for name in COMPONENTS},
            confidence=one["confidence"],
            why=one["why"],
            claims=[world.claim(quote) for quote in one["claims"]],
            owner=world.team,
            visibility="public",
            by=world.people[one["by"]],
        )
    for one in listed["hoop"]:
        _clue(world, one)


def _study(world: World, one: Mapping[str, Any]) -> None:
    owner = world.organisations[one["owner"]]
    by = world.people[one["owner"]]
    study = record_study(
        authors=one["authors"],
        title=one["title"],
        owner=owner,
        visibility="public",
        by=by,
        year=one["year"],
        title_verified=True,
        kind=one["kind"],
        design=one["design"],
        setting=one["setting"],
        country="England and Wales",
        unit=one["unit"],
        level_low=one["level"],
        level_high=one["level"],
        evaluators=one["evaluators"],
        sample=one["sample"],
        recruitment=one["recruitment"],
        missing_people=one["missing_people"],
        read_where="full",
        figures=[{**figure, "verified": True} for figure in one["figures"]],
        summary=one["summary"],
        reference="Fictional; part of the demonstration",
    )
    chance = set(one.get("randomised_at", ()))
    for mark in one["marks"]:
        details = {name: value for name, value in mark.items() if name not in {"factor", "sign"}}
        mark_factor(
            study,
            factor=Factor.objects.get(key=mark["factor"]),
            sign=mark["sign"],
            randomised=mark["factor"] in chance,
            by=by,
            **details,
        )
    for said in one["appraised"]:
        # the network's word on it comes from people who did not make it
        appraise(
            study,
            assumption=world.assumption(said["assumption"]),
            level=said["level"],
            same_country=True,
            differs=(),
            read_in_full=True,
            appraiser_is_evaluator=False,
            why=said["why"],
            owner=None,
            visibility="public",
            by=world.people[CURATOR],
        )


def _clue(world: World, one: Mapping[str, Any]) -> None:
    world.clock.go_to(one["registered"])
    clue = register_hoop(
        world.assumption(one["assumption"]),
        clue=one["clue"],
        where_to_look=one["where_to_look"],
        owner=world.team,
        visibility="public",
        by=world.people[CURATOR],
    )
    for said in one["verdict"]:
        world.clock.go_to(said["on"])
        judge_hoop(clue, verdict=said["verdict"], why=said["why"], by=world.people[said["by"]])
        clue.refresh_from_db()
