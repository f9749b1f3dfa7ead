"""Outlines thinned for a map: neighbours keep their common border, since it is thinned once for both.

Rings are cut into arcs where neighbours change; each arc is thinned by Douglas and Peucker's rule
(1973) in one direction, whichever side it is met from. What does not belong here: drawing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

Point = tuple[int, int]
SCALE = 10_000  # steps of a degree: about 11 m north–south
TOLERANCE = 4.0  # steps: about 40 m, under a pixel where a county fills the screen


def thinned(outlines: Mapping[int, Mapping[str, Any]]) -> dict[int, list[list[list[int]]]]:
    """Per place its polygons' rings as whole numbers of steps: x, y, then the differences, flat.

    The first ring of each polygon is its outside. A ring that would vanish is left out, unless the
    place would vanish with it: then a small triangle stays.
    """
    rings: list[tuple[int, int, int, list[Point]]] = []
    for place, geometry in outlines.items():
        for number, polygon in enumerate(geometry["coordinates"]):
            for which, ring in enumerate(polygon):
                points = _stepped(ring)
                if len(points) >= 3:
                    rings.append((place, number, which, points))
    corners = _corners([points for *_, points in rings])
    kept: dict[tuple[Point, ...], tuple[Point, ...]] = {}
    found: dict[int, dict[int, list[list[int]]]] = defaultdict(lambda: defaultdict(list))
    largest: dict[int, list[Point]] = {}
    for place, number, which, points in rings:
        thin = _ring(points, corners, kept)
        if len(points) > len(largest.get(place, ())):
            largest[place] = points
        if len(thin) >= 3 and (which == 0 or found[place][number]):
            found[place][number].append(_differences(thin))
    return {
        place: [polygon for polygon in found[place].values() if polygon]
        or [[_differences(_three(largest[place]))]]
        for place in outlines
        if place in largest
    }


def _stepped(ring: Sequence[Sequence[float]]) -> list[Point]:
    """Whole steps, without repeats and without the closing point."""
    points: list[Point] = []
    for x, y in ring:
        point = (round(x * SCALE), round(y * SCALE))
        if not points or point != points[-1]:
            points.append(point)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return points


def _corners(rings: Sequence[Sequence[Point]]) -> set[Point]:
    """Points at which the neighbourhood changes: not everybody who passes has the same two neighbours there."""
    beside: dict[Point, frozenset[Point]] = {}
    corners: set[Point] = set()
    for ring in rings:
        for place, point in enumerate(ring):
            pair = frozenset((ring[place - 1], ring[(place + 1) % len(ring)]))
            if beside.setdefault(point, pair) != pair:
                corners.add(point)
    return corners


def _ring(
    points: list[Point], corners: set[Point], kept: dict[tuple[Point, ...], tuple[Point, ...]]
) -> list[Point]:
    cuts = [place for place, point in enumerate(points) if point in corners]
    if not cuts:
        # an island: cut at its least point and at the one farthest from it, alike for whoever shares it
        start = min(range(len(points)), key=points.__getitem__)
        x, y = points[start]
        far = max(
            range(len(points)), key=lambda n: ((points[n][0] - x) ** 2 + (points[n][1] - y) ** 2, points[n])
        )
        cuts = sorted({start, far})
    if len(cuts) == 1:
        x, y = points[cuts[0]]
        far = max(
            range(len(points)), key=lambda n: ((points[n][0] - x) ** 2 + (points[n][1] - y) ** 2, points[n])
        )
        cuts = sorted({cuts[0], far})
    around = points[cuts[0] :] + points[: cuts[0] + 1]
    stops = [cut - cuts[0] for cut in cuts] + [len(points)]
    found: list[Point] = []
    for begin, end in pairwise(stops):
        found += _arc(tuple(around[begin : end + 1]), kept)[:-1]
    return found


def _arc(arc: tuple[Point, ...], kept: dict[tuple[Point, ...], tuple[Point, ...]]) -> tuple[Point, ...]:
    turned = arc[::-1]
    forward = arc <= turned
    key = arc if forward else turned
    thin = kept.get(key)
    if thin is None:
        thin = kept[key] = _douglas_peucker(key)
    return thin if forward else thin[::-1]


def _douglas_peucker(line: tuple[Point, ...]) -> tuple[Point, ...]:
    """The line's ends, and each point that lies farther than the tolerance from what is kept."""
    if len(line) < 3:
        return line
    keep = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        begin, end = spans.pop()
        (ax, ay), (bx, by) = line[begin], line[end]
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        worst, at = TOLERANCE * TOLERANCE, 0
        for place in range(begin + 1, end):
            px, py = line[place][0] - ax, line[place][1] - ay
            along = min(max((px * dx + py * dy) / length, 0.0), 1.0) if length else 0.0
            off = (px - along * dx) ** 2 + (py - along * dy) ** 2
            if off > worst:
                worst, at = off, place
        if at:
            keep.add(at)
            spans += [(begin, at), (at, end)]
    return tuple(line[place] for place in sorted(keep))


def _three(points: list[Point]) -> list[Point]:
    return [points[0], points[len(points) // 3], points[2 * len(points) // 3]]


def _differences(points: Sequence[Point]) -> list[int]:
    flat: list[int] = []
    before = (0, 0)
    for x, y in points:
        flat += [x - before[0], y - before[1]]
        before = (x, y)
    return flat
