"""A table handed in as csv or xlsx, as rows of words with their numbers.

What does not belong here: what a column means (``intake``, ``votes.reading``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from python_calamine import CalamineWorkbook

from folkmoot.core.errors import BadImport, FolkmootError
from folkmoot.sources.intake import LIMITS
from folkmoot.sources.reading.packed import Packed
from folkmoot.sources.reading.text import decode

MOST_BYTES = 60_000_000
MOST_ROWS = 2_000_000
SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The header's words as written, and the rows below with their number in the file (the header is 1)."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[int, list[str]]]

    def place(self, *names: str) -> int | None:
        """Where the first of these columns stands, whatever its capitals; None where there is none."""
        plain = [one.strip().casefold() for one in self.columns]
        return next((plain.index(name) for name in names if name in plain), None)


def cell(row: Sequence[str], place: int | None) -> str:
    """The words of a cell, or nothing where the row is too short or has no such column."""
    return row[place].strip() if place is not None and place < len(row) else ""


def sheet_of(name: str, content: bytes) -> Sheet:
    """The table of a file. Raises BadImport with a remedy where it is none."""
    if len(content) > MOST_BYTES:
        raise BadImport(
            f"{name} is larger than {MOST_BYTES // 1_000_000} MB.", remedy="Split it into several files."
        )
    if content.startswith(b"PK"):
        rows = _workbook(content)
    else:
        text, _ = decode(content)
        rows = _delimited(text)
    while rows and not any(one.strip() for one in rows[0][1]):
        rows.pop(0)
    if not rows:
        raise BadImport(f"{name} holds no rows.", remedy="Put the names of the columns into its first row.")
    header = tuple(one.strip() for one in rows[0][1])
    return Sheet(name, header, [(n, row) for n, row in rows[1:] if any(one.strip() for one in row)])


def _delimited(text: str) -> list[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        found = []
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        number = 1
        for row in reader:
            found.append((number, row))
            number += 1
            if number > MOST_ROWS:
                raise BadImport(f"The file holds more than {MOST_ROWS:,} rows.", remedy="Split it.")
        return found
    except csv.Error as error:
        raise BadImport(
            "The file is no table that can be read.", remedy="Save it as csv or xlsx from a spreadsheet."
        ) from error


def _workbook(content: bytes) -> list[tuple[int, list[str]]]:
    packed = Packed(content, limits=LIMITS)  # refuses what unpacks to far more than it says
    if not any(part.startswith("xl/worksheets/") for part in packed.names):
        raise BadImport("The file is no workbook.", remedy="Save it as xlsx or csv.")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        cells = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (KeyboardInterrupt, SystemExit, MemoryError, FolkmootError):
        raise
    except BaseException as error:  # the reader's own panics are no Exception
        raise BadImport("The workbook is damaged.", remedy="Save it again, or as csv.") from error
    return [(n, [_shown(one) for one in row]) for n, row in enumerate(cells, 1)]


def _shown(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
