"""Tables for spreadsheets: a cell that a program would run as a formula is made plain text.

No words of our own are changed anywhere else; JSON lines hold them exactly.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

# the wide forms count as formulas, too, where people type them
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(value: Any) -> Any:
    """The value, with an apostrophe before text that a spreadsheet would take for a formula."""
    if isinstance(value, str) and value.lstrip(" \xa0\ufeff").startswith(STARTS):
        return f"'{value}"
    return value


def write_table(file: IO[str], rows: Iterable[Mapping[str, Any]], *, columns: Sequence[str]) -> int:
    """Write the rows as CSV with a header; returns how many there were."""
    writer = csv.writer(file)
    writer.writerow(columns)
    number = 0
    for row in rows:
        writer.writerow([neutral(row.get(column, "")) for column in columns])
        number += 1
    return number


# what XML cannot hold: a workbook with one of these opens in no program
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST = 32_767  # characters that a spreadsheet takes in one cell


def write_sheets(
    file: IO[bytes], sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]
) -> int:
    """Write a workbook: each sheet its name, its header and its rows. Returns the rows of all of them."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    number = 0
    for name, columns, rows in sheets:
        sheet = book.create_sheet(name[:31])
        sheet.freeze_panes = "A2"
        sheet.append([_in_sheet(one) for one in columns])
        for row in rows:
            sheet.append([_in_sheet(cell) for cell in row])
            number += 1
    book.save(file)
    return number


def _in_sheet(value: Any) -> Any:
    if isinstance(value, str):
        return neutral(NOT_IN_XML.sub("", value)[:LONGEST])
    return value
