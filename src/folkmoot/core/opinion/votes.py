"""Votes cast: who answered which statement how. A vote that was not cast is not there at all.

What does not belong here: filling in what somebody might have voted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import CannotAnalyse

ANSWERS = ("agree", "disagree", "pass")
AGREE, DISAGREE, PASS = range(3)
NOT_CAST = -1

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes as three arrays of one length: person (0…people-1), statement (position), answer (0, 1, 2).

    ``statements`` holds the statements' names in order. No person answers a statement twice.
    """

    person: Integers
    statement: Integers
    answer: Integers
    people: int
    statements: tuple[str, ...]

    def __len__(self) -> int:
        return int(self.person.size)

    def of(self, kept: NDArray[np.bool_]) -> Votes:
        """The votes of the people marked in ``kept`` (length: people), renumbered in order."""
        position = np.cumsum(kept) - 1
        chosen = kept[self.person]
        return Votes(
            position[self.person[chosen]],
            self.statement[chosen],
            self.answer[chosen],
            int(kept.sum()),
            self.statements,
        )

    def on(self, kept: NDArray[np.bool_]) -> Votes:
        """The votes on the statements marked in ``kept``, renumbered; everybody stays."""
        position = np.cumsum(kept) - 1
        chosen = kept[self.statement]
        names = tuple(name for name, keep in zip(self.statements, kept, strict=True) if keep)
        return Votes(
            self.person[chosen], position[self.statement[chosen]], self.answer[chosen], self.people, names
        )

    def counts(self, level: Integers, *, levels: int) -> Floats:
        """How many people of each level gave each answer: shape (levels, statements, 3).

        ``level`` has one entry a person; −1 is unknown and counted nowhere.
        """
        at = level[self.person]
        known = at >= 0
        cell = (at[known] * len(self.statements) + self.statement[known]) * 3 + self.answer[known]
        size = levels * len(self.statements) * 3
        return np.bincount(cell, minlength=size).reshape(levels, len(self.statements), 3).astype(np.float64)

    def one_hot(self) -> Any:
        """A sparse matrix, people × (3 · statements), 1 where that answer was given."""
        from scipy import sparse

        column = self.statement * 3 + self.answer
        shape = (self.people, 3 * len(self.statements))
        return sparse.csr_matrix((np.ones(len(self)), (self.person, column)), shape=shape)


def votes_from_matrix(matrix: NDArray[np.integer[Any]], *, statements: Sequence[str]) -> Votes:
    """Votes from people × statements with entries 0 agree, 1 disagree, 2 pass, −1 not cast."""
    if matrix.ndim != 2 or matrix.shape[1] != len(statements):
        raise CannotAnalyse("A matrix of votes needs one column for each statement.")
    if matrix.size and (matrix.min() < NOT_CAST or matrix.max() > PASS):
        raise CannotAnalyse("A vote is agree, disagree or pass.")
    person, statement = np.nonzero(matrix >= 0)
    answer = matrix[person, statement].astype(np.int64)
    return Votes(
        person.astype(np.int64), statement.astype(np.int64), answer, matrix.shape[0], tuple(statements)
    )
