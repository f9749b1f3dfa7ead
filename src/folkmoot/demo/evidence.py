"""Findings from the interviews, and a clue registered before anybody looked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from folkmoot.demo.reading import table
from folkmoot.demo.world import World
from folkmoot.evidence.actions import judge_hoop, record_finding, register_hoop

COMPONENTS = ("methodological_limits", "coherence", "adequacy", "relevance")
CURATOR = "hannah"


def record_evidence(world: World) -> None:
    """Findings and the clue, in the order of the content."""
    listed = table("evidence")
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
