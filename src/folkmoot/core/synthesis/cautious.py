"""Intervals that allow for not knowing how far the studies' truths differ.

What does not belong here: the usual intervals, which take the variance between studies as it was estimated
(pooling); they are what other programs print, and too narrow with few studies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from folkmoot.core.synthesis.heterogeneity import Numbers
from folkmoot.core.synthesis.pooling import checked

NODES = 41


@dataclass(frozen=True, slots=True)
class CautiousIntervals:
    """For the mean of the truths, and for the truth of a new study, at one level."""

    mean: tuple[float, float]
    prediction: tuple[float, float]


def cautious_intervals(
    estimates: ArrayLike, standard_errors: ArrayLike, *, level: float = 0.95
) -> CautiousIntervals:
    """Intervals averaged over all the values of tau² that the studies' scatter leaves open.

    Q at the true tau² is chi-squared with k − 1 degrees of freedom, so each of its quantiles points to a
    tau²; given it, the mean is normal. The intervals are quantiles of the mixture over 41 such values.
    Conservative where the truths differ little (tau² cannot be below 0).

    Assumes independent normal studies with known errors. Source: the confidence distribution of tau² in
    Viechtbauer (2007), used for prediction by Nagashima, Noma and Furukawa (2019), here without random draws.
    """
    y, v = checked(estimates, standard_errors)
    targets = special.chdtri(len(y) - 1, (np.arange(NODES) + 0.5) / NODES)
    tau2 = _where_q_is_each(targets, y, v)
    weights = 1.0 / (v + tau2[:, None])
    totals = weights.sum(axis=1)
    means = weights @ y / totals
    tails = (0.5 - level / 2, 0.5 + level / 2)
    of_mean, of_new = np.sqrt(1 / totals), np.sqrt(1 / totals + tau2)
    return CautiousIntervals(
        (_quantile(tails[0], means, of_mean), _quantile(tails[1], means, of_mean)),
        (_quantile(tails[0], means, of_new), _quantile(tails[1], means, of_new)),
    )


def _where_q_is_each(targets: Numbers, y: Numbers, v: Numbers) -> Numbers:
    """tau² for each value of Q, by Newton's steps from the left, which never pass the root."""
    tau2 = np.zeros(len(targets))
    for _ in range(200):
        weights = 1.0 / (v + tau2[:, None])
        left = y - (weights @ y / weights.sum(axis=1))[:, None]
        pulls = weights * left
        gap = (pulls * left).sum(axis=1) - targets
        slope = (pulls * pulls).sum(axis=1)
        step = np.where((gap > 0) & (slope > 0), gap / np.where(slope > 0, slope, 1.0), 0.0)
        tau2 = tau2 + step
        if (step <= 1e-9 * tau2).all():
            break
    return tau2


def _quantile(share: float, means: Numbers, spreads: Numbers) -> float:
    reach = abs(float(special.ndtri(share))) + 1.0
    low, high = float((means - reach * spreads).min()), float((means + reach * spreads).max())
    for _ in range(70):
        middle = (low + high) / 2
        if float(special.ndtr((middle - means) / spreads).mean()) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2
