"""The wide reliance picture with many assumptions: one dot each, in bands, the three highest named."""

from __future__ import annotations

from collections.abc import Sequence

from folkmoot.ui.pictures import marks
from folkmoot.ui.pictures.lettering import width_of
from folkmoot.ui.pictures.placing import Bands, Packing, Scale, bands_on, pack, spread
from folkmoot.ui.pictures.reliance_frame import (
    BETWEEN,
    BOTTOM,
    EMPTY,
    GROUP_GAP,
    GUTTER,
    LEFT,
    PAD,
    PLOT,
    STRIP,
    TOP,
    WIDTH,
    Column,
    axis,
    by_word,
    columns_of,
    named_mark,
    names_of,
    strip_frame,
)
from folkmoot.ui.pictures.reliance_input import BandUrl, Dot, Measure, counted_assumptions, said_band
from folkmoot.ui.pictures.svg import MUTED, WHITE, element, link, number, text

# names of the three highest take this much of a column; dots may run beneath them, never into them
NAMES = 122.0
LEAST = 164.0
TAIL = 30.0
NAMED = 3
# a row as long as this carries its number at its end
COUNTED = 15
# a named mark that has its band to itself is large enough to show its shape
ALONE = 6.5


def draw_banded(
    dots: Sequence[Dot], scale: Scale, measure: Measure, band_url: BandUrl
) -> tuple[list[Column], str, str, str, float]:
    """The columns, the axis, the plot, the strip and the strip's height."""
    bands = bands_on(scale, whole=measure.whole, most=18)
    groups = by_word(dots)
    tallies = [bands.tally([d.height for d in group if d.height is not None]) for group in groups]
    room = WIDTH - LEFT - 2 * GROUP_GAP
    packing = pack(
        lambda trial: sum(_width(tally, trial) for tally in tallies) <= room, breadth=PLOT / bands.count
    )
    widths = [
        _width(tally, packing) if group else EMPTY for tally, group in zip(tallies, groups, strict=True)
    ]
    columns = columns_of(groups, widths, [0.0] * len(widths))
    plot = "".join(_column(column, packing, bands, measure, band_url) for column in columns)
    strip, strip_height = _strip(columns, packing, measure, band_url)
    lines_of_axis = axis(scale, measure, lambda value: BOTTOM - bands.share(value) * PLOT)
    return columns, lines_of_axis, plot, strip, strip_height


