"""A chain from left to right: links on the way, spans above it, ways to backfire below."""

from __future__ import annotations

from folkmoot.ui.pictures.chain_input import Backfire, Chain, Span, kind_of, said_span
from folkmoot.ui.pictures.chain_layout import Layers, across, layers_of
from folkmoot.ui.pictures.chain_parts import (
    HARM,
    SMALL,
    box,
    box_height,
    head,
    plate_link,
    warning,
    warning_size,
)
from folkmoot.ui.pictures.chain_ways import Box, Point, Way, bottom_of, curved_ways, straight_ways, top_of
from folkmoot.ui.pictures.lettering import shorten, width_of
from folkmoot.ui.pictures.placing import spread
from folkmoot.ui.pictures.svg import INK, MUTED, WHITE, drawing, element, link, number, text

WIDTH, MARGIN = 1160.0, 6.0


def draw_wide(chain: Chain, label: str) -> str:
    """The finished drawing. More layers than the width holds make it wider; it is then shown smaller."""
    layers = layers_of([f.key for f in chain.factors], [(e.cause, e.effect) for e in chain.assumptions])
    gap, wide = _measures(layers)
    levels = _span_levels(chain, layers)
    above = 26.0 + 34 * (max(levels) + 1) if levels else 12.0
    boxes, ways = _laid_out(chain, layers, gap, wide, above)
    if (need := above - 10 - top_of(ways)) > 0 and not layers.straight:
        # words over the topmost links push everything down, so that spans stay above them
        boxes, ways = _laid_out(chain, layers, gap, wide, above + need)
    low = max((y + h for _, y, _, h in boxes.values()), default=above)
    low = max(low, bottom_of(ways))
    width = max(WIDTH, 2 * MARGIN + len(layers.ranks) * (wide + gap) - gap)
    warnings, height = _warnings(chain, boxes, low, width)
    spans = "".join(
        _span(s, chain, boxes, level, above) for s, level in zip(chain.spans, levels, strict=True)
    )
    lines = element("g", "".join(way.drawn for way in ways), aria_hidden="true")
    factors = {f.key: f for f in chain.factors}
    parts = []
    # in the order in which the chain is read, so that the keyboard walks it from cause to effect
    for key in (key for rank in layers.ranks for key in rank if key in factors):
        x, y, w, h = boxes[key]
        parts.append(box(factors[key], x=x, y=y, width=w, height=h))
        parts += [
            plate_link(way.edge, chain, shape_at=way.shape, words_at=way.words, anchor="middle")
            for way in ways
            if way.edge.cause == key
        ]
    return drawing(width, height, lines, spans, *parts, warnings, label=label, class_="fm-chain")


def _laid_out(
    chain: Chain, layers: Layers, gap: float, wide: float, above: float
) -> tuple[dict[str, Box], list[Way]]:
    boxes, bends = _boxes(chain, layers, gap, wide, above)
    if layers.straight:
        return boxes, straight_ways(chain, boxes)
    low = max((y + h for _, y, _, h in boxes.values()), default=above)
    lowest_bend = max((y + 60 for _, y in bends.values()), default=0.0)
    return boxes, curved_ways(chain, layers, boxes, bends, wide, max(low, lowest_bend) + 24)


def _measures(layers: Layers) -> tuple[float, float]:
    """The gap between layers and the width of a box."""
    count = max(1, len(layers.ranks))
    if layers.straight:
        gap = 56.0 if count <= 6 else 46.0
        return gap, min(210.0, max(100.0, (WIDTH - 2 * MARGIN - (count - 1) * gap) / count))
    gap = 118.0
    return gap, min(200.0, max(126.0, (WIDTH - 2 * MARGIN - (count - 1) * gap) / count))


def _boxes(
    chain: Chain, layers: Layers, gap: float, wide: float, above: float
) -> tuple[dict[str, Box], dict[str, Point]]:
    heights = {f.key: box_height(f, wide) for f in chain.factors}
    if layers.straight:
        # boxes of one height make the links one straight line
        heights = dict.fromkeys(heights, max(heights.values(), default=0.0))
    # a bend keeps room below its line for the words of its link
    sizes = {key: heights.get(key, 104.0) for rank in layers.ranks for key in rank}
    places = across(layers, sizes, gap=46)
    used = len(layers.ranks) * (wide + gap) - gap
    left = max(MARGIN, (WIDTH - used) / 2)
    boxes: dict[str, Box] = {}
    bends: dict[str, Point] = {}
    for level, rank in enumerate(layers.ranks):
        x = left + level * (wide + gap)
        for key in rank:
            if key in heights:
                boxes[key] = (x, above + places[key] - sizes[key] / 2, wide, heights[key])
            else:
                bends[key] = (x + wide / 2, above + places[key] - 34)
    return boxes, bends


