"""Tables for spreadsheets: a cell that a program would run as a formula is made plain text.

No words of our own are changed anywhere else; JSON lines hold them exactly.
"""

from __future__ import annotations

import csv
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
