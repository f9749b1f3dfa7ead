"""The list of assumptions under its filters. The map of its gaps is ``gaps``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import inf
from typing import Any

from folkmoot.coding.queries import Scope
from folkmoot.evidence.queries import Judged, Shelf, gather, judged_by
from folkmoot.front.queries.relying import Relying, relying
from folkmoot.front.queries.settings import tested_in
from folkmoot.front.queries.uses import PARTS, Uses, chains_of, uses_of
from folkmoot.mechanisms.models import Assumption, Mechanism
from folkmoot.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for; an empty part filters nothing."""

    scope: Scope
    aim: str = ""
    method: str = ""
    words: str = ""
    objective: str = ""
    grouping: str = ""
    setting: str = ""
    standing: str = ""
    leaning: str = ""
    resting: str = ""
    low: int | None = None
    high: int | None = None
    hours: str = ""  # "yes": low and high are hours; "unrecorded": work whose length nobody wrote down

    @property
    def parts(self) -> dict[str, str]:
        """What was asked of the uses of an assumption."""
        return {part: getattr(self, part) for part in PARTS if getattr(self, part)}


@dataclass(frozen=True, slots=True)
class Listed:
    """One assumption in the list, with the chains it is a step of."""

    judged: Judged
    chains: tuple[Mechanism, ...]
    objectives: int
    hours: Decimal | None


@dataclass(frozen=True, slots=True)
class Found:
    """The list with what it was read from, so that a map of it reads nothing twice."""

    listed: list[Listed]
    shelf: Shelf
    uses: Uses | None


def listed(
    viewer: Any, filters: Filters, *, today: date, organisation: Organisation | None = None
) -> list[Listed]:
    """The assumptions that pass the filters: those that most rests on first, then by code.

    ``organisation`` says whose work and objectives rest on them; None: everybody's, as it is shared.
    """
    return found_by(viewer, filters, today=today, organisation=organisation).listed


def found_by(
    viewer: Any, filters: Filters, *, today: date, organisation: Organisation | None, used: bool = False
) -> Found:
    """The same with the shelf behind it; ``used`` asks for the uses of chains whatever the filters."""
    uses = uses_of(viewer) if filters.parts or used else None
    chains = uses.chains if uses else chains_of(viewer)
    resting = relying(viewer, today=today, organisation=organisation)
    shelf = gather(_wanted(uses, viewer, filters), viewer=viewer, scope=filters.scope)
    judged = judged_by(shelf)
    tested = tested_in(shelf, filters.setting) if filters.setting else None
    found = [
        Listed(
            one,
            chains.get(key, ()),
            resting.on(key),
            resting.hours_on(key) if key in resting.work.on else None,
        )
        for key, one in judged.items()
        if _passes(one, filters, resting, key) and (tested is None or key in tested)
    ]
    found.sort(
        key=lambda one: (
            *resting.rank(one.judged.assumption.pk),
            _natural(one.judged.assumption.code),
            one.judged.assumption.pk,
        )
    )
    return Found(found, shelf, uses)


def _natural(code: str) -> tuple[bool, list[int]]:
    """P2.4 before P10.1; what has no code last."""
    return (not code, [int(part) for part in code.removeprefix("P").split(".") if part.isdecimal()])


def _passes(one: Judged, filters: Filters, resting: Relying, key: int) -> bool:
    if filters.standing and one.word != filters.standing:
        return False
    if filters.leaning and one.leaning != filters.leaning:
        return False
    if filters.hours == "unrecorded" and (key not in resting.work.on or resting.hours_on(key) is not None):
        return False
    if not _between(filters, resting, key):
        return False
    if filters.resting == "yes" and key not in resting.assumptions:
        return False
    asked = filters.words.casefold().split()
    text = " ".join(
        (
            one.assumption.code,
            one.assumption.cause.wording,
            one.assumption.effect.wording,
            one.assumption.population,
        )
    ).casefold()
    return all(word in text for word in asked)


def _between(filters: Filters, resting: Relying, key: int) -> bool:
    """Whether what rests on it lies in the band asked for. Hours share no boundary: 100 is in 100 to 200."""
    low, high = filters.low or 0, inf if filters.high is None else filters.high
    if filters.hours == "yes":
        height = resting.height(key)
        return height is not None and low <= height < high
    return low <= resting.on(key) <= high


def _wanted(uses: Uses | None, viewer: Any, filters: Filters) -> list[int] | None:
    """The assumptions under the aim, objective, method and grouping asked for; None: all there are."""
    if uses is None or not filters.parts:
        return None
    seen = Assumption.objects.visible_to(viewer).order_by().values_list("pk", flat=True)
    return [key for key in seen if any(use.fits(filters.parts) for use in uses.of(key))]
