"""Distances along links, and the links that lie on a walk of bounded length between two factors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.causal.claims import Codes

UNREACHED = np.iinfo(np.int64).max // 4  # larger than any length, and two of them still add up


def distances(count: int, *, tail: Codes, head: Codes, start: Codes) -> NDArray[np.int64]:
    """(count,) the fewest links from any of ``start`` to each node along tail → head; UNREACHED without a way."""
    order = np.argsort(tail, kind="stable")
    following = head[order]
    first = np.searchsorted(tail[order], np.arange(count + 1))
    found = np.full(count, UNREACHED, dtype=np.int64)
    frontier = np.unique(start)
    found[frontier] = 0
    fresh = np.zeros(count, dtype=bool)
    steps = 0
    while frontier.size:
        steps += 1
        lengths = first[frontier + 1] - first[frontier]
        ends = np.cumsum(lengths)
        reached = following[np.arange(int(ends[-1])) + np.repeat(first[frontier] - ends + lengths, lengths)]
        reached = reached[found[reached] == UNREACHED]
        found[reached] = steps
        if reached.size * 8 < count:
            frontier = np.unique(reached)
        else:  # marking is quicker than sorting when many are reached at once
            fresh[reached] = True
            frontier = np.flatnonzero(fresh)
            fresh[frontier] = False
    return found


def on_a_walk(
    count: int, *, tail: Codes, head: Codes, origin: int, target: int, longest: int | None
) -> NDArray[np.bool_]:
    """True for each link u → v that lies on a walk of at most ``longest`` links from origin to target.

    That is dist(origin, u) + 1 + dist(v, target) ≤ longest; None sets no bound. A walk may pass through a
    factor twice, so a longer bound also shows links that turn back.
    """
    to = distances(count, tail=tail, head=head, start=np.array([origin]))
    back = distances(count, tail=head, head=tail, start=np.array([target]))
    bound = UNREACHED - 1 if longest is None else min(longest, UNREACHED - 1)
    return np.asarray(to[tail] + 1 + back[head] <= bound)
