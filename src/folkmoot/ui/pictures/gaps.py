"""A grid of standings as one drawing to keep or to print: every cell, the empty ones as plain as the full ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from folkmoot.ui.pictures import marks
from folkmoot.ui.pictures.lettering import wrap
from folkmoot.ui.pictures.svg import FAINT, INK, LINE, MUTED, PAPER, WHITE, drawing, element, lines, text

EDGE, LEADING, PAD = 24, 17, 8
HEAD_WIDTH, CELL_WIDTH = 250, 150
FICTIONAL = "Fictional: the organisations, people, words and evaluations here are invented."
BANNER = "#5b3f86"


class Line(Protocol):
    """One line of a cell: a number and its words; ``word`` makes it a standing with its shape."""

    @property
    def number(self) -> int: ...

    @property
    def said(self) -> str: ...

    @property
    def word(self) -> str: ...

    @property
    def leaning(self) -> str: ...


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: its name, its own standing where it is one assumption, and the lines of each cell."""

    name: str
    cells: Sequence[Sequence[Line]]
    word: str = ""
    leaning: str = ""


def draw(
    columns: Sequence[str],
    rows: Sequence[GridRow],
    *,
    title: str,
    corner: str,
    nothing: str,
    notes: Sequence[str] = (),
    fictional: bool = False,
) -> str:
    """The whole grid as finished SVG that needs nothing from outside. ``nothing`` stands in an empty cell."""
    width = max(2 * EDGE + HEAD_WIDTH + CELL_WIDTH * len(columns), 720)
    parts: list[str] = []
    y = float(EDGE)
    if fictional:
        parts.append(element("rect", x=0, y=0, width=width, height=34, fill=BANNER))
        parts.append(text(EDGE, 22, FICTIONAL, fill=WHITE, font_weight="bold"))
        y += 30
    parts.append(text(EDGE, y + 20, title, font_size=22, font_weight="bold"))
    y += 34
    for note in notes:
        wrapped = wrap(note, width - 2 * EDGE, most=6)
        parts.append(lines(EDGE, y + 12, wrapped, leading=LEADING, fill=MUTED))
        y += LEADING * len(wrapped) + 4
    y += 10
    heads, height = _heads(columns, corner, y)
    parts += heads
    y += height
    for row in rows:
        drawn, height = _row(row, y, nothing)
        parts += drawn
        y += height
    ground = element("rect", x=0, y=0, width=width, height=y + EDGE, fill=WHITE)
    return drawing(width, y + EDGE, ground, *parts, label=title, class_="fm-gaps")


def _heads(columns: Sequence[str], corner: str, y: float) -> tuple[list[str], float]:
    wrapped = [wrap(name, CELL_WIDTH - 2 * PAD, most=5, bold=True) for name in columns]
    height = LEADING * max([len(one) for one in wrapped] or [1]) + 2 * PAD
    whole = HEAD_WIDTH + CELL_WIDTH * len(columns)
    parts = [element("rect", x=EDGE, y=y, width=whole, height=height, fill=PAPER, stroke=LINE)]
    parts.append(text(EDGE + PAD, y + PAD + 12, corner, fill=MUTED))
    for place, words in enumerate(wrapped):
        x = EDGE + HEAD_WIDTH + place * CELL_WIDTH + PAD
        parts.append(lines(x, y + PAD + 12, words, leading=LEADING, font_weight="bold"))
    return parts, height


def _row(row: GridRow, y: float, nothing: str) -> tuple[list[str], float]:
    name = wrap(row.name, HEAD_WIDTH - 2 * PAD, most=7, bold=True)
    said = [[_lines_of(line) for line in cell] for cell in row.cells]
    deepest = max([sum(len(one) for one in cell) for cell in said] or [1])
    own = 1 if row.word else 0
    height = LEADING * max(len(name) + own, deepest, 1) + 2 * PAD
    parts = [element("rect", x=EDGE, y=y, width=HEAD_WIDTH, height=height, fill=PAPER, stroke=LINE)]
    parts.append(lines(EDGE + PAD, y + PAD + 12, name, leading=LEADING, font_weight="bold"))
    if row.word:
        at = y + PAD + 12 + LEADING * len(name)
        parts.append(marks.shape(row.word, row.leaning or None, x=EDGE + PAD + 7, y=at - 4, r=6))
        parts.append(text(EDGE + PAD + 19, at, marks.spoken(row.word, row.leaning or None)))
    for place, (cell, words) in enumerate(zip(row.cells, said, strict=True)):
        x = EDGE + HEAD_WIDTH + place * CELL_WIDTH
        fill = WHITE if cell else FAINT
        parts.append(element("rect", x=x, y=y, width=CELL_WIDTH, height=height, fill=fill, stroke=LINE))
        parts += _cell(cell, words, x, y) if cell else [text(x + PAD, y + PAD + 12, nothing, fill=MUTED)]
    return parts, height


def _lines_of(line: Line) -> list[str]:
    return wrap(f"{line.number} {line.said}", CELL_WIDTH - 2 * PAD - (18 if line.word else 0), most=3)


def _cell(cell: Sequence[Line], words: Sequence[list[str]], x: float, y: float) -> list[str]:
    parts = []
    at = y + PAD + 12
    for line, wrapped in zip(cell, words, strict=True):
        beside = 18 if line.word else 0
        if line.word:
            parts.append(marks.shape(line.word, line.leaning or None, x=x + PAD + 6, y=at - 4, r=6))
        parts.append(lines(x + PAD + beside, at, wrapped, leading=LEADING, fill=INK))
        at += LEADING * len(wrapped)
    return parts
