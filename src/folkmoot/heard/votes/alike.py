"""Do two boxes hold the votes of the same people? Then their public tables are two releases of one.

Whoever brings a later export in as a conversation of its own would else publish what ``public.telling`` refuses. People
are compared by how they answered: nobody knows who they are. What does not belong here: what may be released (``public``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from folkmoot.core.opinion.votes import NOT_CAST
from folkmoot.heard.votes.boxes import Answers, Ballots

LEAST_SHARED = 0.5  # of the people of the smaller conversation
LEAST_ANSWERS = 5  # somebody with fewer answers in common looks like anybody


def same_statements(ours: Mapping[int, str], theirs: Mapping[int, str]) -> list[tuple[int, int]]:
    """Pairs of numbers whose statements read the same, in the order of ours."""
    numbered = {_plain(text): number for number, text in theirs.items()}
    return [(number, numbered[key]) for number, text in ours.items() if (key := _plain(text)) in numbered]


def same_people(ours: Ballots, theirs: Ballots, *, pairs: Sequence[tuple[int, int]]) -> bool:
    """True where at least half of the smaller conversation's people are in the other as well.

    They are where they answered the statements of ``pairs`` exactly alike, or, numbered alike, never differently.
    People with fewer than five answers among these (or all, where there are fewer) are left out.
    """
    if not pairs:
        return False
    mine = ours.answers[:, [ours.numbers.index(one) for one, _ in pairs]]
    other = theirs.answers[:, [theirs.numbers.index(one) for _, one in pairs]]
    least = min(LEAST_ANSWERS, len(pairs))
    told, others = ((one != NOT_CAST).sum(axis=1) >= least for one in (mine, other))
    smaller = min(int(told.sum()), int(others.sum()))
    if not smaller:
        return False
    alike = sum((Counter(_rows(mine[told])) & Counter(_rows(other[others]))).values())
    numbered = _numbered_alike(
        mine[told], ours.participants[told].tolist(), other[others], theirs.participants[others].tolist()
    )
    return max(alike, numbered) >= LEAST_SHARED * smaller


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


def _rows(answers: Answers) -> list[bytes]:
    return [row.tobytes() for row in np.ascontiguousarray(answers)]


def _numbered_alike(mine: Answers, names: list[int], other: Answers, theirs: list[int]) -> int:
    """How many of the same number answered nothing differently."""
    place = {name: at for at, name in enumerate(theirs)}
    pairs = [(at, place[name]) for at, name in enumerate(names) if name in place]
    if not pairs:
        return 0
    first, second = mine[[one for one, _ in pairs]], other[[one for _, one in pairs]]
    both = (first != NOT_CAST) & (second != NOT_CAST)
    return int(((~both | (first == second)).all(axis=1) & both.any(axis=1)).sum())
