"""How far trends may part after the start before the conclusion goes: bounds of Rambachan and Roth.

They are worked out by the diff-diff package, which is imported only here and in ``other_estimators``.
What does not belong here: the drift seen before the start (pretrend).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from folkmoot.core.effects.inference import check_level
from folkmoot.core.effects.panel import Panel
from folkmoot.core.errors import CannotAnalyse

SIZES = (0.0, 0.5, 1.0, 1.5, 2.0)
FURTHEST = 20.0


@dataclass(frozen=True, slots=True)
class Bound:
    """The interval of the effect where trends part by up to ``size`` times what was seen before the start."""

    size: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Bounds by size; ``breakdown`` is the least size at which the interval holds no effect (None: none up to 20)."""

    estimate: float
    standard_error: float
    bounds: tuple[Bound, ...]
    breakdown: float | None
    periods_before: int
    level: float


def sensitivity_to_trends(
    panel: Panel, *, comparison: str | None = None, sizes: Sequence[float] = SIZES, level: float = 0.95
) -> Sensitivity:
    """The average of the effects by time since the start, with trends allowed to part.

    Trends may part from one period to the next by up to ``size`` times the largest such difference before the start
    (relative magnitudes). Effects are Callaway and Sant'Anna's, measured from the last period before the start and
    averaged over the times after it. The intervals add the error of that average to the bounds; that the largest
    difference before is itself estimated is not allowed for, so that they are the least wide that make sense.

    Source: Rambachan and Roth (2023), Review of Economic Studies 90, section 2.4.1, as diff-diff computes it.
    """
    check_level(level)
    if not sizes or min(sizes) < 0:
        raise CannotAnalyse("Trends part by sizes of 0 or more.")
    never = panel.first >= panel.periods
    if comparison is None:
        comparison = "never" if never.any() else "not-yet"
    events = _event_study(panel, never, comparison, level)
    bounds_at = _bounds_at(events, level)
    first = bounds_at(0.0)
    before = len(first.pre_periods_used)
    if before < 2:
        raise CannotAnalyse(
            "There are too few periods before the start to see how far trends part: two differences are needed."
        )
    bounds = []
    for size in sizes:
        found = first if size == 0 else bounds_at(float(size))
        bounds.append(Bound(float(size), float(found.ci_lb), float(found.ci_ub)))
    return Sensitivity(
        float(first.original_estimate),
        float(first.original_se),
        tuple(bounds),
        _breakdown(bounds_at),
        before,
        level,
    )


def _event_study(panel: Panel, never: Any, comparison: str, level: float) -> Any:
    import diff_diff
    import pandas

    unit = np.repeat(np.arange(panel.units), panel.periods)
    frame = pandas.DataFrame(
        {
            "y": panel.outcomes.ravel(),
            "unit": unit,
            "time": np.tile(np.arange(1, panel.periods + 1), panel.units),
            "start": np.where(never, 0, panel.first + 1)[unit],
        }
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return diff_diff.CallawaySantAnna(
                control_group="never_treated" if comparison == "never" else "not_yet_treated",
                base_period="universal",
                alpha=1.0 - level,
            ).fit(frame, outcome="y", unit="unit", time="time", first_treat="start", aggregate="event_study")
    except Exception as error:  # the package raises many kinds; each means that these data do not do
        raise CannotAnalyse(_refused(error)) from None


def _bounds_at(events: Any, level: float) -> Callable[[float], Any]:
    import diff_diff

    def at(size: float) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = diff_diff.HonestDiD(method="relative_magnitude", M=size, alpha=1.0 - level).fit(
                    events
                )
        except Exception as error:
            raise CannotAnalyse(_refused(error)) from None
        if not (math.isfinite(found.ci_lb) and math.isfinite(found.ci_ub)):
            raise CannotAnalyse("The bounds could not be worked out from these data.")
        return found

    return at


def _breakdown(bounds_at: Callable[[float], Any]) -> float | None:
    """The least size at which the interval holds 0, by halving: the interval only widens with the size."""

    def holds_none(size: float) -> bool:
        found = bounds_at(size)
        return bool(found.ci_lb <= 0 <= found.ci_ub)

    if holds_none(0.0):
        return 0.0
    if not holds_none(FURTHEST):
        return None
    low, high = 0.0, FURTHEST
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (low, middle) if holds_none(middle) else (middle, high)
    return round(high, 3)


def _refused(error: Exception) -> str:
    sentence = " ".join(str(error).split())[:200] or type(error).__name__
    return f"How far trends may part cannot be worked out: {sentence}"
