"""Maximum flow between two factors: how much would have to be refuted to part them.

What does not belong here: what the capacities mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.causal.claims import Codes
from folkmoot.core.errors import CannotAnalyse


def maximum_flow(count: int, *, tail: Codes, head: Codes, capacity: Codes, origin: int, target: int) -> int:
    """The largest flow from ``origin`` to ``target`` over links tail[i] → head[i] of whole capacity[i] ≥ 0.

    Equals the smallest total capacity of links whose removal leaves no way through. Exact, in whole numbers;
    several links between the same two factors add up; a link from a factor to itself carries nothing.
    Assumes nothing about cycles. Source: Dinic (1970), shortest augmenting paths by layers; the layers are
    found with array operations, the paths by a search that visits only arcs one layer nearer to the target.
    """
    if origin == target:
        raise CannotAnalyse("A flow needs two different factors.")
    network = _Network(count, tail, head, capacity)
    total = 0
    while True:
        distance = network.distance_to(target)
        if distance[origin] < 0:
            return total
        total += network.fill(distance, origin, target)


class _Network:
    """Arcs in both directions, sorted by their tail: arc i runs to ``head[i]``, its reverse is ``reverse[i]``."""

    def __init__(self, count: int, tail: Codes, head: Codes, capacity: Codes) -> None:
        useful = (tail != head) & (capacity > 0)
        tail, head, capacity = tail[useful], head[useful], capacity[useful]
        keys, place = np.unique(
            np.concatenate([tail * count + head, head * count + tail]), return_inverse=True
        )
        self.count = count
        self.tail, self.head = keys // max(count, 1), keys % max(count, 1)
        self.capacity = np.zeros(len(keys), dtype=np.int64)
        np.add.at(self.capacity, place[: len(tail)], capacity)
        self.reverse = np.searchsorted(keys, self.head * count + self.tail)
        self.first = np.searchsorted(self.tail, np.arange(count + 1))

    def distance_to(self, target: int) -> NDArray[np.int64]:
        """Arcs with room left on the way to the target, from each factor; −1 where there is no way."""
        distance = np.full(self.count, -1, dtype=np.int64)
        distance[target] = 0
        frontier = np.array([target], dtype=np.int64)
        steps = 0
        while frontier.size:
            steps += 1
            arcs = _arcs_of(self.first, frontier)  # arcs out of the frontier; their reverses run into it
            before = self.head[arcs[self.capacity[self.reverse[arcs]] > 0]]
            before = np.unique(before[distance[before] < 0])
            distance[before] = steps
            frontier = before
        return distance

    def fill(self, distance: NDArray[np.int64], origin: int, target: int) -> int:
        """Send as much as fits along shortest ways only; returns how much (at least 1)."""
        nearer = (
            (self.capacity > 0)
            & (distance[self.tail] == distance[self.head] + 1)
            & (distance[self.head] >= 0)
        )
        capacity, head = self.capacity, self.head
        waiting: dict[int, list[int]] = {}  # for each factor visited, its arcs not yet known to be useless
        path: list[int] = []
        at, sent = origin, 0
        while True:
            if at == target:
                amount = int(min(capacity[arc] for arc in path))
                sent += amount
                full = len(path)
                for step, arc in enumerate(path):
                    capacity[arc] -= amount
                    capacity[self.reverse[arc]] += amount
                    if capacity[arc] == 0 and full > step:
                        full = step
                at = int(self.tail[path[full]])  # back to where the first full arc begins
                del path[full:]
                continue
            arcs = waiting.get(at)
            if arcs is None:
                here = slice(int(self.first[at]), int(self.first[at + 1]))
                arcs = (np.flatnonzero(nearer[here]) + here.start).tolist()
                waiting[at] = arcs
            while arcs and capacity[arcs[-1]] == 0:
                arcs.pop()
            if arcs:
                path.append(arcs[-1])
                at = int(head[arcs[-1]])
            elif path:
                arc = path.pop()
                at = int(self.tail[arc])
                waiting[at].pop()  # it led nowhere
            else:
                return sent


def _arcs_of(first: NDArray[np.int64], nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The positions of all arcs that begin at one of the nodes."""
    lengths = first[nodes + 1] - first[nodes]
    ends = np.cumsum(lengths)
    count = int(ends[-1]) if ends.size else 0
    return np.asarray(np.arange(count) + np.repeat(first[nodes] - ends + lengths, lengths))
