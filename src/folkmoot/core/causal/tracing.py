"""What the claims say between two factors: three numbers that are only ever given together.

Links shown, flow, and sources that hold a whole path. "A leads to B" from one person and "B leads to C" from
another are no evidence that A leads to C; the third number is the guard against reading them so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.causal.bundles import Bundles, bundles_of
from folkmoot.core.causal.claims import Claims, Codes
from folkmoot.core.causal.flow import maximum_flow
from folkmoot.core.causal.paths import UNREACHED, distances, on_a_walk
from folkmoot.core.errors import CannotAnalyse


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """From one factor to another within a length (None = any).

    ``shown``: for each bundle, whether it lies on such a walk. ``flow_citations, flow_sources``: the maximum
    flow over the links shown, with citations and with distinct sources as capacity. ``whole_path``: codes of
    the sources whose own claims alone hold such a walk. ``challenges``: claims against a link shown.
    """

    origin: str
    target: str
    longest: int | None
    shown: NDArray[np.bool_]
    flow_citations: int
    flow_sources: int
    whole_path: Codes
    challenges: int

    @property
    def links_shown(self) -> int:
        return int(self.shown.sum())

    @property
    def sources_with_whole_path(self) -> int:
        return len(self.whole_path)


def trace(
    claims: Claims, *, origin: str, target: str, longest: int | None = None, bundles: Bundles | None = None
) -> Trace:
    """Trace from one factor to another over the links that somebody states.

    Refused: a factor that no claim names, the same factor at both ends, a length below 1. No way through is a
    result (all numbers 0), not an error.
    """
    if longest is not None and longest < 1:
        raise CannotAnalyse("The longest path has at least 1 link.")
    start, end = claims.factor(origin), claims.factor(target)
    if start == end:
        raise CannotAnalyse(f"“{origin}” is at both ends; a path needs two different factors.")
    bundles = bundles_of(claims) if bundles is None else bundles
    count = len(claims.factors)
    stated = np.flatnonzero(bundles.stated)
    kept = stated[
        on_a_walk(
            count,
            tail=bundles.cause[stated],
            head=bundles.effect[stated],
            origin=start,
            target=end,
            longest=longest,
        )
    ]
    shown = np.zeros(len(bundles), dtype=bool)
    shown[kept] = True
    tail, head = bundles.cause[kept], bundles.effect[kept]
    flows = [
        maximum_flow(count, tail=tail, head=head, capacity=capacity[kept], origin=start, target=end)
        for capacity in (bundles.citations, bundles.sources)
    ]
    return Trace(
        origin=claims.factors[start],
        target=claims.factors[end],
        longest=longest,
        shown=shown,
        flow_citations=flows[0],
        flow_sources=flows[1],
        whole_path=_sources_with_a_walk(claims, bundles, shown, start, end, longest),
        challenges=int(bundles.challenges[kept].sum()),
    )


def _sources_with_a_walk(
    claims: Claims, bundles: Bundles, shown: NDArray[np.bool_], start: int, end: int, longest: int | None
) -> Codes:
    """Codes of the sources whose own claims hold a walk of at most ``longest`` links.

    All sources are searched at once: the nodes are (source, factor) and no link joins two sources. A source's
    own walk is also a walk of everybody's claims, so only the links shown need to be searched.
    """
    usable = np.flatnonzero(claims.stated & shown[bundles.of_claim])
    count = len(claims.factors)
    base = claims.source[usable] * count
    tail, head = base + claims.cause[usable], base + claims.effect[usable]
    whole = len(claims.sources) * count
    if (
        whole > 4 * usable.size + 10_000
    ):  # many sources with few claims each: number only the nodes that occur
        nodes, place = np.unique(np.concatenate([tail, head]), return_inverse=True)
        tail, head = place[: usable.size], place[usable.size :]
    else:
        nodes = np.arange(whole)
    if not usable.size:
        return np.zeros(0, dtype=np.int64)
    begins = np.flatnonzero(nodes % count == start)
    steps = distances(len(nodes), tail=tail, head=head, start=begins)
    bound = UNREACHED - 1 if longest is None else longest
    ends = (nodes % count == end) & (steps <= bound)
    return np.asarray(nodes[ends] // count)
