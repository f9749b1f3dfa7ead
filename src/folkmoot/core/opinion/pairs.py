"""How alike two people's votes are beyond what everybody answers: the noise that pairs carry.

What does not belong here: what the noise is used for (interval.py, permutation.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.opinion.votes import Votes

Floats = NDArray[np.float64]
MOST_PAIRED = 4_000  # people; of more, a drawn part stands for the rest
BLOCK = 400  # statements worked at a time, so that memory stays small


def deviations(votes: Votes, centre: Floats, *, first: int, last: int) -> NDArray[np.float32]:
    """Answers minus their expected shares on the statements first…last-1, 0 where not cast.

    ``centre`` has shape (people or 1, statements, 3) or (statements, 3): what to take away. The
    result has shape (people, statements in the block, 3).
    """
    inside = (votes.statement >= first) & (votes.statement < last)
    person, statement, answer = votes.person[inside], votes.statement[inside], votes.answer[inside]
    block = np.zeros((votes.people, last - first, 3), dtype=np.float32)
    expected = centre[statement] if centre.ndim == 2 else centre[person, statement]
    block[person, statement - first] = -expected
    block[person, statement - first, answer] += 1
    return block


def squared_likeness(votes: Votes) -> NDArray[np.float32]:
    """(Σ_j ⟨z_ij, z_kj⟩ / n_j)² for every two different people: shape (people, people), diagonal 0.

    z is the answer as one of three less the statement's mean; n_j are the voters on j.
    """
    counts = votes.counts(np.zeros(votes.people, dtype=np.int64), levels=1)[0]
    voters = counts.sum(axis=1)
    mean = counts / np.maximum(voters, 1)[:, None]
    alike = np.zeros((votes.people, votes.people), dtype=np.float32)
    for first in range(0, len(votes.statements), BLOCK):
        last = min(first + BLOCK, len(votes.statements))
        block = deviations(votes, mean, first=first, last=last)
        block /= np.sqrt(np.maximum(voters[first:last], 1))[None, :, None].astype(np.float32)
        flat = block.reshape(votes.people, -1)
        alike += flat @ flat.T
    np.square(alike, out=alike)
    np.fill_diagonal(alike, 0)
    return alike


def drawn(level: NDArray[np.int64], *, levels: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Whom to pair: everybody, or of more than MOST_PAIRED a draw that keeps small levels whole."""
    chosen = np.zeros(level.size, dtype=bool)
    room, left = MOST_PAIRED, levels
    for one in np.argsort(np.bincount(level, minlength=levels), kind="stable"):
        members = np.flatnonzero(level == one)
        take = min(members.size, room // left)
        chosen[rng.permutation(members)[:take] if take < members.size else members] = True
        room, left = room - take, left - 1
    return chosen
