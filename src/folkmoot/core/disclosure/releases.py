"""Two releases of one table: does the difference tell what neither tells alone?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.disclosure.published import Rule
from folkmoot.core.errors import CannotAnalyse


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell whose small change a reader of both releases could bound by [low, high], too narrowly."""

    row: int
    column: int
    low: int
    high: int


def telling_differences(
    earlier: NDArray[np.int64], later: NDArray[np.int64], *, rule: Rule
) -> tuple[Difference, ...]:
    """Cells in which the people who came (or went) between two releases are few and not hidden.

    ``earlier, later``: (rows, columns) true counts of the same cells. The change of a cell is a count of its
    own: where it is small (1 to the largest hidden count, up or down), what both releases show together must
    leave open everything from 0 to the largest hidden count. Where no cell fell, a reader who knows that the
    table only grows knows that no change is below 0, and is taken to know it. With rounding to 5 a small
    change of a cell shown in both releases is always told too narrowly; a change of a hidden cell is not.
    """
    if earlier.shape != later.shape:
        raise CannotAnalyse("Two releases can be compared only over the same cells.")
    change = later - earlier
    grew = bool((change >= 0).all())
    most = rule.largest_hidden
    found = []
    for row, column in np.argwhere((change != 0) & (np.abs(change) <= most)).tolist():
        before = rule.range_of(rule.shows(int(earlier[row, column])))
        after = rule.range_of(rule.shows(int(later[row, column])))
        low, high = after[0] - before[1], after[1] - before[0]
        if grew:
            low = max(low, 0)
        open_enough = (low <= 0 and high >= most) if change[row, column] > 0 else (high >= 0 and low <= -most)
        if not open_enough:
            found.append(Difference(row, column, low, high))
    return tuple(found)
