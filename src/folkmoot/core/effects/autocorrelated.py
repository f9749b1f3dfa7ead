"""Least squares where neighbouring errors are alike, averaged over how alike they may be.

What does not belong here: what the columns mean (``series``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from folkmoot.core.effects.inference import Numbers
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate

# correlations of neighbours that are weighed; the steps narrow towards 1, where they matter most
CORRELATIONS = np.concatenate([np.linspace(-0.6, 0.8, 36), 1.0 - np.geomspace(0.18, 0.01, 16)])


@dataclass(frozen=True, slots=True)
class Autocorrelated:
    """Contrasts by name, and the correlation of neighbouring errors (mean over what the data leave open)."""

    estimates: dict[str, Estimate]
    correlation: float


def autocorrelated_fit(
    outcome: Numbers,
    *,
    design: Numbers,
    positions: Numbers,
    contrasts: Mapping[str, Numbers],
    window: int = 1,
    weights: Numbers | None = None,
    level: float = 0.95,
) -> Autocorrelated:
    """Generalised least squares with first-order autocorrelation that is not known.

    ``positions`` are whole numbers in rising order (holes allowed); errors so many positions apart correlate
    as ρ to that power. With ``window`` w each figure is the mean of w such periods, and the overlap is worked
    into the correlations exactly. ``weights`` are inverse variances up to a factor. For each ρ of a grid the
    estimate is Student's t; the results are averaged with the weight that the restricted likelihood gives to
    each ρ (beforehand 1/√(1 − ρ²): a short series seldom shows how alike neighbours are, and likeness near 1 is
    what makes intervals too narrow), so that not knowing ρ widens the interval. Estimates are means, standard
    errors standard deviations, intervals and p-values quantiles of that average. Source: Zellner and Tiao 1964;
    weights beforehand, Berger and Yang 1994; restricted likelihood, Patterson and Thompson 1971.
    """
    rows, columns = design.shape
    degrees = float(rows - columns)
    if degrees < 3:
        raise CannotAnalyse(f"{rows} points are too few for {columns} quantities and their error.")
    scale = np.ones(rows) if weights is None else np.sqrt(weights)
    names = list(contrasts)
    picks = np.array([contrasts[name] for name in names])
    values = np.empty((CORRELATIONS.size, len(names)))
    errors = np.empty_like(values)
    likelihood = np.empty(CORRELATIONS.size)
    both = np.column_stack([outcome, design]) * scale[:, None]
    for place, correlation in enumerate(CORRELATIONS):
        whitened, half_determinant = _whitened(both, positions, float(correlation), window)
        basis, triangle = np.linalg.qr(whitened[:, 1:])
        inverse = np.linalg.inv(triangle)
        coefficients = inverse @ (basis.T @ whitened[:, 0])
        left = whitened[:, 0] - whitened[:, 1:] @ coefficients
        squares = float(left @ left)
        if not squares > 0:
            raise CannotAnalyse("The series follows its lines exactly: no error can be worked out.")
        along = picks @ inverse
        values[place] = picks @ coefficients
        errors[place] = np.sqrt((along**2).sum(axis=1) * squares / degrees)
        likelihood[place] = (
            -half_determinant
            - float(np.log(np.abs(np.diag(triangle))).sum())
            - degrees / 2.0 * math.log(squares)
        )
    if not (np.isfinite(likelihood).all() and np.isfinite(errors).all() and (errors > 0).all()):
        raise CannotAnalyse("The model could not be fitted to these figures.")
    beforehand = np.gradient(CORRELATIONS) / np.sqrt(1.0 - CORRELATIONS**2)
    shares = np.exp(likelihood - likelihood.max()) * beforehand
    shares /= shares.sum()
    found = {
        name: _average(values[:, index], errors[:, index], shares, degrees, level)
        for index, name in enumerate(names)
    }
    return Autocorrelated(estimates=found, correlation=float(shares @ CORRELATIONS))


def _whitened(both: Numbers, positions: Numbers, correlation: float, window: int) -> tuple[Numbers, float]:
    """Columns with the correlation taken out, and half the log determinant of the correlation matrix."""
    if window == 1:
        carried = np.sign(correlation) ** np.diff(positions) * np.abs(correlation) ** np.diff(positions)
        spread = np.sqrt(1.0 - carried**2)
        result = both.copy()
        result[1:] = (both[1:] - carried[:, None] * both[:-1]) / spread[:, None]
        return result, float(np.log(spread).sum())
    # figures are means of ``window`` periods up to their own
    apart = np.abs(positions[:, None] - positions[None, :])
    steps = np.arange(-(window - 1), window)
    shares = (window - np.abs(steps)) / window**2
    lags = apart[:, :, None] + steps[None, None, :]
    base = np.abs(correlation) ** np.abs(lags)
    if correlation < 0:
        base *= np.where(np.abs(lags) % 2 == 1, -1.0, 1.0)
    matrix = base @ shares
    try:
        lower = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        lower = np.linalg.cholesky(matrix + 1e-9 * np.eye(positions.size))
    return np.asarray(np.linalg.solve(lower, both), dtype=np.float64), float(np.log(np.diag(lower)).sum())


def _average(values: Numbers, errors: Numbers, shares: Numbers, degrees: float, level: float) -> Estimate:
    mean = float(shares @ values)
    variance = float(shares @ (errors**2 * degrees / (degrees - 2.0) + (values - mean) ** 2))
    error = math.sqrt(variance)

    def below(point: float) -> float:
        return float(shares @ stdtr(degrees, (point - values) / errors))

    def quantile(share: float) -> float:
        low, high = mean - 1.5 * error, mean + 1.5 * error
        while below(low) > share:
            low -= 2.0 * (high - low)
        while below(high) < share:
            high += 2.0 * (high - low)
        for _ in range(80):
            middle = (low + high) / 2.0
            if below(middle) < share:
                low = middle
            else:
                high = middle
        return (low + high) / 2.0

    none = below(0.0)
    return Estimate(
        estimate=mean,
        standard_error=error,
        low=quantile((1.0 - level) / 2.0),
        high=quantile((1.0 + level) / 2.0),
        level=level,
        degrees_of_freedom=degrees,
        p_value=2.0 * min(none, 1.0 - none),
    )
