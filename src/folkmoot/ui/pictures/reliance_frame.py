"""The frame of the wide reliance picture: columns under their heads, the axis, one mark with its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from folkmoot.ui.pictures import marks
from folkmoot.ui.pictures.lettering import wrap
from folkmoot.ui.pictures.placing import Scale
from folkmoot.ui.pictures.reliance_input import Dot, Measure, counted_assumptions, plain, said
from folkmoot.ui.pictures.svg import INK, LINE, MUTED, PAPER, WHITE, element, lines, link, number, text

WIDTH, LEFT, TOP, PLOT = 1160.0, 52.0, 140.0, 430.0
BOTTOM = TOP + PLOT
STRIP = BOTTOM + 44
GROUP_GAP, PAD, GUTTER = 14.0, 12.0, 12.0
EMPTY = 138.0
NAME, COUNT, LEADING, BETWEEN = 13.0, 12.0, 15.5, 8.0
LEADER = "#8b999e"
SUBTITLES = {
    marks.UNTESTED: "no test; at most somebody says so",
    marks.UNSETTLED: "too few tests, or tests that disagree",
    marks.SETTLED: "enough tests to say that it fails, or holds",
}
TINTS = {marks.UNTESTED: PAPER, marks.UNSETTLED: "#f3f5f6", marks.SETTLED: "#edf3f1"}


@dataclass(frozen=True, slots=True)
class Column:
    """One standing's place: ``x`` and ``width`` of all of it, ``lane`` of it for the marks."""

    word: str
    x: float
    width: float
    lane: float
    dots: tuple[Dot, ...]

    @property
    def left(self) -> float:
        return self.x + PAD

    @property
    def names_left(self) -> float:
        return self.left + self.lane + GUTTER

    @property
    def names(self) -> float:
        """The width that names have."""
        return self.x + self.width - 6 - self.names_left

    @property
    def tint(self) -> str:
        return TINTS[marks.look_of(self.word).head]

    @property
    def known(self) -> list[Dot]:
        return [d for d in self.dots if d.height is not None]

    @property
    def missing(self) -> list[Dot]:
        return [d for d in self.dots if d.height is None]


def by_word(dots: Sequence[Dot]) -> list[tuple[Dot, ...]]:
    """The dots of each standing, in the order of the columns."""
    return [tuple(d for d in dots if d.word == word) for word in marks.STANDINGS]


def columns_of(
    groups: Sequence[tuple[Dot, ...]], widths: Sequence[float], lanes: Sequence[float]
) -> list[Column]:
    """Columns side by side with a gap between the heads; what is left over is shared by all."""
    spare = (WIDTH - LEFT - 2 * GROUP_GAP - sum(widths)) / len(widths)
    columns: list[Column] = []
    x = LEFT
    for word, group, width, lane in zip(marks.STANDINGS, groups, widths, lanes, strict=True):
        if columns and marks.look_of(columns[-1].word).head != marks.look_of(word).head:
            x += GROUP_GAP
        columns.append(Column(word, x, width + spare, lane, group))
        x += width + spare
    return columns


def heads(columns: Sequence[Column], low: float) -> str:
    """The three grounds with their heads, and over each column its shape, word and count."""
    parts = []
    for head in marks.HEADS:
        mine = [c for c in columns if marks.look_of(c.word).head == head]
        left, right = mine[0].x, mine[-1].x + mine[-1].width
        parts += [
            element("rect", x=left, y=52, width=right - left, height=low - 52, fill=TINTS[head]),
            element("path", d=f"M{number(left)} 51H{number(right)}", stroke=INK, stroke_width=3),
            text(left, 20, head, font_size=20, font_weight=700),
            text(left, 40, wrap(SUBTITLES[head], right - left, size=13, most=1)[0], font_size=13, fill=MUTED),
        ]
    for column in columns:
        count = counted_assumptions(len(column.dots)) if column.dots else "no assumption"
        parts += [
            marks.shape(column.word, x=column.left + 8, y=75, r=8.5),
            text(column.left + 24, 80, column.word, font_size=15, font_weight=700),
            text(column.left + 24, 97, count, font_size=12, fill=MUTED),
        ]
    return "".join(parts)


