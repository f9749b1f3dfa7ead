"""Means, totals, shares and ratios from a survey, for everybody in it or for a part.

What does not belong here: quantiles and regression (their own modules), changes to the weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.estimates.design import Design
from folkmoot.core.estimates.replicates import each
from folkmoot.core.estimates.variance import covariance
from folkmoot.core.results import Estimate, Refusal

SCALED = "The weights add up to"  # how the caveat on scaled weights begins
MUCH_OF_THEM = 0.2  # a simple sample of a larger part is a measure that few real surveys bear


@dataclass(frozen=True, slots=True)
class SurveyEstimate:
    """An estimate from a survey with what it rests on.

    ``n`` rows of positive weight, in ``clusters`` first-stage units, speak for ``population`` people
    (the sum of their weights). ``design_effect`` is the variance over that of a simple random sample
    of as many people; None where ``refused`` says why there is none. ``cautious`` are the ends where the
    skew of the outcome is allowed for too (means, totals and ratios; else None).
    """

    name: str
    estimate: Estimate
    n: int
    clusters: int
    population: float
    design_effect: float | None
    caveats: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    cautious: tuple[float, float] | None = None

    @property
    def shown(self) -> tuple[float, float]:
        """The ends of the interval that people are shown: the cautious ones where there are any."""
        return self.cautious or (self.estimate.low, self.estimate.high)


def mean(
    outcome: ArrayLike, design: Design, *, rows: NDArray[np.intp] | None = None, level: float = 0.95
) -> SurveyEstimate:
    """The weighted mean of ``outcome`` (a number a row; NaN is missing) with its design-based error.

    ``rows`` restricts it to a part of the sample (positions); the design stays whole. The interval is
    Student's with as many degrees of freedom as first-stage units less strata. Refused where nothing is
    known, nothing varies, or one cluster holds everything.

    Source: Särndal, Swensson and Wretman (1992), section 5.7 (the mean as a ratio of totals).
    """
    values, rows = used(outcome, design, rows)
    weights = design.weights[rows]
    size = float(weights.sum())
    value = float(weights @ values) / size
    _refuse_constant(values, weights)
    return linearised(
        "mean",
        value,
        (values - value) / size,
        design,
        rows,
        level=level,
        again=lambda w: w @ values / w.sum(),
    )


def total(
    outcome: ArrayLike, design: Design, *, rows: NDArray[np.intp] | None = None, level: float = 0.95
) -> SurveyEstimate:
    """The weighted total of ``outcome``; missing values count as absent, which the caveats say.

    Needs weights (or population sizes, from which they follow): without them it is the sample's total.
    """
    values, rows = used(outcome, design, rows)
    result = linearised(
        "total",
        float(design.weights[rows] @ values),
        values,
        design,
        rows,
        level=level,
        again=lambda w: w @ values,
    )
    if design.has_weights or design.has_population:
        return result
    sentence = "There are no weights: this is the total of the sample, not of a population."
    return _with_caveat(result, sentence)


def ratio(
    numerator: ArrayLike,
    denominator: ArrayLike,
    design: Design,
    *,
    rows: NDArray[np.intp] | None = None,
    level: float = 0.95,
) -> SurveyEstimate:
    """The ratio of two weighted totals, over the rows where both are known.

    Refused where the denominator's total is zero. Source: Särndal, Swensson and Wretman (1992), 5.6.
    """
    below = np.asarray(denominator, dtype=np.float64)
    top = np.where(np.isnan(below), np.nan, np.asarray(numerator, dtype=np.float64))
    values, rows = used(top, design, rows)
    weights, under = design.weights[rows], below[rows]
    whole = float(weights @ under)
    if abs(whole) <= 1e-12 * float(weights @ np.abs(under)):
        raise CannotAnalyse("The denominator adds up to zero: there is no ratio.")
    value = float(weights @ values) / whole
    left_over = values - value * under
    if np.ptp(left_over[weights > 0]) <= 1e-12 * max(1.0, float(np.abs(values).max())):
        raise CannotAnalyse("The numerator is the same multiple of the denominator on every row.")
    return linearised(
        "ratio", value, left_over / whole, design, rows, level=level, again=lambda w: w @ values / (w @ under)
    )


def proportion(
    indicator: ArrayLike, design: Design, *, rows: NDArray[np.intp] | None = None, level: float = 0.95
) -> SurveyEstimate:
    """The weighted share of rows with 1 (1 or 0 a row; NaN is missing), in an interval inside 0 to 1.

    The interval is Student's on the scale of log odds. Where nobody or everybody has 1 the sample
    shows no variance: the interval is then the exact one (Clopper and Pearson 1934) for as many people
    as there are clusters (rows without clusters), which is cautious and is said.
    """
    values, rows = used(indicator, design, rows)
    if ((values != 0) & (values != 1)).any():
        raise CannotAnalyse("A proportion needs an outcome of 0 and 1 only; name the category to count.")
    weights = design.weights[rows]
    size = float(weights.sum())
    value = float(weights @ values) / size
    if 0 < value < 1:
        found = linearised(
            "proportion", value, (values - value) / size, design, rows, level=level,
            again=lambda w: w @ values / w.sum(),
        )  # fmt: skip
        error = found.estimate.standard_error or 0.0
        spread = critical(level, found.estimate.degrees_of_freedom) * error / (value * (1 - value))
        log_odds = math.log(value / (1 - value))
        low, high = special.expit(log_odds - spread), special.expit(log_odds + spread)
        inside = Estimate(value, error, float(low), float(high), level, found.estimate.degrees_of_freedom)
        return SurveyEstimate(
            "proportion", inside, found.n, found.clusters, size, found.design_effect, found.caveats,
            found.refused,
        )  # fmt: skip
    clusters, people = design.clusters(rows), int(np.count_nonzero(weights))
    independent = clusters if design.has_clusters else people
    edge = ((1 - level) / 2) ** (1 / independent)
    low, high = (edge, 1.0) if value == 1 else (0.0, 1 - edge)
    sentence = (
        f"{'Everybody' if value == 1 else 'Nobody'} of {people} has it, so the sample shows no variance;"
        f" the interval is the exact one for {independent} {'clusters' if design.has_clusters else 'people'}"
        " and is cautious."
    )
    return SurveyEstimate(
        "proportion",
        Estimate(value, None, low, high, level),
        people,
        clusters,
        size,
        None,
        (sentence,),
        (Refusal("standard_error and design_effect", "the sample shows no variance"),),
    )


def used(
    outcome: ArrayLike, design: Design, rows: NDArray[np.intp] | None
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """The known values and their positions among ``rows``; refuses where there are none."""
    values = np.asarray(outcome, dtype=np.float64)
    if values.shape != (design.rows,):
        raise CannotAnalyse(f"The outcome has not one value for each of the {design.rows} rows.")
    if rows is None:
        known = ~np.isnan(values)
        rows = np.arange(design.rows, dtype=np.intp) if known.all() else np.flatnonzero(known)
    else:
        rows = rows[~np.isnan(values[rows])]
    if not len(rows):
        raise CannotAnalyse("The outcome is missing on every row.")
    if not (design.weights[rows] > 0).any():
        raise CannotAnalyse("Every row with an outcome has a weight of zero.")
    chosen = values[rows]
    largest = float(np.abs(chosen).max())
    if not math.isfinite(largest) or largest > 1e140:
        raise CannotAnalyse("The outcome holds values too large to be squared.")
    return chosen, rows


def linearised(
    name: str,
    value: float,
    influence: NDArray[np.float64],
    design: Design,
    rows: NDArray[np.intp],
    *,
    level: float,
    again: Callable[[NDArray[np.float64]], Any],
) -> SurveyEstimate:
    """An estimate from its influence on each of ``rows``: error, t interval, design effect.

    ``again`` works the estimate out anew from other weights of these rows, for replicate weights.
    Raises CannotAnalyse where no degree of freedom is left.
    """
    _check_level(level)
    freedom = design.degrees_of_freedom(rows)
    clusters = design.clusters(rows)
    if freedom < 1:
        unit = "cluster" if design.has_clusters else "row"
        raise CannotAnalyse(
            f"Only {clusters} {unit}{'s' if clusters > 1 else ''} in as many strata: nothing shows how far"
            f" {unit}s differ."
            if clusters > 1
            else f"Everything known is in one {unit}: nothing shows how far {unit}s differ."
        )
    if design.replicates is not None:
        with np.errstate(
            divide="ignore", invalid="ignore"
        ):  # a replicate without weight here is refused next
            repeated = each(design.replicates, rows, again)
        variance = float(design.replicates.covariance(repeated, np.array([value]))[0, 0])
    else:
        variance = float(covariance(influence[:, None], design, rows=rows)[0, 0])
    if not (math.isfinite(value) and math.isfinite(variance)):
        raise CannotAnalyse("The numbers are too large, or too uneven in size, to be worked with.")
    error = math.sqrt(max(variance, 0.0))
    effect, refused, caveats = design_effect(
        error**2, influence, design.weights[rows], counted=design.has_population
    )
    half = critical(level, freedom) * error
    cautious = None
    skewness, units = 0.0, 1
    counted_in = f"{clusters} {'clusters' if design.has_clusters else 'rows'}"
    if name not in ("proportion", "quantile"):
        if design.replicates is None:
            skewness, units = _skewness(influence, design, rows)
        else:
            lean = design.replicates.lean(repeated[:, 0])
            units = len(rows) if lean is None else freedom + 1
            pulls = design.weights[rows] * influence
            skewness = _lopsided(pulls - pulls.mean()) if lean is None else lean * math.sqrt(units)
            if lean is not None:
                counted_in = f"{design.replicates.scales.size} replicates"
        ends = allowing_for_skew(value, error, skewness / math.sqrt(units), freedom=freedom, level=level)
        cautious = (min(ends[0], value - half), max(ends[1], value + half))
    if abs(skewness) > max(1.0, math.sqrt((clusters if design.replicates is None else units) / 25)):
        caveats = (
            *caveats,
            f"A few large values carry much of this: with {counted_in} the interval as other programs print it is"
            " likely to be too short. The cautious one allows for it; a median is steadier.",
        )
    return SurveyEstimate(
        name,
        Estimate(value, error, value - half, value + half, level, float(freedom)),
        int(np.count_nonzero(design.weights[rows])),
        clusters,
        float(design.weights[rows].sum()),
        effect,
        caveats,
        refused,
        cautious,
    )


def allowing_for_skew(
    value: float, error: float, skewness: float, *, freedom: float, level: float
) -> tuple[float, float]:
    """The interval where the estimate's own distribution leans to one side.

    ``skewness`` is that of the estimate (of the units' pulls, over the root of their number). The t statistic is put
    through the cubic that takes its leaning away, and Student's critical values are led back. The longer end is on the
    side of the large values, where a sample is likely to have missed some. It mends most of what a plain interval lacks,
    not all: a sample that holds none of the large values shows no skew.
    Source: Hall (1992), Journal of the Royal Statistical Society B 54, p. 221, transformation ĝ₁.
    """
    reach = critical(level, freedom)
    if abs(skewness) < 1e-9:
        return value - reach * error, value + reach * error

    def led_back(end: float) -> float:
        return float((np.cbrt(1 + skewness * (end - skewness / 6)) - 1) * 3 / skewness)

    return value - led_back(reach) * error, value - led_back(-reach) * error


def _skewness(influence: NDArray[np.float64], design: Design, rows: NDArray[np.intp]) -> tuple[float, int]:
    """How lopsidedly the first-stage units pull (Cochran 1977, section 2.15: normal intervals need n > 25 times its square), and how many there are."""
    first = design.stages[0]
    pulls = np.bincount(
        first.cluster[rows], weights=design.weights[rows] * influence, minlength=len(first.stratum)
    )
    sums = np.bincount(first.stratum, weights=pulls, minlength=len(first.sampled))
    return _lopsided(pulls - (sums / first.sampled)[first.stratum]), len(pulls)


def _lopsided(around: NDArray[np.float64]) -> float:
    """Skewness of deviations; none where nothing deviates."""
    spread = float((around**2).mean())
    if not spread > 0:
        return 0.0
    skewness = float(((around / math.sqrt(spread)) ** 3).mean())
    return skewness if math.isfinite(skewness) else 0.0


def design_effect(
    variance: float,
    influence: NDArray[np.float64],
    weights: NDArray[np.float64],
    *,
    counted: bool = False,
) -> tuple[float | None, tuple[Refusal, ...], tuple[str, ...]]:
    """The variance over that of a simple random sample, without replacement where the weights allow.

    Weights that do not add up to more people than were asked say nothing of the population's size; the
    comparison is then with a sample drawn with replacement, and a caveat says so. So it does where a good
    part of the population would have been asked and its size is not ``counted`` otherwise: most weights that say
    so are scaled. Source: Kish (1965),
    section 8.2, with the variance of the linearised values.
    """
    people, size = int(np.count_nonzero(weights)), float(weights.sum())
    if people < 2:
        return None, (Refusal("design_effect", "there is one row"),), ()
    around = influence - float(weights @ influence) / size
    spread = float(weights @ around**2) / size * people / (people - 1)
    simple = (
        spread * size * size / people
    )  # a power of a float raises where it overflows; a product is refused below
    caveats: tuple[str, ...] = ()
    if size > people * (1 + 1e-9):
        again = variance / simple if simple > 0 else math.inf
        simple *= 1 - people / size
        if not counted and people / size > MUCH_OF_THEM and math.isfinite(again):
            caveats = (
                f"{SCALED} {size / people:.2f} people for each one asked. Where they are scaled and not"
                f" numbers of people, the design effect says too much: beside a simple sample drawn with replacement it"
                f" is {again:.2f}.",
            )
    else:
        caveats = (
            "The weights do not add up to more people than were asked; the design effect compares with a"
            " simple sample drawn with replacement.",
        )
    if not simple > 0 or not math.isfinite(simple):
        return None, (Refusal("design_effect", "the outcome does not vary"),), ()
    return variance / simple, (), caveats


def critical(level: float, degrees_of_freedom: float | None) -> float:
    """Student's critical value for a two-sided interval; the normal one for None or infinity."""
    upper = 0.5 + level / 2
    if degrees_of_freedom is None or math.isinf(degrees_of_freedom):
        return float(special.ndtri(upper))
    return float(special.stdtrit(degrees_of_freedom, upper))


def two_sided(statistic: float, degrees_of_freedom: float | None) -> float:
    """The probability of a t (or normal) statistic as far from zero as this one."""
    if degrees_of_freedom is None or math.isinf(degrees_of_freedom):
        return float(2 * special.ndtr(-abs(statistic)))
    return float(2 * special.stdtr(degrees_of_freedom, -abs(statistic)))


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise CannotAnalyse(f"The level of an interval lies between 0 and 1, unlike {level:g}.")


def _refuse_constant(values: NDArray[np.float64], weights: NDArray[np.float64]) -> None:
    seen = values[weights > 0]
    if np.ptp(seen) == 0:
        raise CannotAnalyse(f"The outcome is {seen[0]:g} on every row: it does not vary.")


def _with_caveat(result: SurveyEstimate, sentence: str) -> SurveyEstimate:
    return replace(result, caveats=(*result.caveats, sentence))
