"""The six words a standing can have, and the three columns they are shown in.

There is no number behind a word and no order between words: two standings cannot be compared
with < or >, sorted, or put through min and max. Code that tries is told why.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NoReturn


class Unordered(StrEnum):
    """An enumeration of words that refuses to be ranked."""

    def _refuse(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} has no order: a standing is a word reached by stated rules, not a rank."
        )

    def __lt__(self, other: object) -> bool:
        self._refuse()

    def __le__(self, other: object) -> bool:
        self._refuse()

    def __gt__(self, other: object) -> bool:
        self._refuse()

    def __ge__(self, other: object) -> bool:
        self._refuse()


class Word(Unordered):
    """The word that the rules give an assumption."""

    NONE = "none"
    ANECDOTAL = "anecdotal"
    THIN = "thin"
    SUPPORTED = "supported"
    CONTESTED = "contested"
    CHALLENGED = "challenged"

    @property
    def meaning(self) -> str:
        """One sentence for a key or a hint."""
        return _MEANINGS[self]

    @property
    def column(self) -> Column:
        """Where the overview's picture draws this word."""
        return _COLUMNS[self]


class Column(Unordered):
    """The heads of the overview's picture."""

    UNTESTED = "untested"
    UNSETTLED = "unsettled"
    SETTLED = "settled"


_MEANINGS = {
    Word.NONE: "No test of it is recorded, and nobody is recorded as holding it.",
    Word.ANECDOTAL: "People hold it; no test of it is recorded.",
    Word.THIN: "Something has tested it, but not enough to settle it.",
    Word.SUPPORTED: "Independent tests, read in full and one of them close to here, agree that it holds.",
    Word.CONTESTED: "Sound tests disagree.",
    Word.CHALLENGED: "Sound tests say that it does not hold.",
}

_COLUMNS = {
    Word.NONE: Column.UNTESTED,
    Word.ANECDOTAL: Column.UNTESTED,
    Word.THIN: Column.UNSETTLED,
    Word.CONTESTED: Column.UNSETTLED,
    Word.CHALLENGED: Column.SETTLED,
    Word.SUPPORTED: Column.SETTLED,
}
