"""Replicate weights: the sample reweighted many times by whoever made the file, in place of its strata and clusters.

What does not belong here: what is estimated, and how a sample was drawn (design).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.sentences import counted, verb

Numbers = NDArray[np.float64]
METHODS = ("jk1", "jkn", "brr", "fay", "bootstrap", "sdr")
MOST_REPLICATES = 5_000


@dataclass(frozen=True, slots=True)
class Replicates:
    """Weights (rows × replicates) and by how much each replicate's squared deviation counts (replicates)."""

    weights: Numbers
    scales: Numbers
    method: str
    around: str

    def degrees_of_freedom(self, rows: NDArray[np.intp] | None = None) -> int:
        """The rank of the replicate weights among ``rows``, less one (as R's survey counts them)."""
        held = self.weights if rows is None else self.weights[rows]
        size = np.sqrt((held**2).sum(axis=0))
        held = held[:, size > 0] / size[size > 0]
        # the rank from the small cross-product: replicates are few and rows many
        values = np.linalg.eigvalsh(held.T @ held) if held.shape[1] else np.zeros(1)
        return int((values > 1e-10 * max(float(values[-1]), 1e-300)).sum()) - 1

    def covariance(self, found: Numbers, estimate: Numbers) -> Numbers:
        """The covariance (k × k) of an estimate (k) from what each replicate gave (replicates × k)."""
        if not np.isfinite(found).all():
            bad = int((~np.isfinite(found)).any(axis=1).sum())
            raise CannotAnalyse(
                f"In {bad} of {len(found)} replicates nothing is left to estimate from: the group is too small for these"
                " replicate weights."
            )
        centre = found[self.scales > 0].mean(axis=0) if self.around == "mean" else estimate
        apart = (found - centre) * np.sqrt(self.scales)[:, None]
        return np.asarray(apart.T @ apart)

    def lean(self, found: Numbers) -> float | None:
        """How lopsided the estimate's own distribution is (its skewness), from what each replicate gave.

        A jackknife replicate moves by the pull of the unit that it leaves out, the other way round; a bootstrap one is drawn as
        the estimate was. Half-samples and successive differences (``brr``, ``fay``, ``sdr``) cancel it: None.
        """
        apart = found[self.scales > 0] - found[self.scales > 0].mean()
        spread = float((apart**2).mean())
        if self.method not in ("jk1", "jkn", "bootstrap") or not spread > 0:
            return None
        if self.method == "bootstrap":
            return float(((apart / math.sqrt(spread)) ** 3).mean())
        pulls = -self.scales[self.scales > 0] * apart
        return float((pulls**3).sum() / (pulls**2).sum() ** 1.5)


def replicate_weights(
    weights: ArrayLike,
    *,
    rows: int,
    method: str,
    scale: ArrayLike | None = None,
    fay: float | None = None,
    around: str = "mean",
) -> Replicates:
    """Replicate weights (rows × replicates; whole weights, not factors), checked, with the scale of their ``method``.

    ``method``: ``jk1`` (R replicates count (R − 1)/R), ``jkn`` (needs ``scale``, one for each replicate), ``brr`` (1/R),
    ``fay`` (1/(R (1 − ρ)²), needs ``fay`` = ρ), ``bootstrap`` (1/(R − 1)), ``sdr`` (successive differences, 4/R). A
    ``scale`` given, for all replicates or for each, takes the place of the method's own. Deviations are taken
    ``around`` the replicates' ``mean``, as R does unless told otherwise, or around the ``estimate``, which is larger.

    The errors are those of whatever design the replicates were made for; nothing here can check that.
    Source: Wolter (2007), Introduction to Variance Estimation, chapters 3 to 5.
    """
    if method not in METHODS:
        raise CannotAnalyse(
            f"There are no replicate weights of the kind “{method}”; there are {', '.join(METHODS)}."
        )
    if around not in ("mean", "estimate"):
        raise CannotAnalyse(
            "Replicates deviate from their mean or from the estimate; there is no other centre."
        )
    held = np.asarray(weights, dtype=np.float64)
    if held.ndim != 2 or held.shape[0] != rows:
        raise CannotAnalyse("The replicate weights have not one row for each of the sample's.")
    count = held.shape[1]
    if not 2 <= count <= MOST_REPLICATES:
        raise CannotAnalyse(
            f"There are {count} replicate weights; from 2 to {MOST_REPLICATES:,} can be used."
        )
    if not np.isfinite(held).all():
        raise CannotAnalyse("Some replicate weights are missing or infinite.")
    negative = int((held < 0).sum())
    if negative:
        raise CannotAnalyse(
            f"{counted(negative, 'replicate weight')} {verb(negative, 'is', 'are')} negative."
        )
    if not (held.sum(axis=0) > 0).all():
        raise CannotAnalyse("In some replicate every weight is zero.")
    if (method == "fay") != (fay is not None):
        raise CannotAnalyse("Fay's method, and no other, needs its factor (--fay, from 0 to below 1).")
    if fay is not None and not 0 <= fay < 1:
        raise CannotAnalyse(f"Fay's factor lies from 0 to below 1, unlike {fay:g}.")
    if scale is not None:
        scales = np.asarray(scale, dtype=np.float64).reshape(-1)
        if len(scales) not in (1, count):
            raise CannotAnalyse(
                f"There are {len(scales)} scales for {count} replicates: give one, or one for each."
            )
        if not (np.isfinite(scales).all() and (scales >= 0).all() and scales.sum() > 0):
            raise CannotAnalyse("The scales of replicates are numbers of 0 or more, not all 0.")
        scales = np.broadcast_to(scales, count).astype(np.float64)
    elif method == "jkn":
        raise CannotAnalyse(
            "The stratified jackknife (jkn) needs a scale for each replicate (--replicate-scale): (n − 1)/n of its stratum."
        )
    else:
        own = {
            "jk1": (count - 1) / count,
            "brr": 1 / count,
            "fay": 1 / (count * (1 - (fay or 0.0)) ** 2),
            "bootstrap": 1 / (count - 1),
            "sdr": 4 / count,
        }[method]
        scales = np.full(count, own)
    return Replicates(held, scales, method, around)


def each(replicates: Replicates, rows: NDArray[np.intp], again: Callable[[Numbers], Numbers]) -> Numbers:
    """``again`` (weights of ``rows`` → estimates) for every replicate: replicates × estimates."""
    return np.stack([np.atleast_1d(again(column[rows])) for column in replicates.weights.T])
