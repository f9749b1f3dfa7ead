"""The reliance picture for a phone: one lane per standing, length linear from zero."""

from __future__ import annotations

from collections.abc import Sequence

from folkmoot.ui.pictures import marks
from folkmoot.ui.pictures.lettering import wrap
from folkmoot.ui.pictures.placing import Bands, Packing, bands_on, pack, scale_from_zero
from folkmoot.ui.pictures.reliance_banded import many_marks
from folkmoot.ui.pictures.reliance_frame import TINTS
from folkmoot.ui.pictures.reliance_input import (
    LABELLED,
    BandUrl,
    Dot,
    Measure,
    counted_assumptions,
    plain,
    said,
    said_band,
)
from folkmoot.ui.pictures.svg import INK, LINE, MUTED, drawing, element, lines, link, number, text

WIDTH, SIDE = 360.0, 12.0
LENGTH = WIDTH - 2 * SIDE


def draw_narrow(dots: Sequence[Dot], *, measure: Measure, title: str, band_url: BandUrl) -> str:
    """The finished drawing; ``dots`` come ranked. The ranked list above it names them all."""
    scale = scale_from_zero([d.height for d in dots if d.height is not None], whole=measure.whole, most=4)
    bands = bands_on(scale, whole=measure.whole, most=14)
    tallies = {
        word: bands.tally([d.height for d in dots if d.word == word and d.height is not None])
        for word in marks.STANDINGS
    }
    # a lane grows upwards with its fullest band, 84 px at most in all but the emptiest case
    fullest = max(map(max, tallies.values()))
    packing = pack(lambda trial: trial.length(fullest) <= 84, breadth=LENGTH / bands.count, largest=6)
    named = 3 if len(dots) <= LABELLED else 1
    parts = [text(SIDE, 16, measure.axis, font_size=13, fill=MUTED)]
    y = 30.0
    for head in marks.HEADS:
        block, height = _head(head, dots, tallies, packing, bands, measure, band_url, y, named)
        parts.append(block)
        y += height + 10
    return drawing(
        WIDTH,
        y,
        *parts,
        label=f"{title}. {counted_assumptions(len(dots))} by standing and {measure.axis.lower()}; the list says the same.",
        class_="fm-reliance-narrow",
    )


def _head(
    head: str,
    dots: Sequence[Dot],
    tallies: dict[str, list[int]],
    packing: Packing,
    bands: Bands,
    measure: Measure,
    band_url: BandUrl,
    top: float,
    named: int,
) -> tuple[str, float]:
    parts = [text(SIDE, top + 24, head, font_size=18, font_weight=700)]
    y = top + 34
    for word in (w for w, look in marks.STANDINGS.items() if look.head == head):
        block, height = _lane(word, dots, tallies[word], packing, bands, measure, band_url, y, named)
        parts.append(block)
        y += height
    ground = element("rect", x=0, y=top, width=WIDTH, height=y - top + 4, fill=TINTS[head])
    rule = element("path", d=f"M0 {number(top)}H{number(WIDTH)}", stroke=INK, stroke_width=3)
    return ground + rule + "".join(parts), y - top + 4


def _lane(
    word: str,
    dots: Sequence[Dot],
    tally: Sequence[int],
    packing: Packing,
    bands: Bands,
    measure: Measure,
    band_url: BandUrl,
    top: float,
    named: int,
) -> tuple[str, float]:
    mine = [d for d in dots if d.word == word]
    known = [d for d in mine if d.height is not None]
    parts = [
        marks.shape(word, x=SIDE + 7, y=top + 12, r=7),
        text(SIDE + 21, top + 17, word, font_size=15, font_weight=700),
        _beside(word, len(mine), len(mine) - len(known), measure, band_url, top + 17),
    ]
    if not known:
        return "".join(parts), 34
    tallest = packing.length(max(tally)) + 4
    base = top + 28 + tallest
    parts.append(_axis(bands, base, tallest))
    breadth = LENGTH / bands.count
    for index, held in enumerate(tally):
        if not held:
            continue
        middle = SIDE + bands.middle(index) * LENGTH
        spots = [(middle + across, base - 1 - along) for along, across in packing.places(held)]
        edges = bands.edges(index)
        box = element("rect", x=middle - breadth / 2, y=base - tallest, width=breadth, height=tallest, rx=2,
                      fill="none", pointer_events="all", class_="fm-mark-box")  # fmt: skip
        shown = many_marks(word, spots, packing.r)
        parts.append(link(band_url(word, *edges), box, shown, label=said_band(word, held, *edges, measure)))
    y = base + 20
    for dot in known[:named]:
        block, height = _name(dot, measure, y)
        parts.append(block)
        y += height
    return "".join(parts), y - top + 4


def _beside(word: str, count: int, missing: int, measure: Measure, band_url: BandUrl, y: float) -> str:
    words = counted_assumptions(count)
    if not missing:
        return text(WIDTH - SIDE, y, words, text_anchor="end", font_size=13, fill=MUTED)
    shown = text(WIDTH - SIDE, y, f"{words}, {missing:,} not recorded", text_anchor="end", font_size=13,
                 fill=MUTED, class_="fm-mark-text")  # fmt: skip
    return link(band_url(word, None, None), shown, label=said_band(word, missing, None, None, measure))


def _axis(bands: Bands, base: float, height: float) -> str:
    parts = [
        element("path", d=f"M{number(SIDE)} {number(base)}h{number(LENGTH)}", stroke=INK, stroke_width=1.2)
    ]
    for tick in bands.scale.ticks:
        x = SIDE + bands.share(tick) * LENGTH
        parts.append(element("path", d=f"M{number(x)} {number(base)}v{number(-height)}", stroke=LINE))
        anchor = "start" if tick == 0 else "end" if tick == bands.scale.top else "middle"
        parts.append(text(x, base + 13, plain(tick), text_anchor=anchor, font_size=11.5, fill=MUTED))
    return "".join(parts)


def _name(dot: Dot, measure: Measure, y: float) -> tuple[str, float]:
    wrapped = wrap(dot.label, LENGTH, size=13, most=2, bold=True)
    height = len(wrapped) * 16 + 22.0
    resting = measure.of(dot.height or 0.0)
    return (
        link(
            dot.url,
            element("rect", x=SIDE - 4, y=y - 2, width=LENGTH + 8, height=height - 4, rx=2, fill="none",
                    pointer_events="all", class_="fm-mark-box"),
            lines(SIDE, y + 12, wrapped, leading=16, font_size=13, font_weight=600, class_="fm-mark-text"),
            text(SIDE, y + 12 + len(wrapped) * 16, f"{resting}; {marks.counted(dot.for_count, dot.against_count)}",
                 font_size=12, fill=MUTED),
            label=said(dot, measure),
        ),
        height,
    )  # fmt: skip
