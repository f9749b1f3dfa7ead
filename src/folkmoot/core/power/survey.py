"""Surveys: how precise one wave is, and what change two waves could show.

What does not belong here: analysing a survey (``core.estimates``).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy.special import ndtr, ndtri

from folkmoot.core.errors import CannotAnalyse


@dataclass(frozen=True, slots=True)
class SurveyPower:
    """What two waves of so many interviews could show.

    ``power`` is the chance of finding ``change`` (None where no change was named), ``minimum_detectable_effect``
    the smallest change found with ``wanted_power``; ``margin`` is half the 1 − alpha interval of one wave.
    """

    power: float | None
    minimum_detectable_effect: float
    wanted_power: float
    margin: float
    interviews: float
    design_effect: float
    correlation: float
    change: float | None
    alpha: float


def survey_power(
    *,
    interviews: float,
    baseline: float | None = None,
    standard_deviation: float | None = None,
    change: float | None = None,
    design_effect: float = 1.0,
    correlation: float = 0.0,
    alpha: float = 0.05,
    wanted_power: float = 0.8,
) -> SurveyPower:
    """The power of comparing two waves of ``interviews`` each, two-sided at ``alpha``.

    Give ``baseline`` (a share between 0 and 1) or ``standard_deviation`` (of a score). ``design_effect``
    is what weights and clustering multiply the variance by; ``correlation`` is that of the two waves'
    figures, where the same people or places are asked again. Shares use the variance at each of the
    two shares (Wald). Changes are in the outcome's unit, 0.05 = five percentage points.
    """
    if not interviews >= 2 or not math.isfinite(interviews):
        raise CannotAnalyse("A wave needs at least 2 interviews.")
    _check(baseline, standard_deviation, change, design_effect, correlation, alpha, wanted_power)
    effective = interviews / design_effect
    critical = float(-ndtri(alpha / 2.0))

    def spread(value: float) -> float:
        if baseline is None:
            return float(standard_deviation or 0.0) ** 2
        return value * (1.0 - value)

    now = baseline if baseline is not None else 0.0

    def error(shift: float) -> float:
        first, second = spread(now), spread(now + shift)
        return math.sqrt(max(first + second - 2.0 * correlation * math.sqrt(first * second), 0.0) / effective)

    power = None
    if change is not None:
        by = error(change)
        power = float(ndtr(abs(change) / by - critical)) if by > 0 else 1.0
    return SurveyPower(
        power=power,
        minimum_detectable_effect=_smallest(error, critical, wanted_power, baseline),
        wanted_power=wanted_power,
        margin=critical * math.sqrt(spread(now) / effective),
        interviews=interviews,
        design_effect=design_effect,
        correlation=correlation,
        change=change,
        alpha=alpha,
    )


def interviews_needed(
    change: float,
    *,
    baseline: float | None = None,
    standard_deviation: float | None = None,
    design_effect: float = 1.0,
    correlation: float = 0.0,
    alpha: float = 0.05,
    wanted_power: float = 0.8,
) -> int:
    """How many interviews each of two waves needs so that ``change`` is found with the power wanted.

    Arguments and assumptions as for ``survey_power``.
    """
    _check(baseline, standard_deviation, change, design_effect, correlation, alpha, wanted_power)

    def spread(value: float) -> float:
        return float(standard_deviation or 0.0) ** 2 if baseline is None else value * (1.0 - value)

    first = spread(baseline or 0.0)
    second = spread((baseline or 0.0) + change)
    variance = first + second - 2.0 * correlation * math.sqrt(first * second)
    reach = float(-ndtri(alpha / 2.0)) + float(ndtri(wanted_power))
    exact = design_effect * variance * (reach / change) ** 2
    if exact > 1e9:
        raise CannotAnalyse("So small a change would take more than a thousand million interviews.")
    return max(2, math.ceil(exact - 1e-9))


def _smallest(
    error: Callable[[float], float], critical: float, wanted: float, baseline: float | None
) -> float:
    """The smallest change found with the power wanted, towards the middle where it is a share."""
    reach = critical + float(ndtri(wanted))
    if baseline is None:
        return reach * error(0.0)
    sign = 1.0 if baseline <= 0.5 else -1.0
    low, high = 0.0, (1.0 - baseline) if sign > 0 else baseline
    if reach * error(sign * high) > high:
        raise CannotAnalyse("Even the largest change there can be would not be seen with so few interviews.")
    for _ in range(200):
        middle = (low + high) / 2.0
        if middle < reach * error(sign * middle):
            low = middle
        else:
            high = middle
    return high


def _check(
    baseline: float | None,
    standard_deviation: float | None,
    change: float | None,
    design_effect: float,
    correlation: float,
    alpha: float,
    wanted_power: float,
) -> None:
    if not design_effect > 0 or not math.isfinite(design_effect):
        raise CannotAnalyse("The design effect must be above 0; 1 is a simple random sample.")
    if not 0 <= correlation < 1:
        raise CannotAnalyse("The correlation of the waves must be 0 or more and below 1.")
    if not 0 < alpha < 1 or not alpha < wanted_power < 1:
        raise CannotAnalyse("Alpha lies between 0 and 1, and the power wanted between alpha and 1.")
    if (baseline is None) == (standard_deviation is None):
        raise CannotAnalyse("Give either the share now (baseline) or the standard deviation of the score.")
    if baseline is not None and not 0 < baseline < 1:
        raise CannotAnalyse("The share now must lie between 0 and 1.")
    if standard_deviation is not None and not standard_deviation > 0:
        raise CannotAnalyse("The standard deviation must be above 0.")
    if change is not None and (not math.isfinite(change) or change == 0):
        raise CannotAnalyse("The change must be a number other than 0.")
    if change is not None and baseline is not None and not 0 <= baseline + change <= 1:
        raise CannotAnalyse("The share after the change must lie between 0 and 1.")
