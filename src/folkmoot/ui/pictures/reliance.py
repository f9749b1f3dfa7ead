"""What we rely on and have not tested: every assumption as one mark, by what is known and what rests on it."""

from __future__ import annotations

from collections.abc import Sequence

from folkmoot.ui.pictures import marks
from folkmoot.ui.pictures.picture import Cell, Picture, Table
from folkmoot.ui.pictures.reliance_input import (
    HOURS,
    LABELLED,
    OBJECTIVES,
    BandUrl,
    Dot,
    Measure,
    plain,
    rank,
)
from folkmoot.ui.pictures.reliance_narrow import draw_narrow
from folkmoot.ui.pictures.reliance_wide import draw_wide

__all__ = ["HOURS", "LABELLED", "OBJECTIVES", "BandUrl", "Dot", "Measure", "draw", "table"]

TITLE = "What we rely on and have not tested"


def draw(
    dots: Sequence[Dot],
    *,
    measure: Measure = HOURS,
    title: str = TITLE,
    caption: str = "",
    band_url: BandUrl | None = None,
) -> Picture:
    """The picture for a wide screen and for a phone, and its table ranked by what rests on each.

    Up to twelve marks are all named. With more, marks stand in bands and ``band_url`` says where a
    band leads; without it bands are no links. An unknown standing raises KeyError. No dots give an
    empty frame that says so.
    """
    for dot in dots:
        marks.look_of(dot.word)
    ranked = sorted(dots, key=rank)
    where = band_url or (lambda word, low, high: "")
    return Picture(
        title=title,
        wide=draw_wide(ranked, measure=measure, title=title, band_url=where),
        narrow=draw_narrow(ranked, measure=measure, title=title, band_url=where),
        caption=caption or default_caption(measure),
        table=table(ranked, measure=measure, title=title),
        table_first=True,
    )


def default_caption(measure: Measure) -> str:
    """Why the marks must not be added up."""
    return (
        f"Each mark is one assumption; the higher it stands, the more {measure.many} rest on it. Do not add the "
        f"heights together: one {measure.one} can rest on several assumptions. Choose a mark to open it."
    )


def table(dots: Sequence[Dot], *, measure: Measure = HOURS, title: str = TITLE) -> Table:
    """The same assumptions as rows, most relied on first, those not recorded last."""
    rows = tuple(
        (
            Cell(dot.label, dot.url),
            Cell("", word=dot.word, leaning=dot.leaning or ""),
            Cell(marks.counted(dot.for_count, dot.against_count)),
            Cell("not recorded" if dot.height is None else plain(dot.height), numeric=True),
        )
        for dot in sorted(dots, key=rank)
    )
    return Table(title, ("Assumption", "Standing", "Tests", measure.axis), rows, frozenset({3}))
