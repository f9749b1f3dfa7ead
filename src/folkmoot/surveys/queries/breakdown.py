"""One question by the answers to another, protected: groups down, answers across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from folkmoot.core.disclosure.published import Published
from folkmoot.core.errors import CannotAnalyse
from folkmoot.surveys.models import Microdata, Result, Variable
from folkmoot.surveys.protecting import Guard, is_shown, total_of
from folkmoot.surveys.queries.waves import ShownAnswer, ShownMean
from folkmoot.surveys.reckoning import AT_ONCE, breakdown_now

MOST_GROUPS = 30


@dataclass(frozen=True, slots=True)
class Group:
    """People of one answer: what they said to the question, as far as it may be shown."""

    words: str
    n: Published
    answers: tuple[ShownAnswer, ...]
    mean: ShownMean | None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A question by another. ``too_large``: not worked out yet and too much to do while somebody waits."""

    groups: tuple[Group, ...]
    answers: tuple[str, ...]
    too_large: bool = False
    refused: str = ""


def may_divide(variable: Variable) -> bool:
    """Whether a question can divide people into groups."""
    return variable.role == Variable.Role.CHOICE and 2 <= len(variable.answers) <= MOST_GROUPS


def breakdown(microdata: Microdata, *, variable: Variable, by: Variable, inside: bool) -> Breakdown:
    """The figures of a question by another, from what is kept or worked out now where that is quick."""
    kept = Result.objects.filter(variable=variable, by=by).values_list("figures", flat=True).first()
    if kept is None:
        work = microdata.used * max(1, len(variable.answers)) * max(1, len(by.answers))
        if work > AT_ONCE * 2:
            return Breakdown((), tuple(variable.answers), too_large=True)
        try:
            kept = breakdown_now(microdata, variable=variable, by=by)
        except CannotAnalyse as error:
            return Breakdown((), tuple(variable.answers), refused=str(error))
    special = variable.special or by.special
    return Breakdown(
        _groups(kept["groups"], Guard(public=not inside, special=special)), tuple(variable.answers)
    )


def _groups(groups: Sequence[dict[str, Any]], guard: Guard) -> tuple[Group, ...]:
    if not groups:
        return ()
    if not groups[0]["answers"]:
        sizes = guard.shown(np.array([[one["n"]] for one in groups], dtype=np.int64))
        return tuple(
            Group(one["words"], size[0], (), _mean(one) if is_shown(size[0]) else None)
            for one, size in zip(groups, sizes, strict=True)
        )
    table = np.array([[cell["count"] for cell in one["answers"]] for one in groups], dtype=np.int64)
    cells = guard.shown(table)
    return tuple(
        Group(
            one["words"],
            total_of(row),
            tuple(
                ShownAnswer(
                    figures["words"],
                    cell,
                    figures.get("estimate") if is_shown(cell) else None,
                    figures.get("low") if is_shown(cell) else None,
                    figures.get("high") if is_shown(cell) else None,
                )
                for figures, cell in zip(one["answers"], row, strict=True)
            ),
            None,
        )
        for one, row in zip(groups, cells, strict=True)
    )


def _mean(one: dict[str, Any]) -> ShownMean | None:
    told = one.get("mean") or {}
    return ShownMean(told["estimate"], told["low"], told["high"]) if "estimate" in told else None
