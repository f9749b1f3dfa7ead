"""Shares with what is known of them: for each row an interval, its bounds, a point, and a mark to compare with.

Pure: no Django, no arithmetic about people. A share is a number from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from folkmoot.ui.pictures.lettering import wrap
from folkmoot.ui.pictures.picture import Cell, Picture, Table
from folkmoot.ui.pictures.svg import (
    INK,
    LINE,
    LINK,
    MUTED,
    WHITE,
    drawing,
    element,
    lines,
    link,
    number,
    text,
)

Ends = tuple[float, float]
REACHED, HERE = "#0b5c75", "#9a4a00"
HEAD, FOOT, ROW = 34.0, 8.0, 46.0
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Interval:
    """One row. ``ends`` is the interval, ``bounds`` what holds whatever is unknown, ``point`` the share itself
    where one is known; ``here`` is the share to compare with, from its lowest to its highest. Without ``ends``
    the row says ``words`` instead."""

    label: str
    ends: Ends | None
    bounds: Ends | None
    point: float | None
    here: Ends | None
    words: str = ""
    url: str = ""

    @property
    def said(self) -> str:
        """The row in words, for those who hear the picture."""
        parts = [self.label]
        if self.ends is None:
            parts.append(self.words)
        else:
            parts.append(f"reached {percent_range(self.ends)}")
        if self.here is not None:
            parts.append(f"living here {percent_range(self.here)}")
        return ", ".join(part for part in parts if part)


def percent(share: float) -> str:
    """A share as people read it: no more figures than are known. “under 1%” is never “0%”."""
    if 0 < share < 0.01:
        return "under 1%"
    if 0.99 < share < 1:
        return "over 99%"
    return f"{share * 100:.0f}%"


def percent_range(ends: Ends) -> str:
    """Both ends, or one where they read the same."""
    low, high = percent(ends[0]), percent(ends[1])
    return low if low == high else f"{low} to {high}"


def draw(
    rows: Sequence[Interval],
    *,
    title: str,
    caption: str,
    table: Table,
    reached: str = "Share of the people reached",
    here: str = "Share of the people living here",
    notes: Sequence[str] = (),
) -> Picture:
    """The picture twice, for a desk and for a phone. Rows stay in the order in which they come."""
    return Picture(
        title=title,
        wide=_drawing(rows, width=1160, names=300, title=title, keys=(reached, here)),
        narrow=_drawing(rows, width=358, names=0, title=title, keys=(reached, here)),
        caption=caption,
        table=table,
        notes=tuple(notes),
    )


def _drawing(
    rows: Sequence[Interval], *, width: float, names: float, title: str, keys: tuple[str, str]
) -> str:
    left, right = names + 8, width - 26
    above = 0.0 if names else 20.0  # on a phone the name stands over its row
    height = ROW + above
    top = HEAD + (24 if names else 44)
    low = top + height * len(rows)

    def place(share: float) -> float:
        return left + (right - left) * min(max(share, 0.0), 1.0)

    parts = [_key(keys, stacked=not names), _grid(place, top - 8, low)]
    for index, row in enumerate(rows):
        parts.append(_row(row, top + index * height, height, above, names, place, width))
    return drawing(width, low + FOOT, *parts, label=title, class_="fm-intervals")


def _key(keys: tuple[str, str], *, stacked: bool) -> str:
    """What the marks mean."""
    x, y = (0.0, 34.0) if stacked else (max(300.0, 44 + 7.4 * len(keys[0])), 14.0)
    return "".join([
        element("path", d="M0 10H30", stroke=REACHED, stroke_width=6),
        element("circle", cx=15, cy=10, r=5, fill=WHITE, stroke=REACHED, stroke_width=2.5),
        text(38, 14, keys[0], font_size=13),
        _diamond(x + 15, y - 4, x + 15),
        text(x + 38, y, keys[1], font_size=13),
    ])  # fmt: skip


def _grid(place: Callable[[float], float], top: float, low: float) -> str:
    parts = []
    for tick in TICKS:
        x = place(tick)
        parts.append(
            element("path", d=f"M{number(x)} {number(top)}V{number(low)}", stroke=LINE, stroke_width=1)
        )
        anchor = "start" if tick == 0 else "end" if tick == 1 else "middle"
        parts.append(text(x, top - 4, f"{tick:.0%}", font_size=12, fill=MUTED, text_anchor=anchor))
    return "".join(parts)


def _row(
    row: Interval,
    top: float,
    height: float,
    above: float,
    names: float,
    place: Callable[[float], float],
    width: float,
) -> str:
    middle = top + above + (height - above) / 2
    room = names - 16 if names else width
    wrapped = wrap(row.label, room, size=14, most=2 if names else 1, bold=True)
    first = middle + 5 - (len(wrapped) - 1) * 8 if names else top + 16
    parts = [
        element(
            "rect", x=0, y=top, width=width, height=height, fill=WHITE, fill_opacity=0, class_="fm-mark-box"
        ),
        lines(0, first, wrapped, leading=16, font_size=14, font_weight=600, fill=LINK if row.url else INK),
    ]
    if row.here is not None:
        parts.append(_diamond(place(row.here[0]), middle, place(row.here[1])))
    if row.ends is None:
        parts.append(text(place(0) + 4, middle + 5, row.words, font_size=13, fill=MUTED))
    else:
        parts.append(_bar(row, middle, place))
    return link(row.url, *parts, label=row.said)


def _bar(row: Interval, y: float, place: Callable[[float], float]) -> str:
    parts = []
    if row.bounds is not None:
        parts.append(_line(place(row.bounds[0]), place(row.bounds[1]), y, 1.5))
        parts += [
            element("path", d=f"M{number(place(end))} {number(y - 5)}v10", stroke=REACHED, stroke_width=1.5)
            for end in row.bounds
        ]
    if row.ends is not None:
        # an interval of no width is still a mark
        parts.append(_line(place(row.ends[0]) - 0.5, place(row.ends[1]) + 0.5, y, 6))
    if row.point is not None:
        parts.append(
            element("circle", cx=place(row.point), cy=y, r=5, fill=WHITE, stroke=REACHED, stroke_width=2.5)
        )
    return "".join(parts)


def _line(x: float, to: float, y: float, width: float) -> str:
    return element("path", d=f"M{number(x)} {number(y)}H{number(to)}", stroke=REACHED, stroke_width=width)


def _diamond(x: float, y: float, to: float) -> str:
    """The share to compare with: one diamond, drawn out where it is only known as a range."""
    return element(
        "path",
        d=(
            f"M{number(x - 7)} {number(y)}L{number(x)} {number(y - 9)}H{number(to)}L{number(to + 7)} {number(y)}"
            f"L{number(to)} {number(y + 9)}H{number(x)}Z"
        ),
        fill="none",
        stroke=HERE,
        stroke_width=2,
    )


def table_of(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Words in rows, the first column a name and the rest figures."""
    return Table(
        caption=caption,
        columns=tuple(columns),
        rows=tuple(tuple(Cell(cell, numeric=place > 0) for place, cell in enumerate(row)) for row in rows),
        numeric=frozenset(range(1, len(columns))),
    )
