"""The pieces of a chain's drawing: a factor's box, a link's plate, an arrow's head, a warning."""

from __future__ import annotations

from folkmoot.ui.pictures import marks
from folkmoot.ui.pictures.chain_input import (
    AssumptionEdge,
    Backfire,
    Chain,
    FactorNode,
    said_factor,
    said_link,
)
from folkmoot.ui.pictures.lettering import width_of, wrap
from folkmoot.ui.pictures.svg import INK, MUTED, WHITE, element, lines, link, number, text

TEXT, LEADING = 13.5, 17.5
SMALL = 12.0
TEAL, GOLD, HARM = "#0e4a50", "#ffe39a", "#a8244b"
FILLS = {"activity": ("#e3eeec", TEAL), "objective": (TEAL, TEAL)}


def box_lines(factor: FactorNode, width: float, *, most: int = 7) -> list[str]:
    """A factor's text in the lines of a box of ``width``."""
    return wrap(factor.text, width - 20, size=TEXT, most=most)


def box_height(factor: FactorNode, width: float) -> float:
    """What a box needs for its text, and for its role where it has one."""
    return len(box_lines(factor, width)) * LEADING + 20 + (15 if factor.role else 0)


def box(factor: FactorNode, *, x: float, y: float, width: float, height: float) -> str:
    """The box of a factor, its top left at (x, y); where the chain begins and ends are darker and say so."""
    fill, edge = FILLS.get(factor.role, (WHITE, "#7d9094"))
    ink = WHITE if factor.role == "objective" else INK
    wrapped = box_lines(factor, width)
    block = len(wrapped) * LEADING + (15 if factor.role else 0)
    first = y + (height - block) / 2 + 13
    parts = [
        element("rect", x=x, y=y, width=width, height=height, rx=4, fill=fill, stroke=edge, stroke_width=1.5),
        # apart from the box, so that the yellow of focus never lies under white letters
        element("rect", x=x - 4, y=y - 4, width=width + 8, height=height + 8, rx=6, fill="none", stroke=edge,
                stroke_opacity=0, stroke_width=3, class_="fm-mark-ring"),
    ]  # fmt: skip
    if factor.role:
        parts.append(
            text(x + 10, first - 1, factor.role.capitalize(), font_size=11.5, font_weight=700, fill=ink)
        )
        first += 15
    # a page's style gives the names of marks the colour of links: on the dark box they stay light
    name = "fm-mark-text fm-mark-text--light" if ink == WHITE else "fm-mark-text"
    parts.append(lines(x + 10, first, wrapped, leading=LEADING, font_size=TEXT, fill=ink, class_=name))
    return link(factor.url, *parts, label=said_factor(factor))


def plate_lines(edge: AssumptionEdge) -> list[tuple[str, bool]]:
    """What stands at a link: its code, standing and both counts; True marks the bold ones."""
    spoken = marks.spoken(edge.word, edge.leaning)
    if len(spoken) <= 13:
        found = [(spoken, True)]
    else:
        found = [(f"{edge.word},", True), (edge.leaning or "", True)]
    found.append((marks.counted(edge.for_count, edge.against_count), False))
    return [(edge.code, False), *found] if edge.code else found


def plate_size(edge: AssumptionEdge) -> tuple[float, float]:
    """Width and height of a link's words."""
    rows = plate_lines(edge)
    widest = max(width_of(words, size=SMALL, bold=bold) for words, bold in rows)
    weakest = width_of("weakest link", size=11, bold=True) + 14 if edge.weakest else 0
    return max(widest, weakest) + 12, len(rows) * 15 + 8 + (19 if edge.weakest else 0)


