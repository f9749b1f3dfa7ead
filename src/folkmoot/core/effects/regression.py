"""Least squares with errors that hold for few clusters: CR2 with Satterthwaite degrees of freedom.

What does not belong here: which columns a design needs (``trial``, ``differences``); the wild
bootstrap (``wild``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from folkmoot.core.effects.inference import Codes, Numbers, as_estimate
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate

# a singular value this small against the largest means that a column says what others already say
COLLINEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Fit:
    """A least-squares fit: rows sorted by cluster, ready for any of the errors.

    ``design`` is rows × columns, ``edges`` where one cluster ends and the next begins, ``bread``
    (X'X)⁻¹. ``absorbed`` counts the unit means that were taken out before (for residual degrees of freedom).
    """

    design: Numbers
    outcome: Numbers
    coefficients: Numbers
    residuals: Numbers
    bread: Numbers
    edges: Codes
    order: Codes
    absorbed: int

    @property
    def clusters(self) -> int:
        return int(self.edges.size - 1)

    @property
    def rows(self) -> int:
        return int(self.outcome.size)


def fit(outcome: Numbers, *, design: Numbers, clusters: Codes, absorbed: int = 0, wanted: int = 0) -> Fit:
    """The least-squares fit of ``outcome`` on the columns of ``design`` (a constant is a column like others).

    ``clusters`` numbers each row's cluster. ``wanted`` is the column whose coefficient is asked for:
    columns that repeat others are dropped, unless that leaves ``wanted`` unknown, which is refused.
    """
    order = np.argsort(clusters, kind="stable")
    sorted_clusters = clusters[order]
    edges = np.concatenate(([0], np.flatnonzero(np.diff(sorted_clusters)) + 1, [clusters.size])).astype(
        np.int64
    )
    columns = design[order]
    columns = columns[:, _independent(columns, wanted)]
    if columns.shape[0] - absorbed <= columns.shape[1]:
        raise CannotAnalyse(
            f"There are {columns.shape[0]} rows for {columns.shape[1] + absorbed} quantities to estimate:"
            " too few."
        )
    response = outcome[order]
    basis, triangle = np.linalg.qr(columns)
    inverse = np.linalg.inv(triangle)
    coefficients = inverse @ (basis.T @ response)
    return Fit(
        design=columns,
        outcome=response,
        coefficients=np.asarray(coefficients, dtype=np.float64),
        residuals=response - columns @ coefficients,
        bread=inverse @ inverse.T,
        edges=edges,
        order=order,
        absorbed=absorbed,
    )


def _independent(columns: Numbers, wanted: int) -> Codes:
    """Positions of columns that add something, ``wanted`` first; refused where ``wanted`` adds nothing."""
    others = [place for place in range(columns.shape[1]) if place != wanted]
    scale = np.sqrt((columns**2).sum(axis=0))
    places = [*others, wanted]
    if columns.shape[0] >= columns.shape[1]:
        left_over = np.abs(np.diag(np.linalg.qr(columns[:, places], mode="r")))
        if (left_over > COLLINEAR * np.maximum(scale[places], 1e-300)).all():
            return np.array([wanted, *others], dtype=np.int64)
    # some column repeats others: go through them one by one to find which
    kept: list[int] = []
    room = np.empty((columns.shape[0], columns.shape[1]), order="F")
    for place in places:
        column = columns[:, place]
        basis = room[:, : len(kept)]
        left = column - basis @ (basis.T @ column)
        left = left - basis @ (basis.T @ left)
        length = float(np.sqrt((left**2).sum()))
        if length > COLLINEAR * max(float(scale[place]), 1e-300):
            room[:, len(kept)] = left / length
            kept.append(place)
        elif place == wanted:
            raise CannotAnalyse(
                "The treatment does not vary once the blocks, periods and covariates are taken into account."
            )
    kept.remove(wanted)
    return np.array([wanted, *sorted(kept)], dtype=np.int64)


def cr2_estimate(found: Fit, *, contrast: Numbers | None = None, level: float = 0.95) -> Estimate:
    """The first coefficient (or a contrast of all) with its CR2 error and Satterthwaite degrees of freedom.

    CR2 corrects each cluster's residuals so that the variance is unbiased where errors are independent
    and alike; the degrees of freedom match the variance's own uncertainty under the same. With each
    row its own cluster it is HC2 with Bell and McCaffrey's degrees of freedom. Sources: Bell and
    McCaffrey 2002; Pustejovsky and Tipton 2018 (eq. 5, 11). Refused with fewer than 2 clusters.
    """
    if found.clusters < 2:
        raise CannotAnalyse("There is only one cluster: its error cannot be known.")
    pick = np.zeros(found.coefficients.size)
    if contrast is None:
        pick[0] = 1.0
    else:
        pick = contrast
    direction = found.bread @ pick
    singles = found.rows == found.clusters
    if singles:
        lengths, pulls, scores = _single_rows(found, direction)
    else:
        lengths, pulls, scores = _cluster_rows(found, direction)
    variance = float((scores**2).sum())
    # Σᵢⱼ Pᵢⱼ² for P = diag(lengths) − pulls · bread · pulls', without ever forming P
    inner = np.einsum("gp,pq,gq->g", pulls, found.bread, pulls, optimize=True)
    cross = pulls.T @ pulls @ found.bread
    total = float((lengths - inner).sum())
    squares = float((lengths**2).sum() - 2.0 * (lengths * inner).sum() + np.trace(cross @ cross))
    scale = float(np.abs(found.outcome).max()) * math.sqrt(float(pick @ found.bread @ pick))
    if total <= 0 or squares <= 0 or math.sqrt(max(variance, 0.0)) <= 1e-13 * scale:
        raise CannotAnalyse(
            "The error of this estimate cannot be worked out: no variation is left within the groups"
            " compared."
        )
    value = float(pick @ found.coefficients)
    return as_estimate(value, math.sqrt(variance), degrees_of_freedom=total**2 / squares, level=level)


def _single_rows(found: Fit, direction: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Each row its own cluster: (sᵢ's, pulls, scores) without a loop."""
    leverage = np.einsum("ip,pq,iq->i", found.design, found.bread, found.design, optimize=True)
    left = 1.0 - leverage
    factor = np.where(left > 1e-10, 1.0 / np.sqrt(np.maximum(left, 1e-10)), 0.0)
    along = factor * (found.design @ direction)
    return along**2, found.design * along[:, None], along * found.residuals


def _cluster_rows(found: Fit, direction: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    clusters, columns = found.clusters, found.design.shape[1]
    lengths, scores = np.empty(clusters), np.empty(clusters)
    pulls = np.empty((clusters, columns))
    known: dict[bytes, tuple[Numbers, Numbers]] = {}  # clusters with the same rows share their correction
    for place in range(clusters):
        rows = slice(found.edges[place], found.edges[place + 1])
        block = found.design[rows]
        key = block.tobytes()
        if key not in known:
            along = _corrected(block, found.bread, direction)
            known[key] = along, block.T @ along
            if len(known) > 4096:  # nothing repeats: do not hoard
                known = {key: known[key]}
        along, pulls[place] = known[key]
        lengths[place] = along @ along
        scores[place] = along @ found.residuals[rows]
    return lengths, pulls, scores


def _corrected(block: Numbers, bread: Numbers, direction: Numbers) -> Numbers:
    """(I − H)^{+1/2} X d for one cluster; through whichever of rows and columns is smaller."""
    along = block @ direction
    if block.shape[0] <= block.shape[1]:
        hat = block @ bread @ block.T
        values, vectors = np.linalg.eigh(np.eye(block.shape[0]) - hat)
        return np.asarray(vectors @ (_root(values) * (vectors.T @ along)))
    orthogonal, triangle = np.linalg.qr(block)
    values, vectors = np.linalg.eigh(triangle @ bread @ triangle.T)
    basis = orthogonal @ vectors
    return np.asarray(along + basis @ ((_root(1.0 - values) - 1.0) * (basis.T @ along)))


def _root(values: Numbers) -> Numbers:
    """1/√v, and 0 where v is none: the part of a cluster that the model fits exactly carries no error."""
    return np.where(values > 1e-10, 1.0 / np.sqrt(np.maximum(values, 1e-10)), 0.0)


def plain_estimate(found: Fit, *, level: float = 0.95) -> Estimate:
    """The first coefficient with the textbook error: rows independent and equally spread.

    Shown only to be measured against placebo runs; repeated measures of one place are not independent.
    """
    degrees = found.rows - found.design.shape[1] - found.absorbed
    variance = float(found.residuals @ found.residuals) / degrees * float(found.bread[0, 0])
    if variance <= 0:
        raise CannotAnalyse("The outcome is fitted exactly: no error can be worked out.")
    return as_estimate(
        float(found.coefficients[0]), math.sqrt(variance), degrees_of_freedom=float(degrees), level=level
    )
