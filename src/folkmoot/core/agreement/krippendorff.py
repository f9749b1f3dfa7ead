"""Krippendorff's alpha for ratings of units by coders, nominal to ratio, with values missing.

What does not belong here: codings as spans (compare), which are rated "coded or not".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.agreement.student import student_quantile
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate

LEVELS = ("nominal", "ordinal", "interval", "ratio")
Floats = NDArray[np.float64]
FEWEST_UNITS = 10
MOST_RATIO_VALUES = 500  # distinct; beyond it an interval of ratios takes minutes


def ratings_matrix(
    units: Sequence[str], *, coders: Sequence[str], values: Floats
) -> tuple[Floats, list[str], list[str]]:
    """Long ratings as a matrix: (coders, units) with NaN where a coder did not rate, and the names of both.

    Refused: two ratings of one unit by one coder.
    """
    unit_names, unit = np.unique(np.array(units, dtype=object), return_inverse=True)
    coder_names, coder = np.unique(np.array(coders, dtype=object), return_inverse=True)
    cells = coder * len(unit_names) + unit
    if len(np.unique(cells)) != len(cells):
        order = np.argsort(cells, kind="stable")
        twice = int(order[1:][np.diff(cells[order]) == 0][0])
        raise CannotAnalyse(f"“{coders[twice]}” rates unit “{units[twice]}” more than once.")
    matrix = np.full((len(coder_names), len(unit_names)), np.nan)
    matrix[coder, unit] = values
    return matrix, [str(name) for name in coder_names], [str(name) for name in unit_names]


def krippendorff_alpha(ratings: Floats, *, level: str = "nominal") -> float:
    """Alpha = 1 − observed / expected disagreement. Source: Krippendorff (2011), "Computing alpha-reliability".

    ``ratings``: (coders, units), NaN = not rated; units rated once do not count. ``level``: nominal (same or
    not), ordinal (squared difference of mid-ranks), interval (squared difference), ratio (squared difference
    over sum, for values ≥ 0). Nominal values are numbers that stand for words. Refused: another level; fewer
    than two ratings that can be paired; no variation (alpha is then undefined); negative values as ratios.
    """
    if level not in LEVELS:
        raise CannotAnalyse(f"There is no level “{level}”; there are {', '.join(LEVELS)}.")
    paired = ratings[:, (~np.isnan(ratings)).sum(axis=0) >= 2]
    values = paired[~np.isnan(paired)]
    if values.size < 2:
        raise CannotAnalyse("No unit is rated by two coders.")
    if level == "ratio" and values.min() < 0:
        raise CannotAnalyse("Ratios need values of 0 or more.")
    scale, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    if scale.size < 2:
        raise CannotAnalyse(
            "All ratings are the same; without variation agreement cannot be told from chance."
        )
    if level == "ordinal":
        ranks = np.cumsum(counts) - counts / 2
        replaced = np.full(paired.shape, np.nan)
        replaced[~np.isnan(paired)] = ranks[place]
        return _of_squares(replaced)
    if level == "interval":
        return _of_squares(paired)
    return _of_pairs(paired, scale, counts.astype(float), level)


def krippendorff_interval(
    ratings: Floats,
    *,
    level: str = "nominal",
    replicates: int = 1000,
    seed: int = 1,
    confidence: float = 0.95,
) -> Estimate:
    """Alpha with an error from resampling whole units (columns of ``ratings``), widened for few units.

    Percentiles stretched by t / z · √(n / (n − 1)) with (n − 1) / 2 degrees of freedom, n the units rated at
    least twice (n − 1 covers only 88 to 93 % with 10 to 20 units); units are taken to be independent. Refused: fewer than 10 such units, or where resamples mostly
    lack variation; whatever krippendorff_alpha refuses.
    """
    alpha = krippendorff_alpha(ratings, level=level)
    paired = ratings[:, (~np.isnan(ratings)).sum(axis=0) >= 2]
    many = paired.shape[1]
    if many < FEWEST_UNITS:
        raise CannotAnalyse(f"An interval of alpha needs {FEWEST_UNITS} units rated twice; there are {many}.")
    if level == "ratio" and np.unique(paired[~np.isnan(paired)]).size > MOST_RATIO_VALUES:
        raise CannotAnalyse(f"An interval for ratios takes at most {MOST_RATIO_VALUES} different values.")
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(replicates):
        try:
            drawn.append(krippendorff_alpha(paired[:, random.integers(0, many, many)], level=level))
        except CannotAnalyse:  # a draw without variation
            continue
    if len(drawn) < 0.9 * replicates or np.std(drawn) < 1e-12:
        raise CannotAnalyse("The ratings vary too little for an interval of alpha.")
    from statistics import NormalDist

    stretch = student_quantile((many - 1) / 2, confidence) / NormalDist().inv_cdf((1 + confidence) / 2)
    stretch *= (many / (many - 1)) ** 0.5
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Estimate(
        estimate=alpha,
        standard_error=float(np.std(drawn, ddof=1)),
        low=max(-1.0, alpha - max(alpha - float(low), 0.0) * stretch),
        high=min(1.0, alpha + max(float(high) - alpha, 0.0) * stretch),
        level=confidence,
    )


def _of_squares(paired: Floats) -> float:
    """With squared differences both disagreements are sums of squares about means."""
    rated = (~np.isnan(paired)).sum(axis=0)
    means = np.nanmean(paired, axis=0)
    inside = (rated * np.nansum((paired - means) ** 2, axis=0) / (rated - 1)).sum()
    values = paired[~np.isnan(paired)]
    whole = values.size * ((values - values.mean()) ** 2).sum() / (values.size - 1)
    return float(1 - inside / whole)


def _of_pairs(paired: Floats, scale: Floats, counts: Floats, level: str) -> float:
    rated = (~np.isnan(paired)).sum(axis=0)
    observed = 0.0
    for one in range(len(paired)):
        for other in range(one + 1, len(paired)):
            apart = _apart(paired[one], paired[other], level)
            observed += 2 * float(np.nansum(apart / (rated - 1)))
    if level == "nominal":
        expected = float(counts.sum() ** 2 - (counts**2).sum())
    else:
        expected = 0.0
        for begin in range(0, scale.size, 1000):  # never a whole square of a large scale at once
            some = slice(begin, begin + 1000)
            expected += float(counts[some] @ _apart(scale[some, None], scale[None, :], level) @ counts)
    total = float(counts.sum())
    return float(1 - observed / (expected / (total - 1)))


def _apart(one: Floats, other: Floats, level: str) -> Floats:
    if level == "nominal":
        apart = (one != other).astype(float)
        return np.where(np.isnan(one) | np.isnan(other), np.nan, apart)
    total = one + other
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total == 0, 0.0, ((one - other) / total) ** 2)
