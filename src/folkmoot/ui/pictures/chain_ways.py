"""The ways of a wide chain's links: where each arrow runs, where its shape sits and where its words stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from folkmoot.ui.pictures.chain_input import AssumptionEdge, Chain
from folkmoot.ui.pictures.chain_layout import Layers
from folkmoot.ui.pictures.chain_parts import arrow, plate_size
from folkmoot.ui.pictures.placing import spread
from folkmoot.ui.pictures.svg import element, number

Point = tuple[float, float]
Box = tuple[float, float, float, float]
BELOW = 15.0


@dataclass(frozen=True, slots=True)
class Way:
    """The arrow as finished SVG, the middle of its shape, the top middle of its words, and on which side they are."""

    edge: AssumptionEdge
    drawn: str
    shape: Point
    words: Point
    over: bool = False


def straight_ways(chain: Chain, boxes: Mapping[str, Box]) -> list[Way]:
    """All links on one line, their words under the row of boxes, where they have room."""
    ways = []
    for edge in chain.assumptions:
        ax, ay, aw, ah = boxes[edge.cause]
        bx, by, _, bh = boxes[edge.effect]
        start, end = (ax + aw, ay + ah / 2), (bx, by + bh / 2)
        middle = ((start[0] + end[0]) / 2 - 3, start[1])
        tick = element(
            "path", d=f"M{number(middle[0])} {number(middle[1])}V{number(ay + ah + 7)}", stroke="#b4c0c3"
        )
        line = arrow(f"M{number(start[0])} {number(start[1])}H{number(end[0] - 6)}", end, (1, 0), edge)
        ways.append(Way(edge, tick + line, middle, (middle[0], ay + ah + 8)))
    return ways


def curved_ways(
    chain: Chain,
    layers: Layers,
    boxes: Mapping[str, Box],
    bends: Mapping[str, Point],
    wide: float,
    low: float,
) -> list[Way]:
    """Links that branch and join: curves in the gaps, straight where they pass a layer."""
    outgoing = [edge.cause for edge in chain.assumptions]
    incoming = [edge.effect for edge in chain.assumptions]
    ways = []
    for edge in chain.assumptions:
        pair = (edge.cause, edge.effect)
        if edge.cause == edge.effect:
            continue
        if pair in layers.turned:
            ways.append(_back(edge, boxes, low))
            continue
        ax, ay, aw, ah = boxes[edge.cause]
        bx, by, _, bh = boxes[edge.effect]
        start, end = (ax + aw, ay + ah / 2), (bx, by + bh / 2)
        passed = [bends[key] for key in layers.paths[pair][1:-1]]
        path = f"M{number(start[0])} {number(start[1])}"
        at = start
        for x, y in passed:
            path += _curve(at, (x - wide / 2, y)) + f"H{number(x + wide / 2)}"
            at = (x + wide / 2, y)
        path += _curve(at, (end[0] - 6, end[1]))
        over = False
        if passed:
            shape = passed[len(passed) // 2]
            words_x = shape[0]
        else:
            # nearer to the end at which this link is alone
            many_out, many_in = outgoing.count(edge.cause) > 1, incoming.count(edge.effect) > 1
            share = 0.7 if many_out and not many_in else 0.3 if many_in and not many_out else 0.5
            shape = _on_curve(start, (end[0] - 6, end[1]), share)
            # in the middle of the gap, where the words touch neither box, and
            # on the side of the curve where it does not run through the words
            words_x = (start[0] + end[0]) / 2
            rises = end[1] - start[1]
            over = (rises < -12 and share >= 0.5) or (rises > 12 and share < 0.5)
        top = shape[1] - 13 - plate_size(edge)[1] if over else shape[1] + BELOW
        ways.append(Way(edge, arrow(path, end, (1, 0), edge), shape, (words_x, top), over))
    return _apart(ways)


def top_of(ways: list[Way]) -> float:
    """How far up the words reach."""
    return min((way.words[1] for way in ways), default=0.0)


def bottom_of(ways: list[Way]) -> float:
    """How far down the words reach."""
    return max((way.words[1] + plate_size(way.edge)[1] for way in ways), default=0.0)


def _curve(start: Point, end: Point) -> str:
    half = (start[0] + end[0]) / 2
    n = number
    return f"C{n(half)} {n(start[1])} {n(half)} {n(end[1])} {n(end[0])} {n(end[1])}"


def _on_curve(start: Point, end: Point, share: float) -> Point:
    # the cubic of _curve at parameter ``share``
    half, rest = (start[0] + end[0]) / 2, 1 - share
    x = rest**3 * start[0] + 3 * rest * share * half + share**3 * end[0]
    y = (rest**3 + 3 * rest**2 * share) * start[1] + (3 * rest * share**2 + share**3) * end[1]
    return (x, y)


def _apart(ways: list[Way]) -> list[Way]:
    """The same ways with words that would touch moved apart; each stays under its own shape."""
    moved: dict[str, Way] = {}
    ordered = sorted(ways, key=lambda way: way.shape[0])
    runs: list[list[Way]] = []
    for way in ordered:
        if runs and way.shape[0] - runs[-1][-1].shape[0] < 96:
            runs[-1].append(way)
        else:
            runs.append([way])
    for run in runs:
        run.sort(key=lambda way: way.shape[1])
        sizes = [plate_size(way.edge)[1] for way in run]
        wanted = [way.words[1] + size / 2 for way, size in zip(run, sizes, strict=True)]
        order = sorted(range(len(run)), key=lambda i: wanted[i])
        placed = spread([wanted[i] for i in order], [sizes[i] for i in order], low=-1e6, high=1e6, gap=30)
        for index, centre in zip(order, placed, strict=True):
            way, top = run[index], centre - sizes[index] / 2
            # away from its own shape, never over it
            top = min(top, way.words[1]) if way.over else max(top, way.words[1])
            moved[way.edge.key] = Way(way.edge, way.drawn, way.shape, (way.words[0], top), way.over)
    return [moved[way.edge.key] for way in ways]


def _back(edge: AssumptionEdge, boxes: Mapping[str, Box], low: float) -> Way:
    ax, ay, aw, ah = boxes[edge.cause]
    bx, by, bw, bh = boxes[edge.effect]
    start, end = (ax + aw * 0.7, ay + ah), (bx + bw * 0.3, by + bh)
    n = number
    corner = 18
    path = (
        f"M{n(start[0])} {n(start[1])}V{n(low - corner)}Q{n(start[0])} {n(low)} {n(start[0] - corner)} {n(low)}"
        f"H{n(end[0] + corner)}Q{n(end[0])} {n(low)} {n(end[0])} {n(low - corner)}V{n(end[1] + 6)}"
    )
    middle = ((start[0] + end[0]) / 2, low)
    return Way(edge, arrow(path, end, (0, -1), edge), middle, (middle[0], low + BELOW))
