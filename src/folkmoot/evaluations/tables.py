"""A table as somebody brings it to a plan: which columns it has, what was set aside, and whom it might name.

What does not belong here: keeping it (``actions.data``), what a column is for (``commands``).
"""

from __future__ import annotations

import csv
import io
import pathlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from folkmoot.core.errors import BadImport, FolkmootError
from folkmoot.surveys.models import Series, SeriesValue
from folkmoot.surveys.reading.files import RawColumn, RawFile, read_answers
from folkmoot.surveys.reading.identifiers import DAY, Suspicion, suspicions

FORMS = ("csv", "tsv", "txt", "parquet", "xlsx", "xls", "ods")
LARGEST = 200_000_000  # bytes
MOST_ROWS = 2_000_000
MOST_COLUMNS = 400
REASONS_LISTED = 200
SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-()")


@dataclass(frozen=True, slots=True)
class Brought:
    """A table that was read: every row of it used or set aside with its reason."""

    name: str
    form: str
    read: int
    set_aside: tuple[dict[str, Any], ...]
    columns: tuple[dict[str, Any], ...]
    suspects: tuple[Suspicion, ...]

    @property
    def used(self) -> int:
        return self.read - len(self.set_aside)


def read_brought(name: str, content: bytes) -> Brought:
    """Read a table. Raises BadImport with one sentence where it cannot be used as one."""
    name = plain_name(name)
    form = pathlib.PurePath(name).suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise BadImport(
            f"{name} is of no kind that is read here.",
            remedy="Save it as csv, parquet, xlsx or ods, a row a person, place or period.",
        )
    if len(content) > LARGEST:
        raise BadImport(
            f"{name} is larger than {LARGEST // 1_000_000:,} MB.",
            remedy="Keep only the columns that are needed.",
        )
    raw = read_answers(name, content)
    if raw.rows > MOST_ROWS:
        raise BadImport(f"{name} has more than {MOST_ROWS:,} rows.", remedy="Work with a part of it.")
    if len(raw.columns) > MOST_COLUMNS:
        raise BadImport(
            f"{name} has more than {MOST_COLUMNS:,} columns.", remedy="Keep those that are needed."
        )
    empty = _empty_rows(raw)
    if len(empty) == raw.rows:
        raise BadImport(f"Every cell of {name} is empty.")
    return Brought(
        name=name,
        form=form,
        read=raw.rows,
        set_aside=tuple(
            {"file": name, "row": int(row) + raw.first_row, "reason": "every cell is empty"} for row in empty
        ),
        columns=tuple(_described(one) for one in raw.columns),
        suspects=tuple(suspicions(raw)),
    )


def plain_name(name: str) -> str:
    """The file's own name without folders and without what no file system likes."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(one if one in SAFE else "_" for one in last).strip(" .")[-120:] or "table"


def _empty_rows(raw: RawFile) -> np.ndarray[Any, Any]:
    filled = np.zeros(raw.rows, dtype=bool)
    for column in raw.columns:
        filled |= column.codes >= 0
    return np.flatnonzero(~filled)


def _described(column: RawColumn) -> dict[str, Any]:
    """What a form needs to know of a column. The words of a column of words are not kept."""
    described: dict[str, Any] = {
        "name": column.name,
        "kind": "words",
        "filled": column.answered,
        "different": len(column.levels),
    }
    try:
        numbers = [float(one) for one in column.levels]
    except ValueError:
        if column.levels and all(DAY.fullmatch(one) for one in column.levels):
            described |= {"kind": "days", "low": column.levels[0][:10], "high": column.levels[-1][:10]}
        return described
    if numbers and all(np.isfinite(numbers)):
        described |= {"kind": "numbers", "low": min(numbers), "high": max(numbers)}
    return described


def frozen_series(
    series: Series, *, starts: Mapping[str, str], only: Collection[str] = (), as_share: bool = False
) -> tuple[bytes, list[str]]:
    """The figures of a series as csv, a row an area and period, with sentences on what was done to them.

    ``starts`` is the first period with the work by area: it becomes ``first_treated`` (empty: never) and ``treated``
    (1 in the periods from then on). Areas that hold the others are left out. ``as_share``: figures in per cent are
    divided by a hundred.
    """
    rows = list(
        SeriesValue.objects.filter(area__series=series)
        .order_by("area__position", "area_id", "period")
        .values_list("area__name", "area__whole", "period", "value", "n")
    )
    known = list(dict.fromkeys(name for name, whole, *_ in rows if not whole))
    for name in (*starts, *only):
        if name not in known:
            raise FolkmootError(f"“{name}” is no area of “{series.title}”; it has {', '.join(known[:12])}.")
    kept = [row for row in rows if not row[1] and (not only or row[0] in only)]
    if not kept:
        raise FolkmootError(f"“{series.title}” has no figures to take.")
    notes = []
    divide = as_share and series.scale == Series.Scale.PERCENT
    if divide:
        notes.append("The figures were published in per cent and are given here as shares.")
    left = len({row[0] for row in rows if row[1]})
    if left:
        notes.append(f"{left} area{'' if left == 1 else 's'} that hold the others were left out.")
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["area", "period", "value", "people_asked", "first_treated", "treated"])
    for name, _, period, value, n in kept:
        start = starts.get(name, "")
        figure = round(value / 100, 12) if divide else value
        writer.writerow(
            [
                name,
                period.isoformat(),
                figure,
                n or "",
                start,
                int(bool(start) and period.isoformat() >= start),
            ]
        )
    return written.getvalue().encode(), notes
