"""One chain as it stands in one of its versions: what it consists of, for whoever may see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from folkmoot.mechanisms.models import Assumption, Backfire, Factor, Mechanism, MechanismVersion, Step
from folkmoot.organisations.visibility import visible


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One step: its assumption, how people here put it, and what is particular to it here.

    ``population`` and ``context`` are this chain's own; where the chain says no population, the
    assumption's stands in ``for_whom``.
    """

    position: int
    assumption: Assumption
    own_words: str
    population: str
    context: str

    @property
    def cause(self) -> Factor:
        return self.assumption.cause

    @property
    def effect(self) -> Factor:
        return self.assumption.effect

    @property
    def for_whom(self) -> str:
        return self.population or self.assumption.population


@dataclass(frozen=True, slots=True)
class Chain:
    """A mechanism in one version: factors with causes before effects, steps in order, ways to backfire.

    ``hidden`` counts the steps whose assumption this viewer may not see; they are left out.
    """

    mechanism: Mechanism
    version: MechanismVersion
    factors: tuple[Factor, ...]
    steps: tuple[ChainStep, ...]
    backfires: tuple[Backfire, ...]
    hidden: int

    @property
    def is_line(self) -> bool:
        """Does every step begin where the one before it ends?"""
        return all(
            before.assumption.effect_id == after.assumption.cause_id
            for before, after in zip(self.steps, self.steps[1:], strict=False)
        )


def chain_of(mechanism: Mechanism, *, viewer: Any, number: int | None = None) -> Chain | None:
    """The chain in its current version, or in the one numbered ``number``; None where there is no such.

    Who may see the mechanism itself is for the caller to ask. Three queries.
    """
    wanted = {"is_current": True} if number is None else {"number": number}
    version = MechanismVersion.objects.filter(mechanism=mechanism, **wanted).first()
    if version is None:
        return None
    rows = list(
        Step.objects.filter(version=version)
        .filter(visible(viewer, through="assumption"))
        .select_related("assumption__cause", "assumption__effect")
        .order_by("position")
    )
    steps = tuple(
        ChainStep(row.position, row.assumption, row.own_words, row.population, row.context) for row in rows
    )
    backfires = tuple(Backfire.objects.filter(version=version).select_related("from_factor"))
    return Chain(
        mechanism=mechanism,
        version=version,
        factors=factors_in_order(steps),
        steps=steps,
        backfires=backfires,
        hidden=Step.objects.filter(version=version).count() - len(steps),
    )


def factors_in_order(steps: Sequence[ChainStep]) -> tuple[Factor, ...]:
    """Every factor once, each after all that lead to it; among equals in the order of the steps."""
    named: dict[int, Factor] = {}
    for step in steps:
        named.setdefault(step.cause.pk, step.cause)
        named.setdefault(step.effect.pk, step.effect)
    arrows = {(step.cause.pk, step.effect.pk) for step in steps}
    ordered: list[Factor] = []
    while named:
        ready = _without_cause(named, arrows) or next(iter(named))
        ordered.append(named.pop(ready))
        arrows = {arrow for arrow in arrows if arrow[0] != ready}
    return tuple(ordered)


def _without_cause(named: Iterable[int], arrows: set[tuple[int, int]]) -> int | None:
    effects = {effect for _, effect in arrows}
    return next((key for key in named if key not in effects), None)
