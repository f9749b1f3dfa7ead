"""Which figures of a question may be shown to whom: small counts hidden, and enough beside them.

A hidden count must not follow from the others: where fewer than two are hidden in a line, or those hidden
add up to too little, the next smallest is hidden as well. What does not belong here: the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.disclosure.attack import reachable
from folkmoot.core.disclosure.published import (
    HIDDEN,
    INTERNAL,
    PUBLIC,
    SPECIAL_INTERNAL_ALL,
    SPECIAL_INTERNAL_GROUP,
    SPECIAL_PUBLIC_GROUP,
    TOO_FEW,
    ZERO,
    Kind,
    Published,
    rebuilt_total,
)

Counts = NDArray[np.int64]


MOST_ASKED = 30  # small counts of one table for which what can be worked out is worked out
NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Guard:
    """How counts are shown: ``public`` to anybody outside the owner, ``special`` for special categories."""

    public: bool
    special: bool = False

    @property
    def smallest_shown(self) -> int:
        if self.special:
            return SPECIAL_PUBLIC_GROUP if self.public else SPECIAL_INTERNAL_GROUP
        return (PUBLIC if self.public else INTERNAL).largest_hidden + 1

    def shown(self, counts: Counts) -> tuple[tuple[Published, ...], ...]:
        """A table of counts as it may be shown, by rows."""
        hidden = self._hidden(counts)
        rule = PUBLIC if self.public else INTERNAL
        instead = TOO_FEW if self.special else HIDDEN
        return tuple(
            tuple(
                instead if hide else (ZERO if not count else rule.shows(count))
                for count, hide in zip(row.tolist(), hides.tolist(), strict=True)
            )
            for row, hides in zip(counts, hidden, strict=True)
        )

    def line(self, counts: Sequence[int]) -> tuple[Published, ...]:
        """One line of counts, such as the answers to one question."""
        return self.shown(np.array([counts], dtype=np.int64))[0] if len(counts) else ()

    def _hidden(self, counts: Counts) -> NDArray[np.bool_]:
        if self.special and not self.public and int(counts.sum()) < SPECIAL_INTERNAL_ALL:
            return np.ones(counts.shape, dtype=bool)
        low = self.smallest_shown
        # that nobody of a special category is there is news about people, too
        hidden = (counts < low) & ((counts > 0) | self.special)
        while True:
            self._settle(counts, hidden, low)
            told = self._told(counts, hidden, low)
            if told is None:
                return hidden
            _hide_one_more(counts, hidden, told)

    def _settle(self, counts: Counts, hidden: NDArray[np.bool_], low: int) -> None:
        """Hide more in every line until no line by itself tells what it hides."""
        before = -1
        while int(hidden.sum()) != before:
            before = int(hidden.sum())
            for row in range(counts.shape[0]):
                _widen(counts[row, :], hidden[row, :], low)
            if counts.shape[0] > 1:
                for column in range(counts.shape[1]):
                    _widen(counts[:, column], hidden[:, column], low)

    def _told(self, counts: Counts, hidden: NDArray[np.bool_], low: int) -> tuple[int, int] | None:
        """A hidden small count that whoever knows all true totals could narrow down, if there is one.

        Lines together may tell what none tells alone. Only tables with several rows and not too many small
        counts are asked; where there are more, every row that holds one is hidden whole instead.
        """
        small = hidden & (counts < low) & (counts > 0)
        if counts.shape[0] == 1 or not small.any() or hidden.all():
            return None
        if int(small.sum()) > MOST_ASKED:
            whole = small.any(axis=1) & ~hidden.all(axis=1)
            if whole.any():
                row = int(np.flatnonzero(whole)[0])
                return row, int(np.flatnonzero(small[row])[0])
            return None
        shown = counts.astype(np.float64)
        least, most = reachable(
            np.where(hidden, 0.0, shown),
            np.where(hidden, float(counts.sum()), shown),
            wanted=small,
            row_sums=(shown.sum(axis=1), shown.sum(axis=1)),
            column_sums=(shown.sum(axis=0), shown.sum(axis=0)),
        )
        narrow = small & ((least > 1 + NEAR) | (most < low - 1 - NEAR))
        if not narrow.any() or bool(hidden.all()):
            return None
        row, column = np.argwhere(narrow)[0].tolist()
        return row, column


def _hide_one_more(counts: Counts, hidden: NDArray[np.bool_], told: tuple[int, int]) -> None:
    """Hide the smallest count still shown in the row of one that is told, or anywhere; in place."""
    row = told[0]
    places = np.argwhere(~hidden)
    mine = places[places[:, 0] == row]
    chosen = mine if mine.size else places
    sizes = counts[chosen[:, 0], chosen[:, 1]]
    filled = sizes > 0
    order = np.lexsort((sizes, ~filled))
    at = chosen[order[0]]
    hidden[at[0], at[1]] = True


def _widen(counts: Counts, hidden: NDArray[np.bool_], low: int) -> None:
    """Hide more of a line until what is hidden could be anything; ``hidden`` is changed in place."""
    if not hidden.any():
        return
    while int(hidden.sum()) < 2 or int(counts[hidden].sum()) < low:
        open_ones = np.flatnonzero(~hidden & (counts > 0))
        if not open_ones.size:
            open_ones = np.flatnonzero(~hidden)
        if not open_ones.size:
            return
        hidden[open_ones[np.argmin(counts[open_ones])]] = True


def total_of(shown: Sequence[Published]) -> Published:
    """How many people the shown figures speak of: rebuilt from them, so that it tells nothing of the hidden."""
    counted = [one for one in shown if one.kind is not Kind.TOO_FEW]
    return rebuilt_total(tuple(counted)) if counted else TOO_FEW


def is_shown(count: Published) -> bool:
    return count.kind in {Kind.NUMBER, Kind.ZERO}
