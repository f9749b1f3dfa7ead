"""Regression on survey data: the population's line (or log odds) with design-based errors.

What does not belong here: what a coefficient means as a cause; nothing here supports that reading.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.estimates.design import Design
from folkmoot.core.estimates.linear import SurveyEstimate, critical, design_effect, two_sided, used
from folkmoot.core.estimates.replicates import each
from folkmoot.core.estimates.variance import covariance
from folkmoot.core.results import Estimate

INTERCEPT = "intercept"
MOST_TERMS = 200
BLOCK = 16_384


@dataclass(frozen=True, slots=True)
class SurveyRegression:
    """Coefficients in the order of the terms, the intercept first, and their covariance matrix."""

    terms: tuple[SurveyEstimate, ...]
    covariance: NDArray[np.float64]
    n: int
    clusters: int
    degrees_of_freedom: float
    family: str


def regression(
    outcome: ArrayLike,
    predictors: Sequence[tuple[str, ArrayLike]],
    design: Design,
    *,
    family: str = "linear",
    rows: NDArray[np.intp] | None = None,
    level: float = 0.95,
) -> SurveyRegression:
    """The weighted regression of ``outcome`` on named columns of numbers, over rows where all are known.

    ``family`` is ``linear`` or ``logistic`` (an outcome of 0 and 1; coefficients are log odds ratios).
    Degrees of freedom are first-stage units less strata less predictors. Refused where terms are
    combinations of others, where no degree of freedom is left, and where the outcome is predicted
    perfectly.

    Source: Binder (1983): influence A⁻¹ x (y − μ), with A the weighted information.
    """
    if family not in ("linear", "logistic"):
        raise CannotAnalyse(f"There is no regression family “{family}”; there are linear and logistic.")
    if not predictors:
        raise CannotAnalyse("A regression needs at least one predictor.")
    if len(predictors) > MOST_TERMS:
        raise CannotAnalyse(
            f"The predictors have {len(predictors)} terms; more than {MOST_TERMS} are not fitted."
        )
    names = [INTERCEPT, *(name for name, _ in predictors)]
    target = np.asarray(outcome, dtype=np.float64)
    columns = [np.asarray(column, dtype=np.float64) for _, column in predictors]
    for name, column in zip(names[1:], columns, strict=True):
        if column.shape != target.shape:
            raise CannotAnalyse(f"The predictor “{name}” is not as long as the outcome.")
        if np.isnan(column).any():
            target = np.where(np.isnan(column), np.nan, target)
    values, rows = used(target, design, rows)
    weights = design.weights[rows]
    seen = values[weights > 0]
    if np.ptp(seen) == 0:
        raise CannotAnalyse(f"The outcome is {seen[0]:g} on every row used: it does not vary.")
    whole = len(rows) == design.rows
    matrix = np.empty((len(rows), len(names)), order="F")
    matrix[:, 0] = 1.0
    centres = np.zeros(len(names))
    for position, column in enumerate(columns, start=1):
        part = column if whole else column[rows]
        if not np.isfinite(part).all() or float(np.abs(part).max()) > 1e140:
            raise CannotAnalyse(f"The predictor “{names[position]}” holds values too large to be squared.")
        centres[position] = float(weights @ part) / float(weights.sum())
        np.subtract(part, centres[position], out=matrix[:, position])
    if family == "linear":
        coefficients, inverse, left_over = _linear(values, matrix, weights, names)
    else:
        coefficients, inverse, left_over = _logistic(values, matrix, weights, names)
    # back from centred predictors: only the intercept moves
    back = np.eye(len(names))
    back[0, 1:] = -centres[1:]
    coefficients = back @ coefficients
    columnwise = (inverse @ back.T).T @ matrix.T  # each term's influence in one stretch of memory
    columnwise *= left_over
    influence = columnwise.T
    freedom = design.degrees_of_freedom(rows) - len(predictors)
    clusters = design.clusters(rows)
    if freedom < 1:
        raise CannotAnalyse(
            f"{len(predictors)} predictors leave no degree of freedom with {clusters}"
            f" {'clusters' if design.has_clusters else 'rows'}."
        )
    if design.replicates is None:
        matrix_of_errors = covariance(influence, design, rows=rows)
    else:
        solve = _linear if family == "linear" else _logistic
        repeated = each(design.replicates, rows, lambda w: back @ solve(values, matrix, w, names)[0])
        matrix_of_errors = design.replicates.covariance(repeated, coefficients)
    n, size = int(np.count_nonzero(weights)), float(weights.sum())
    terms = []
    for position, name in enumerate(names):
        value, error = float(coefficients[position]), math.sqrt(max(matrix_of_errors[position, position], 0))
        if error == 0 or not math.isfinite(error):
            raise CannotAnalyse(f"The predictors fit the outcome exactly: “{name}” has no error to show.")
        effect, refused, caveats = design_effect(
            error**2, influence[:, position], weights, counted=design.has_population
        )
        half = critical(level, freedom) * error
        terms.append(
            SurveyEstimate(
                name,
                Estimate(
                    value,
                    error,
                    value - half,
                    value + half,
                    level,
                    float(freedom),
                    two_sided(value / error, freedom),
                ),
                n,
                clusters,
                size,
                effect,
                caveats,
                refused,
            )
        )
    return SurveyRegression(tuple(terms), matrix_of_errors, n, clusters, float(freedom), family)


def _linear(
    values: NDArray[np.float64], matrix: NDArray[np.float64], weights: NDArray[np.float64], names: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    inverse = _inverse(_cross(matrix, weights), names)
    coefficients = inverse @ (matrix.T @ (weights * values))
    left_over = values - matrix @ coefficients
    # one step of refinement: the normal equations lose digits where predictors are nearly collinear
    step = inverse @ (matrix.T @ (weights * left_over))
    left_over -= matrix @ step
    scale = float(np.abs(values - float(weights @ values) / float(weights.sum())).max())
    if float(np.abs(left_over).max()) <= 1e-11 * scale:
        raise CannotAnalyse("The predictors fit the outcome exactly: there is no error to show.")
    return coefficients + step, inverse, left_over


def _logistic(
    values: NDArray[np.float64], matrix: NDArray[np.float64], weights: NDArray[np.float64], names: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    if ((values != 0) & (values != 1)).any():
        raise CannotAnalyse("A logistic regression needs an outcome of 0 and 1 only.")
    share = float(weights @ values) / float(weights.sum())
    coefficients = np.zeros(matrix.shape[1])
    coefficients[0] = math.log(share / (1 - share))
    _inverse(_cross(matrix, weights), names)  # collinear terms are named before fitting
    for _ in range(60):
        chance = 1 / (1 + np.exp(-np.clip(matrix @ coefficients, -700, 700)))
        spread = weights * chance * (1 - chance)
        information = _cross(matrix, spread)
        if float(np.diag(information).min()) <= 1e-9 * float(weights.sum()) * 1e-3:
            break
        inverse = _inverse(information, names)
        step = inverse @ (matrix.T @ (weights * (values - chance)))
        longest = float(np.abs(matrix @ step).max())
        coefficients = coefficients + (step if longest <= 5 else step * 5 / longest)
        if longest < 1e-10:
            chance = 1 / (1 + np.exp(-np.clip(matrix @ coefficients, -700, 700)))
            spread = weights * chance * (1 - chance)
            return coefficients, _inverse(_cross(matrix, spread), names), values - chance
    raise CannotAnalyse(
        "The predictors tell the outcome's two values apart perfectly (or nearly): log odds have no estimate."
    )


def _cross(matrix: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """X'WX in blocks that stay in the processor's cache."""
    total = np.zeros((matrix.shape[1], matrix.shape[1]))
    for start in range(0, len(weights), BLOCK):
        block = matrix.T[:, start : start + BLOCK]
        total += (block * weights[start : start + BLOCK]) @ block.T
    return total


def _inverse(information: NDArray[np.float64], names: list[str]) -> NDArray[np.float64]:
    """The inverse of a cross-product matrix; names the first term that the terms before it determine."""
    size = np.sqrt(np.diag(information))
    for name, length in zip(names, size, strict=True):
        if not length > 0:
            raise CannotAnalyse(f"The predictor “{name}” does not vary.")
    scaled = information / np.outer(size, size)
    left = scaled.copy()
    for position, name in enumerate(names):
        pivot = left[position, position]
        if pivot < 1e-10:
            raise CannotAnalyse(
                f"The predictor “{name}” follows from those before it; leave one of them out."
            )
        left[position + 1 :, position:] -= np.outer(
            left[position + 1 :, position] / pivot, left[position, position:]
        )
    return np.asarray(np.linalg.inv(scaled) / np.outer(size, size))
