"""Layers for a small directed graph: who stands in which, and in what order. Knows nothing of drawing.

Chains are short and nearly straight; for them a full graph layouter is slower to start and takes more
memory than all the rest of a page (docs/decisions say how much).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from folkmoot.ui.pictures.placing import spread


@dataclass(frozen=True, slots=True)
class Layers:
    """``ranks`` hold keys of nodes and of bends; ``paths`` give each edge's way through them.

    A bend is where an edge that skips a layer passes it. ``turned`` are the edges that run
    backwards (a chain may feed itself).
    """

    ranks: tuple[tuple[str, ...], ...]
    paths: Mapping[tuple[str, str], tuple[str, ...]]
    turned: frozenset[tuple[str, str]]

    @property
    def straight(self) -> bool:
        """One node in every layer and every edge to the next one."""
        return all(len(rank) == 1 for rank in self.ranks) and not self.turned


def layers_of(keys: Sequence[str], edges: Sequence[tuple[str, str]]) -> Layers:
    """Each node one layer after the latest of its causes; edges that close a circle run back.

    The same input gives the same layers. A node without edges stands in the first layer.
    """
    turned = _turned(keys, edges)
    forward = [(b, a) if (a, b) in turned else (a, b) for a, b in edges if a != b]
    rank = dict.fromkeys(keys, 0)
    for _ in keys:
        for a, b in forward:
            rank[b] = max(rank[b], rank[a] + 1)
    ranks: list[list[str]] = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    for key in keys:
        ranks[rank[key]].append(key)
    paths: dict[tuple[str, str], tuple[str, ...]] = {}
    for a, b in edges:
        if a == b:
            continue
        low, high = (b, a) if (a, b) in turned else (a, b)
        bends = []
        for level in range(rank[low] + 1, rank[high]):
            bends.append(f"\0{a}\0{b}\0{level}")
            ranks[level].append(bends[-1])
        path = (low, *bends, high)
        paths[a, b] = tuple(reversed(path)) if (a, b) in turned else path
    _untangle(ranks, paths)
    return Layers(tuple(map(tuple, ranks)), paths, frozenset(turned))


def _turned(keys: Sequence[str], edges: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    effects: dict[str, list[str]] = {key: [] for key in keys}
    for a, b in edges:
        effects[a].append(b)
    open_now: set[str] = set()
    done: set[str] = set()
    turned: set[tuple[str, str]] = set()

    def visit(key: str) -> None:
        open_now.add(key)
        for effect in effects[key]:
            if effect in open_now:
                turned.add((key, effect))
            elif effect not in done:
                visit(effect)
        open_now.discard(key)
        done.add(key)

    # begin where nothing leads, so that a circle is opened at its end and not at its beginning
    caused = {b for _, b in edges}
    for key in sorted(keys, key=lambda k: k in caused):
        if key not in done:
            visit(key)
    return turned


def _untangle(ranks: list[list[str]], paths: Mapping[tuple[str, str], Sequence[str]]) -> None:
    near = neighbours(paths)
    for sweep in range(6):
        for rank in ranks if sweep % 2 == 0 else reversed(ranks):
            place = {key: index for each in ranks for index, key in enumerate(each)}
            old = {key: index for index, key in enumerate(rank)}
            inside = set(rank)

            def middle(key: str, place: dict[str, int] = place, inside: set[str] = inside) -> float:
                found = [place[n] for n in near.get(key, ()) if n not in inside]
                return sum(found) / len(found) if found else place[key]

            rank.sort(key=lambda key, old=old: (middle(key), old[key]))  # type: ignore[misc]


def neighbours(paths: Mapping[tuple[str, str], Sequence[str]]) -> dict[str, list[str]]:
    """For each node and bend those directly before and after it."""
    near: dict[str, list[str]] = {}
    for path in paths.values():
        for a, b in itertools.pairwise(path):
            near.setdefault(a, []).append(b)
            near.setdefault(b, []).append(a)
    return near


def across(layers: Layers, sizes: Mapping[str, float], *, gap: float) -> dict[str, float]:
    """Where each node and bend lies across the layers: near its neighbours, touching nothing; from 0 up."""
    near = neighbours(layers.paths)
    places: dict[str, float] = {}
    for rank in layers.ranks:
        total = sum(sizes[k] for k in rank) + gap * (len(rank) - 1)
        edge = -total / 2
        for key in rank:
            places[key] = edge + sizes[key] / 2
            edge += sizes[key] + gap
    for sweep in range(8):
        for rank in layers.ranks if sweep % 2 == 0 else reversed(layers.ranks):
            wanted = [
                sum(places[n] for n in near[k]) / len(near[k]) if near.get(k) else places[k] for k in rank
            ]
            # spread keeps the order of the layer and moves each as little as it can
            placed = spread(wanted, [sizes[k] for k in rank], low=-1e6, high=1e6, gap=gap)
            places.update(zip(rank, placed, strict=True))
    low = min((places[k] - sizes[k] / 2 for rank in layers.ranks for k in rank), default=0.0)
    return {key: place - low for key, place in places.items()}
