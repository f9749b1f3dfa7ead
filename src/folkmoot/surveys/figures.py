"""The figures of one question: shares or a mean with intervals, weighted as the sample was drawn.

Plain numbers, before anything is hidden: they are stored and never printed as they are (``protecting``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.estimates.design import Design
from folkmoot.core.estimates.linear import SCALED, SurveyEstimate, mean, proportion
from folkmoot.surveys.queries.microdata import Column

MOST_GROUPS = 60


def figures_of(column: Column, design: Design, *, rows: NDArray[np.intp] | None = None) -> dict[str, Any]:
    """The question's figures over ``rows`` (all: None). A share that cannot be had says why."""
    values = column.values if rows is None else column.values[rows]
    if column.role == "number":
        known = ~np.isnan(values)
        return {
            "n": int(known.sum()),
            "missing": int(values.size - known.sum()),
            "answers": [],
            "mean": _tried(partial(mean, column.values, design, rows=rows)),
            "caveats": [],
        }
    counts = np.bincount(values[values >= 0].astype(np.int64), minlength=len(column.answers))
    known = int(counts.sum())
    answers, caveats = [], []
    for place, word in enumerate(column.answers):
        one: dict[str, Any] = {"words": word, "count": int(counts[place])}
        if known:
            given = (column.values == place).astype(np.float64)
            given[column.values < 0] = np.nan
            found = _tried(partial(proportion, given, design, rows=rows))
            caveats += found.pop("caveats", [])
            one |= found
        answers.append(one)
    return {
        "n": known,
        "missing": int(values.size) - known,
        "answers": answers,
        "mean": None,
        # that a share is nobody's is said at the share
        "caveats": [one for one in dict.fromkeys(caveats) if "the sample shows no variance" not in one],
    }


def figures_by(column: Column, by: Column, design: Design) -> dict[str, Any]:
    """The same for each answer of another question; who did not answer that one is counted."""
    if by.role != "choice" or len(by.answers) > MOST_GROUPS:
        raise CannotAnalyse(f"“{by.label or by.name}” has no answers, or too many, to compare by.")
    groups = [
        {"words": word, **figures_of(column, design, rows=np.flatnonzero(by.values == place))}
        for place, word in enumerate(by.answers)
        if (by.values == place).any()
    ]
    return {"groups": groups, "missing": int((by.values < 0).sum())}


def cross_counts(column: Column, by: Column) -> NDArray[np.int64]:
    """How many people gave each pair of answers: groups down, answers across."""
    both = (column.values >= 0) & (by.values >= 0)
    cell = by.values[both].astype(np.int64) * len(column.answers) + column.values[both].astype(np.int64)
    size = len(by.answers) * len(column.answers)
    return np.bincount(cell, minlength=size).reshape(len(by.answers), len(column.answers))


def all_figures(
    columns: Sequence[Column], design: Design, *, told: Callable[[int, int], None] | None = None
) -> dict[str, dict[str, Any]]:
    """The figures of every column, by its name. ``told(done, total)`` after each; it may raise to stop."""
    found = {}
    for number, column in enumerate(columns, 1):
        found[column.name] = figures_of(column, design)
        if told:
            told(number, len(columns))
    return found


def _tried(estimate: Callable[[], SurveyEstimate]) -> dict[str, Any]:
    try:
        found = estimate()
    except CannotAnalyse as error:
        return {"refused": str(error)}
    e = found.estimate
    return {
        "estimate": e.estimate,
        "error": e.standard_error,
        "low": found.shown[0],
        "high": found.shown[1],
        "design_effect": _by_replacement(found),
        "clusters": found.clusters,
        # the design effect is already the one that this caveat recommends
        "caveats": [one for one in found.caveats if not one.startswith(SCALED)],
    }


def _by_replacement(found: SurveyEstimate) -> float | None:
    """The design effect beside a simple sample drawn with replacement: the one that says how many answers these are worth.

    Weights of surveys are often scaled; taken as numbers of people they would let a simple sample of most of the
    population be what these answers are measured by.
    """
    if found.design_effect is None or found.population <= found.n * (1 + 1e-9):
        return found.design_effect
    return found.design_effect * (1 - found.n / found.population)
