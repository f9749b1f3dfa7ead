"""How far the truths of several studies differ: estimators of their variance, its interval, Q and I².

What does not belong here: the pooled estimate itself (pooling). All variances are in the squared unit
of the estimates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from folkmoot.core.errors import CannotAnalyse

Numbers = NDArray[np.float64]
METHODS = ("reml", "ml", "dl", "pm", "he", "fixed")


@dataclass(frozen=True, slots=True)
class Fit:
    """The weighted mean at one value of the variance between studies, and the residual Q at it."""

    mean: float
    sum_of_weights: float
    q: float
    slope: float  # of q in tau², always negative or zero


def fit_at(tau2: float, estimates: Numbers, variances: Numbers) -> Fit:
    """The weighted mean with weights 1/(variance + tau²)."""
    weights = 1.0 / (variances + tau2)
    total = float(weights.sum())
    mean = float(weights @ estimates) / total
    pulls = weights * (estimates - mean)
    return Fit(mean, total, float(pulls @ (estimates - mean)), -float(pulls @ pulls))


def between_study_variance(estimates: Numbers, variances: Numbers, *, method: str) -> float:
    """tau², never below 0, by the method named.

    ``reml`` and ``ml`` maximise the (restricted) likelihood; the highest of its peaks is taken where there
    are several. ``dl`` is DerSimonian and Laird (1986), ``pm`` Paule and Mandel (1982), ``he`` Hedges and
    Olkin (1985); ``fixed`` is 0 by assumption.
    """
    if method not in METHODS:
        raise CannotAnalyse(f"There is no method “{method}”; there are {', '.join(METHODS)}.")
    count = len(estimates)
    if method == "fixed":
        return 0.0
    if method == "he":
        return max(float(np.var(estimates, ddof=1)) - float(variances.mean()), 0.0)
    if method == "dl":
        weights = 1.0 / variances
        fit = fit_at(0.0, estimates, variances)
        scale = float(weights.sum()) - float(weights @ weights) / float(weights.sum())
        return max((fit.q - (count - 1)) / scale, 0.0)
    if method == "pm":
        return _where_q_is(count - 1.0, estimates, variances)
    return _most_likely(estimates, variances, restricted=method == "reml")


def q_profile(estimates: Numbers, variances: Numbers, *, level: float = 0.95) -> tuple[float, float] | None:
    """The interval for tau² in which Q, with weights at tau², is no surprise; None where it is empty.

    It is empty where the estimates lie closer together than their own errors make likely. Exact if the
    studies are normal with known variances. Source: Viechtbauer (2007).
    """
    freedom = len(estimates) - 1
    few = float(special.chdtri(freedom, 0.5 + level / 2))
    many = float(special.chdtri(freedom, 0.5 - level / 2))
    if fit_at(0.0, estimates, variances).q < few:
        return None
    return _where_q_is(many, estimates, variances), _where_q_is(few, estimates, variances)


def share_of_variance(tau2: float, estimates: Numbers, variances: Numbers, *, method: str) -> float:
    """I² in per cent: tau² over tau² plus a typical study's variance (Higgins and Thompson 2002).

    With ``fixed`` it is (Q − (k − 1))/Q, for want of a tau². It is no measure of how far truths differ:
    with more precise studies the same difference gives a larger I².
    """
    freedom = len(estimates) - 1
    if method == "fixed":
        q = fit_at(0.0, estimates, variances).q
        return 100 * max((q - freedom) / q, 0.0) if q > 0 else 0.0
    weights = 1.0 / variances
    total = float(weights.sum())
    typical = freedom * total / (total**2 - float(weights @ weights))
    return 100 * tau2 / (tau2 + typical)


def _where_q_is(target: float, estimates: Numbers, variances: Numbers) -> float:
    """tau² at which Q equals the target, 0 if it is below it already.

    Q falls and is convex in tau², so Newton's steps from the left never pass the root.
    """
    tau2 = 0.0
    for _ in range(500):
        fit = fit_at(tau2, estimates, variances)
        gap = fit.q - target
        if gap <= 0 or fit.slope == 0:
            return tau2
        step = -gap / fit.slope
        tau2 += step
        if step <= 1e-13 * tau2:
            return tau2
    return tau2


def _most_likely(estimates: Numbers, variances: Numbers, *, restricted: bool) -> float:
    spread = float(np.var(estimates, ddof=1))
    top = 4 * max(spread, float(variances.min())) + float(variances.max())
    grid: list[float] = [0.0, *(top * np.geomspace(1e-8, 1.0, 25)).tolist()]
    heights = [_log_likelihood(value, estimates, variances, restricted=restricted) for value in grid]
    best = int(np.argmax(heights))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    while best == len(grid) - 1 and _score(high, estimates, variances, restricted=restricted)[0] > 0:
        low, high = high, high * 4
    if best == 0 and _score(0.0, estimates, variances, restricted=restricted)[0] <= 0:
        return 0.0
    tau2 = float(grid[best]) if best else (low + high) / 2
    for _ in range(300):
        score, information = _score(tau2, estimates, variances, restricted=restricted)
        low, high = (tau2, high) if score > 0 else (low, tau2)
        following = tau2 + score / information
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - tau2) <= 1e-14 * (tau2 + float(variances.min())):
            return following
        tau2 = following
    return tau2


def _score(tau2: float, estimates: Numbers, variances: Numbers, *, restricted: bool) -> tuple[float, float]:
    """The slope of the log likelihood in tau² and its expected curvature."""
    weights = 1.0 / (variances + tau2)
    squares = weights * weights
    total, second = float(weights.sum()), float(squares.sum())
    left = estimates - float(weights @ estimates) / total
    score = float(squares @ (left * left)) - total
    information = second
    if restricted:
        score += second / total
        information += (second / total) ** 2 - 2 * float(squares @ weights) / total
    return score / 2, information / 2


def _log_likelihood(tau2: float, estimates: Numbers, variances: Numbers, *, restricted: bool) -> float:
    fit = fit_at(tau2, estimates, variances)
    value = -float(np.log(variances + tau2).sum()) - fit.q
    return (value - math.log(fit.sum_of_weights)) / 2 if restricted else value / 2