def axis(scale: Scale, measure: Measure, place: Callable[[float], float]) -> str:
    """Lines and numbers from zero up; ``place`` turns a value into a height on the page."""
    across = f"M{number(LEFT)} {{}}H{number(WIDTH)}"
    parts = [text(0, TOP - 16, f"↑ {measure.axis}", font_size=12.5, fill=MUTED)]
    for tick in scale.ticks:
        y = place(tick)
        parts.append(element("path", d=across.format(number(y)), stroke=LINE, stroke_width=1))
        parts.append(text(LEFT - 8, y + 4, plain(tick), text_anchor="end", font_size=12.5, fill=MUTED))
    parts.append(element("path", d=across.format(number(BOTTOM)), stroke=INK, stroke_width=1.5))
    return "".join(parts)


def strip_frame(measure: Measure, height: float) -> str:
    """The strip for what was not recorded, apart from the plot: not recorded is not nought."""
    return element(
        "rect", x=LEFT, y=STRIP, width=WIDTH - LEFT, height=height, fill=WHITE, fill_opacity=0.7, stroke=MUTED,
        stroke_dasharray="4 3",
    ) + text(LEFT, STRIP - 9, f"{measure.missing}, which is not the same as none", font_size=12.5, fill=MUTED)  # fmt: skip


def names_of(
    dots: Sequence[Dot], room: float, *, limit: float, measure: Measure, most: int = 5
) -> list[tuple[list[str], float]]:
    """Each name in lines, with the height of its block: as many lines as leave room for all."""
    for allowed in range(most, 0, -1):
        wrapped = [wrap(d.label, room, size=NAME, most=allowed, bold=True) for d in dots]
        heights = [
            len(w) * LEADING + len(under(d, measure)) * (COUNT + 2)
            for w, d in zip(wrapped, dots, strict=True)
        ]
        if sum(heights) + BETWEEN * (len(dots) - 1) <= limit or allowed == 1:
            return list(zip(wrapped, heights, strict=True))
    return []


def under(dot: Dot, measure: Measure) -> list[str]:
    """The lines beneath a name: what rests on it, both sides, and what a thin standing reads if they do not say it.

    What rests on it is said where it is counted in ones: many marks share a height then, and names
    have to stand beside the height that they speak of.
    """
    lines = [measure.of(dot.height)] if measure.whole and dot.height is not None else []
    lines.append(marks.counted(dot.for_count, dot.against_count))
    return [*lines, dot.leaning] if dot.leaning in ("mixed", "no effect found") else lines


def named_mark(
    dot: Dot,
    *,
    at: tuple[float, float],
    block: tuple[list[str], float],
    centre: float,
    names_left: float,
    room: float,
    path: str,
    tint: str,
    measure: Measure,
    r: float,
) -> str:
    """One mark, the leader to its name, and the name with both counts, all one link."""
    wrapped, height = block
    first = centre - height / 2 + NAME - 1
    # a rim in the colour of the ground keeps words readable where a line of the axis runs through
    rim = {"paint_order": "stroke", "stroke": tint, "stroke_width": 4, "stroke_linejoin": "round"}
    return link(
        dot.url,
        element("path", d=path, fill="none", stroke=LEADER, stroke_width=1),
        element("rect", x=names_left - 4, y=centre - height / 2 - 2, width=room + 6, height=height + 4, rx=2,
                fill="none", pointer_events="all", class_="fm-mark-box"),
        marks.shape(dot.word, dot.leaning, x=at[0], y=at[1], r=r),
        lines(names_left, first, wrapped, leading=LEADING, font_size=NAME, font_weight=600,
              class_="fm-mark-text", **rim),
        lines(names_left, first + len(wrapped) * LEADING - 1, under(dot, measure), leading=COUNT + 2, font_size=COUNT,
              fill=MUTED, **rim),
        label=said(dot, measure),
    )  # fmt: skip
