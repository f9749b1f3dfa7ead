"""The list of assumptions under its filters, as cards or as a grid with its empty cells."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import inf
from typing import Any

from django.db.models import Q, QuerySet

from folkmoot.coding.queries import Scope
from folkmoot.evidence.queries import Judged, standings
from folkmoot.front.queries.relying import Relying, relying
from folkmoot.mechanisms.models import Mechanism, Method, Step
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import access_of, visible
from folkmoot.strategies.models import Aim


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for; an empty part filters nothing."""

    scope: Scope
    aim: str = ""
    method: str = ""
    words: str = ""
    standing: str = ""
    resting: str = ""
    low: int | None = None
    high: int | None = None
    hours: str = ""  # "yes": low and high are hours; "unrecorded": work whose length nobody wrote down


@dataclass(frozen=True, slots=True)
class Listed:
    """One assumption in the list, with the chains it is a step of."""

    judged: Judged
    chains: tuple[Mechanism, ...]
    objectives: int
    hours: Decimal | None


@dataclass(frozen=True, slots=True)
class Cell:
    """What the assumptions under one aim and one method are known by. Empty is a finding too."""

    listed: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Aims down, methods across; a method that no chain names has no column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Aim, tuple[Cell, ...]], ...]


def listed(
    viewer: Any, filters: Filters, *, today: date, organisation: Organisation | None = None
) -> list[Listed]:
    """The assumptions that pass the filters: those that most rests on first, then by code.

    ``organisation`` says whose work and objectives rest on them; None: everybody's, as it is shared.
    """
    chains = _chains(viewer)
    wanted = _wanted(chains, filters)
    resting = relying(viewer, today=today, organisation=organisation)
    judged = standings(wanted, viewer=viewer, scope=filters.scope)
    found = [
        Listed(
            one,
            chains.get(key, ()),
            resting.on(key),
            resting.hours_on(key) if key in resting.work.on else None,
        )
        for key, one in judged.items()
        if _passes(one, filters, resting, key)
    ]
    found.sort(
        key=lambda one: (
            *resting.rank(one.judged.assumption.pk),
            _natural(one.judged.assumption.code),
            one.judged.assumption.pk,
        )
    )
    return found


def _natural(code: str) -> tuple[bool, list[int]]:
    """P2.4 before P10.1; what has no code last."""
    return (not code, [int(part) for part in code.removeprefix("P").split(".") if part.isdecimal()])


def _passes(one: Judged, filters: Filters, resting: Relying, key: int) -> bool:
    if filters.standing and one.word != filters.standing:
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


def _chains(viewer: Any) -> dict[int, tuple[Mechanism, ...]]:
    """The chains in force that contain each assumption."""
    mechanisms = {
        one.pk: one
        for one in Mechanism.objects.filter(visible(viewer), retired_at=None)
        .select_related("method")
        .prefetch_related("aims")
    }
    found: dict[int, list[Mechanism]] = defaultdict(list)
    rows = Step.objects.filter(version__is_current=True, version__mechanism__in=mechanisms).values_list(
        "assumption_id", "version__mechanism_id"
    )
    for assumption, mechanism in rows:
        found[assumption].append(mechanisms[mechanism])
    return {
        key: tuple(sorted(values, key=lambda one: (one.code == "", one.pk))) for key, values in found.items()
    }


def _wanted(chains: dict[int, tuple[Mechanism, ...]], filters: Filters) -> list[int] | None:
    if not filters.aim and not filters.method:
        return None

    def fits(mechanism: Mechanism) -> bool:
        aims = {aim.code for aim in mechanism.aims.all()}
        method = mechanism.method.code if mechanism.method else ""
        return (not filters.aim or filters.aim in aims) and (not filters.method or filters.method == method)

    return [key for key, mechanisms in chains.items() if any(fits(one) for one in mechanisms)]


def methods_of(viewer: Any) -> QuerySet[Method]:
    """The library's methods, and those that the viewer's organisations described themselves."""
    return Method.objects.filter(
        Q(organisation=None) | Q(organisation__in=list(access_of(viewer).organisations))
    )


def grid_of(found: list[Listed]) -> Grid:
    """The list as a grid of aims and methods; a chain that names no method stands in the first column."""
    methods = {one.code: one for one in Method.objects.all()}
    used = {
        mechanism.method.code for one in found for mechanism in one.chains if mechanism.method is not None
    }
    columns = ["", *(code for code in methods if code in used)]
    cells: dict[tuple[str, str], dict[int, Listed]] = defaultdict(dict)
    for one in found:
        for mechanism in one.chains:
            method = mechanism.method.code if mechanism.method else ""
            for aim in mechanism.aims.all():
                cells[aim.code, method][one.judged.assumption.pk] = one
    rows = tuple(
        (aim, tuple(Cell(tuple(cells.get((aim.code, code), {}).values())) for code in columns))
        for aim in Aim.objects.all()
    )
    return Grid(tuple(methods[code].name if code else "No method named" for code in columns), rows)
