"""Intervals that allow for not knowing how far the studies' truths differ.

What does not belong here: the usual intervals, which take the variance between studies as it was estimated
(pooling); they are what other programs print, and too narrow with few studies. What people are shown are these here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from folkmoot.core.results import Estimate
from folkmoot.core.synthesis.heterogeneity import Numbers
from folkmoot.core.synthesis.pooling import checked

NODES = 41


@dataclass(frozen=True, slots=True)
class CautiousIntervals:
    """For the mean of the truths, and for the truth of a new study, at one level; the p-value of no effect on average."""

    mean: tuple[float, float]
    prediction: tuple[float, float]
    p_value: float

    def over(self, estimate: Estimate) -> Estimate:
        """The estimate as people are shown it: these ends and this p-value in place of the usual ones."""
        low, high = self.mean
        return replace(estimate, low=low, high=high, p_value=self.p_value, degrees_of_freedom=None)


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
    means, of_mean, of_new = _mixture(*checked(estimates, standard_errors))
    below = float(special.ndtr(-means / of_mean).mean())
    return CautiousIntervals(
        _middle(level, means, of_mean), _middle(level, means, of_new), 2 * min(below, 1 - below, 0.5)
    )


def cautious_prediction(
    choices: Sequence[tuple[Numbers, Numbers]], *, level: float = 0.95
) -> tuple[float, float]:
    """Where the truth of a new study may lie, averaged over several choices of independent estimates and variances.

    For effects that share people or places: each choice takes one of every cluster, so that what is chosen is
    independent. Conservative, as what differs between the choices adds to the spread. Source: within-cluster
    resampling, Hoffman, Sen and Weinberg (2001), with the mixture of ``cautious_intervals`` for each choice.
    """
    parts = [_mixture(y, v) for y, v in choices]
    means, _of_mean, of_new = (np.concatenate(part) for part in zip(*parts, strict=True))
    return _middle(level, means, of_new)


def _mixture(y: Numbers, v: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """For each of the values of tau² left open: the mean, its spread, and that of a new truth."""
    targets = special.chdtri(len(y) - 1, (np.arange(NODES) + 0.5) / NODES)
    tau2 = _where_q_is_each(targets, y, v)
    weights = 1.0 / (v + tau2[:, None])
    totals = weights.sum(axis=1)
    return weights @ y / totals, np.sqrt(1 / totals), np.sqrt(1 / totals + tau2)


def _middle(level: float, means: Numbers, spreads: Numbers) -> tuple[float, float]:
    return _quantile(0.5 - level / 2, means, spreads), _quantile(0.5 + level / 2, means, spreads)


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