def _span_levels(chain: Chain, layers: Layers) -> list[int]:
    """Shorter spans lie under longer ones; two that overlap never share a level."""
    level_of = {key: level for level, rank in enumerate(layers.ranks) for key in rank}
    ends = [sorted((level_of[s.start], level_of[s.end])) for s in chain.spans]
    levels = [0] * len(ends)
    taken: list[list[list[int]]] = []
    for index in sorted(range(len(ends)), key=lambda i: ends[i][1] - ends[i][0]):
        low, high = ends[index]
        level = next(
            (n for n, held in enumerate(taken) if all(high < a or low > b for a, b in held)), len(taken)
        )
        if level == len(taken):
            taken.append([])
        taken[level].append([low, high])
        levels[index] = level
    return levels


def _span(span: Span, chain: Chain, boxes: dict[str, Box], level: int, above: float) -> str:
    ax, ay, aw, _ = boxes[span.start]
    bx, by, bw, _ = boxes[span.end]
    # spans that meet at one factor leave and enter it at different points
    start, end = ax + aw * (0.62 + 0.08 * level), bx + bw * (0.38 - 0.08 * level)
    top = above - 22 - 34 * level
    n = number
    path = (
        f"M{n(start)} {n(ay - 2)}C{n(start)} {n(top)} {n(start)} {n(top)} {n(start + 26)} {n(top)}"
        f"H{n(end - 26)}C{n(end)} {n(top)} {n(end)} {n(top)} {n(end)} {n(by - 8)}"
    )
    if end < start + 52:
        path = f"M{n(start)} {n(ay - 2)}C{n(start)} {n(top)} {n(end)} {n(top)} {n(end)} {n(by - 8)}"
    words = shorten(f"{kind_of(span)}: {span.text}", max(220.0, end - start - 40), size=SMALL)
    wide = width_of(words, size=SMALL)
    middle = (start + end) / 2
    slash = ""
    if span.without_mechanism:
        at = middle - wide / 2 - 18
        slash = element(
            "path",
            d=f"M{n(at - 4)} {n(top + 6)}l5 -12M{n(at + 2)} {n(top + 6)}l5 -12",
            stroke=INK,
            stroke_width=1.6,
        )
    return link(
        span.url,
        element("path", d=path, fill="none", stroke=MUTED, stroke_width=1.4, stroke_dasharray="6 4"),
        head((end, by - 1), (0, 1), MUTED, size=7),
        slash,
        element("rect", x=middle - wide / 2 - 6, y=top - 9, width=wide + 12, height=18, rx=2, fill=WHITE,
                class_="fm-mark-box"),
        text(middle, top + 4, words, text_anchor="middle", font_size=SMALL, fill=INK, class_="fm-mark-text"),
        label=said_span(span, chain),
    )  # fmt: skip


def _warnings(chain: Chain, boxes: dict[str, Box], low: float, width: float) -> tuple[str, float]:
    if not chain.backfires:
        return "", low + 10
    per_row = int((width - 2 * MARGIN) // 196)
    ordered = sorted(chain.backfires, key=lambda b: boxes[b.at][0])
    parts, y = [], low + 30
    for begin in range(0, len(ordered), per_row):
        row = ordered[begin : begin + per_row]
        wide = min(240.0, (width - 2 * MARGIN - 14 * (len(row) - 1)) / len(row))
        centres = spread(
            [boxes[b.at][0] + boxes[b.at][2] / 2 for b in row],
            [wide] * len(row),
            low=MARGIN,
            high=width - MARGIN,
            gap=14,
        )
        for backfire, centre in zip(row, centres, strict=True):
            parts.append(_route(backfire, boxes[backfire.at], centre, y))
            parts.append(warning(backfire, x=centre - wide / 2, y=y, width=wide))
        y += max(warning_size(b, wide) for b in row) + 26
    return "".join(parts), y - 16


def _route(backfire: Backfire, at: Box, centre: float, y: float) -> str:
    x, top = at[0] + at[2] / 2, at[1] + at[3]
    path = f"M{number(x)} {number(top)}V{number(y - 16)}"
    if abs(centre - x) > 1:
        path += f"H{number(centre)}"
    path += f"V{number(y - 7)}"
    line = element("path", d=path, fill="none", stroke=HARM, stroke_width=1.6, stroke_dasharray="1 3.5",
                   stroke_linecap="round")  # fmt: skip
    return line + head((centre, y - 1), (0, 1), HARM, size=7)
