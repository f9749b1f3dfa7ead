"""The reliance picture for a wide screen: six columns under three heads, height linear from zero."""

from __future__ import annotations

from collections.abc import Sequence

from folkmoot.ui.pictures.lettering import wrap
from folkmoot.ui.pictures.placing import Scale, clusters, scale_from_zero, spread
from folkmoot.ui.pictures.reliance_banded import draw_banded
from folkmoot.ui.pictures.reliance_frame import (
    BETWEEN,
    BOTTOM,
    COUNT,
    EMPTY,
    GROUP_GAP,
    GUTTER,
    LEADING,
    LEFT,
    NAME,
    PAD,
    PLOT,
    STRIP,
    TOP,
    WIDTH,
    Column,
    axis,
    by_word,
    columns_of,
    heads,
    named_mark,
    names_of,
    strip_frame,
    under,
)
from folkmoot.ui.pictures.reliance_input import LABELLED, BandUrl, Dot, Measure, counted_assumptions
from folkmoot.ui.pictures.svg import MUTED, drawing, number, text

RADIUS = 9.0
STEP = 2 * RADIUS + 4
SURROUND = PAD + GUTTER + 6
# the widths between which names are kept
LEAST, MOST = 104.0, 240.0


def draw_wide(dots: Sequence[Dot], *, measure: Measure, title: str, band_url: BandUrl) -> str:
    """The finished drawing; ``dots`` come ranked, highest first, not recorded last."""
    scale = scale_from_zero([d.height for d in dots if d.height is not None], whole=measure.whole)
    if len(dots) > LABELLED:
        columns, lines_of_axis, plot, strip, strip_height = draw_banded(dots, scale, measure, band_url)
    else:
        columns = _columns(dots, scale)
        lines_of_axis = axis(scale, measure, lambda value: _y(scale, value))
        plot = "".join(_named(column, scale, measure) for column in columns)
        strip, strip_height = _strip(columns, measure)
    if not dots:
        plot = text(
            WIDTH / 2, TOP + PLOT / 2, "No assumptions yet", text_anchor="middle", font_size=18, fill=MUTED
        )
    height = STRIP + strip_height + 8 if strip else BOTTOM + 10
    return drawing(
        WIDTH,
        height,
        heads(columns, height - 8 if strip else BOTTOM),
        lines_of_axis,
        plot,
        strip,
        label=f"{title}. {counted_assumptions(len(dots))} by standing and {measure.axis.lower()}; the table below says the same.",
        class_="fm-reliance",
    )


def _y(scale: Scale, value: float) -> float:
    return BOTTOM - scale.share(value) * PLOT


def _columns(dots: Sequence[Dot], scale: Scale) -> list[Column]:
    groups = by_word(dots)
    lanes = []
    for group in groups:
        heights = sorted(_y(scale, d.height) for d in group if d.height is not None)
        widest = max((len(run) for run in clusters(heights, apart=2 * RADIUS + 3)), default=1)
        lanes.append(widest * STEP)
    # a column with more names gets more of the width; an empty one stays in sight: it is news
    needs = [len(group) ** 0.5 for group in groups]
    fixed = [lane + SURROUND + LEAST if group else EMPTY for lane, group in zip(lanes, groups, strict=True)]
    room = WIDTH - LEFT - 2 * GROUP_GAP - sum(fixed)
    widths = [
        width + min(MOST - LEAST, room * need / sum(needs)) if need else width
        for width, need in zip(fixed, needs, strict=True)
    ]
    return columns_of(groups, widths, lanes)


def _named(column: Column, scale: Scale, measure: Measure) -> str:
    dots = column.known
    wanted = [_y(scale, d.height or 0.0) for d in dots]
    blocks = names_of(dots, column.names, limit=PLOT + 10, measure=measure)
    centres = spread(wanted, [h for _, h in blocks], low=TOP - 6, high=BOTTOM - 3, gap=BETWEEN)
    across = [0.0] * len(dots)
    for run in clusters(wanted, apart=2 * RADIUS + 3):
        # the mark whose name had to go furthest stands furthest left, so that no leader crosses another
        for place, index in enumerate(sorted(run, key=lambda i: abs(centres[i] - wanted[i]))):
            across[index] = column.left + column.lane - (place + 0.5) * STEP
    return "".join(
        _one(dot, (x, y), centre, block, column, measure)
        for dot, x, y, centre, block in zip(dots, across, wanted, centres, blocks, strict=True)
    )


def _one(
    dot: Dot,
    at: tuple[float, float],
    centre: float,
    block: tuple[list[str], float],
    column: Column,
    measure: Measure,
) -> str:
    x, y = at
    bend = "" if abs(centre - y) < 2 else f"V{number(centre)}"
    return named_mark(
        dot,
        at=at,
        block=block,
        centre=centre,
        names_left=column.names_left,
        room=column.names,
        path=f"M{number(x)} {number(y)}{bend}H{number(column.names_left - 5)}",
        tint=column.tint,
        measure=measure,
        r=RADIUS,
    )


def _strip(columns: Sequence[Column], measure: Measure) -> tuple[str, float]:
    if not any(column.missing for column in columns):
        return "", 0.0
    parts, tallest = [], 0.0
    for column in columns:
        y = STRIP + 10
        for dot in column.missing:
            wrapped = wrap(dot.label, column.names, size=NAME, most=2, bold=True)
            height = len(wrapped) * LEADING + len(under(dot, measure)) * (COUNT + 2)
            centre = y + height / 2
            at = (column.left + column.lane - RADIUS - 2, centre)
            parts.append(_one(dot, at, centre, (wrapped, height), column, measure))
            y += height + BETWEEN
        tallest = max(tallest, y - STRIP)
    return strip_frame(measure, tallest) + "".join(parts), tallest
