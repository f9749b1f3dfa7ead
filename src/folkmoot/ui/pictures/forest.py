"""A forest plot: estimates with their intervals under one another, what they say together, and where the next may lie.

Pure: no Django, no pooling. Values come on the scale on which they were pooled; ``ratio`` says that it is a
logarithm, and the axis then speaks of ratios.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from folkmoot.ui.pictures.lettering import shorten, wrap
from folkmoot.ui.pictures.picture import Cell, Picture, Table
from folkmoot.ui.pictures.svg import (
    FAINT,
    INK,
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

TOGETHER, NEXT = "#0b5c75", "#9a4a00"
ROW, HEAD, FOOT = 44.0, 56.0, 44.0
# on a phone words stand over the lines of the plot: a white edge keeps them apart
OVER: dict[str, Any] = {"stroke": WHITE, "stroke_width": 4, "paint_order": "stroke"}
# an interval beyond this many widths of the others is cut, with an arrow that says so
WIDEST = 3.0


@dataclass(frozen=True, slots=True)
class Row:
    """One estimate. ``weight`` is its share of what they say together, from 0 to 1."""

    label: str
    value: float
    low: float
    high: float
    weight: float | None = None
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Frame:
    width: float
    names: float
    left: float
    right: float
    low: float
    high: float
    ratio: bool

    @property
    def is_narrow(self) -> bool:
        return not self.names

    def x(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def draw(
    rows: Sequence[Row],
    *,
    title: str,
    caption: str,
    axis: str,
    together: Row | None = None,
    prediction: tuple[float, float] | None = None,
    matters: float | None = None,
    ratio: bool = False,
    notes: Sequence[str] = (),
) -> Picture:
    """The picture for a desk and for a phone, and its table. Rows stay in the order in which they come.

    ``matters`` is the smallest change that matters, drawn as a dashed line. No rows give a frame that says so.
    """
    low, high = _ends(rows, together, prediction, matters)
    wide = _Frame(1160, 330, 346, 900, low, high, ratio)
    narrow = _Frame(358, 0, 8, 350, low, high, ratio)
    return Picture(
        title=title,
        wide=_drawn(wide, rows, title, axis, together, prediction, matters),
        narrow=_drawn(narrow, rows, title, axis, together, prediction, matters),
        caption=caption,
        table=_table(rows, title, together, prediction, ratio),
        notes=tuple(notes),
    )


def figure(value: float, *, ratio: bool) -> str:
    """A number as it is printed beside its mark: two decimals, more where it is small."""
    shown = math.exp(min(value, 50.0)) if ratio else value
    places = 2 if abs(shown) >= 0.095 or shown == 0 else 3 if abs(shown) >= 0.0095 else 4
    return f"{shown:.{places}f}".replace("-", "−")


def figures(low: float, high: float, *, ratio: bool) -> str:
    return f"{figure(low, ratio=ratio)} to {figure(high, ratio=ratio)}"


def _ends(
    rows: Sequence[Row],
    together: Row | None,
    prediction: tuple[float, float] | None,
    matters: float | None,
) -> tuple[float, float]:
    """From where to where the axis runs: all estimates and nothing (0), very wide intervals cut."""
    values = [0.0, *(one.value for one in rows), *([matters] if matters is not None else [])]
    halves = sorted((one.high - one.low) / 2 for one in rows) or [1.0]
    usual = halves[len(halves) // 2] * WIDEST
    for one in (*rows, *([together] if together else [])):
        values += [max(one.low, one.value - usual), min(one.high, one.value + usual)]
    if prediction is not None:
        span = max(values) - min(values)
        values += [max(prediction[0], min(values) - span / 2), min(prediction[1], max(values) + span / 2)]
    low, high = min(values), max(values)
    room = (high - low or 1.0) * 0.04
    return low - room, high + room


def _drawn(
    frame: _Frame,
    rows: Sequence[Row],
    title: str,
    axis: str,
    together: Row | None,
    prediction: tuple[float, float] | None,
    matters: float | None,
) -> str:
    above = 22.0 if frame.is_narrow else 0.0
    height = ROW + above
    places = len(rows) + (together is not None) + (prediction is not None)
    bottom = HEAD + height * max(places, 1) + 8
    parts = [_heads(frame), _axis(frame, axis, bottom), _guides(frame, matters, bottom)]
    heaviest = max((one.weight or 0.0 for one in rows), default=0.0)
    for index, row in enumerate(rows):
        parts.append(_row(frame, row, HEAD + index * height, height, above, heaviest))
    top = HEAD + len(rows) * height
    if together is not None:
        parts.append(
            element("path", d=f"M0 {number(top)}H{number(frame.width)}", stroke=INK, stroke_width=1.5)
        )
        parts.append(_diamond(frame, together, top, height, above))
        top += height
    if prediction is not None:
        parts.append(_next(frame, prediction, top, height, above))
    if not rows:
        parts.append(text(frame.left + 6, HEAD + 28, "No estimate yet.", fill=MUTED, font_size=14))
    return drawing(frame.width, bottom + FOOT, *parts, label=title, class_="fm-forest")


def _heads(frame: _Frame) -> str:
    if frame.is_narrow:
        return ""
    return "".join([
        text(0, 30, "Study", font_size=13, fill=MUTED),
        text(frame.right + 20, 30, "Estimate (95% interval)", font_size=13, fill=MUTED),
        text(frame.width, 30, "Weight", font_size=13, fill=MUTED, text_anchor="end"),
    ])  # fmt: skip


def _axis(frame: _Frame, words: str, bottom: float) -> str:
    parts = [
        element(
            "path",
            d=f"M{number(frame.left)} {number(bottom)}H{number(frame.right)}",
            stroke=INK,
            stroke_width=1,
        )
    ]
    ticks = _ticks(frame.low, frame.high, ratio=frame.ratio, most=4 if frame.is_narrow else 8)
    for tick in ticks:
        x = frame.x(tick)
        parts.append(element("path", d=f"M{number(x)} {number(bottom)}v5", stroke=INK, stroke_width=1))
        parts.append(
            text(
                x,
                bottom + 19,
                _tick(tick, ticks, ratio=frame.ratio),
                font_size=12,
                fill=MUTED,
                text_anchor="middle",
            )
        )
    room = frame.right - frame.left
    middle = (frame.left + frame.right) / 2
    parts.append(
        text(
            middle, bottom + 38, shorten(words, room, size=13), font_size=13, fill=MUTED, text_anchor="middle"
        )
    )
    return "".join(parts)


def _guides(frame: _Frame, matters: float | None, bottom: float) -> str:
    """Where nothing lies, and where it begins to matter."""
    zero = frame.x(0.0)
    parts = [
        element(
            "path", d=f"M{number(zero)} {number(HEAD - 10)}V{number(bottom)}", stroke=INK, stroke_width=1.2
        )
    ]
    parts.append(text(zero, HEAD - 16, "no effect", font_size=12, fill=MUTED, text_anchor="middle"))
    if matters is not None and frame.holds(matters):
        x = frame.x(matters)
        parts.append(
            element(
                "path",
                d=f"M{number(x)} {number(HEAD - 10)}V{number(bottom)}",
                stroke=MUTED,
                stroke_width=1.2,
                stroke_dasharray="5 4",
            )
        )
        # the words stand a line higher where both would touch
        lift = 16 if abs(x - zero) < 90 else 0
        anchor = "end" if x > frame.right - 40 else "start" if x < frame.left + 40 else "middle"
        parts.append(
            text(x, HEAD - 16 - lift, "matters from here", font_size=12, fill=MUTED, text_anchor=anchor)
        )
    return "".join(parts)


def _row(frame: _Frame, row: Row, top: float, height: float, above: float, heaviest: float) -> str:
    middle = top + above + (height - above) / 2
    size = 5.0 + (9.0 * math.sqrt((row.weight or 0.0) / heaviest) if heaviest else 0.0)
    x = frame.x(row.value)
    mark = element("rect", x=x - size / 2, y=middle - size / 2, width=size, height=size, fill=INK)
    parts = [
        _ground(frame, top, height),
        _name(frame, row, top, middle),
        _bar(frame, row.low, row.high, middle, INK, 1.6),
        mark,
        _told(frame, row, top, middle),
    ]
    return link(row.url, *parts, label=said(row, ratio=frame.ratio))


def _diamond(frame: _Frame, row: Row, top: float, height: float, above: float) -> str:
    middle = top + above + (height - above) / 2
    low, x, high = frame.x(row.low), frame.x(row.value), frame.x(row.high)
    shape = element(
        "path",
        d=f"M{number(low)} {number(middle)}L{number(x)} {number(middle - 9)}L{number(high)} {number(middle)}"
        f"L{number(x)} {number(middle + 9)}Z",
        fill=TOGETHER,
    )
    return element(
        "g", _name(frame, row, top, middle), shape, _told(frame, row, top, middle), role="img",
        aria_label=said(row, ratio=frame.ratio),
    )  # fmt: skip


def _next(frame: _Frame, ends: tuple[float, float], top: float, height: float, above: float) -> str:
    middle = top + above + (height - above) / 2
    row = Row("Another place like these", (ends[0] + ends[1]) / 2, *ends)
    words = figures(*ends, ratio=frame.ratio)
    told = (
        text(frame.width, top + 16, words, font_size=12, text_anchor="end", **OVER)
        if frame.is_narrow
        else text(frame.right + 20, middle + 5, words, font_size=14)
    )
    return element(
        "g",
        _name(frame, row, top, middle),
        _bar(frame, *ends, middle, NEXT, 4),
        told,
        role="img",
        aria_label=f"{row.label}: {words}",
    )


def _bar(frame: _Frame, low: float, high: float, y: float, colour: str, thick: float) -> str:
    """The interval; an end that lies beyond the axis is an arrow."""
    start, end = frame.x(low), frame.x(high)
    parts = [
        element("path", d=f"M{number(start)} {number(y)}H{number(end)}", stroke=colour, stroke_width=thick)
    ]
    for place, value, way in ((start, low, -1), (end, high, 1)):
        if not frame.holds(value):
            tip = f"M{number(place)} {number(y)}l{-8 * way} -5v10z"
            parts.append(element("path", d=tip, fill=colour))
    return "".join(parts)


def _ground(frame: _Frame, top: float, height: float) -> str:
    return "".join([
        element("rect", x=0, y=top, width=frame.width, height=height, fill=WHITE, fill_opacity=0, class_="fm-mark-box"),
        element("path", d=f"M0 {number(top + height)}H{number(frame.width)}", stroke=FAINT, stroke_width=1),
    ])  # fmt: skip


def _name(frame: _Frame, row: Row, top: float, middle: float) -> str:
    fill = LINK if row.url else INK
    if frame.is_narrow:
        name = shorten(row.label, 190, size=13, bold=True)
        return text(0, top + 16, name, font_size=13, font_weight=600, fill=fill, **OVER)
    wrapped = wrap(row.label, frame.names, size=14, most=2 if not row.note else 1, bold=True)
    if row.note:
        return lines(0, middle - 4, wrapped, leading=16, font_size=14, font_weight=600, fill=fill) + text(
            0, middle + 13, shorten(row.note, frame.names, size=12), font_size=12, fill=MUTED
        )
    return lines(
        0, middle + 5 - (len(wrapped) - 1) * 8, wrapped, leading=16, font_size=14, font_weight=600, fill=fill
    )


def _told(frame: _Frame, row: Row, top: float, middle: float) -> str:
    value = figure(row.value, ratio=frame.ratio)
    if frame.is_narrow:
        return text(
            frame.width,
            top + 16,
            f"{value} ({figures(row.low, row.high, ratio=frame.ratio)})",
            font_size=12,
            text_anchor="end",
            **OVER,
        )
    parts = [
        text(
            frame.right + 20,
            middle + 5,
            f"{value} ({figures(row.low, row.high, ratio=frame.ratio)})",
            font_size=14,
        )
    ]
    if row.weight is not None:
        parts.append(text(frame.width, middle + 5, f"{row.weight:.0%}", font_size=14, text_anchor="end"))
    return "".join(parts)


def said(row: Row, *, ratio: bool) -> str:
    """The row in words, for those who hear the picture."""
    weight = f", weight {row.weight:.0%}" if row.weight is not None else ""
    interval = figures(row.low, row.high, ratio=ratio)
    return f"{row.label}: {figure(row.value, ratio=ratio)}, interval {interval}{weight}"


RATIOS = (0.05, 0.1, 0.2, 0.25, 0.33, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0, 10.0, 20.0)


def _ticks(low: float, high: float, *, ratio: bool, most: int) -> list[float]:
    if ratio:
        found = [math.log(one) for one in RATIOS if low <= math.log(one) <= high]
        while len(found) > most:
            found = [one for place, one in enumerate(found) if one == 0 or place % 2 == 0]
            if len(found) <= 2:
                break
        return found or [0.0]
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(one * power for one in (1, 2, 2.5, 5, 10) if one * power >= rough)
    return [place * step for place in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _tick(value: float, ticks: Sequence[float], *, ratio: bool) -> str:
    if ratio:
        return f"{math.exp(value):g}" if math.exp(value) >= 1 else f"{math.exp(value):.2g}"
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    places = max(0, -math.floor(math.log10(step) + 1e-9) + (1 if f"{step:e}".startswith("2.5") else 0))
    return f"{value:.{places}f}".replace("-", "−") if abs(value) > 1e-12 else "0"


def _table(
    rows: Sequence[Row],
    title: str,
    together: Row | None,
    prediction: tuple[float, float] | None,
    ratio: bool,
) -> Table:
    def cells(row: Row, weight: str) -> tuple[Cell, ...]:
        name = f"{row.label} ({row.note})" if row.note else row.label
        return (
            Cell(name, row.url),
            Cell(figure(row.value, ratio=ratio), numeric=True),
            Cell(figures(row.low, row.high, ratio=ratio), numeric=True),
            Cell(weight, numeric=True),
        )

    listed = [cells(one, "" if one.weight is None else f"{one.weight:.0%}") for one in rows]
    if together is not None:
        listed.append(cells(together, "100%"))
    if prediction is not None:
        interval = Cell(figures(*prediction, ratio=ratio), numeric=True)
        listed.append(
            (Cell("Another place like these"), Cell("", numeric=True), interval, Cell("", numeric=True))
        )
    return Table(
        title,
        ("Study", "Ratio" if ratio else "Estimate", "95% interval", "Weight"),
        tuple(listed),
        frozenset({1, 2, 3}),
    )
