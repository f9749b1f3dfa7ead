"""One estimate from studies that share samples, teams or places: three levels and robust errors.

What does not belong here: independent studies (pooling), comparisons between kinds of study.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate
from folkmoot.core.synthesis.cautious import cautious_prediction
from folkmoot.core.synthesis.heterogeneity import Numbers, between_study_variance, fit_at
from folkmoot.core.synthesis.pooling import checked

LARGEST_CLUSTER = 500
MOST_EFFECTS = 20_000
MOST_CHOICES, CHOSEN = 24, 5_000


@dataclass(frozen=True, slots=True)
class PooledDependent:
    """A pooled estimate over dependent effects, with the variance between clusters and within them.

    ``shown`` is the estimate with the interval and p-value that people are shown: a jackknife error, see
    ``pool_dependent``.
    """

    estimate: Estimate
    shown: Estimate
    prediction: tuple[float, float]
    tau2_between: float
    tau2_within: float
    i2: float
    q: float
    q_degrees_of_freedom: int
    q_p_value: float
    studies: int
    clusters: int
    weights: tuple[float, ...]
    caveats: tuple[str, ...]


def pool_dependent(
    estimates: ArrayLike, standard_errors: ArrayLike, clusters: ArrayLike, *, level: float = 0.95
) -> PooledDependent:
    """The three-level estimate (effects within clusters) by REML, with CR2 errors and their own t.

    ``clusters`` (whole numbers) says which effects belong together. The working model gives truths a
    variance between clusters and one within; the error does not rely on it: it is the bias-reduced
    sandwich with Satterthwaite's degrees of freedom, valid also where sampling errors within a cluster
    are correlated. Refused with a single cluster. With one effect a cluster the model is the ordinary one.

    With few clusters of unequal size that error is a little too small where the working model leaves something out.
    ``shown`` has the delete-a-cluster jackknife's error instead (each cluster left out, the weights kept), which is
    not biased downwards whatever the correlations, on the same degrees of freedom: conservative.

    Source: Konstantopoulos (2011) for the model; Pustejovsky and Tipton (2018), Bell and McCaffrey (2002); for the
    jackknife Hansen (2025), MacKinnon, Nielsen and Webb (2023).
    """
    y, v = checked(estimates, standard_errors)
    groups = np.unique(np.asarray(clusters), return_inverse=True)[1].reshape(-1)
    if len(groups) != len(y):
        raise CannotAnalyse("Each effect needs a cluster.")
    count = int(groups.max()) + 1
    if count < 2:
        raise CannotAnalyse("All effects come from one cluster: nothing shows how far clusters differ.")
    if len(y) > MOST_EFFECTS:
        raise CannotAnalyse(
            f"There are {len(y):,} dependent effects; pool those of each cluster first ({MOST_EFFECTS:,} at most)."
        )
    sizes = np.bincount(groups)
    if int(sizes.max()) > LARGEST_CLUSTER:
        raise CannotAnalyse(
            f"One cluster holds {int(sizes.max())} effects; more than {LARGEST_CLUSTER} do not fit."
        )
    between, within = _variances(y, v, groups)
    solved = _solve(between, within, y, v, groups)
    members = [np.flatnonzero(groups == group) for group in range(count)]
    weights = _row_weights(between, within, v, groups)
    error, freedom = _sandwich(between, within, solved[0], y, v, members, weights)
    if not error > 0:
        raise CannotAnalyse("The effects are identical, from which a robust error would be zero.")
    reach = float(special.stdtrit(freedom, 0.5 + level / 2))
    mean = solved[0]
    statistic = abs(mean) / error
    half = reach * math.sqrt(error**2 + between + within)
    plain = fit_at(0.0, y, v)
    caveats = [
        "Errors are robust to dependence within clusters; effects in different clusters are taken as independent."
    ]
    caveats.append(
        "Interval and p-value as other programs print them (CR2) keep their promise a little less often than they say with few"
        " clusters, and the prediction interval takes the variances as they were estimated. The cautious ones allow for it."
    )
    if freedom < 4:
        caveats.append(
            f"There are {freedom:.1f} degrees of freedom: with so few the intervals are wide, and a little luck makes"
            " much of their width."
        )
    # each cluster left out in turn, its share of the weights with it
    left_out = np.bincount(groups, weights=weights * (y - mean)) / (
        weights.sum() - np.bincount(groups, weights=weights)
    )
    careful = max(math.sqrt(float(left_out @ left_out)), error)
    shown = Estimate(
        mean, careful, mean - reach * careful, mean + reach * careful, level, freedom,
        float(2 * special.stdtr(freedom, -abs(mean) / careful)),
    )  # fmt: skip
    inverse = 1 / v
    typical = (len(y) - 1) * inverse.sum() / (inverse.sum() ** 2 - (inverse**2).sum())
    return PooledDependent(
        Estimate(
            mean, error, mean - reach * error, mean + reach * error, level, freedom,
            float(2 * special.stdtr(freedom, -statistic)),
        ),
        shown,
        (mean - half, mean + half), between, within,
        float(100 * (between + within) / (between + within + typical)),
        plain.q, len(y) - 1, float(special.chdtrc(len(y) - 1, plain.q)), len(y), count,
        tuple((weights / weights.sum()).tolist()), tuple(caveats),
    )  # fmt: skip


def cautious_prediction_over_clusters(
    estimates: ArrayLike, standard_errors: ArrayLike, clusters: ArrayLike, *, level: float = 0.95
) -> tuple[float, float]:
    """Where the truth of an effect in a new cluster may lie, with all that the studies leave open of how truths differ.

    One effect of every cluster is taken at a time, so that those taken are independent, and the mixtures of
    ``cautious_prediction`` are averaged over up to 24 such choices in which each effect has its turn. What is chosen
    follows from the numbers alone, not from their order.
    """
    y, v = checked(estimates, standard_errors)
    groups = np.unique(np.asarray(clusters), return_inverse=True)[1].reshape(-1)
    order = np.lexsort((v, y, groups))
    members = np.split(order, np.cumsum(np.bincount(groups))[:-1])
    members.sort(key=lambda rows: (rows.size, float(y[rows].sum()), float(v[rows].sum())))
    sizes = np.array([rows.size for rows in members])
    choices = 1 if sizes.max() == 1 else int(np.clip(CHOSEN / sizes.size, 4, MOST_CHOICES))
    # every cluster goes evenly through its own, from another place in each, so that turns do not go together
    starts = (np.arange(sizes.size) * 0.6180339887498949) % 1.0
    taken = []
    for turn in range(choices):
        places = (((turn + 0.5) / choices + starts) % 1.0 * sizes).astype(np.intp)
        rows = np.array([own[place] for own, place in zip(members, places, strict=True)])
        taken.append((y[rows], v[rows]))
    return cautious_prediction(taken, level=level)


def _solve(
    between: float, within: float, y: Numbers, v: Numbers, groups: NDArray[np.intp]
) -> tuple[float, float, float]:
    """The weighted mean, the sum of weights and the restricted log likelihood at two variances.

    Each cluster's covariance is diagonal plus a constant, so its inverse follows from sums of 1/variance.
    """
    single = 1.0 / (v + within)
    a = np.bincount(groups, weights=single)
    b = np.bincount(groups, weights=single * y)
    shrink = 1.0 / (1.0 + between * a)
    total = float((a * shrink).sum())
    mean = float((b * shrink).sum()) / total
    left = y - mean
    sums = np.bincount(groups, weights=single * left)
    q = float((single * left**2).sum()) - between * float((sums**2 * shrink).sum())
    logs = -float(np.log(single).sum()) - float(np.log(shrink).sum())
    return mean, total, -0.5 * (logs + q + math.log(total))


def _variances(y: Numbers, v: Numbers, groups: NDArray[np.intp]) -> tuple[float, float]:
    """The two variances of highest restricted likelihood, neither below 0."""
    start = between_study_variance(y, v, method="reml")
    if int(np.bincount(groups).max()) == 1:
        return start, 0.0
    from scipy import optimize

    unit = start + float(np.median(v))

    def height(root: Numbers) -> float:  # square roots keep both variances at 0 or above
        return -_solve(float(root[0] ** 2 * unit), float(root[1] ** 2 * unit), y, v, groups)[2]

    best = None
    for share in (0.02, 0.5, 0.98):
        guess = np.sqrt(np.array([share, 1 - share]) * max(start, 0.01 * unit) / unit)
        found = optimize.minimize(
            height, guess, method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 4000, "maxfev": 4000},
        )  # fmt: skip
        if best is None or found.fun < best.fun - 1e-10:
            best = found
    assert best is not None
    between, within = (float(root) ** 2 * unit for root in best.x)
    return (0.0 if between < 1e-12 * unit else between), (0.0 if within < 1e-12 * unit else within)


def _row_weights(between: float, within: float, v: Numbers, groups: NDArray[np.intp]) -> Numbers:
    single = 1.0 / (v + within)
    return np.asarray(single / (1.0 + between * np.bincount(groups, weights=single))[groups])


def _sandwich(
    between: float,
    within: float,
    mean: float,
    y: Numbers,
    v: Numbers,
    members: list[NDArray[np.intp]],
    weights: Numbers,
) -> tuple[float, float]:
    """The CR2 error of the mean and its Satterthwaite degrees of freedom, the model's covariance as target."""
    bread = 1.0 / float(weights.sum())
    squares, own, sums = 0.0, [], []
    for rows in members:
        working = np.diag(v[rows] + within) + between
        root = np.linalg.cholesky(working).T
        middle = root @ (working - bread) @ root.T
        values, vectors = np.linalg.eigh((middle + middle.T) / 2)
        kept = values > 1e-10 * float(values.max())
        inverse_root = (vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T
        pull = (root.T @ inverse_root @ root) @ weights[rows] * bread
        squares += float(pull @ (y[rows] - mean)) ** 2
        own.append(float(pull @ working @ pull))
        sums.append(float(pull.sum()))
    # the matrix diag(own) − bread · sums sums' has this trace and this sum of squares
    held, pulled = np.array(own), np.array(sums)
    trace = float(held.sum() - bread * (pulled**2).sum())
    squared = float((held**2).sum() - 2 * bread * (held * pulled**2).sum() + (bread * (pulled**2).sum()) ** 2)
    freedom = trace**2 / squared
    return math.sqrt(squares), freedom
