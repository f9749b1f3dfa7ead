"""Design-based variances by Taylor linearisation, at every stage of sampling at once.

What does not belong here: which quantity is linearised, and intervals.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.estimates.design import CENSUS, Calibration, Design, Stage


def covariance(
    influence: NDArray[np.float64], design: Design, *, rows: NDArray[np.intp] | None = None
) -> NDArray[np.float64]:
    """The covariance matrix (k × k) of estimates whose influence on each row is given.

    ``influence`` (rows × k, before weighting) is how much each estimate moves per unit of weight of a
    row. ``rows`` are the rows it speaks of (a domain; all rows if None): all the others count as
    zeros, so that the design stays whole and every cluster and stratum keeps its place.

    Assumes that the estimates are smooth enough to be linear over the error of the sample. Source:
    Binder (1983); stages after Särndal, Swensson and Wretman (1992, result 4.3.1 applied in turn);
    calibrated weights after Deville and Särndal (1992): residuals from the known margins, regressed with
    the weights before calibration, weighted after.
    """
    if design.calibration is not None:
        whole = influence
        if rows is not None:
            whole = np.zeros((design.rows, influence.shape[1]))
            whole[rows] = influence
        influence, rows = _residuals(whole, design.calibration), None
    weights = design.weights if rows is None else design.weights[rows]
    total = np.zeros((influence.shape[1], influence.shape[1]))
    for stage in design.stages:
        total += _stage_covariance(influence, weights, stage, rows, design.lonely)
    return total


def _stage_covariance(
    influence: NDArray[np.float64],
    weights: NDArray[np.float64],
    stage: Stage,
    rows: NDArray[np.intp] | None,
    lonely: str,
) -> NDArray[np.float64]:
    cluster = stage.cluster if rows is None else stage.cluster[rows]
    stratum, strata = stage.stratum, len(stage.sampled)
    if len(cluster) * 20 < len(stratum):
        # a small part of many units: only those it touches are added up, the others follow below
        touched, cluster = np.unique(cluster, return_inverse=True)
        stratum = stratum[touched]
    untouched = stage.sampled - np.bincount(stratum, minlength=strata)
    totals = np.empty((len(stratum), influence.shape[1]))
    means = np.empty((strata, influence.shape[1]))
    single = stage.sampled == 1
    for column in range(influence.shape[1]):
        totals[:, column] = np.bincount(
            cluster, weights=influence[:, column] * weights, minlength=len(stratum)
        )
        sums = np.bincount(stratum, weights=totals[:, column], minlength=strata)
        means[:, column] = np.where(single, 0.0, sums / stage.sampled)
        totals[:, column] -= means[stratum, column]
    left_out = stage.left_out
    scale = np.where(
        single,
        left_out if lonely == "centre" else 0.0,
        left_out * stage.sampled / np.maximum(stage.sampled - 1.0, 1.0),
    )
    scale = np.where(left_out < CENSUS, 0.0, scale) * stage.share_before
    held = (totals * scale[stratum][:, None]).T @ totals
    return np.asarray(held + (means * (scale * untouched)[:, None]).T @ means)


def _residuals(influence: NDArray[np.float64], known: Calibration) -> NDArray[np.float64]:
    """What the known margins leave of each column, by least squares with the weights before calibration."""
    offsets = np.concatenate([[0], np.cumsum(known.levels)])
    size = int(offsets[-1])
    cross = np.zeros((size, size))
    for i, left in enumerate(known.margins):
        for j, right in enumerate(known.margins):
            counts = np.bincount(
                left * known.levels[j] + right,
                weights=known.base,
                minlength=known.levels[i] * known.levels[j],
            )
            cross[offsets[i] : offsets[i + 1], offsets[j] : offsets[j + 1]] = counts.reshape(
                known.levels[i], known.levels[j]
            )
    inverse = np.linalg.pinv(cross, rcond=1e-12, hermitian=True)
    left_over = np.empty_like(influence)
    for column in range(influence.shape[1]):
        weighted = influence[:, column] * known.base
        sums = np.concatenate(
            [
                np.bincount(margin, weights=weighted, minlength=levels)
                for margin, levels in zip(known.margins, known.levels, strict=True)
            ]
        )
        slopes = inverse @ sums
        fitted = sum(slopes[offsets[i] : offsets[i + 1]][margin] for i, margin in enumerate(known.margins))
        left_over[:, column] = influence[:, column] - fitted
    return left_over
