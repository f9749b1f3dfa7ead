"""Figures over time: a line an area, breaks that cut it, events marked, and what chance could have done.

What does not belong here: which figures, and whether they can be compared.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from html import escape

from folkmoot.ui.pictures.lettering import wrap
from folkmoot.ui.pictures.picture import Cell, Picture, Table
from folkmoot.ui.pictures.svg import FAINT, INK, MUTED, WHITE, drawing, element, link, number, text

COLOURS = ("#0b5c75", "#9c4a00", "#5b3a8c", "#1f6b3a", "#8c1d40", "#4a4a00")
DASHES = (None, "7 4", "2 3", "10 3 2 3", "4 4", "12 4")
MOST_CHOSEN = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``values`` has an entry a period, None where nothing was published; ``low`` and ``high``
    the ends of its interval, if any. A line that is not ``chosen`` is drawn faintly, without a name."""

    label: str
    values: tuple[float | None, ...]
    url: str = ""
    chosen: bool = True
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on which something happened; ``is_break`` cuts every line there."""

    on: date
    words: str
    is_break: bool = False


@dataclass(frozen=True, slots=True)
class Size:
    """The room for one drawing."""

    width: float
    height: float
    left: float
    right: float
    top: float = 46.0
    bottom: float = 54.0

    @property
    def is_narrow(self) -> bool:
        return self.right < 100

    @property
    def plot_right(self) -> float:
        return self.width - self.right

    @property
    def plot_bottom(self) -> float:
        return self.height - self.bottom


WIDE = Size(1160.0, 470.0, 62.0, 210.0)
NARROW = Size(358.0, 330.0, 44.0, 12.0, bottom=44.0)


@dataclass(frozen=True, slots=True)
class _Plot:
    size: Size
    days: tuple[int, ...]
    low: float
    high: float
    breaks: tuple[int, ...] = field(default=())

    def x(self, day: int) -> float:
        first, last = self.days[0], self.days[-1]
        share = 0.5 if last == first else (day - first) / (last - first)
        return self.size.left + share * (self.size.plot_right - self.size.left)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.size.plot_bottom - share * (self.size.plot_bottom - self.size.top)


def draw(
    lines: Sequence[Line],
    *,
    periods: Sequence[date],
    marks: Sequence[Mark] = (),
    unit: str,
    title: str,
    caption: str = "",
    notes: Sequence[str] = (),
) -> Picture:
    """The picture wide and narrow, and the table of the chosen lines behind it, the latest period first.

    The scale does not begin at zero, which the axis says: small differences over time are what is looked
    for. At most six lines are chosen; the others stay faint. No periods give an empty frame that says so.
    """
    shown = tuple(periods)
    told = [*notes, *_told(marks)]
    # on a phone the names stand in a key below, a line each
    more = 20.0 * min(MOST_CHOSEN, sum(one.chosen for one in lines))
    narrow = replace(NARROW, height=NARROW.height + more, bottom=NARROW.bottom + more)
    return Picture(
        title=title,
        wide=_drawn(lines, shown, marks, unit, title, WIDE),
        narrow=_drawn(lines, shown, marks, unit, title, narrow),
        caption=caption,
        table=_table(lines, shown, marks, title, unit),
        notes=tuple(told),
    )


def _told(marks: Sequence[Mark]) -> list[str]:
    return [
        f"{number_} · {one.on.day} {one.on:%B %Y}: {one.words.rstrip('.')}."
        + (
            " The line is cut there: figures before and after are not the same measure."
            if one.is_break
            else ""
        )
        for number_, one in enumerate(marks, 1)
    ]


def _drawn(
    lines: Sequence[Line],
    periods: tuple[date, ...],
    marks: Sequence[Mark],
    unit: str,
    title: str,
    size: Size,
) -> str:
    held = [value for line in lines for value in (*line.values, *line.low, *line.high) if value is not None]
    if not periods or not held:
        words = text(size.left, size.height / 2, "No figures here yet.", font_size=15, fill=MUTED)
        return drawing(size.width, size.height, words, label=title, class_="fm-lines")
    low, high, ticks = _range(held)
    days = tuple(one.toordinal() for one in periods)
    cuts = tuple(sorted(one.on.toordinal() for one in marks if one.is_break))
    plot = _Plot(size, days, low, high, cuts)
    chosen = [one for one in lines if one.chosen][:MOST_CHOSEN]
    faint = [one for one in lines if one not in chosen]
    parts = [_axes(plot, ticks, periods, unit)]
    parts += [_marks(plot, marks)]
    parts += [_path(plot, one, stroke="#b9c4c8", width=1.0) for one in faint]
    for place, one in enumerate(chosen):
        colour = COLOURS[place % len(COLOURS)]
        if len(chosen) == 1 and one.low and one.high:
            parts.append(_band(plot, one, colour))
        parts.append(_path(plot, one, stroke=colour, width=2.6, dash=DASHES[place % len(DASHES)]))
    parts.append(_names(plot, chosen))
    return drawing(size.width, size.height, *parts, label=title, class_="fm-lines")


def _range(values: Sequence[float]) -> tuple[float, float, list[float]]:
    least, most = min(values), max(values)
    spread = (most - least) or abs(most) or 1.0
    power = 10.0 ** math.floor(math.log10(spread / 5))
    step = next(power * m for m in (1, 2, 5, 10, 20) if power * m * 6 >= spread)
    low, high = math.floor(least / step) * step, math.ceil(most / step) * step
    if low == high:
        high = low + step
    if 0 < low <= step * 2:
        low = 0.0
    count = round((high - low) / step)
    return low, high, [low + step * place for place in range(count + 1)]


def _axes(plot: _Plot, ticks: Sequence[float], periods: Sequence[date], unit: str) -> str:
    size = plot.size
    from_zero = ticks[0] == 0
    words = f"↑ {unit}" + ("" if from_zero else f" (the scale begins at {_plain(ticks[0])})")
    parts = [text(0 if size.is_narrow else 4, 18, words, font_size=12.5, fill=MUTED)]
    for tick in ticks:
        y = plot.y(tick)
        parts.append(
            element(
                "path",
                d=f"M{number(size.left)} {number(y)}H{number(size.plot_right)}",
                stroke=FAINT,
                stroke_width=1,
            )
        )
        parts.append(text(size.left - 7, y + 4, _plain(tick), text_anchor="end", font_size=12, fill=MUTED))
    parts.append(
        element(
            "path",
            d=f"M{number(size.left)} {number(size.plot_bottom)}H{number(size.plot_right)}",
            stroke=INK,
            stroke_width=1.3,
        )
    )
    last = -math.inf
    gap = 52 if size.is_narrow else 64
    for day, words in _dates(periods):
        x = plot.x(day.toordinal())
        if x - last < gap or x > size.plot_right - 14:
            continue
        parts.append(
            element("path", d=f"M{number(x)} {number(size.plot_bottom)}v6", stroke=INK, stroke_width=1)
        )
        parts.append(text(x, size.plot_bottom + 20, words, text_anchor="middle", font_size=12, fill=MUTED))
        last = x
    return "".join(parts)


def _dates(periods: Sequence[date]) -> list[tuple[date, str]]:
    """Days to name on the axis: the beginnings of years, or the periods themselves where there are few years."""
    first, last = periods[0], periods[-1]
    years = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    inside = [(one, str(one.year)) for one in years if first <= one <= last]
    return inside if len(inside) >= 3 else [(one, f"{one:%b} {one.year}") for one in periods]


def _marks(plot: _Plot, marks: Sequence[Mark]) -> str:
    """Each happening as an upright line with its number; the words stand below the picture."""
    parts = []
    size = plot.size
    last, row = -math.inf, 0
    for place, one in sorted(enumerate(marks, 1), key=lambda pair: pair[1].on):
        day = one.on.toordinal()
        if not plot.days[0] <= day <= plot.days[-1]:
            continue
        x = plot.x(day)
        row = (row + 1) % 2 if x - last < 20 else 0
        y = size.top - 12
        parts.append(
            element(
                "path",
                d=f"M{number(x)} {number(size.top - 2)}V{number(size.plot_bottom)}",
                stroke=INK if one.is_break else MUTED,
                stroke_width=2.0 if one.is_break else 1.2,
                stroke_dasharray=None if one.is_break else "3 4",
            )
        )
        centre = x + (16 if row else 0)
        parts.append(
            element(
                "g",
                element("title", f"{one.on.day} {one.on:%B %Y}: {escape(one.words, quote=False)}"),
                element("circle", cx=centre, cy=y, r=9.5, fill=INK if one.is_break else WHITE, stroke=INK, stroke_width=1.2),
                text(centre, y + 4, str(place), text_anchor="middle", font_size=11.5, font_weight=700, fill=WHITE if one.is_break else INK),
            )
        )  # fmt: skip
        last = x
    return "".join(parts)


def _pieces(plot: _Plot, values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """The line in pieces: it ends where nothing was published and at every break."""
    pieces: list[list[tuple[int, float]]] = [[]]
    before = -1
    for day, value in zip(plot.days, values, strict=True):
        cut = any(before < one <= day for one in plot.breaks)
        if value is None or cut:
            pieces.append([])
        if value is not None:
            pieces[-1].append((day, value))
        before = day
    return [one for one in pieces if one]


def _path(plot: _Plot, line: Line, *, stroke: str, width: float, dash: str | None = None) -> str:
    parts = []
    for piece in _pieces(plot, line.values):
        if len(piece) == 1:
            day, value = piece[0]
            parts.append(element("circle", cx=plot.x(day), cy=plot.y(value), r=width + 0.6, fill=stroke))
            continue
        d = "M" + "L".join(f"{number(plot.x(day))} {number(plot.y(value))}" for day, value in piece)
        parts.append(
            element("path", d=d, fill="none", stroke=stroke, stroke_width=width, stroke_dasharray=dash, stroke_linejoin="round")
        )  # fmt: skip
    return "".join(parts)


def _band(plot: _Plot, line: Line, colour: str) -> str:
    low = dict(zip(plot.days, line.low, strict=True))
    high = dict(zip(plot.days, line.high, strict=True))
    parts = []
    for piece in _pieces(plot, line.values):
        ends = [(day, low[day], high[day]) for day, _ in piece]
        known = [(day, a, b) for day, a, b in ends if a is not None and b is not None]
        if len(known) < 2:
            continue
        above = [f"{number(plot.x(day))} {number(plot.y(b))}" for day, _, b in known]
        below = [f"{number(plot.x(day))} {number(plot.y(a))}" for day, a, _ in reversed(known)]
        parts.append(
            element("path", d="M" + "L".join([*above, *below]) + "Z", fill=colour, fill_opacity=0.14)
        )
    return "".join(parts)


def _names(plot: _Plot, chosen: Sequence[Line]) -> str:
    """Names at the ends of their lines, kept apart; on a phone a key with the same dashes."""
    size = plot.size
    ends = []
    for place, one in enumerate(chosen):
        held = [(day, value) for day, value in zip(plot.days, one.values, strict=True) if value is not None]
        if held:
            ends.append((plot.y(held[-1][1]), place, one, held[-1][0]))
    parts = []
    if size.is_narrow:
        return _key(plot, chosen)
    ends.sort(key=lambda end: end[0])
    leading, y = 20.0, -math.inf
    places: list[float] = []
    for wanted, *_ in ends:
        y = max(wanted, y + leading)
        places.append(y)
    over = (places[-1] - size.plot_bottom) if places else 0
    if over > 0:
        places = [one - over for one in places]
        for place in range(len(places) - 2, -1, -1):
            places[place] = min(places[place], places[place + 1] - leading)
    for (wanted, place, one, day), y in zip(ends, places, strict=True):
        colour = COLOURS[place % len(COLOURS)]
        x = size.plot_right + 22
        words = wrap(one.label, size.right - 30, size=13.5, most=1, bold=True)[0]
        parts.append(
            element(
                "path",
                d=f"M{number(plot.x(day) + 4)} {number(wanted)}L{number(x - 6)} {number(y)}",
                stroke=colour,
                stroke_width=1,
                fill="none",
            )
        )
        label = text(x, y + 4.5, words, font_size=13.5, font_weight=700, fill=colour)
        parts.append(link(one.url, label, label=one.label) if one.url else label)
    return "".join(parts)


def _key(plot: _Plot, chosen: Sequence[Line]) -> str:
    size, parts = plot.size, []
    for place, one in enumerate(chosen):
        y = size.plot_bottom + 46 + 20 * place
        parts.append(
            element(
                "path",
                d=f"M{number(size.left)} {number(y - 4)}h30",
                stroke=COLOURS[place],
                stroke_width=2.6,
                stroke_dasharray=DASHES[place],
            )
        )
        words = wrap(one.label, size.width - size.left - 50, size=13, most=1)[0]
        label = text(size.left + 38, y, words, font_size=13, fill=INK)
        parts.append(link(one.url, label, label=one.label) if one.url else label)
    return "".join(parts)


def _table(
    lines: Sequence[Line], periods: tuple[date, ...], marks: Sequence[Mark], title: str, unit: str
) -> Table:
    chosen = [one for one in lines if one.chosen][:MOST_CHOSEN]
    rows = []
    for place in range(len(periods) - 1, -1, -1):
        day = periods[place]
        before = periods[place - 1] if place else date.min
        here = "; ".join(one.words for one in marks if before < one.on <= day)
        rows.append(
            (
                Cell(f"{day.day} {day:%B %Y}"),
                *(
                    Cell("not published" if value is None else _plain(value), numeric=True)
                    for value in (one.values[place] for one in chosen)
                ),
                *((Cell(here),) if marks else ()),
            )
        )
    columns = ("Period to", *(one.label for one in chosen), *(("What happened",) if marks else ()))
    return Table(f"{title} ({unit})", columns, tuple(rows), frozenset(range(1, len(chosen) + 1)))


def _plain(value: float) -> str:
    shown = f"{value:,.2f}".rstrip("0").rstrip(".")
    return shown.replace("-", "−")


__all__ = ["Line", "Mark", "draw"]
