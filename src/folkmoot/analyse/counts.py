"""A table of counts read from a file: which columns are labels, and which rows and columns are totals.

What does not belong here: what may be shown of a count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.analyse.tables import Table
from folkmoot.core.disclosure.tables import unnamed_totals
from folkmoot.core.errors import BadImport, CannotAnalyse

# a total by its name alone; and names that mean a total only where the numbers add up
TOTAL = re.compile(r"(grand |sub-? ?)?totals?|all|sum|overall", re.IGNORECASE)
PERHAPS_TOTAL = re.compile(
    r"totals?\b.*|.*\btotals?|all .*|persons|people|everyone|everybody|both|both sexes|any", re.IGNORECASE
)
LABEL = re.compile(
    r"(?<![a-z])(year|age|band|id|code|area|ward|place|force|district|name|group|quarter|month|week|date|row)s?(?![a-z])"
    r"|lsoa|msoa|ltla|(code|name|cd|nm)$|^column 1$",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[-+]?[\d.,]*\d%?|hidden")
WHOLE = re.compile(r"\d{1,15}(\.0+)?")


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """A file's counts: ``labels[row]`` words, ``columns`` of counts, (rows, columns) ``counts`` as given.

    ``row_parts, column_parts``: for each row or column that is a total, the rows or columns, no totals
    themselves, that it totals. ``notes``: sentences on what was taken for a total and why.
    """

    label_columns: list[str]
    labels: list[tuple[str, ...]]
    columns: list[str]
    counts: NDArray[np.int64]
    row_parts: dict[int, list[int]]
    column_parts: dict[int, list[int]]
    notes: list[str]


def counted(
    table: Table,
    *,
    labels: Sequence[str] | None = None,
    totals: Sequence[str] = (),
    not_totals: Sequence[str] = (),
) -> Counted:
    """The counts of a table: its first column or columns are labels (or those named), the others whole numbers.

    ``totals`` and ``not_totals`` name rows or columns where the recognition should be overruled. Refused, with
    row and column: an empty cell, a word, a negative or fractional number, a table that is protected already; and
    a name that no row or column has.
    """
    if not len(table):
        raise CannotAnalyse(f"{table.name} has a header and no rows.")
    label_columns = _label_columns(table, labels)
    columns = [column for column in table.columns if column not in label_columns]
    if not columns:
        raise CannotAnalyse(f"{table.name} has no column of counts beside its labels.")
    counts = np.array([_whole_numbers(table, column) for column in columns], dtype=np.int64).T
    words = [[word or "" for word in table.text(column)] for column in label_columns]
    lines = list(zip(*words, strict=True))
    _require_known([*totals, *not_totals], table.name, lines, columns)
    notes: list[str] = []
    row_parts = _totals(lines, counts, totals, not_totals, notes)
    column_parts = _totals([(name,) for name in columns], counts.T, totals, not_totals, notes)
    return Counted(label_columns, lines, columns, counts, row_parts, column_parts, notes)


def _require_known(named: list[str], table: str, lines: list[tuple[str, ...]], columns: list[str]) -> None:
    """Refuse a name that nothing bears: a total that is misspelt would go out as one more count."""
    known = {*columns, *(word for line in lines for word in line), *map(" ".join, lines)}
    unknown = [name for name in named if name not in known]
    if unknown:
        raise CannotAnalyse(
            f"{table} has no row or column “{unknown[0]}”; --totals and --counts take names as they stand in the file."
        )


def _totals(
    labels: list[tuple[str, ...]],
    numbers: NDArray[np.int64],
    totals: Sequence[str],
    not_totals: Sequence[str],
    notes: list[str],
) -> dict[int, list[int]]:
    """For each line (row or column) that is a total, the lines that it totals."""

    def by_name(word: str) -> bool:
        return word in totals or (word not in not_totals and TOTAL.fullmatch(word) is not None)

    def perhaps(word: str) -> bool:
        return by_name(word) or (word not in not_totals and PERHAPS_TOTAL.fullmatch(word) is not None)

    def matching(among: list[int]) -> Callable[[int], list[int]]:
        """For a line: those with the same words wherever it does not say "total"."""
        found: dict[tuple[int, ...], dict[tuple[str, ...], list[int]]] = {}

        def of(line: int) -> list[int]:
            fixed = tuple(place for place, word in enumerate(labels[line]) if not perhaps(word))
            if fixed not in found:
                lines = found[fixed] = {}
                for other in among:
                    lines.setdefault(tuple(labels[other][place] for place in fixed), []).append(other)
            return found[fixed].get(tuple(labels[line][place] for place in fixed), [])

        return of

    every = range(len(labels))
    sure = [line for line in every if any(map(by_name, labels[line]))]
    if len(sure) == len(labels):
        return {}  # nothing but totals: each is a count like another
    unsure = [line for line in every if line not in set(sure) and any(map(perhaps, labels[line]))]
    plain = [line for line in every if line not in {*sure, *unsure}]
    parts: dict[int, list[int]] = {}
    same = matching(plain)
    for line in unsure:
        among = same(line)
        if len(among) > 1 and np.array_equal(numbers[among].sum(axis=0), numbers[line]):
            parts[line] = among
    inner = [line for line in every if line not in {*sure, *parts}]
    sought = np.ascontiguousarray(numbers[inner])
    for fewest, only in ((1, set(unsure)), (3, set(every))):
        for place, (first, end) in unnamed_totals(sought, fewest=fewest).items():
            line = inner[place]
            if (
                line in only
                and line not in parts
                and not {*labels[line], " ".join(labels[line])} & {*not_totals}
            ):
                parts[line] = inner[first:end]
    for line in parts:
        name = " ".join(labels[line])
        notes.append(
            f"“{name}” adds up others and is treated as a total; --counts “{name}” says that it is none."
        )
    same = matching([line for line in inner if line not in parts])
    for line in sure:
        if not same(line):
            continue  # nothing is given that it could total: it is a count like another
        parts[line] = same(line)
        if not np.array_equal(numbers[parts[line]].sum(axis=0), numbers[line]):
            notes.append(
                f"“{' '.join(labels[line])}” as given is not the sum of its parts; it is rebuilt from them."
            )
    return {line: _leaves(parts, line, frozenset()) for line in parts}


def _leaves(parts: dict[int, list[int]], line: int, above: frozenset[int]) -> list[int]:
    """The parts of a total, with those that are totals themselves replaced by theirs."""
    if line not in parts:
        return [line]
    below = above | {line}
    return sorted({leaf for part in parts[line] if part not in below for leaf in _leaves(parts, part, below)})


def _label_columns(table: Table, named: Sequence[str] | None) -> list[str]:
    if named:
        table.require(*named)
        return list(named)
    table.require(*table.columns)
    first = table.columns[0]
    words = [word or "" for word in table.text(first)]
    if words and all(WHOLE.fullmatch(word) for word in words):
        numbers = [int(float(word)) for word in words]
        counted_off = len(numbers) > 3 and numbers[0] < 2 and bool((np.diff(numbers) == 1).all())
        if not (LABEL.search(first) or counted_off):
            raise CannotAnalyse(
                f"Column “{first}” of {table.name} comes first and holds only numbers: "
                "if it names the rows say so with --labels; if it is a count, the table needs a column of names."
            )
    labels = [first]
    for column in table.columns[1:]:
        given = [word for word in table.text(column) if word]
        if not given or any(NUMBER.fullmatch(word) for word in given):
            break
        labels.append(column)
    return labels


def _whole_numbers(table: Table, column: str) -> list[int]:
    counts = []
    for row, word in enumerate(table.text(column), start=2):
        if word is None:
            raise BadImport(
                "the cell is empty.", row=row, column=column, remedy="Write 0 where nobody was counted."
            )
        if word == "hidden":
            remedy = "Give the counts as they are held."
            raise BadImport("this table is protected already.", row=row, column=column, remedy=remedy)
        if not WHOLE.fullmatch(word):
            shown = word if len(word) <= 40 else word[:40] + "…"
            raise BadImport(f"“{shown}” is no count of 0 or more.", row=row, column=column)
        counts.append(int(word.split(".")[0]))
    return counts
