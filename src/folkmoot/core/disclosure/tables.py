"""A table of counts with small counts hidden, the rest rounded, and totals rebuilt from what is shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.disclosure.published import HIDDEN, ZERO, Kind, Published, Rule, rebuilt_total
from folkmoot.core.errors import CannotAnalyse

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """(rows, columns) cells as they may be shown, and totals over the shown cells of rows, columns and all."""

    cells: tuple[tuple[Published, ...], ...]
    row_totals: tuple[Published, ...]
    column_totals: tuple[Published, ...]
    total: Published
    rule: Rule

    @property
    def hidden(self) -> int:
        return sum(cell.kind is Kind.HIDDEN for row in self.cells for cell in row)


def protected(counts: Counts, *, rule: Rule) -> ProtectedTable:
    """The table as it may be shown. ``counts``: (rows, columns) whole numbers of 0 or more, without totals.

    No cell is hidden to protect another: totals are sums of the numbers shown, so that no sum links a hidden
    cell to anything. Totals that were counted apart must not be among the cells (see unnamed_totals).
    """
    if counts.ndim != 2 or not counts.size:
        raise CannotAnalyse("The table holds no count.")
    if int(counts.min()) < 0:
        raise CannotAnalyse("A count cannot be below 0.")
    if int(counts.max()) > 10**15:
        raise CannotAnalyse("A count above 10^15 is no count of people.")
    shown = {count: rule.shows(count) for count in np.unique(counts).tolist()}
    cells = tuple(tuple(shown[count] for count in row) for row in counts.tolist())
    columns = tuple(zip(*cells, strict=True))
    return ProtectedTable(
        cells=cells,
        row_totals=tuple(rebuilt_total(row) for row in cells),
        column_totals=tuple(rebuilt_total(column) for column in columns),
        total=rebuilt_total([cell for row in cells for cell in row]),
        rule=rule,
    )


def as_published(value: object) -> Published:
    """A shown cell back from its JSON form."""
    if value == "hidden":
        return HIDDEN
    if value == 0:
        return ZERO
    if isinstance(value, int):
        return Published(Kind.NUMBER, value)
    raise CannotAnalyse("A published cell is a number, “hidden” or 0.")


MOST_LINES = 2000
FEWEST_COMPARED = 3


def unnamed_totals(counts: Counts, *, fewest: int = FEWEST_COMPARED) -> dict[int, tuple[int, int]]:
    """Rows that are the sum of a run of neighbouring rows: {row: (first, after last)}; transpose for columns.

    A total under another name ("persons") would let a reader subtract the shown cells from it. A run has at
    least two rows that are not all 0; at least ``fewest`` numbers of the sum must differ from 0, since fewer
    agree by accident too easily. A total that is no sum of neighbours is not found. Over 2,000 rows nothing is sought.
    """
    lines, width = counts.shape
    if lines > MOST_LINES or lines < 3 or width < fewest:
        return {}
    random = np.random.default_rng(20)  # only a fingerprint: each hit is compared number by number
    weights = random.integers(1, 2**61, width, dtype=np.int64)
    with np.errstate(over="ignore"):
        marks = counts @ weights
        before = np.concatenate([[np.int64(0)], np.cumsum(marks)])
        filled = np.concatenate([[0], np.cumsum(counts.any(axis=1))])
        places: dict[int, list[int]] = {}
        for place, mark in enumerate(before.tolist()):
            places.setdefault(mark, []).append(place)
        found: dict[int, tuple[int, int]] = {}
        for line in np.flatnonzero((counts != 0).sum(axis=1) >= fewest).tolist():
            wanted = (before + marks[line]).tolist()
            for first, mark in enumerate(wanted):
                run = _run(counts, line, first, places.get(mark, ()), filled)
                if run is not None and (
                    line not in found or run[1] - run[0] < found[line][1] - found[line][0]
                ):
                    found[line] = run
    return found


def _run(
    counts: Counts, line: int, first: int, ends: list[int] | tuple[int, ...], filled: Counts
) -> tuple[int, int] | None:
    for end in ends:
        apart = not first <= line < end
        enough = end > first and apart and filled[end] - filled[first] >= 2
        if enough and np.array_equal(counts[first:end].sum(axis=0), counts[line]):
            return first, end
    return None
