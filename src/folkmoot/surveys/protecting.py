"""Which figures of a question may be shown to whom: small counts hidden, and enough beside them.

A hidden count must not follow from the others: where fewer than two are hidden in a line, or those hidden
add up to too little, the next smallest is hidden as well. What does not belong here: the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
            before = int(hidden.sum())
            for row in range(counts.shape[0]):
                _widen(counts[row, :], hidden[row, :], low)
            if counts.shape[0] > 1:
                for column in range(counts.shape[1]):
                    _widen(counts[:, column], hidden[:, column], low)
            if int(hidden.sum()) == before:
                return hidden


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
