"""One estimate from several independent studies, with where the next study's truth may lie.

What does not belong here: several estimates from one study or sample (dependent), and whether the
studies should be pooled at all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate, Refusal
from folkmoot.core.synthesis.heterogeneity import (
    Numbers,
    between_study_variance,
    fit_at,
    q_profile,
    share_of_variance,
)

FEW = 5  # below this many studies, the spread between them is hardly known


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pooled estimate and how far the studies' truths differ.

    ``prediction`` bounds the truth of a new study like these; ``tau2`` is the variance between truths,
    ``i2`` in per cent. ``weights`` are the studies' shares of the estimate (adding up to 1).
    """

    estimate: Estimate
    prediction: tuple[float, float] | None
    tau2: float
    tau2_interval: tuple[float, float] | None
    i2: float
    q: float
    q_degrees_of_freedom: int
    q_p_value: float
    studies: int
    weights: tuple[float, ...]
    method: str
    caveats: tuple[str, ...]
    refused: tuple[Refusal, ...]


def pool(
    estimates: ArrayLike,
    standard_errors: ArrayLike,
    *,
    method: str = "reml",
    knapp_hartung: bool = False,
    level: float = 0.95,
) -> Pooled:
    """The random-effects estimate over independent studies (or the common one with ``fixed``).

    Intervals are normal; with ``knapp_hartung`` the error follows from the studies' own scatter and the
    intervals are Student's with k − 1 degrees of freedom. The prediction interval uses the same
    distribution with √(error² + tau²); under ``fixed`` there is none. These are what other programs print; with few
    studies they do not keep their promise, and what people are shown comes from ``cautious_intervals``.

    Assumes that the studies' truths are drawn from one normal distribution, that their errors are known,
    and that the studies at hand are no selection by their results. Raises CannotAnalyse for fewer than two
    studies, errors that are not positive, and identical estimates under ``knapp_hartung``.

    Source: Viechtbauer (2005) for REML; Hartung and Knapp (2001); Higgins, Thompson and Spiegelhalter (2009).
    """
    if not 0 < level < 1:
        raise CannotAnalyse(f"The level of an interval lies between 0 and 1, unlike {level:g}.")
    y, v = checked(estimates, standard_errors)
    count = len(y)
    tau2 = between_study_variance(y, v, method=method)
    fit, plain = fit_at(tau2, y, v), fit_at(0.0, y, v)
    normal = math.sqrt(1 / fit.sum_of_weights)
    caveats: list[str] = []
    refused: list[Refusal] = []
    freedom: float | None = None
    error, reach = normal, float(special.ndtri(0.5 + level / 2))
    if knapp_hartung:
        freedom = float(count - 1)
        error = math.sqrt(max(fit.q, 0.0) / freedom / fit.sum_of_weights)
        if not error > 1e-12 * normal:
            raise CannotAnalyse(
                "The studies' estimates are identical, from which Hartung and Knapp's error would be zero."
            )
        normal_reach, reach = reach, float(special.stdtrit(freedom, 0.5 + level / 2))
        if error * reach < normal * normal_reach:
            caveats.append(
                "Hartung and Knapp's interval is narrower here than the normal one, as happens where studies"
                " agree by chance; read the wider one too."
            )
    statistic = fit.mean / error
    tail = special.stdtr(freedom, -abs(statistic)) if freedom else special.ndtr(-abs(statistic))
    pooled = Estimate(
        fit.mean, error, fit.mean - reach * error, fit.mean + reach * error, level, freedom, float(2 * tail)
    )
    prediction = None
    if method == "fixed":
        refused.append(
            Refusal("prediction_interval", "the fixed method assumes one truth, so there is none to predict")
        )
        caveats.append("One common truth is assumed for all studies; the interval says nothing of others.")
    else:
        half = reach * math.sqrt(error**2 + tau2)
        prediction = (fit.mean - half, fit.mean + half)
    interval = q_profile(y, v, level=level)
    if interval is None:
        refused.append(
            Refusal("tau2_interval", "the estimates lie closer together than their errors make likely")
        )
    caveats += few_studies(count, knapp_hartung=knapp_hartung, method=method)
    weights = 1.0 / (v + tau2)
    return Pooled(
        pooled, prediction, tau2, interval, share_of_variance(tau2, y, v, method=method),
        plain.q, count - 1, float(special.chdtrc(count - 1, plain.q)), count,
        tuple((weights / weights.sum()).tolist()), method, tuple(caveats), tuple(refused),
    )  # fmt: skip


def leave_one_out(
    estimates: ArrayLike,
    standard_errors: ArrayLike,
    *,
    method: str = "reml",
    knapp_hartung: bool = False,
    level: float = 0.95,
) -> tuple[Pooled, ...]:
    """The pooled result without each study in turn; refused with fewer than three studies."""
    y, v = checked(estimates, standard_errors)
    if len(y) < 3:
        raise CannotAnalyse("Leaving one of two studies out leaves nothing to pool.")
    errors = np.sqrt(v)
    return tuple(
        pool(
            np.delete(y, left), np.delete(errors, left),
            method=method, knapp_hartung=knapp_hartung, level=level,
        )
        for left in range(len(y))
    )  # fmt: skip


def few_studies(count: int, *, knapp_hartung: bool, method: str) -> list[str]:
    """The sentences that a small number of studies calls for."""
    sentences = []
    if count < FEW:
        sentences.append(
            f"With {count} studies the variance between them is hardly known; no test for small-study effects"
            " (funnel) is given."
        )
        if knapp_hartung:
            sentences.append(
                f"With {count} studies Hartung and Knapp's interval can be very wide or, by chance, too narrow."
            )
    if method != "fixed":
        sentences.append(
            "Interval, prediction interval and p-value as other programs print them take the variance between studies as it was"
            " estimated: they are too narrow with few studies, and prediction even with many. The cautious ones allow for it. All of"
            " them suppose that truths scatter evenly to both sides: with a few far out on one side they hold less."
        )
    return sentences


def checked(estimates: ArrayLike, standard_errors: ArrayLike) -> tuple[Numbers, Numbers]:
    """Estimates and variances as numbers, or a sentence saying what is wrong with them."""
    y = np.asarray(estimates, dtype=np.float64)
    errors = np.asarray(standard_errors, dtype=np.float64)
    if y.ndim != 1 or y.shape != errors.shape:
        raise CannotAnalyse("Each study needs one estimate and one standard error.")
    if len(y) < 2:
        raise CannotAnalyse(
            f"There {'is one study' if len(y) else 'are no studies'}: pooling needs at least two."
        )
    if np.isnan(y).any() or np.isnan(errors).any():
        raise CannotAnalyse("A study has no estimate or no standard error.")
    if (errors <= 0).any():
        raise CannotAnalyse(
            f"{int((errors <= 0).sum())} standard errors are zero or negative; an error is a positive number."
        )
    largest = max(float(np.abs(y).max()), float(errors.max()))
    if largest > 1e100 or float(errors.min()) < 1e-100 or float(errors.min()) < 1e-9 * largest:
        raise CannotAnalyse(
            "The standard errors are too small beside the numbers pooled to weigh the studies."
        )
    return y, errors**2
