"""Two groups compared once: power, and how many people (or clusters) per group are needed.

What does not belong here: designs measured more than once (``stepped_wedge``, ``differences``).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy import optimize, stats

from folkmoot.core.errors import CannotAnalyse

LARGEST_ARM = 10_000_000


@dataclass(frozen=True, slots=True)
class TwoArmSize:
    """How many are needed in each of two groups, and the power that this number then has.

    ``per_arm`` is people, rounded up to whole people (and to whole clusters where there are any);
    ``per_arm_exact`` is the number before rounding. ``power`` is what the rounded number gives, so
    never less than was asked. ``design_effect`` says by how much people of one cluster being alike
    multiplies the variance (1 without clusters).
    """

    per_arm: int
    per_arm_exact: float
    clusters_per_arm: int | None
    power: float
    smallest_change: float
    alpha: float
    design_effect: float
    method: str

    @property
    def in_all(self) -> int:
        return 2 * self.per_arm


def design_effect(*, cluster_size: float, icc: float, size_variation: float = 0.0) -> float:
    """By how much clustering multiplies the variance of a mean: 1 + ((1 + cv²)m − 1)ρ.

    ``size_variation`` is the coefficient of variation of cluster sizes (0 = all alike). Source:
    Kish 1965; unequal sizes, Eldridge, Ashby and Kerry 2006.
    """
    _check_cluster(cluster_size, icc, size_variation)
    return max(1.0 + ((1.0 + size_variation**2) * cluster_size - 1.0) * icc, 0.0)


def two_arm_means(
    smallest_change: float,
    *,
    standard_deviation: float,
    power: float = 0.8,
    alpha: float = 0.05,
    cluster_size: float | None = None,
    icc: float = 0.0,
    size_variation: float = 0.0,
) -> TwoArmSize:
    """How many per group so that a change in a mean this small is found with this power.

    Two equal groups, a two-sided t-test at ``alpha``; ``standard_deviation`` is that of people within
    a group, in the unit of ``smallest_change``. Without clusters the answer is that of R's
    ``power.t.test`` (noncentral t, 2(n − 1) degrees of freedom, the far tail left out). With
    ``cluster_size`` and ``icc`` whole clusters are allotted to a group: the variance grows by the
    design effect and the degrees of freedom fall to 2(clusters − 1), so few large clusters are seen
    for what they are.
    """
    _check(smallest_change, power, alpha)
    if not standard_deviation > 0 or not math.isfinite(standard_deviation):
        raise CannotAnalyse("The standard deviation must be a number above 0.")

    def attained(per_arm: float) -> float:
        return power_of_two_means(
            smallest_change,
            standard_deviation=standard_deviation,
            per_arm=per_arm,
            alpha=alpha,
            cluster_size=cluster_size,
            icc=icc,
            size_variation=size_variation,
        )

    method = "two-sided t-test (noncentral t)"
    return _smallest(attained, smallest_change, power, alpha, cluster_size, icc, size_variation, method)


def two_arm_proportions(
    smallest_change: float,
    *,
    baseline: float,
    power: float = 0.8,
    alpha: float = 0.05,
    cluster_size: float | None = None,
    icc: float = 0.0,
    size_variation: float = 0.0,
) -> TwoArmSize:
    """How many per group so that a change in a share from ``baseline`` by ``smallest_change`` is found.

    Shares are numbers between 0 and 1 and the change is in the same unit (0.05 = five percentage
    points; negative = a fall). Two equal groups, two-sided test with the pooled error under no
    change: without clusters the answer is that of R's ``power.prop.test``. With clusters the variance
    grows by the design effect and t replaces the normal, with 2(clusters − 1) degrees of freedom.
    """
    _check(smallest_change, power, alpha)
    _check_shares(baseline, smallest_change)

    def attained(per_arm: float) -> float:
        return power_of_two_proportions(
            smallest_change,
            baseline=baseline,
            per_arm=per_arm,
            alpha=alpha,
            cluster_size=cluster_size,
            icc=icc,
            size_variation=size_variation,
        )

    method = "two-sided test of two shares (normal approximation)"
    return _smallest(attained, smallest_change, power, alpha, cluster_size, icc, size_variation, method)


def power_of_two_means(
    change: float,
    *,
    standard_deviation: float,
    per_arm: float,
    alpha: float = 0.05,
    cluster_size: float | None = None,
    icc: float = 0.0,
    size_variation: float = 0.0,
) -> float:
    """The chance that a true ``change`` in a mean is found with ``per_arm`` people in each group."""
    if cluster_size is None:
        inflation, degrees = 1.0, 2.0 * (per_arm - 1.0)
    else:
        inflation = design_effect(cluster_size=cluster_size, icc=icc, size_variation=size_variation)
        degrees = 2.0 * (per_arm / cluster_size - 1.0)
    if degrees <= 0:
        return 0.0
    error = standard_deviation * math.sqrt(2.0 * inflation / per_arm)
    return noncentral_power(abs(change) / error if error > 0 else math.inf, degrees, alpha)


def power_of_two_proportions(
    change: float,
    *,
    baseline: float,
    per_arm: float,
    alpha: float = 0.05,
    cluster_size: float | None = None,
    icc: float = 0.0,
    size_variation: float = 0.0,
) -> float:
    """The chance that a true ``change`` in a share is found with ``per_arm`` people in each group."""
    after = baseline + change
    both = baseline + after
    under_none = math.sqrt(both * (1.0 - both / 2.0))
    under_change = math.sqrt(baseline * (1.0 - baseline) + after * (1.0 - after))
    if cluster_size is None:
        critical = float(stats.norm.isf(alpha / 2.0))
        size = math.sqrt(per_arm) * abs(change)
        return float(stats.norm.cdf((size - critical * under_none) / under_change))
    degrees = 2.0 * (per_arm / cluster_size - 1.0)
    if degrees <= 0:
        return 0.0
    inflation = design_effect(cluster_size=cluster_size, icc=icc, size_variation=size_variation)
    error = under_change * math.sqrt(inflation / per_arm)
    return noncentral_power(abs(change) / error if error > 0 else math.inf, degrees, alpha)


def noncentral_power(size: float, degrees: float, alpha: float) -> float:
    """The power of a two-sided t-test when the truth lies ``size`` standard errors from none (far tail left out)."""
    critical = float(stats.t.isf(alpha / 2.0, degrees))
    if size > 37.0:  # scipy's noncentral t gives nan far out, where the answer is a matter of the tail
        return float(stats.norm.sf((critical - size) / math.sqrt(1.0 + critical**2 / (2.0 * degrees))))
    found = float(stats.nct.sf(critical, degrees, size))
    if math.isnan(found):
        return float(stats.norm.sf((critical - size) / math.sqrt(1.0 + critical**2 / (2.0 * degrees))))
    return min(max(found, 0.0), 1.0)


def _smallest(
    attained: Callable[[float], float],
    smallest_change: float,
    power: float,
    alpha: float,
    cluster_size: float | None,
    icc: float,
    size_variation: float,
    method: str,
) -> TwoArmSize:
    inflation = 1.0
    least = 2.0
    if cluster_size is not None:
        inflation = design_effect(cluster_size=cluster_size, icc=icc, size_variation=size_variation)
        least = 2.0 * cluster_size
    if attained(float(LARGEST_ARM)) < power:
        raise CannotAnalyse(
            f"To see a change of {smallest_change:g} would take more than {LARGEST_ARM:,} people in each"
            " group: name a larger change."
        )
    if attained(least) >= power:
        exact = least
    else:
        exact = float(optimize.brentq(lambda n: attained(n) - power, least, float(LARGEST_ARM), xtol=1e-8))
    # the root may lie a hair above a whole number that already suffices
    if cluster_size is None:
        clusters = None
        per_arm = math.ceil(exact - 1e-6)
    else:
        clusters = math.ceil(exact / cluster_size - 1e-9)
        per_arm = math.ceil(clusters * cluster_size - 1e-9)
    return TwoArmSize(
        per_arm=per_arm,
        per_arm_exact=exact,
        clusters_per_arm=clusters,
        power=attained(float(per_arm)),
        smallest_change=smallest_change,
        alpha=alpha,
        design_effect=inflation,
        method=method,
    )


def _check(smallest_change: float, power: float, alpha: float) -> None:
    if not math.isfinite(smallest_change) or smallest_change == 0:
        raise CannotAnalyse("The smallest change worth seeing must be a number other than 0.")
    if not 0 < alpha < 1:
        raise CannotAnalyse("The false-alarm rate (alpha) must lie between 0 and 1, for example 0.05.")
    if not alpha / 2 < power < 1:
        raise CannotAnalyse(f"The power must lie between {alpha / 2:g} and 1, for example 0.8.")


def _check_shares(baseline: float, change: float) -> None:
    if not 0 <= baseline <= 1 or not 0 <= baseline + change <= 1:
        raise CannotAnalyse(
            "The share before and the share after must both lie between 0 and 1 (0.05 is five points)."
        )


def _check_cluster(cluster_size: float, icc: float, size_variation: float) -> None:
    if not cluster_size >= 1 or not math.isfinite(cluster_size):
        raise CannotAnalyse("A cluster holds at least one person.")
    if not -1 < icc <= 1:
        raise CannotAnalyse("The intracluster correlation must lie between 0 and 1.")
    if not size_variation >= 0 or not math.isfinite(size_variation):
        raise CannotAnalyse("The variation of cluster sizes must be 0 or more.")


def smallest_difference_of_means(
    *,
    standard_deviation: float,
    per_arm: float,
    power: float = 0.8,
    alpha: float = 0.05,
    cluster_size: float | None = None,
    icc: float = 0.0,
    size_variation: float = 0.0,
) -> float:
    """The smallest change in a mean that ``per_arm`` people in each group find with this power."""
    _check(1.0, power, alpha)

    def attained(change: float) -> float:
        return power_of_two_means(
            change,
            standard_deviation=standard_deviation,
            per_arm=per_arm,
            alpha=alpha,
            cluster_size=cluster_size,
            icc=icc,
            size_variation=size_variation,
        )

    return _least(attained, power, standard_deviation, math.inf)


def smallest_difference_of_proportions(
    *,
    baseline: float,
    per_arm: float,
    power: float = 0.8,
    alpha: float = 0.05,
    cluster_size: float | None = None,
    icc: float = 0.0,
    size_variation: float = 0.0,
) -> float:
    """The smallest rise of a share from ``baseline`` that is found (a fall of as much from above one half)."""
    _check(1.0, power, alpha)
    _check_shares(baseline, 0.0)
    sign = 1.0 if baseline <= 0.5 else -1.0
    most = 1.0 - baseline if sign > 0 else baseline

    def attained(change: float) -> float:
        return power_of_two_proportions(
            sign * min(change, most),
            baseline=baseline,
            per_arm=per_arm,
            alpha=alpha,
            cluster_size=cluster_size,
            icc=icc,
            size_variation=size_variation,
        )

    return _least(attained, power, most / 16.0, most)


def _least(attained: Callable[[float], float], power: float, step: float, most: float) -> float:
    high = step
    while attained(high) < power:
        if high >= most or high > 1e6 * step:
            raise CannotAnalyse("With so few, not even the largest change there can be would be found.")
        high = min(high * 2.0, most)
    return float(optimize.brentq(lambda change: attained(change) - power, 1e-12 * high, high, xtol=1e-12))
