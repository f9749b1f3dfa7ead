"""From an estimate and its standard error to an interval and a p-value; the checks all designs share.

What does not belong here: any estimator.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]

# a standard error this small against the outcome's own size is rounding, not precision
ROUNDING = 1e-12


def as_estimate(
    value: float, standard_error: float, *, degrees_of_freedom: float | None = None, level: float = 0.95
) -> Estimate:
    """The estimate with a symmetric interval: Student's t where degrees of freedom are given, else normal."""
    if not math.isfinite(value) or not math.isfinite(standard_error):
        raise CannotAnalyse("The numbers are too large or too uneven to be worked with.")
    tail = (1.0 - level) / 2.0
    statistic = abs(value) / standard_error if standard_error > 0 else math.inf
    if degrees_of_freedom is None:
        reach = float(-ndtri(tail))
        p_value = float(2.0 * ndtr(-statistic))
    else:
        reach = float(-stdtrit(degrees_of_freedom, tail))
        p_value = float(2.0 * stdtr(degrees_of_freedom, -statistic))
    return Estimate(
        estimate=float(value),
        standard_error=float(standard_error),
        low=float(value - reach * standard_error),
        high=float(value + reach * standard_error),
        level=level,
        degrees_of_freedom=degrees_of_freedom,
        p_value=p_value,
    )


def for_comparison(found: Estimate) -> Estimate:
    """The estimate with its standard error alone, to hold beside other programs'.

    For errors known to be too small (textbook ones of repeated measures, Newey and West's of short series): an
    interval or a p-value made of them would not keep its promise, so that none is given.
    """
    return replace(found, low=-math.inf, high=math.inf, p_value=None)


def naive_p_value(found: Estimate) -> float:
    """The p-value that the standard error would give if it were right: for placebo runs, which show how far it is."""
    error = found.standard_error or 0.0
    return as_estimate(found.estimate, error, degrees_of_freedom=found.degrees_of_freedom).p_value or 0.0


def check_variation(outcome: Numbers, *, name: str = "outcome") -> None:
    """Refuse an outcome that is empty, not finite, or the same everywhere."""
    if outcome.size == 0:
        raise CannotAnalyse(f"There is no row with a value of the {name}.")
    if not np.isfinite(outcome).all():
        raise CannotAnalyse(f"The {name} holds values that are missing or infinite.")
    if np.abs(outcome).max() > 1e150:
        raise CannotAnalyse(f"The {name} holds numbers too large to be worked with.")
    if float(np.ptp(outcome)) <= ROUNDING * max(float(np.abs(outcome).max()), 1e-300):
        raise CannotAnalyse(f"The {name} does not vary: every value is {outcome.flat[0]:g}.")


def check_level(level: float) -> None:
    if not 0.5 <= level < 1:
        raise CannotAnalyse("The level of an interval must be at least 0.5 and below 1, for example 0.95.")


def zero_or_one(values: Numbers, *, name: str) -> Flags:
    """The column as yes and no; anything but 0 and 1 is refused."""
    if not np.isin(values, (0.0, 1.0)).all():
        odd = values[~np.isin(values, (0.0, 1.0))][0]
        raise CannotAnalyse(f"“{name}” must hold only 0 and 1; it holds {odd:g}.")
    return np.asarray(values == 1.0, dtype=np.bool_)
