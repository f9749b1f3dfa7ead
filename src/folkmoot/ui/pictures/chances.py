"""Chances in rows: a bar each from none to certain, with a line at what is wanted.

Pure: no Django. What does not belong here: how a chance is worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from folkmoot.ui.pictures.lettering import wrap
from folkmoot.ui.pictures.picture import Picture, Table
from folkmoot.ui.pictures.svg import INK, LINE, MUTED, WHITE, drawing, element, lines, number, text

ENOUGH, SHORT, WANTED = "#0b5c75", "#9fb3ba", "#9a4a00"
HEAD, FOOT, ROW = 50.0, 10.0, 40.0
TICKS = (0, 20, 40, 60, 80, 100)


@dataclass(frozen=True, slots=True)
class Chance:
    """One row. ``value`` is from 0 to 1; ``other`` a second, more careful one, drawn as a tick; ``chosen`` the row
    that is asked about."""

    label: str
    value: float
    other: float | None = None
    chosen: bool = False


def draw(
    rows: Sequence[Chance],
    *,
    wanted: float,
    title: str,
    caption: str,
    table: Table,
    words: str = "Times in 100 that it would be found",
    other: str = "",
    notes: Sequence[str] = (),
) -> Picture:
    """The picture twice, for a desk and for a phone; ``other`` names the second mark where rows have one."""
    return Picture(
        title=title,
        wide=_drawing(rows, wanted, title, words, other, width=1160.0, names=210.0),
        narrow=_drawing(rows, wanted, title, words, other, width=358.0, names=92.0),
        caption=caption,
        table=table,
        notes=tuple(notes),
    )


def in_hundred(value: float) -> str:
    """A chance as times in a hundred; what is rare is not never, and what is likely not always."""
    if 0 < value < 0.01:
        return "under 1"
    if 0.99 < value < 1:
        return "over 99"
    return f"{100 * value:.0f}"


def _drawing(
    rows: Sequence[Chance], wanted: float, title: str, words: str, other: str, *, width: float, names: float
) -> str:
    left, right = names + 8, width - 46
    top = HEAD + (22 if other else 0)
    low = top + ROW * len(rows)

    def place(share: float) -> float:
        return left + (right - left) * min(max(share, 0.0), 1.0)

    parts = [text(0, 14, words, font_size=13, fill=MUTED)]
    if other:
        parts += [
            element("path", d="M4 26v14", stroke=INK, stroke_width=3),
            text(16, 38, other, font_size=12.5, fill=MUTED),
        ]
    parts.append(_grid(place, top, low))
    for index, row in enumerate(rows):
        parts.append(_row(row, top + ROW * index, names, wanted, place))
    line = place(wanted)
    parts.append(
        element(
            "path",
            d=f"M{number(line)} {number(top - 4)}V{number(low)}",
            stroke=WANTED,
            stroke_width=2,
            stroke_dasharray="6 4",
        )
    )
    return drawing(width, low + FOOT, *parts, label=title, class_="fm-chances")


def _grid(place: Callable[[float], float], top: float, low: float) -> str:
    parts = []
    for tick in TICKS:
        x = place(tick / 100)
        parts.append(
            element("path", d=f"M{number(x)} {number(top)}V{number(low)}", stroke=LINE, stroke_width=1)
        )
        parts.append(text(x, top - 10, str(tick), font_size=12, fill=MUTED, text_anchor="middle"))
    return "".join(parts)


def _row(row: Chance, top: float, names: float, wanted: float, place: Callable[[float], float]) -> str:
    middle = top + ROW / 2
    enough = row.value >= wanted
    wrapped = wrap(row.label, names, size=14, most=2, bold=row.chosen)
    parts = [
        lines(
            0,
            middle + 5 - (len(wrapped) - 1) * 8,
            wrapped,
            leading=16,
            font_size=14,
            font_weight=700 if row.chosen else 400,
            fill=INK,
        ),
        element(
            "rect",
            x=place(0),
            y=middle - 10,
            width=max(1.5, place(row.value) - place(0)),
            height=20,
            fill=ENOUGH if enough else SHORT,
            stroke=INK if row.chosen else None,
            stroke_width=2 if row.chosen else None,
        ),
    ]
    if row.other is not None:
        x = place(row.other)
        parts += [
            element("path", d=f"M{number(x)} {number(middle - 13)}v26", stroke=WHITE, stroke_width=6),
            element("path", d=f"M{number(x)} {number(middle - 13)}v26", stroke=INK, stroke_width=3),
        ]
    parts.append(
        text(
            place(max(row.value, row.other or 0.0)) + 8,
            middle + 5,
            in_hundred(row.value),
            font_size=14,
            font_weight=700,
            fill=INK,
            stroke=WHITE,
            stroke_width=4,
            paint_order="stroke",
        )
    )
    return "".join(parts)
