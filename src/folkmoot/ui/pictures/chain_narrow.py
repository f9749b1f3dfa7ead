"""A chain from top to bottom, for a phone: the words of a link beside its arrow, spans along the left."""

from __future__ import annotations

from folkmoot.ui.pictures.chain_input import AssumptionEdge, Chain, kind_of, said_span
from folkmoot.ui.pictures.chain_layout import layers_of
from folkmoot.ui.pictures.chain_parts import (
    HARM,
    SMALL,
    arrow,
    box,
    box_height,
    head,
    plate_link,
    plate_size,
    warning,
    warning_size,
)
from folkmoot.ui.pictures.lettering import wrap
from folkmoot.ui.pictures.svg import INK, MUTED, WHITE, drawing, element, lines, link, number, text

WIDTH, RIGHT = 360.0, 6.0
LANE = 20.0
INDENT = 46.0


def draw_narrow(chain: Chain, label: str) -> str:
    """The finished drawing.

    Where two factors share a layer they stand under one another, and a link that does not lead to the
    next box names the one it leads to: on a phone a list reads better than crossing lines.
    """
    layers = layers_of([f.key for f in chain.factors], [(e.cause, e.effect) for e in chain.assumptions])
    factors = {f.key: f for f in chain.factors}
    order = [key for rank in layers.ranks for key in rank if key in factors]
    left = 6.0 + LANE * len(chain.spans)
    wide = WIDTH - RIGHT - left
    parts: list[str] = []
    middles: dict[str, float] = {}
    y = 6.0
    for key, following in zip(order, [*order[1:], None], strict=True):
        height = box_height(factors[key], wide)
        parts.append(box(factors[key], x=left, y=y, width=wide, height=height))
        middles[key] = y + height / 2
        y += height
        # the arrow begins at the box and runs down beside the warnings
        begin = y
        for backfire in (b for b in chain.backfires if b.at == key):
            size = warning_size(backfire, wide - INDENT)
            parts.append(_route(left, begin, y + 12 + size / 2))
            parts.append(warning(backfire, x=left + INDENT, y=y + 12, width=wide - INDENT))
            y += size + 14
        links = [e for e in chain.assumptions if e.cause == key]
        # the link to the next box comes last, so that its arrow reaches it
        for edge in sorted(links, key=lambda e: e.effect == following):
            drawn, height = _link(edge, chain, left, begin, y, to_next=edge.effect == following)
            parts.append(drawn)
            y += height
            begin = y
        if following and not any(e.effect == following for e in links):
            y += 16
    arcs, y = _spans(chain, middles, left, y + 8)
    return drawing(WIDTH, y, arcs, *parts, label=label, class_="fm-chain-narrow")


def _link(
    edge: AssumptionEdge, chain: Chain, left: float, begin: float, y: float, *, to_next: bool
) -> tuple[str, float]:
    _, size = plate_size(edge)
    height = max(size + 12, 54)
    x = left + 22
    end = y + height
    way = arrow(f"M{number(x)} {number(begin)}V{number(end - 6)}", (x, end), (0, 1), edge)
    more = ""
    if not to_next:
        target = wrap(f"leads to: {chain.text_of(edge.effect)}", WIDTH - RIGHT - x - 8, size=SMALL, most=2)
        more = lines(x - 8, end + 16, target, leading=15, font_size=SMALL, fill=INK)
        height += 15 * len(target) + 14
    shown = plate_link(
        edge,
        chain,
        shape_at=(x, (y + end) / 2 - 3),
        words_at=(x + 24, y + (end - y - size) / 2),
        anchor="start",
        more=more,
    )
    return way + shown, height


def _route(left: float, y: float, to: float) -> str:
    x = left + 22
    line = element("path", d=f"M{number(x)} {number(y)}V{number(to)}H{number(left + INDENT - 7)}", fill="none",
                   stroke=HARM, stroke_width=1.6, stroke_dasharray="1 3.5", stroke_linecap="round")  # fmt: skip
    return line + head((left + INDENT - 1, to), (1, 0), HARM, size=7)


def _spans(chain: Chain, middles: dict[str, float], left: float, y: float) -> tuple[str, float]:
    """Dashed arcs with a letter, and under the chain what each letter stands for."""
    parts: list[str] = []
    for index, span in enumerate(chain.spans):
        letter = chr(ord("A") + index % 26)
        x = left - 10 - LANE * index
        start, end = sorted((middles[span.start], middles[span.end]))
        # arcs that meet at one box touch it at different heights
        shift = 7 * index - 3.5 * (len(chain.spans) - 1)
        start, end = start + 6 + shift / 2, end - 4 + shift / 2
        n = number
        path = f"M{n(left)} {n(start)}H{n(x + 8)}Q{n(x)} {n(start)} {n(x)} {n(start + 8)}V{n(end - 8)}Q{n(x)} {n(end)} {n(x + 8)} {n(end)}H{n(left - 6)}"
        middle = (start + end) / 2
        parts += [
            element("path", d=path, fill="none", stroke=MUTED, stroke_width=1.4, stroke_dasharray="6 4"),
            head((left - 1, end), (1, 0), MUTED, size=7),
            element("circle", cx=x, cy=middle, r=9, fill=WHITE, stroke=MUTED),
            text(x, middle + 4, letter, text_anchor="middle", font_size=11.5, font_weight=700),
        ]
        wrapped = wrap(f"{kind_of(span)}: {span.text}", WIDTH - 46, size=13, most=4)
        height = len(wrapped) * 17.0
        parts.append(
            link(
                span.url,
                element("rect", x=2, y=y - 2, width=WIDTH - 4, height=height + 8, rx=2, fill="none",
                        pointer_events="all", class_="fm-mark-box"),
                element("circle", cx=16, cy=y + 10, r=9, fill=WHITE, stroke=MUTED),
                text(16, y + 14, letter, text_anchor="middle", font_size=11.5, font_weight=700),
                lines(34, y + 14, wrapped, leading=17, font_size=13, class_="fm-mark-text"),
                label=said_span(span, chain),
            )
        )  # fmt: skip
        y += height + 12
    return "".join(parts), y