def _width(tally: Sequence[int], packing: Packing) -> float:
    # beside the upper half of the bands there is always room for the names
    upper = max(tally[len(tally) // 2 :])
    beside = packing.length(upper) + PAD + GUTTER + NAMES + 6 if upper else 0.0
    return max(LEAST, beside, packing.length(max(tally)) + 2 * PAD + TAIL)


def _column(column: Column, packing: Packing, bands: Bands, measure: Measure, band_url: BandUrl) -> str:
    breadth = PLOT / bands.count
    held: list[list[Dot]] = [[] for _ in range(bands.count)]
    for dot in column.known:
        held[bands.index(dot.height or 0.0)].append(dot)
    named = {id(dot): dot for dot in column.known[:NAMED]}
    places: dict[int, tuple[float, float]] = {}
    parts = []
    for index, here in enumerate(held):
        middle = BOTTOM - bands.middle(index) * PLOT
        start = column.left + (ALONE - packing.r if len(here) == 1 and packing.r < ALONE else 0)
        spots = [(start + a, middle + b) for a, b in packing.places(len(here))]
        # ranked: the named ones come first and get the places at the outer end
        for dot, spot in zip(here, reversed(spots), strict=True):
            if id(dot) in named:
                places[id(dot)] = spot
        rest = [spot for spot in spots if spot not in places.values()]
        if rest:
            parts.append(
                _band(column, rest, here, packing, middle, breadth, bands.edges(index), measure, band_url)
            )
    names_left = column.x + column.width - NAMES - 6
    lengths = [packing.length(len(here)) for here in held]
    # the highest band that reaches under the names: they stay above it
    tails = [TAIL if len(here) >= COUNTED else 10 for here in held]
    long = [
        i
        for i, (length, tail) in enumerate(zip(lengths, tails, strict=True))
        if column.left + length + tail > names_left
    ]
    floor = BOTTOM - bands.middle(long[-1]) * PLOT - breadth / 2 - 4 if long else BOTTOM - 3
    alone = {id(here[0]) for here in held if len(here) == 1}
    sizes = {key: max(packing.r, min(ALONE, breadth / 2 - 1)) if key in alone else packing.r for key in named}
    return "".join(parts) + _names(column, list(named.values()), places, names_left, floor, sizes, measure)


def _names(
    column: Column,
    named: Sequence[Dot],
    places: dict[int, tuple[float, float]],
    names_left: float,
    floor: float,
    sizes: dict[int, float],
    measure: Measure,
) -> str:
    blocks = names_of(named, NAMES, limit=min(PLOT, floor - TOP + 6) * 0.9, measure=measure, most=3)
    order = sorted(range(len(named)), key=lambda i: (places[id(named[i])][1], i))
    centres = spread(
        [places[id(named[i])][1] for i in order],
        [blocks[i][1] for i in order],
        low=TOP - 6,
        high=floor,
        gap=BETWEEN,
    )
    parts = []
    for turn, (index, centre) in enumerate(zip(order, centres, strict=True)):
        dot = named[index]
        x, y = places[id(dot)]
        bend = names_left - 8 - 3 * (len(order) - 1 - turn)
        if x > bend:
            # under the names: straight up from the mark, then along
            path = f"M{number(x)} {number(y)}V{number(centre + blocks[index][1] / 2 + 3)}"
        elif abs(centre - y) < 2:
            path = f"M{number(x)} {number(y)}H{number(names_left - 5)}"
        else:
            path = f"M{number(x)} {number(y)}H{number(bend)}V{number(centre)}H{number(names_left - 5)}"
        parts.append(
            named_mark(
                dot,
                at=(x, y),
                block=blocks[index],
                centre=centre,
                names_left=names_left,
                room=NAMES,
                path=path,
                tint=column.tint,
                measure=measure,
                r=sizes[id(dot)],
            )
        )
    return "".join(parts)


def _band(
    column: Column,
    spots: Sequence[tuple[float, float]],
    here: Sequence[Dot],
    packing: Packing,
    middle: float,
    breadth: float,
    edges: tuple[float, float],
    measure: Measure,
    band_url: BandUrl,
) -> str:
    reach = packing.length(len(here))
    box = element("rect", x=column.left - 3, y=middle - breadth / 2 + 0.5, width=reach + 6, height=breadth - 1,
                  rx=2, fill="none", pointer_events="all", class_="fm-mark-box")  # fmt: skip
    tail = ""
    if len(here) >= COUNTED and len(here) == len(spots):
        tail = text(column.left + reach + 5, middle + 4, f"{len(here):,}", font_size=12, fill=MUTED)
    return link(
        band_url(column.word, *edges),
        box,
        many_marks(column.word, spots, packing.r),
        tail,
        label=said_band(column.word, len(here), *edges, measure),
    )


def many_marks(word: str, spots: Sequence[tuple[float, float]], r: float) -> str:
    """Marks of one standing; below 4 px plain dots, hollow where untested: the column's head has the shape."""
    look = marks.look_of(word)
    if r >= 4:
        return "".join(marks.shape(word, x=x, y=y, r=r) for x, y in spots)
    hollow = look.head == marks.UNTESTED
    line = min(1.1, r * 0.45)
    dots = "".join(element("circle", cx=x, cy=y, r=r - line / 2 if hollow else r) for x, y in spots)
    if hollow:
        return element("g", dots, fill=WHITE, stroke=look.colour, stroke_width=line)
    return element("g", dots, fill=look.colour)


def _strip(
    columns: Sequence[Column], packing: Packing, measure: Measure, band_url: BandUrl
) -> tuple[str, float]:
    if not any(column.missing for column in columns):
        return "", 0.0
    across = {c.word: max(1, int((c.width - 2 * PAD) / packing.pitch)) for c in columns}
    rows = max(-(-len(c.missing) // across[c.word]) for c in columns)
    height = rows * packing.pitch + 36
    parts = [strip_frame(measure, height)]
    for column in columns:
        count = len(column.missing)
        if not count:
            continue
        spots = [
            (
                column.left + (i % across[column.word] + 0.5) * packing.pitch,
                STRIP + 28 + (i // across[column.word] + 0.5) * packing.pitch,
            )
            for i in range(count)
        ]
        words = counted_assumptions(count)
        if width_of(words, size=12) > column.width - 2 * PAD:
            words = f"{count:,}"
        parts.append(
            link(
                band_url(column.word, None, None),
                element("rect", x=column.left - 5, y=STRIP + 4, width=column.width - PAD, height=height - 8, rx=2,
                        fill="none", pointer_events="all", class_="fm-mark-box"),
                text(column.left, STRIP + 19, words, font_size=12, class_="fm-mark-text"),
                many_marks(column.word, spots, packing.r),
                label=said_band(column.word, count, None, None, measure),
            )
        )  # fmt: skip
    return "".join(parts), height
