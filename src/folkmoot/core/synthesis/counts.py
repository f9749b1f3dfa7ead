"""Events among two groups, as an effect and its error: log risk ratio, log odds ratio, risk difference.

What does not belong here: pooling; other things that papers print (printed).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from folkmoot.core.errors import CannotAnalyse

MEASURES = {"rr": "log risk ratio", "or": "log odds ratio", "rd": "risk difference"}


@dataclass(frozen=True, slots=True)
class CountEffects:
    """An effect and error a study; ``informative`` is False where nobody (or everybody) had the event.

    ``corrected`` marks studies with an empty cell, to whose four cells a half was added.
    """

    measure: str
    estimates: NDArray[np.float64]
    standard_errors: NDArray[np.float64]
    informative: NDArray[np.bool_]
    corrected: NDArray[np.bool_]


def from_counts(
    treated_with: ArrayLike,
    treated_without: ArrayLike,
    control_with: ArrayLike,
    control_without: ArrayLike,
    *,
    measure: str = "rr",
) -> CountEffects:
    """Effects of studies from their 2 × 2 tables: people with and without the event in two groups.

    ``measure`` is ``rr`` or ``or`` (on the log scale, negative: fewer events among the treated) or ``rd``.
    Where a cell is empty a half is added to all four, for that study only. A study without events (for
    ``or`` also one with nothing else) in either group says nothing of a ratio: it is marked and its
    numbers must not be pooled.

    Source: Fleiss and Berlin (2009), in Cooper, Hedges and Valentine, chapter 13.
    """
    if measure not in MEASURES:
        raise CannotAnalyse(f"There is no measure “{measure}”; there are {', '.join(MEASURES)}.")
    cells = [
        np.atleast_1d(np.asarray(cell, dtype=np.float64))
        for cell in (treated_with, treated_without, control_with, control_without)
    ]
    if any(cell.shape != cells[0].shape for cell in cells):
        raise CannotAnalyse("The four columns of counts differ in length.")
    if any(np.isnan(cell).any() or (cell < 0).any() or (cell != np.floor(cell)).any() for cell in cells):
        raise CannotAnalyse("Counts are whole numbers of 0 or more.")
    if any((cell > 1e12).any() for cell in cells):
        raise CannotAnalyse("A count is larger than all people there are.")
    a, b, c, d = cells
    if ((a + b == 0) | (c + d == 0)).any():
        raise CannotAnalyse("A study has nobody in one of its groups.")
    informative = np.ones(len(a), dtype=bool)
    if measure != "rd":
        informative &= (a + c) > 0
    if measure == "or":
        informative &= (b + d) > 0
    corrected = (a == 0) | (b == 0) | (c == 0) | (d == 0)
    a, b, c, d = (cell + 0.5 * corrected for cell in (a, b, c, d))
    treated, control = a + b, c + d
    if measure == "rr":
        estimates = np.log(a / treated) - np.log(c / control)
        variances = 1 / a - 1 / treated + 1 / c - 1 / control
    elif measure == "or":
        estimates = np.log(a) - np.log(b) - np.log(c) + np.log(d)
        variances = 1 / a + 1 / b + 1 / c + 1 / d
    else:
        estimates = a / treated - c / control
        variances = a * b / treated**3 + c * d / control**3
    return CountEffects(measure, estimates, np.sqrt(variances), informative, corrected)
