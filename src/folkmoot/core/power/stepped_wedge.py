"""Stepped wedge: every cluster gets the work in the end, in an order drawn by lot.

What does not belong here: a single comparison of two groups (``two_arm``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from folkmoot.core.errors import CannotAnalyse


@dataclass(frozen=True, slots=True)
class SteppedWedgePower:
    """The power of a stepped wedge and the smallest effect that it finds with ``wanted_power``.

    ``variance`` is that of the estimated effect in squared units of the outcome.
    """

    power: float
    minimum_detectable_effect: float
    wanted_power: float
    variance: float
    clusters: int
    steps: int
    per_cell: float
    icc: float
    cluster_autocorrelation: float
    effect: float
    alpha: float


def stepped_wedge_power(
    effect: float,
    *,
    clusters: int,
    steps: int,
    per_cell: float,
    icc: float,
    cluster_autocorrelation: float = 1.0,
    standard_deviation: float = 1.0,
    alpha: float = 0.05,
    wanted_power: float = 0.8,
) -> SteppedWedgePower:
    """The chance that a true ``effect`` is found when clusters start step by step.

    ``clusters`` are spread over ``steps`` starts as evenly as they go; there are ``steps`` + 1 periods
    and different people, ``per_cell`` of them, are asked in every cluster and period. ``icc`` is the
    correlation of two people of one cluster in one period, ``cluster_autocorrelation`` times that the
    correlation across periods (1 = clusters keep their level; below 1 they wander, and leaving that out
    oversells). The effect is in the unit of ``standard_deviation``. Mixed model known up to its means,
    generalised least squares, normal test. Sources: Hussey and Hughes 2007; Hooper et al. 2016.
    """
    if clusters < 2 or steps < 1 or clusters < steps:
        raise CannotAnalyse(f"{clusters} clusters cannot start in {steps} steps: each step needs one.")
    if steps > 500 or clusters > 100_000:
        raise CannotAnalyse("At most 500 steps and 100,000 clusters can be planned here.")
    if not per_cell >= 1 or not math.isfinite(per_cell):
        raise CannotAnalyse("At least one person must be asked in each cluster and period.")
    if not 0 <= icc < 1 or not 0 <= cluster_autocorrelation <= 1:
        raise CannotAnalyse(
            "The intracluster correlation lies between 0 and 1, the cluster autocorrelation from 0 to 1."
        )
    if not standard_deviation > 0 or not math.isfinite(effect) or effect == 0:
        raise CannotAnalyse("The effect must be a number other than 0 and the standard deviation above 0.")
    if not 0 < alpha < 1 or not alpha < wanted_power < 1:
        raise CannotAnalyse("Alpha lies between 0 and 1, and the power wanted between alpha and 1.")
    if steps == 1 and clusters == 1:
        raise CannotAnalyse("One cluster cannot be compared with itself.")
    variance = _variance(clusters, steps, per_cell, icc, cluster_autocorrelation) * standard_deviation**2
    critical = float(-ndtri(alpha / 2.0))
    error = math.sqrt(variance)
    return SteppedWedgePower(
        power=float(ndtr(abs(effect) / error - critical)),
        minimum_detectable_effect=float(critical + ndtri(wanted_power)) * error,
        wanted_power=wanted_power,
        variance=variance,
        clusters=clusters,
        steps=steps,
        per_cell=per_cell,
        icc=icc,
        cluster_autocorrelation=cluster_autocorrelation,
        effect=effect,
        alpha=alpha,
    )


def _variance(clusters: int, steps: int, per_cell: float, icc: float, autocorrelation: float) -> float:
    """The variance of the effect for people with spread 1, by generalised least squares on cell means."""
    periods = steps + 1
    sizes = np.full(steps, clusters // steps)
    sizes[: clusters % steps] += 1
    covariance = np.full((periods, periods), icc * autocorrelation)
    covariance[np.diag_indices(periods)] = icc + (1.0 - icc) / per_cell
    precision = np.linalg.inv(covariance)
    columns = periods + 1
    information = np.zeros((columns, columns))
    for step, size in enumerate(sizes):
        treated = (np.arange(periods) > step).astype(np.float64)
        design = np.column_stack([np.eye(periods), treated])
        information += size * (design.T @ precision @ design)
    try:
        value = float(np.linalg.inv(information)[-1, -1])
    except np.linalg.LinAlgError:
        raise CannotAnalyse("This design cannot tell the effect from the passing of time.") from None
    if not 0 < value < 1e12:
        raise CannotAnalyse("This design cannot tell the effect from the passing of time.")
    return value
