"""What would change a pooled conclusion: how biased the studies, how many or how large the missing ones.

What does not belong here: whether such a bias or such studies are likely; that is a judgement.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Refusal
from folkmoot.core.synthesis.heterogeneity import Numbers
from folkmoot.core.synthesis.pooling import Pooled, checked, pool

MOST_ADDED = 1000


@dataclass(frozen=True, slots=True)
class WhatWouldChange:
    """What it takes to move the interval to (or off) no effect.

    ``excludes_zero`` is the present conclusion. ``bias`` is the shift common to all studies at which it
    flips, in the unit of the estimate, and ``bias_share`` that shift over the estimate. ``null_studies`` is
    the smallest number of studies of ordinary size finding nothing, and ``null_study_error`` the largest
    standard error of a single one, that would make the interval include zero. ``more_studies`` is the number
    of ordinary studies finding the pooled estimate that would make it exclude zero.
    """

    excludes_zero: bool
    bias: float
    bias_share: float | None
    null_studies: int | None
    null_study_error: float | None
    more_studies: int | None
    refused: tuple[Refusal, ...]


def what_would_change(
    estimates: ArrayLike,
    standard_errors: ArrayLike,
    *,
    method: str = "reml",
    knapp_hartung: bool = False,
    level: float = 0.95,
) -> WhatWouldChange:
    """How far the conclusion (the interval excludes zero, or not) is from flipping.

    An ordinary study has the median standard error of those at hand. A bias common to all studies moves
    every estimate alike and leaves the rest as it is. Counts are searched up to 1,000.
    """
    y, v = checked(estimates, standard_errors)
    errors = np.sqrt(v)

    def again(extra: Numbers, extra_errors: Numbers) -> bool:
        found = pool(
            np.concatenate([y, extra]), np.concatenate([errors, extra_errors]),
            method=method, knapp_hartung=knapp_hartung, level=level,
        )  # fmt: skip
        return _excludes_zero(found)

    now = pool(y, errors, method=method, knapp_hartung=knapp_hartung, level=level)
    low, high, value = now.estimate.low, now.estimate.high, now.estimate.estimate
    excludes = _excludes_zero(now)
    ordinary = float(np.median(errors))
    refused: list[Refusal] = []
    bias = low if value > 0 else high
    share = bias / value if value else None
    null_studies = null_error = more = None
    if excludes:
        null_studies = _fewest(lambda m: not again(np.zeros(m), np.full(m, ordinary)))
        if null_studies is None:
            refused.append(
                Refusal("null_studies", f"not even {MOST_ADDED} studies finding nothing would do it")
            )
        null_error = _largest_error(errors, lambda size: not again(np.zeros(1), np.array([size])))
        if null_error is None:
            refused.append(
                Refusal("null_study_error", "no single study finding nothing would do it, however large")
            )
        refused.append(Refusal("more_studies", "the interval excludes zero already"))
    else:
        refused += [
            Refusal(part, "the interval includes zero already")
            for part in ("null_studies", "null_study_error")
        ]
        more = _fewest(lambda m: again(np.full(m, value), np.full(m, ordinary)))
        if more is None:
            refused.append(
                Refusal("more_studies", f"not even {MOST_ADDED} studies finding the same would exclude zero")
            )
    return WhatWouldChange(excludes, bias, share, null_studies, null_error, more, tuple(refused))


def _excludes_zero(found: Pooled) -> bool:
    return found.estimate.low > 0 or found.estimate.high < 0


def _fewest(flips: Callable[[int], bool]) -> int | None:
    """The smallest number that flips; exact up to 20, then found by halving between steps that double."""
    before = 0
    for number in [*range(1, 21), 40, 80, 160, 320, 640, MOST_ADDED]:
        if flips(number):
            low, high = before, int(number)
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if flips(middle) else (middle, high)
            return high
        before = number
    return None


def _largest_error(errors: Numbers, flips: Callable[[float], bool]) -> float | None:
    sizes = float(errors.max()) * 10 * np.geomspace(1.0, 1e-4 * float(errors.min() / errors.max()), 60)
    before = float(sizes[0])
    for size in map(float, sizes):
        try:
            flipped = flips(size)
        except CannotAnalyse:
            return None
        if flipped:
            low, high = size, before
            for _ in range(40):
                middle = (low * high) ** 0.5
                low, high = (middle, high) if flips(middle) else (low, middle)
            return low
        before = size
    return None
