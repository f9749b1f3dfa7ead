"""Medians and other quantiles from a survey.

What does not belong here: means and shares (linear), whose errors it uses.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.estimates.design import Design
from folkmoot.core.estimates.linear import SurveyEstimate, critical, linearised, used
from folkmoot.core.results import Estimate


def quantile(
    outcome: ArrayLike,
    design: Design,
    *,
    at: float = 0.5,
    rows: NDArray[np.intp] | None = None,
    level: float = 0.95,
) -> SurveyEstimate:
    """The smallest value that a share ``at`` of the population does not exceed, with Woodruff's interval.

    The share at or below the estimate gets its design-based t interval, and the interval's ends are
    turned back into values; the standard error is the interval's width over twice the critical value.
    Where an end of the share's interval lies outside 0 to 1, the sample's extreme stands there and a
    caveat says that the true end may lie beyond. The design effect is that share's.

    Source: Woodruff (1952); inverse of the weighted distribution function (Hyndman and Fan 1996, type 1).
    """
    if not 0 < at < 1:
        raise CannotAnalyse(f"A quantile lies between 0 and 1, unlike {at:g}.")
    values, rows = used(outcome, design, rows)
    weights = design.weights[rows]
    kept = weights > 0
    order = np.argsort(values[kept], kind="stable")
    ordered = values[kept][order]
    if ordered[0] == ordered[-1]:
        raise CannotAnalyse(f"The outcome is {ordered[0]:g} on every row: it does not vary.")
    cumulative = np.cumsum(weights[kept][order])
    cumulative /= cumulative[-1]
    value = _at(ordered, cumulative, at)
    below = (values <= value).astype(float)
    share = float(weights @ below) / float(weights.sum())
    found = linearised(
        "quantile", share, (below - share) / float(weights.sum()), design, rows, level=level,
        again=lambda w: w @ below / w.sum(),
    )  # fmt: skip
    caveats = list(found.caveats)
    low, high = float(ordered[0]), float(ordered[-1])
    if found.estimate.low >= 0:
        low = _at(ordered, cumulative, found.estimate.low)
    else:
        caveats.append(
            f"Too few lie below the {at:g} quantile to place the interval's lower end: the smallest value stands there."
        )
    if found.estimate.high <= 1:
        high = _at(ordered, cumulative, found.estimate.high)
    else:
        caveats.append(
            f"Too few lie above the {at:g} quantile to place the interval's upper end: the largest value stands there."
        )
    freedom = found.estimate.degrees_of_freedom
    error = (high - low) / (2 * critical(level, freedom))
    return SurveyEstimate(
        "quantile",
        Estimate(value, error, low, high, level, freedom),
        found.n,
        found.clusters,
        found.population,
        found.design_effect,
        tuple(caveats),
        found.refused,
    )


def _at(ordered: NDArray[np.float64], cumulative: NDArray[np.float64], share: float) -> float:
    # a share met up to rounding is met: sums of weights are not exact
    position = int(np.searchsorted(cumulative, share - 1e-12, side="left"))
    return float(ordered[min(position, len(ordered) - 1)])
