"""Chance-corrected agreement on "coded or not", from counts added up document by document.

Every measure is (agreement − expected) / (1 − expected); they differ in what agreement chance would give. What
does not belong here: where the counts come from, and the error of an estimate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.agreement.spans import Units
from folkmoot.core.agreement.sweep import Stretches

MEASURES = ("kappa", "fleiss", "alpha", "ac1")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Tallies:
    """What a measure needs of each document: ``parts`` (codes, documents, quantities), additive over documents.

    ``expected_and_observed`` turns sums of the last axis' quantities into (observed, expected) agreement, for
    any leading axes. ``counted``: (documents,) whether at least two coders have read it.
    """

    parts: Floats
    read_out: Callable[[Floats], tuple[Floats, Floats]]
    counted: NDArray[np.bool_]


def tallies(found: Stretches, *, units: Units, read: NDArray[np.bool_], codes: int, measure: str) -> Tallies:
    """The tallies of one measure. ``read``: (d, m), who has read which document.

    kappa: Cohen (1960) for two coders; for more, Conger (1980): observed and expected agreement averaged over
    the pairs. fleiss: Fleiss (1971), expected agreement from the coders' common share; with two coders it is
    Scott's pi. ac1: Gwet (2008). alpha: Krippendorff (2011), nominal. Where documents have different numbers of
    readers, fleiss and ac1 take each unit's share among its readers, and alpha its pairable values.
    """
    documents = len(units.sizes)
    counted = read.sum(axis=1) >= 2
    if measure == "kappa":
        return _pairs(found, units, read, codes, counted)
    readers = read.sum(axis=1).astype(float)
    length = (found.end - found.start).astype(float)
    times = found.applied.sum(axis=1)
    cell = found.code * documents + found.document
    coded = np.bincount(cell, weights=length * times, minlength=codes * documents).reshape(codes, documents)
    squares = np.bincount(cell, weights=length * times**2, minlength=codes * documents).reshape(
        codes, documents
    )
    size = np.broadcast_to(units.sizes.astype(float), coded.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        differing = 2 * (readers * coded - squares) / (readers - 1)
        if measure == "alpha":
            parts = np.stack([size * readers, coded, differing], axis=-1)
        else:
            parts = np.stack([size, size - differing / readers, coded / readers], axis=-1)
    parts[:, ~counted] = 0.0
    return Tallies(parts, {"alpha": _alpha, "fleiss": _fleiss, "ac1": _gwet}[measure], counted)


def _pairs(
    found: Stretches, units: Units, read: NDArray[np.bool_], codes: int, counted: NDArray[np.bool_]
) -> Tallies:
    documents, coders = read.shape
    length = (found.end - found.start).astype(float)
    cell = found.code * documents + found.document

    def total(which: NDArray[np.bool_]) -> Floats:
        sums = np.bincount(cell[which], weights=length[which], minlength=codes * documents)
        return np.asarray(sums.reshape(codes, documents), dtype=np.float64)

    alone = [total(found.applied[:, coder]) for coder in range(coders)]
    quantities = []
    for one in range(coders):
        for other in range(one + 1, coders):
            both = read[:, one] & read[:, other]
            if not both.any():
                continue
            together = total(found.applied[:, one] & found.applied[:, other])
            size = np.broadcast_to(units.sizes.astype(float), together.shape)
            quantities += [part * both for part in (size, alone[one], alone[other], together)]
    shape = (codes, documents, 0)
    return Tallies(np.stack(quantities, axis=-1) if quantities else np.zeros(shape), _conger, counted)


def _conger(sums: Floats) -> tuple[Floats, Floats]:
    pairs = sums.reshape(*sums.shape[:-1], -1, 4)
    size, one, other, both = (pairs[..., part] for part in range(4))
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = (size - one - other + 2 * both) / size
        expected = (one * other + (size - one) * (size - other)) / size**2
    return np.asarray(observed.mean(axis=-1)), np.asarray(expected.mean(axis=-1))


def _fleiss(sums: Floats) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        share = sums[..., 2] / sums[..., 0]
        return sums[..., 1] / sums[..., 0], share**2 + (1 - share) ** 2


def _gwet(sums: Floats) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        share = sums[..., 2] / sums[..., 0]
        return sums[..., 1] / sums[..., 0], 2 * share * (1 - share)


def _alpha(sums: Floats) -> tuple[Floats, Floats]:
    values, coded = sums[..., 0], sums[..., 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1 - sums[..., 2] / values, 1 - 2 * coded * (values - coded) / (values * (values - 1))


def corrected(observed: Floats, expected: Floats) -> Floats:
    """(observed − expected) / (1 − expected); NaN where chance alone agrees wholly (nothing varies)."""
    room = 1 - expected
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(room > 1e-12, (observed - expected) / room, np.nan)


def pooled(observed: Floats, expected: Floats) -> Floats:
    """One figure for many codes (the last axis): observed and expected agreement are averaged, then corrected.

    De Vries, Elliott, Kanouse and Teleki (2008), "pooled kappa". A code on which nothing varies adds nothing.
    """
    return corrected(np.asarray(observed.mean(axis=-1)), np.asarray(expected.mean(axis=-1)))