def plate(edge: AssumptionEdge, *, x: float, y: float, anchor: str) -> str:
    """The words of a link; (x, y) is the top of the block, at its middle or its left by ``anchor``."""
    parts = []
    at = y + 4
    if edge.weakest:
        width = width_of("weakest link", size=11, bold=True) + 14
        left = x - width / 2 if anchor == "middle" else x
        parts.append(element("rect", x=left, y=at - 1, width=width, height=17, rx=8.5, fill=INK))
        parts.append(
            text(left + width / 2, at + 11.5, "weakest link", text_anchor="middle", font_size=11,
                 font_weight=700, fill=WHITE)
        )  # fmt: skip
        at += 19
    for words, bold in plate_lines(edge):
        at += 15
        parts.append(
            text(x, at - 3, words, text_anchor=anchor, font_size=SMALL, font_weight=700 if bold else None,
                 fill=INK if bold else MUTED, class_="fm-mark-text" if bold else None)
        )  # fmt: skip
    return "".join(parts)


def plate_link(
    edge: AssumptionEdge,
    chain: Chain,
    *,
    shape_at: tuple[float, float],
    words_at: tuple[float, float],
    anchor: str,
    more: str = "",
) -> str:
    """A link's shape on its arrow and its words, both one address; ``more`` belongs to it as well."""
    width, height = plate_size(edge)
    x, y = words_at
    colour = GOLD if edge.weakest else WHITE
    ground = element(
        "rect", x=x - width / 2 if anchor == "middle" else x - 6, y=y - 2, width=width, height=height, rx=3,
        fill=colour, pointer_events="all", class_="fm-mark-box",
    )  # fmt: skip
    return link(
        edge.url,
        ground,
        element("circle", cx=shape_at[0], cy=shape_at[1], r=13, fill=colour),
        marks.shape(edge.word, edge.leaning, x=shape_at[0], y=shape_at[1], r=9.5),
        plate(edge, x=x, y=y, anchor=anchor),
        more,
        label=said_link(edge, chain),
    )


def arrow(path: str, tip: tuple[float, float], direction: tuple[float, float], edge: AssumptionEdge) -> str:
    """A link's line with its head; dotted where nothing was tested: there is no ground under it yet."""
    look = marks.look_of(edge.word)
    line = element(
        "path", d=path, fill="none", stroke=look.colour, stroke_width=2.2,
        stroke_dasharray="3 3" if look.head == marks.UNTESTED else None,
    )  # fmt: skip
    return line + head(tip, direction, look.colour)


def head(tip: tuple[float, float], direction: tuple[float, float], colour: str, *, size: float = 8) -> str:
    """The head of an arrow at ``tip``; ``direction`` is a unit vector."""
    (x, y), (dx, dy) = tip, direction
    back = (x - dx * size, y - dy * size)
    side = (-dy * size * 0.55, dx * size * 0.55)
    points = [(x, y), (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])]
    return element("path", d="M" + "L".join(f"{number(a)} {number(b)}" for a, b in points) + "Z", fill=colour)


def warning_size(backfire: Backfire, width: float) -> float:
    """The height of a warning's box."""
    return len(_warning_lines(backfire, width)) * 15.5 + 34


def warning(backfire: Backfire, *, x: float, y: float, width: float) -> str:
    """A way to do harm: a box with a triangle, so that it is not told by colour alone."""
    wrapped = _warning_lines(backfire, width)
    height = warning_size(backfire, width)
    n = number
    triangle = f"M{n(x + 17)} {n(y + 8)}L{n(x + 25)} {n(y + 22)}H{n(x + 9)}Z"
    parts = [
        element("rect", x=x, y=y, width=width, height=height, rx=4, fill="#fdf3f5", stroke=HARM, stroke_width=1.5,
                class_="fm-mark-box"),
        element("path", d=triangle, fill=HARM),
        text(x + 17, y + 20.5, "!", text_anchor="middle", font_size=11, font_weight=700, fill=WHITE),
        text(x + 31, y + 20, "May backfire", font_size=SMALL, font_weight=700, fill=HARM),
        lines(x + 10, y + 38, wrapped, leading=15.5, font_size=SMALL, fill=INK, class_="fm-mark-text"),
    ]  # fmt: skip
    return link(backfire.url, *parts, label=f"May backfire: {backfire.text}")


def _warning_lines(backfire: Backfire, width: float) -> list[str]:
    return wrap(backfire.text, width - 20, size=SMALL, most=6)
