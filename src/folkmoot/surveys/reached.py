"""Would they have been reached otherwise? Added reach and added action, with what they cost and what is not known.

Plain functions over counts and columns. What does not belong here: reading files, keeping answers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.effects.trial import TrialEffect, trial_effect
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.estimates.design import Design, survey_design
from folkmoot.core.estimates.linear import SurveyEstimate, proportion
from folkmoot.core.results import Estimate

Cells = Sequence[Sequence[int]]

HELD_OUT_LIMITS = (
    "It speaks of those from whom some were held out, at the time of the messages tried, and of no others.",
    "That somebody was reached is what they said or what a log shows; that they took it in is not known.",
    "Neighbours tell each other: if those held out heard it from those who got it, the difference is too small.",
    "What people did is counted where they were asked or seen; what it changed for anybody is not known.",
)
RECALL_LIMITS = (
    "Who recalls a message may not have had it, and who had it may have forgotten: recall is not reach.",
    "Those who recall it only through the system might have heard it elsewhere had they not heard it there: the"
    " share is the most that the system can have added, not what it added.",
    "Whoever signs up pays attention anyway; only holding some out by lot shows what would have happened otherwise.",
    "Whether anybody did anything because of it is not asked here.",
)


def from_hold_out(
    cells: Cells, *, clusters: bool, sent_to: int | None, cost: float | None, level: float = 0.95
) -> dict[str, Any]:
    """Figures from counts of (group, held out, people, reached, acted, outcome), one entry a group and arm.

    ``reach``, ``action`` and ``outcome`` hold the share with the system, the share of those held out (who would
    have been reached, or have acted, without it) and the difference with its interval. Costs follow
    where the people and the pounds of a year are known.
    """
    given = [tuple(int(value) for value in cell) for cell in cells]
    held = np.concatenate([np.full(cell[2], cell[1]) for cell in given]).astype(np.float64)
    groups = np.concatenate([np.full(cell[2], cell[0]) for cell in given])
    figures: dict[str, Any] = {
        "people": int(held.size),
        "held_out": int(held.sum()),
        "groups": len({cell[0] for cell in given}) if clusters else None,
        "reach": _difference(_flags(given, 3), held, groups if clusters else None, level),
        "limits": list(HELD_OUT_LIMITS),
    }
    for name, place in (("action", 4), ("outcome", 5)):
        # answers that were kept before outcomes could be given end with the action
        if all(len(cell) > place and cell[place] >= 0 for cell in given):
            figures[name] = _difference(_flags(given, place), held, groups if clusters else None, level)
    for name in ("reach", "action", "outcome"):
        if name in figures and "added" in figures[name]:
            figures[name]["cost"] = cost_of_each(figures[name]["added"], sent_to=sent_to, cost=cost)
    return figures


def from_recall(
    by_system: NDArray[np.float64],
    others: Sequence[NDArray[np.float64]],
    design: Design,
    *,
    sent_to: int | None,
    cost: float | None,
) -> dict[str, Any]:
    """Figures from who recalls a message through the system and through other channels (1, 0; NaN: no answer)."""
    elsewhere = (
        np.zeros_like(by_system)
        if not others
        else np.nanmax(np.vstack([*others, np.zeros_like(by_system)]), axis=0)
    )
    known = ~np.isnan(by_system)
    parts = {
        "by_system": by_system,
        "elsewhere": np.where(known, elsewhere, np.nan),
        "both": np.where(known, by_system * elsewhere, np.nan),
        "only_system": np.where(known, by_system * (1 - elsewhere), np.nan),
        "neither": np.where(known, (1 - by_system) * (1 - elsewhere), np.nan),
    }
    figures: dict[str, Any] = {"people": int(known.sum()), "limits": list(RECALL_LIMITS)}
    for name, values in parts.items():
        try:
            figures[name] = _share(proportion(values, design), int(np.nansum(values)))
        except CannotAnalyse as error:
            figures[name] = {"refused": str(error)}
    if "low" in figures["only_system"]:
        figures["cost"] = cost_of_each(figures["only_system"], sent_to=sent_to, cost=cost) | {
            "at_least": True
        }
    return figures


def cost_of_each(added: dict[str, Any], *, sent_to: int | None, cost: float | None) -> dict[str, Any]:
    """What each person added costs: pounds over added people. Without an upper end where none may be added."""
    if not sent_to or cost is None:
        return {"refused": "Say to how many people it is sent in a year and what a year costs."}
    people = {name: added[name] * sent_to for name in ("estimate", "low", "high")}
    found: dict[str, Any] = {"people": {name: round(value) for name, value in people.items()}}
    if people["high"] <= 0:
        return found | {"refused": "It adds nobody, so there is no cost of each."}
    found["low"] = cost / people["high"]
    found["high"] = cost / people["low"] if people["low"] > 0 else None
    found["estimate"] = cost / people["estimate"] if people["estimate"] > 0 else None
    return found


def _flags(cells: Sequence[tuple[int, ...]], place: int) -> NDArray[np.float64]:
    parts = [np.repeat([1.0, 0.0], [cell[place], cell[2] - cell[place]]) for cell in cells]
    return np.concatenate(parts)


def _difference(
    outcome: NDArray[np.float64], held: NDArray[np.float64], groups: NDArray[np.int64] | None, level: float
) -> dict[str, Any]:
    sent = 1.0 - held
    found: dict[str, Any] = {
        "with": _arm(outcome, sent == 1, groups, level),
        "without": _arm(outcome, sent == 0, groups, level),
    }
    try:
        effect: TrialEffect = trial_effect(outcome, treated=sent, clusters=groups, level=level)
    except CannotAnalyse as error:
        return found | {"refused": str(error)}
    return found | {
        "added": _json(effect.estimate),
        "caveats": list(effect.caveats),
        "cannot_tell": effect.estimate.low <= 0 <= effect.estimate.high,
    }


def _arm(
    outcome: NDArray[np.float64], rows: NDArray[np.bool_], groups: NDArray[np.int64] | None, level: float
) -> dict[str, Any]:
    values = outcome[rows]
    try:
        design = survey_design(values.size, clusters=[] if groups is None else [groups[rows]])
        return _share(proportion(values, design, level=level), int(values.sum()))
    except CannotAnalyse as error:
        share = float(values.mean()) if values.size else math.nan
        return {"estimate": share, "count": int(values.sum()), "n": int(values.size), "refused": str(error)}


def _share(found: SurveyEstimate, count: int) -> dict[str, Any]:
    return _json(found.estimate) | {"n": found.n, "count": count, "caveats": list(found.caveats)}


def _json(e: Estimate) -> dict[str, Any]:
    return {"estimate": e.estimate, "error": e.standard_error, "low": e.low, "high": e.high, "level": e.level}
