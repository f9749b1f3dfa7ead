"""The columns of an effect's file: rows that can be used, and why others cannot.

What does not belong here: designs and their numbers.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.analyse.periods import Calendar, periods_of, starts_of
from folkmoot.analyse.tables import Table
from folkmoot.core.effects.inference import zero_or_one
from folkmoot.core.effects.panel import positions
from folkmoot.core.errors import CannotAnalyse

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(slots=True)
class Rows:
    """The usable rows, column by column; what the options did not name is None.

    ``unit``, ``clusters`` and ``blocks`` are numbered from 0, ``time`` is in the calendar's periods.
    """

    outcome: Numbers
    read: int
    set_aside: dict[str, int]
    unit: Codes | None = None
    unit_names: list[str] = field(default_factory=list)
    time: Numbers | None = None
    calendar: Calendar | None = None
    treated: Numbers | None = None
    first_treated: Numbers | None = None
    start: float | None = None
    clusters: Codes | None = None
    blocks: Codes | None = None
    received: Numbers | None = None
    exposure: Numbers | None = None
    covariates: dict[str, Numbers] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Rows read, used and set aside, for the result's ``n``."""
        return {
            "rows": self.read,
            "used": int(self.outcome.size),
            "set_aside": self.read - int(self.outcome.size),
        }

    def caveats(self) -> list[str]:
        return [
            f"{count} of {self.read} rows were set aside: {reason}."
            for reason, count in self.set_aside.items()
            if count
        ]


def rows_of(table: Table, options: argparse.Namespace) -> Rows:
    """Read the columns that the options name; rows without a needed value are set aside and counted."""
    if not options.outcome:
        raise CannotAnalyse("Name the column of the outcome: --outcome COLUMN.")
    table.require(
        *[
            name
            for name in (
                options.outcome, options.unit, options.time, options.treated, options.clusters,
                options.blocks, options.received, options.exposure, *options.covariates,
            )
            if name
        ]
    )  # fmt: skip
    rows = Rows(outcome=table.numbers(options.outcome, missing=True), read=len(table), set_aside={})
    if rows.outcome.size == 0:
        raise CannotAnalyse(f"{table.name} has no rows.")
    if options.unit:
        rows.unit, rows.unit_names = _numbered(table, options.unit)
    if options.time:
        rows.time, rows.calendar = periods_of(table, options.time)
    if options.treated:
        rows.treated = _yes_no(table, options.treated)
    _read_start(table, options, rows)
    for name in ("clusters", "blocks"):
        column = getattr(options, name)
        if column:
            setattr(rows, name, _numbered(table, column)[0])
    for name in ("received", "exposure"):
        column = getattr(options, name)
        if column:
            setattr(rows, name, table.numbers(column, missing=True))
    rows.covariates = {name: table.numbers(name, missing=True) for name in options.covariates}
    return _complete(rows, options)


def _read_start(table: Table, options: argparse.Namespace, rows: Rows) -> None:
    named = options.first_treated
    if named and named in table.columns:
        if rows.calendar is None:
            raise CannotAnalyse("A first treated period needs a time column: --time COLUMN.")
        rows.first_treated = starts_of(table, named, calendar=rows.calendar)
        named = None
    word = options.start or named
    if word is None:
        return
    if rows.calendar is None:
        raise CannotAnalyse("A start needs a time column: --time COLUMN.")
    if not options.start and _looks_like_a_name(word):
        table.require(word)
    rows.start = rows.calendar.number(word, name="--start" if options.start else "--first-treated")


def _looks_like_a_name(word: str) -> bool:
    return not any(letter.isdigit() for letter in word)


def _numbered(table: Table, column: str) -> tuple[Codes, list[str]]:
    """A column of names as numbers from 0 (−1 = empty); numeric columns without going through text."""
    try:
        values = table.numbers(column, missing=True)
    except CannotAnalyse:
        return table.codes(column)
    known = np.isfinite(values)
    if not known.any():
        raise CannotAnalyse(f"{table.name}, column “{column}”: every cell is empty.")
    codes = np.full(values.size, -1, dtype=np.int64)
    codes_known, distinct = positions(values[known])
    codes[known] = codes_known
    return codes, [f"{value:.15g}" for value in distinct.tolist()] if distinct.size < 100_000 else []


YES = {"1", "1.0", "yes", "true", "treated", "treatment", "t"}
NO = {"0", "0.0", "no", "false", "control", "comparison", "untreated", "c", "f"}


def _yes_no(table: Table, column: str) -> Numbers:
    """A column of 0 and 1, or of words that plainly mean them; NaN where empty."""
    try:
        values = table.numbers(column, missing=True)
    except CannotAnalyse:
        codes, levels = table.codes(column)
        known = [1.0 if word.lower() in YES else 0.0 if word.lower() in NO else np.nan for word in levels]
        odd = [word for word, value in zip(levels, known, strict=True) if np.isnan(value)]
        if odd:
            raise CannotAnalyse(
                f"{table.name}, column “{column}” must hold 0 and 1 (or yes and no); it holds “{odd[0][:40]}”."
            ) from None
        return np.array([*known, np.nan])[codes]
    zero_or_one(values[np.isfinite(values)], name=column)
    return values


def _complete(rows: Rows, options: argparse.Namespace) -> Rows:
    """Only the rows with every value that is needed; the others counted by what they lack."""
    keep = np.ones(rows.outcome.size, dtype=bool)
    needs: list[tuple[str, Any]] = [(f"no {options.outcome}", rows.outcome)]
    for name in ("unit", "time", "treated", "clusters", "blocks", "received", "exposure"):
        needs.append((f"no {getattr(options, name, name)}", getattr(rows, name)))
    needs.extend((f"no {name}", values) for name, values in rows.covariates.items())
    for reason, values in needs:
        if values is None:
            continue
        missing = (values < 0) if values.dtype.kind == "i" else np.isnan(values)
        if missing.any():
            rows.set_aside[reason] = int((missing & keep).sum())
            keep &= ~missing
    if not keep.any():
        raise CannotAnalyse("No row has all the values that are needed.")
    if keep.all():
        return rows
    for name in (
        "outcome",
        "unit",
        "time",
        "treated",
        "first_treated",
        "clusters",
        "blocks",
        "received",
        "exposure",
    ):
        values = getattr(rows, name)
        if values is not None:
            setattr(rows, name, values[keep])
    rows.covariates = {name: values[keep] for name, values in rows.covariates.items()}
    if rows.unit is not None:
        # units that lost all their rows would leave holes in the numbering
        present, codes = np.unique(rows.unit, return_inverse=True)
        rows.unit = codes.astype(np.int64)
        if rows.unit_names:
            rows.unit_names = [rows.unit_names[place] for place in present]
    return rows
