"""What an evaluation found, drawn against nothing and against the smallest change that matters.

Either one interval a row, or one interval a period since the start. Pure: no Django, no statistics.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from folkmoot.ui.pictures.lettering import wrap
from folkmoot.ui.pictures.picture import Cell, Picture, Table
from folkmoot.ui.pictures.svg import FAINT, INK, MUTED, drawing, element, lines, number, text

POINT, SMALL = "#0b5c75", "#efe6d2"
ROW, TOP, FOOT = 58.0, 44.0, 46.0
Say = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Change:
    """One estimate with its interval. ``at`` is the period since the start, where it is drawn over time."""

    label: str
    value: float
    low: float
    high: float
    at: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Size:
    width: float
    left: float
    right: float
    height: float = 0.0

    @property
    def is_narrow(self) -> bool:
        return self.width < 500


WIDE, NARROW = _Size(1160.0, 300.0, 1130.0), _Size(358.0, 12.0, 346.0)
TIMES_WIDE, TIMES_NARROW = _Size(1160.0, 74.0, 1140.0, 400.0), _Size(358.0, 52.0, 350.0, 330.0)


def draw_rows(
    rows: Sequence[Change], *, smallest: float, unit: str, say: Say, title: str, caption: str
) -> Picture:
    """One row an estimate: the line of nothing, the band of changes too small to matter, the interval.

    ``say`` words a number as the page does. Without rows the frame says that there is nothing to draw.
    """
    low, high, ticks = _range([*(end for one in rows for end in (one.low, one.high)), -smallest, smallest])
    return Picture(
        title=title,
        wide=_rows(rows, WIDE, (low, high), ticks, smallest, unit, say, title),
        narrow=_rows(rows, NARROW, (low, high), ticks, smallest, unit, say, title),
        caption=caption,
        table=_table(rows, title, unit, say, "What"),
    )


def draw_times(
    points: Sequence[Change], *, smallest: float, unit: str, say: Say, title: str, caption: str
) -> Picture:
    """One interval a period, before and after the start, with the same line and band."""
    low, high, ticks = _range([*(end for one in points for end in (one.low, one.high)), -smallest, smallest])
    return Picture(
        title=title,
        wide=_times(points, TIMES_WIDE, (low, high), ticks, smallest, unit, say, title),
        narrow=_times(points, TIMES_NARROW, (low, high), ticks, smallest, unit, say, title),
        caption=caption,
        table=_table(points, title, unit, say, "Period since the start"),
    )


def _range(values: Sequence[float]) -> tuple[float, float, list[float]]:
    held = [one for one in values if math.isfinite(one)] + [0.0]
    least, most = min(held), max(held)
    spread = (most - least) or 1.0
    power = 10.0 ** math.floor(math.log10(spread / 5))
    step = next(power * m for m in (1, 2, 5, 10, 20) if power * m * 6 >= spread)
    first, last = math.floor(least / step), math.ceil(most / step)
    return first * step, last * step, [one * step for one in range(first, last + 1)]


def _rows(
    rows: Sequence[Change],
    size: _Size,
    ends: tuple[float, float],
    ticks: Sequence[float],
    smallest: float,
    unit: str,
    say: Say,
    title: str,
) -> str:
    row = ROW + (22.0 if size.is_narrow else 0.0)
    size = replace(size, height=TOP + row * max(1, len(rows)) + FOOT)
    bottom = size.height - FOOT

    def x(value: float) -> float:
        within = min(max(value, ends[0]), ends[1])
        return size.left + (within - ends[0]) / (ends[1] - ends[0]) * (size.right - size.left)

    parts = [
        element("rect", x=x(-smallest), y=TOP - 14, width=x(smallest) - x(-smallest), height=bottom - TOP + 14, fill=SMALL),
        text(0 if size.is_narrow else 4, 18, f"→ {unit}; shaded: too small to matter", font_size=12.5, fill=MUTED),
    ]  # fmt: skip
    for tick in _spaced(ticks, x, 56.0):
        parts.append(
            _upright(x(tick), TOP - 14, bottom, INK if tick == 0 else FAINT, 2.0 if tick == 0 else 1.0)
        )
        parts.append(text(x(tick), bottom + 20, say(tick), text_anchor="middle", font_size=12, fill=MUTED))
    if not rows:
        parts.append(text(size.left, TOP + 24, "Nothing to draw yet.", font_size=15, fill=MUTED))
    for place, one in enumerate(rows):
        top = TOP + place * row
        middle = top + row - 26 if size.is_narrow else top + row / 2 - 8
        room = (size.right - size.left) if size.is_narrow else size.left - 20
        words = wrap(one.label, room, size=13.5, most=1 if size.is_narrow else 3)
        if size.is_narrow:
            parts.append(lines(0, top + 14, words, leading=17, font_size=13.5))
        else:
            parts.append(lines(4, middle - 8 * (len(words) - 1) + 4, words, leading=17, font_size=13.5))
        parts.append(_across(x(one.low), x(one.high), middle))
        parts.append(
            element("circle", element("title", _said(one, say)), cx=x(one.value), cy=middle, r=6, fill=POINT)
        )
    return drawing(size.width, size.height, *parts, label=title, class_="fm-lines")


def _times(
    points: Sequence[Change],
    size: _Size,
    ends: tuple[float, float],
    ticks: Sequence[float],
    smallest: float,
    unit: str,
    say: Say,
    title: str,
) -> str:
    bottom, top = size.height - FOOT, TOP
    if not points:
        empty = text(size.left, size.height / 2, "Nothing to draw yet.", font_size=15, fill=MUTED)
        return drawing(size.width, size.height, empty, label=title, class_="fm-lines")
    first, last = min(one.at for one in points), max(one.at for one in points)
    pad = max(0.6, (last - first) * 0.02)
    first, last = first - pad, last + pad

    def x(value: float) -> float:
        return size.left + (value - first) / (last - first) * (size.right - size.left)

    def y(value: float) -> float:
        within = min(max(value, ends[0]), ends[1])
        return bottom - (within - ends[0]) / (ends[1] - ends[0]) * (bottom - top)

    parts = [
        element("rect", x=size.left, y=y(smallest), width=size.right - size.left, height=y(-smallest) - y(smallest), fill=SMALL),
        text(0, 18, f"↑ {unit}; shaded: too small to matter", font_size=12.5, fill=MUTED),
    ]  # fmt: skip
    for tick in ticks:
        parts.append(
            element(
                "path",
                d=f"M{number(size.left)} {number(y(tick))}H{number(size.right)}",
                stroke=INK if tick == 0 else FAINT,
                stroke_width=2.0 if tick == 0 else 1.0,
            )
        )
        parts.append(text(size.left - 7, y(tick) + 4, say(tick), text_anchor="end", font_size=12, fill=MUTED))
    if first < -0.5 < last:
        parts.append(_upright(x(-0.5), top - 8, bottom, MUTED, 1.2, dash="3 4"))
        parts.append(text(x(-0.5) + 5, top - 12, "start", font_size=12, fill=MUTED))
    whole = [float(one) for one in range(math.ceil(first), math.floor(last) + 1)]
    for one in _spaced(whole, x, 40.0):
        parts.append(
            text(
                x(one),
                bottom + 20,
                f"{one:g}".replace("-", "−"),
                text_anchor="middle",
                font_size=12,
                fill=MUTED,
            )
        )
    radius = 4.5 if (size.right - size.left) / len(points) > 12 else 2.6
    for point in points:
        at = x(point.at)
        parts.append(_upright(at, y(point.high), y(point.low), POINT, 1.8))
        parts.append(
            element(
                "circle", element("title", _said(point, say)), cx=at, cy=y(point.value), r=radius, fill=POINT
            )
        )
    parts.append(
        text(
            size.right,
            size.height - 6,
            "periods since the start →",
            text_anchor="end",
            font_size=12,
            fill=MUTED,
        )
    )
    return drawing(size.width, size.height, *parts, label=title, class_="fm-lines")


def _spaced(values: Sequence[float], place: Callable[[float], float], gap: float) -> list[float]:
    """As many of them as have room, nothing among them in any case."""
    kept: list[float] = [0.0] if 0.0 in values else []
    for one in sorted(values, key=abs):
        if all(abs(place(one) - place(other)) >= gap for other in kept):
            kept.append(one)
    return sorted(kept)


def _upright(x: float, top: float, bottom: float, stroke: str, width: float, dash: str | None = None) -> str:
    return element(
        "path", d=f"M{number(x)} {number(top)}V{number(bottom)}", stroke=stroke, stroke_width=width, stroke_dasharray=dash
    )  # fmt: skip


def _across(low: float, high: float, y: float) -> str:
    d = f"M{number(low)} {number(y)}H{number(high)}M{number(low)} {number(y - 6)}v12M{number(high)} {number(y - 6)}v12"
    return element("path", d=d, fill="none", stroke=POINT, stroke_width=2.4)


def _said(one: Change, say: Say) -> str:
    return f"{one.label}: {say(one.value)} ({say(one.low)} to {say(one.high)})"


def _table(rows: Sequence[Change], title: str, unit: str, say: Say, first: str) -> Table:
    noted = any(one.note for one in rows)
    columns = (first, f"Change ({unit})", "From", "To", *(("Read as",) if noted else ()))
    cells = tuple(
        (
            Cell(one.label),
            Cell(say(one.value), numeric=True),
            Cell(say(one.low), numeric=True),
            Cell(say(one.high), numeric=True),
            *((Cell(one.note),) if noted else ()),
        )
        for one in rows
    )
    return Table(caption=title, columns=columns, rows=cells, numeric=frozenset({1, 2, 3}))
