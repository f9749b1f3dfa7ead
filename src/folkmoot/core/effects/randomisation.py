"""Randomisation inference: what would the same difference be had other places been drawn?

What does not belong here: how a design turns its rows into one number a place and label.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from folkmoot.core.effects.inference import Codes, Numbers
from folkmoot.core.errors import CannotAnalyse

ENUMERATE_UP_TO = 20_000
TIES = 1e-9
ROOM = 20_000_000  # numbers held at once
MOST_WORK = 200_000_000  # labels handed out in all; with more places there are fewer draws
FEWEST_DRAWS = 199
MANY = 10**15


@dataclass(frozen=True, slots=True)
class RandomisationResult:
    """The p-value of no effect on any unit, and the constant effects that are not rejected.

    ``attainable_minimum`` is the smallest p-value that so few ways of drawing the treated can give.
    ``low`` and ``high`` are None where the interval is not bounded.
    """

    estimate: float
    p_value: float
    low: float | None
    high: float | None
    attainable_minimum: float
    assignments: int
    enumerated: bool
    standard_error: float


def randomisation_test(
    value_of: Numbers,
    *,
    of_treatment: Numbers,
    labels: Codes,
    blocks: Codes | None = None,
    level: float = 0.95,
    draws: int = 9999,
    random: np.random.Generator | None = None,
    with_interval: bool = True,
) -> RandomisationResult:
    """Compare the estimate with what it would be under other draws of who gets which label.

    The estimate is a sum over places of ``value_of[place, label of the place]`` (places × labels), and
    ``of_treatment`` is the same sum made of the treatment actually given, so that a constant effect can be
    taken off. Labels are exchanged among the places of a block. With at most 20,000 ways all are run
    through, and the actual draw is one of them; else ``draws`` (fewer where there are
    very many places) are drawn with ``random`` and the actual one added. Two-sided in the size of the estimate. It tests that the work changed *no* place; the interval
    supposes the same change everywhere. Source: Rosenbaum 2002, chapter 2; Imbens and Rubin 2015, chapter 5.
    """
    places = np.arange(labels.size)
    groups = np.zeros(labels.size, dtype=np.int64) if blocks is None else blocks
    ways, mirrored = _ways(labels, groups)
    if ways < 2:
        raise CannotAnalyse("There is only one way to draw who is treated: nothing to compare with.")
    enumerated = ways <= ENUMERATE_UP_TO
    draws = min(draws, max(FEWEST_DRAWS, MOST_WORK // labels.size))
    actual = float(value_of[places, labels].sum())
    actual_treatment = float(of_treatment[places, labels].sum())
    outcome_sums: list[Numbers] = []
    treatment_sums: list[Numbers] = []
    for batch in _assignments(labels, groups, enumerated=enumerated, draws=draws, random=random):
        outcome_sums.append(value_of[places[None, :], batch].sum(axis=1))
        treatment_sums.append(of_treatment[places[None, :], batch].sum(axis=1))
    others, other_treatment = np.concatenate(outcome_sums), np.concatenate(treatment_sums)

    def p_value(effect: float) -> float:
        size = abs(actual - effect * actual_treatment)
        as_extreme = np.abs(others - effect * other_treatment) >= size * (1.0 - TIES) - 1e-300
        if enumerated:
            return float(as_extreme.mean())
        return (float(as_extreme.sum()) + 1.0) / (others.size + 1.0)

    attainable = (2.0 if mirrored else 1.0) / ways if enumerated else 1.0 / (others.size + 1.0)
    value = actual / actual_treatment
    # the spread that is left once a constant effect of this size is taken off
    error = float(np.std(others - value * other_treatment)) / abs(actual_treatment)
    low = high = None
    alpha = 1.0 - level
    if with_interval and attainable < alpha * (1.0 - TIES) and error > 0:
        low = interval_edge(p_value, value, step=-error, alpha=alpha)
        high = interval_edge(p_value, value, step=error, alpha=alpha)
    return RandomisationResult(
        estimate=value,
        p_value=p_value(0.0),
        low=low,
        high=high,
        attainable_minimum=attainable,
        assignments=ways if enumerated else int(others.size),
        enumerated=enumerated,
        standard_error=error,
    )


def interval_edge(
    p_value: Callable[[float], float], value: float, *, step: float, alpha: float
) -> float | None:
    """The outermost effect on one side that is not rejected; None where none is within reach.

    p falls in steps, so the edge is found by halving; it is kept on the side that is not rejected.
    """
    far = 1.0
    while p_value(value + far * step) > alpha + 1e-12:
        far *= 1.6
        if far > 1e4:
            return None
    near = 0.0
    for _ in range(50):
        middle = (near + far) / 2.0
        if p_value(value + middle * step) > alpha + 1e-12:
            near = middle
        else:
            far = middle
        if far - near < 1e-7:
            break
    return value + far * step


def _ways(labels: Codes, groups: Codes) -> tuple[int, bool]:
    """In how many ways the labels can be handed out within blocks; whether each way has its mirror image."""
    ways, mirrored = 1, int(np.unique(labels).size) == 2
    for group in np.unique(groups):
        counts = np.unique(labels[groups == group], return_counts=True)[1]
        left = int(counts.sum())
        for count in counts:
            # far beyond what is run through, the number itself is no use and takes long
            logarithm = math.lgamma(left + 1) - math.lgamma(count + 1) - math.lgamma(left - count + 1)
            ways = min(ways * (MANY if logarithm > math.log(MANY) else math.comb(left, int(count))), MANY)
            left -= int(count)
        if counts.size > 1 and len(set(counts.tolist())) > 1:
            mirrored = False
    return ways, mirrored and ways > 1


def _assignments(
    labels: Codes, groups: Codes, *, enumerated: bool, draws: int, random: np.random.Generator | None
) -> Iterator[Codes]:
    """Batches of label vectors: every one, or drawn ones."""
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    if enumerated:
        rows = []
        for combination in itertools.product(*(list(_arrangements(labels[group])) for group in members)):
            row = np.empty_like(labels)
            for group, part in zip(members, combination, strict=True):
                row[group] = part
            rows.append(row)
        yield np.array(rows, dtype=np.int64)
        return
    if random is None:
        raise CannotAnalyse("With so many ways to draw the treated, the test needs a source of chance.")
    size = max(1, min(draws, ROOM // max(labels.size, 1)))
    done = 0
    while done < draws:
        count = min(size, draws - done)
        batch = np.tile(labels, (count, 1))
        for group in members:
            batch[:, group] = random.permuted(batch[:, group], axis=1)
        yield batch
        done += count


def _arrangements(labels: Codes) -> Iterator[Codes]:
    """Each distinct order of a block's labels once."""
    kinds, counts = np.unique(labels, return_counts=True)
    if kinds.size == 1:
        yield labels
        return
    chosen_kind, count = kinds[0], int(counts[0])
    if kinds.size == 2:
        for places in itertools.combinations(range(labels.size), count):
            row = np.full(labels.size, kinds[1])
            row[list(places)] = chosen_kind
            yield row
        return
    rest = labels[labels != chosen_kind]
    for places in itertools.combinations(range(labels.size), count):
        others = np.setdiff1d(np.arange(labels.size), places)
        for part in _arrangements(rest):
            row = np.empty_like(labels)
            row[list(places)] = chosen_kind
            row[others] = part
            yield row
