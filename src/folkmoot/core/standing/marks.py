"""What a study saw at one factor, and what two such marks say about the assumption between them.

Not here: how strong the study is (levels), whether it counts (independence), or the word (judge).
"""

from __future__ import annotations

from enum import StrEnum


class Mark(StrEnum):
    """What a study found at one factor, at one horizon, for one population and outcome.

    There is no mark for "mixed": such a record is split until each part has one mark.
    """

    UP = "up"
    DOWN = "down"
    SAME = "same"
    NOT_FOUND = "not_found"
    NOT_MEASURED = "not_measured"

    @property
    def sign(self) -> str:
        """The sign a grid shows: ▲ ▼ = ○ –."""
        return _SIGNS[self]

    @property
    def meaning(self) -> str:
        """The mark in words, for a key beside the grid or a screen reader."""
        return _MEANINGS[self]

    @property
    def clause(self) -> str:
        """What follows a factor's name in a sentence: “they notice” moved as expected."""
        return _CLAUSES[self]


_SIGNS = {
    Mark.UP: "▲",
    Mark.DOWN: "▼",
    Mark.SAME: "=",
    Mark.NOT_FOUND: "○",
    Mark.NOT_MEASURED: "–",
}

_MEANINGS = {
    Mark.UP: "moved the way it was expected to",
    Mark.DOWN: "moved the other way",
    Mark.SAME: "shown to have moved too little to matter",
    Mark.NOT_FOUND: "no effect found: a change that matters is not ruled out, or the interval was not read",
    Mark.NOT_MEASURED: "not measured",
}

_CLAUSES = {
    Mark.UP: "moved as expected",
    Mark.DOWN: "moved the opposite way",
    Mark.SAME: "was shown to change too little to matter",
    Mark.NOT_FOUND: "showed no effect either way",
    Mark.NOT_MEASURED: "was not measured",
}


class Reading(StrEnum):
    """What one study says about one assumption."""

    FOR = "for"
    AGAINST = "against"
    NO_EFFECT = "no_effect"
    WITHOUT_MECHANISM = "without_mechanism"
    SILENT = "silent"
    SPAN = "span"

    @property
    def is_a_test(self) -> bool:
        """True for the three readings that speak about the assumption itself."""
        return self in (Reading.FOR, Reading.AGAINST, Reading.NO_EFFECT)

    @property
    def meaning(self) -> str:
        """The reading in words."""
        return _READINGS[self]


_READINGS = {
    Reading.FOR: "reads for it",
    Reading.AGAINST: "reads against it",
    Reading.NO_EFFECT: "found no effect",
    Reading.WITHOUT_MECHANISM: "the outcome came without this step: drawn on the chain, no test of any assumption",
    Reading.SILENT: "says nothing about it",
    Reading.SPAN: "spans it without measuring its cause: drawn on the chain, no test of any assumption",
}


def reading(cause: Mark, effect: Mark) -> Reading:
    """What the marks at an assumption's two ends say about it. Every pair of marks has an answer.

    Where the cause did not move, a missing effect says nothing: the chain failed earlier. Where the
    cause was not measured, an effect that was not measured either is still called a span.
    """
    if cause is Mark.NOT_MEASURED:
        return Reading.SPAN
    if effect is Mark.NOT_MEASURED:
        return Reading.SILENT
    if cause is Mark.UP:
        if effect is Mark.UP:
            return Reading.FOR
        return Reading.NO_EFFECT if effect is Mark.NOT_FOUND else Reading.AGAINST
    return Reading.WITHOUT_MECHANISM if effect is Mark.UP else Reading.SILENT
