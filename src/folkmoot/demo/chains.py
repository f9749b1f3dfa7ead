"""Chains adopted from the library with the organisations' own changes, and one that was revised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from folkmoot.demo.reading import table
from folkmoot.demo.world import World
from folkmoot.mechanisms.actions import (
    adopt_mechanism,
    create_mechanism,
    revise_mechanism,
    start_assumption,
)
from folkmoot.mechanisms.drafts import BackfireDraft, StepDraft, words_of
from folkmoot.mechanisms.models import Mechanism

STATED = date(2026, 7, 6)
OWN = ("population", "horizon", "smallest_change", "own_words")


def state_chains(world: World) -> None:
    """Every objective's chain, in the words of those who work by it."""
    listed = table("chains")
    for number, one in enumerate(listed["chain"]):
        world.clock.go_to(STATED + timedelta(days=number))
        world.chains[one["name"]] = _state(world, one)
    for one in listed["started"]:
        world.own[one["key"]] = start_assumption(
            one["cause"],
            effect=world.factor(one["effect"]),  # type: ignore[arg-type]  # a factor is taken as it is
            owner=world.team,
            visibility="public",
            population=one["population"],
            horizon=one["horizon"],
            smallest_change=one["smallest_change"],
            by=world.people["hannah"],
        )


def revise_chains(world: World) -> None:
    """What people changed in a chain once they had seen something."""
    for one in table("chains")["chain"]:
        if not (revised := one.get("revised")):
            continue
        world.clock.go_to(revised["on"])
        mechanism = world.chains[one["name"]]
        version = revise_mechanism(
            mechanism,
            steps=_drafts(world, revised["steps"]),
            context=one["context"],
            backfires=_backfires(world, one),
            note=revised["note"],
            expected=mechanism.version,
            by=world.keeper(mechanism),
        )
        _remember(world, revised["steps"], version.steps.order_by("position"))


def _state(world: World, one: Mapping[str, Any]) -> Mechanism:
    objective = world.objectives[one["objective"]]
    by = world.keeper(objective)
    library = Mechanism.objects.get(code=one["adopts"])
    steps = _drafts(world, one["steps"]) if "steps" in one else None
    shared: dict[str, Any] = {
        "objective": objective,
        "owner": objective.organisation,
        "visibility": "public",
        "by": by,
    }
    if steps is not None and "context" in one:
        made = create_mechanism(
            one["name"],
            steps=steps,
            method=library.method,
            summary=library.summary,
            context=one["context"],
            backfires=_backfires(world, one),
            adopted_from=library,
            **shared,
        )
    else:
        made = adopt_mechanism(library, name=one["name"], steps=steps, **shared)
    if steps is not None:
        _remember(world, one["steps"], made.versions.get(number=1).steps.order_by("position"))
    return made


def _drafts(world: World, steps: Sequence[Mapping[str, Any]]) -> list[StepDraft]:
    return [
        StepDraft(
            assumption=world.assumption(step["code"]) if "code" in step else None,
            cause=world.factor(step.get("cause", "")),
            effect=world.factor(step.get("effect", "")),
            **{name: step[name] for name in OWN if name in step},
        )
        for step in steps
    ]


def _backfires(world: World, one: Mapping[str, Any]) -> list[BackfireDraft]:
    return [
        BackfireDraft(route["wording"], words_of(world.factor(route.get("from", ""))))
        for route in one["backfires"]
    ]


def _remember(world: World, steps: Sequence[Mapping[str, Any]], made: Any) -> None:
    """The assumptions that an organisation stated itself, under the content's keys."""
    for step, row in zip(steps, made.select_related("assumption"), strict=True):
        if "key" in step:
            world.own[step["key"]] = row.assumption
