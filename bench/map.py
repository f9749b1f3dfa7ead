"""The three numbers of a pair of factors: ours beside networkx with the same definitions, in the same run.

Run as ``python bench/map.py``: 100,000 claims and 300 factors, then ten times the claims. Each size runs in a
process of its own, so that peaks are its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np

SIZES = ((100_000, 300, 2_000), (1_000_000, 300, 20_000))
LONGEST = 4
LIMIT = 0.25


def columns(claims: int, factors: int, sources: int) -> tuple[list[str], list[str], list[str]]:
    """Claims among a few common factors and many rare ones."""
    rng = np.random.default_rng(11)
    rank = np.arange(1, factors + 1) ** -0.6
    share = rank / rank.sum()
    source = [f"interview {code}" for code in rng.integers(0, sources, claims).tolist()]
    cause = [f"factor {code}" for code in rng.choice(factors, claims, p=share).tolist()]
    effect = [f"factor {code}" for code in rng.choice(factors, claims, p=share).tolist()]
    return source, cause, effect


def ours(source: list[str], cause: list[str], effect: list[str]) -> tuple[int, int, int, int]:
    from folkmoot.core.causal.claims import claims_from_columns
    from folkmoot.core.causal.tracing import trace

    claims = claims_from_columns(source, causes=cause, effects=effect)
    found = trace(claims, origin="factor 100", target="factor 200", longest=LONGEST)
    return found.links_shown, found.flow_citations, found.flow_sources, found.sources_with_whole_path


def with_networkx(source: list[str], cause: list[str], effect: list[str]) -> tuple[int, int, int, int]:
    import networkx as nx

    origin, target = "factor 100", "factor 200"

    def shown(links: set[tuple[str, str]]) -> list[tuple[str, str]]:
        graph = nx.DiGraph(links)
        if origin not in graph or target not in graph:
            return []
        to = nx.single_source_shortest_path_length(graph, origin)
        back = nx.single_source_shortest_path_length(graph.reverse(copy=False), target)
        return [(u, v) for u, v in links if u in to and v in back and to[u] + 1 + back[v] <= LONGEST]

    citations: dict[tuple[str, str], int] = {}
    holders: dict[tuple[str, str], set[str]] = {}
    own: dict[str, set[tuple[str, str]]] = {}
    for who, u, v in zip(source, cause, effect, strict=True):
        citations[u, v] = citations.get((u, v), 0) + 1
        holders.setdefault((u, v), set()).add(who)
        own.setdefault(who, set()).add((u, v))
    links = shown(set(citations))
    flows = []
    for size in (citations.__getitem__, lambda link: len(holders[link])):
        graph = nx.DiGraph()
        graph.add_weighted_edges_from([(u, v, size((u, v))) for u, v in links], weight="capacity")
        flows.append(nx.maximum_flow_value(graph, origin, target))
    return len(links), flows[0], flows[1], sum(bool(shown(part)) for part in own.values())


def measured(claims: int, factors: int, sources: int, peer: bool) -> dict[str, object]:
    data = columns(claims, factors, sources)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run = with_networkx if peer else ours
    if not peer:
        ours(*([*column[:100], "factor 100", "factor 200"] for column in data))  # imports are no part of it
    else:
        import networkx  # noqa: F401
    began = time.perf_counter()
    numbers = run(*data)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "numbers": numbers, "peak_mb": peak / 1024, "before_mb": before / 1024}


def main() -> int:
    """Print a line for each size; exit 1 where the first takes longer than the limit or the numbers differ."""
    wrong = False
    for size in SIZES:
        found = []
        for peer in ("", "peer"):
            words = [sys.executable, __file__, *map(str, size), *([peer] if peer else [])]
            found.append(json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout))
        mine, theirs = found
        print(
            f"map, {size[0]:,} claims, {size[1]} factors, {size[2]:,} sources: {mine['seconds']:.3f} s"
            f" (peak {mine['peak_mb']:.0f} MB, {mine['before_mb']:.0f} before);"
            f" networkx {theirs['seconds']:.2f} s (peak {theirs['peak_mb']:.0f} MB);"
            f" ratio {theirs['seconds'] / mine['seconds']:.1f}; numbers {mine['numbers']}"
        )
        wrong |= mine["numbers"] != theirs["numbers"]
        wrong |= size == SIZES[0] and mine["seconds"] > LIMIT
    print(f"limit for the first: {LIMIT:g} s and the same numbers" + (", missed" if wrong else ", kept"))
    return int(wrong)


if __name__ == "__main__":
    if len(sys.argv) > 3:
        print(json.dumps(measured(*map(int, sys.argv[1:4]), peer=len(sys.argv) == 5)))
    else:
        raise SystemExit(main())
