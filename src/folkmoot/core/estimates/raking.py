"""Weights made to meet known population totals, and the trimming of large ones.

What does not belong here: where the totals come from. Post-stratification is raking to one margin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.estimates.design import Calibration, Design
from folkmoot.core.estimates.replicates import Replicates

CLOSE_ENOUGH = 1e-12  # relative: the known totals are met to this
MOST_ROUNDS = 2000


@dataclass(frozen=True, slots=True)
class Margin:
    """What is known of one variable: its levels' totals (or shares), and each row's level by position."""

    variable: str
    levels: tuple[str, ...]
    totals: NDArray[np.float64]
    codes: NDArray[np.intp]


def rake(design: Design, margins: Sequence[Margin]) -> Design:
    """The design with weights that meet every margin, kept as close as possible to those it had.

    Totals are shares of the weights' own sum where all margins add up to 1. Margins that add up to
    different totals are scaled to the first where they differ by at most 5 % (published tables are
    perturbed), which a caveat says, and are refused beyond. Every level in the sample needs a total and
    every level with a total needs somebody in the sample. Weights of zero stay zero.

    Errors of estimates from the result count only what the margins leave unexplained (see variance).
    Source: Deming and Stephan (1940); Deville and Särndal (1992).
    """
    if not margins:
        raise CannotAnalyse("There are no margins to rake to.")
    base = design.weights
    caveats: list[str] = []
    known = _common_totals(margins, float(base.sum()), caveats)
    for margin, totals in zip(margins, known, strict=True):
        _check_levels(margin, totals, base)
    weights = _raked(base, margins, known)
    change = weights[base > 0] / base[base > 0]
    if float(change.max()) > 5 * float(np.median(change)):
        caveats.append(
            f"Some groups are so rare in the sample that raking multiplied their weight by {change.max():.1f};"
            " their answers count heavily."
        )
    names = ", ".join(margin.variable for margin in margins)
    caveats.append(f"Weighted to known totals of {names}; who differs otherwise is not corrected for.")
    return replace(
        design,
        weights=weights,
        has_weights=True,
        calibration=Calibration(
            tuple(margin.codes for margin in margins),
            tuple(len(margin.levels) for margin in margins),
            base,
        ),
        caveats=(*design.caveats, *caveats),
        replicates=None if design.replicates is None else _rake_each(design.replicates, margins, known),
    )


def _raked(
    base: NDArray[np.float64], margins: Sequence[Margin], known: list[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """``base`` made to meet the margins in turn until all of them are met."""
    weights = base.copy()
    for _ in range(MOST_ROUNDS):
        furthest = 0.0
        for margin, totals in zip(margins, known, strict=True):
            now = np.bincount(margin.codes, weights=weights, minlength=len(totals))
            factor = np.divide(totals, now, out=np.zeros_like(totals), where=now > 0)
            furthest = max(furthest, float(np.abs(factor[now > 0] - 1).max()))
            weights = weights * factor[margin.codes]
        if furthest < CLOSE_ENOUGH or len(margins) == 1:
            return weights
    raise CannotAnalyse(
        "The weights do not settle: no weighting of this sample meets all the margins at once. Merge small"
        " levels or leave a margin out."
    )


def _rake_each(
    replicates: Replicates, margins: Sequence[Margin], known: list[NDArray[np.float64]]
) -> Replicates:
    """Every replicate raked as the weights are, so that the errors know what the margins settled."""
    raked = []
    for column in replicates.weights.T:
        for margin, totals in zip(margins, known, strict=True):
            _check_levels(margin, totals, column)
        raked.append(_raked(column, margins, known))
    return replace(replicates, weights=np.column_stack(raked))


def trim(design: Design, *, most: float) -> Design:
    """The design with no weight above ``most`` times the median, the excess shared among the others.

    The sum of weights is kept; the excess goes to the others in proportion to their weights, as often as
    that takes. Trimming exchanges some bias for less variance, and errors take the trimmed weights as
    given; both are said. Refused for a bound of 1 or less.
    """
    if not most > 1:
        raise CannotAnalyse(f"Weights can be trimmed above a multiple of the median over 1, unlike {most:g}.")
    if design.replicates is not None:
        raise CannotAnalyse(
            "Weights that come with replicates are not trimmed: the replicates would not follow."
        )
    weights = design.weights.copy()
    size, positive = float(weights.sum()), weights > 0
    bound = most * float(np.median(weights[positive]))
    trimmed = weights > bound
    cut = int(trimmed.sum())
    if not cut:
        return replace(design, caveats=(*design.caveats, f"No weight exceeds {most:g} times the median."))
    for _ in range(len(weights)):
        weights[trimmed] = bound
        rest = positive & ~trimmed
        room = float(weights[rest].sum())
        if room <= 0:
            raise CannotAnalyse("So many weights exceed the bound that the rest cannot take up the excess.")
        weights[rest] *= (size - bound * float(trimmed.sum())) / room
        over = weights > bound * (1 + 1e-12)
        if not over.any():
            break
        trimmed = trimmed | over
    share = float((design.weights[trimmed] - bound).clip(0).sum()) / size
    sentence = (
        f"{cut} weights were trimmed to {most:g} times the median ({share:.1%} of all weight moved to others):"
        " less spread for some bias, and the errors take the trimmed weights as given."
    )
    return replace(design, weights=weights, caveats=(*design.caveats, sentence))


def rake_and_trim(design: Design, margins: Sequence[Margin], *, most: float) -> Design:
    """Raked weights of which none exceeds ``most`` times the median, by trimming and raking in turn.

    Where the margins do not allow it, they are met and a caveat gives the largest weight that remains.
    """
    raked = rake(design, margins)
    largest = np.inf
    for _ in range(50):
        largest = _largest(raked.weights)
        if largest <= most * 1.001:
            break
        raked = rake(replace(trim(raked, most=most), calibration=None, caveats=design.caveats), margins)
    caveats = [
        *raked.caveats,
        f"Weights above {most:g} times the median were trimmed between rounds of raking.",
    ]
    if largest > most * 1.001:
        caveats.append(f"The margins need weights of up to {largest:.2f} times the median.")
    known = replace(raked.calibration, base=design.weights) if raked.calibration else None
    return replace(raked, calibration=known, caveats=tuple(caveats))


def _largest(weights: NDArray[np.float64]) -> float:
    positive = weights[weights > 0]
    return float(positive.max()) / float(np.median(positive))


def _common_totals(
    margins: Sequence[Margin], sum_of_weights: float, caveats: list[str]
) -> list[NDArray[np.float64]]:
    sums = []
    for margin in margins:
        if np.isnan(margin.totals).any() or (margin.totals < 0).any() or not margin.totals.sum() > 0:
            raise CannotAnalyse(f"The totals of “{margin.variable}” must be numbers of 0 or more, not all 0.")
        if not np.isfinite(margin.totals.sum()):
            raise CannotAnalyse(f"The totals of “{margin.variable}” are too large to add up.")
        sums.append(float(margin.totals.sum()))
    as_shares = all(abs(total - 1) < 0.011 for total in sums)
    goal = sum_of_weights if as_shares else sums[0]
    known = []
    for margin, total in zip(margins, sums, strict=True):
        gap = abs(total / (1.0 if as_shares else goal) - 1)
        if gap > 0.05:
            raise CannotAnalyse(
                f"The totals of “{margin.variable}” add up to {total:g}, those of “{margins[0].variable}” to"
                f" {goal:g}: they cannot describe the same population."
            )
        if gap > 1e-9:
            what, against = ("shares", "1") if as_shares else ("totals", f"those of “{margins[0].variable}”")
            caveats.append(
                f"The {what} of “{margin.variable}” add up to {total:g} and were scaled to match {against}."
            )
        known.append(margin.totals * (goal / total))
    return known


def _check_levels(margin: Margin, totals: NDArray[np.float64], base: NDArray[np.float64]) -> None:
    if len(margin.codes) != len(base) or len(totals) != len(margin.levels):
        raise CannotAnalyse(f"The margin “{margin.variable}” does not fit the sample.")
    if (margin.codes < 0).any():
        missing = int((margin.codes < 0).sum())
        raise CannotAnalyse(
            f"{missing} rows have no “{margin.variable}”, so they cannot be raked; give the level “not stated”"
            " a total, fill it in, or leave those rows out."
        )
    held = np.bincount(margin.codes, weights=base, minlength=len(totals))
    for level, total, weight in zip(margin.levels, totals, held, strict=True):
        if total > 0 and not weight > 0:
            raise CannotAnalyse(
                f"Nobody in the sample is “{level}” of “{margin.variable}”, whose total is {total:g}: merge it"
                " with another level."
            )
        if weight > 0 and not total > 0:
            raise CannotAnalyse(
                f"The sample holds “{level}” of “{margin.variable}”, whose known total is zero or missing."
            )
