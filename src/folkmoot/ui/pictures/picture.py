"""What every picture hands to a page: the drawing twice, its words, and the table behind it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table behind a picture. ``word`` and ``leaning`` make it a standing."""

    text: str
    url: str = ""
    numeric: bool = False
    word: str = ""
    leaning: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Column labels and rows of cells, in the order in which they should be read."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Picture:
    """``wide`` is for 1280 px, ``narrow`` for a phone; both are finished, escaped SVG.

    ``table_first`` says that a phone shows the beginning of the table before the picture.
    """

    title: str
    wide: str
    narrow: str
    caption: str
    table: Table
    table_first: bool = False
    notes: tuple[str, ...] = field(default=())
