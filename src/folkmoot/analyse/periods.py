"""A column of time as numbered periods: plain numbers, ISO dates, months or quarters.

What does not belong here: other date forms; 03/04/2016 means two days to two readers, so it is refused.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.analyse.tables import Table
from folkmoot.core.errors import CannotAnalyse

NEVER = {"", "never", "none", "inf", "+inf", "infinity", "∞", "na", "n/a", "nan", "null"}
QUARTER = re.compile(r"^(\d{4})[- ]?[qQ]([1-4])$")
MONTH = re.compile(r"^(\d{4})-(\d{1,2})$")


@dataclass(frozen=True, slots=True)
class Calendar:
    """How words of a time column become numbers: ``kind`` is number, month or day; ``step`` what one period is.

    With months and days, consecutive periods differ by 1; ``words`` are the periods as the file has them.
    """

    kind: str
    step: int
    numbers: NDArray[np.float64]
    words: tuple[str, ...]

    def number(self, word: str, *, name: str) -> float:
        """The period that a word such as a start date lies in."""
        if self.kind == "number":
            try:
                value = float(word)
            except ValueError:
                value = math.nan
            if not math.isfinite(value):
                raise CannotAnalyse(f"{name}: “{word[:40]}” is no period; the time column holds numbers.")
            return value
        months, days = _parsed(word, name)
        return float((months if self.kind == "month" else days) // self.step)

    def label(self, number: float) -> str:
        """The period as the file words it, where it is in the file."""
        found = np.flatnonzero(np.isclose(self.numbers, number))
        return self.words[int(found[0])] if found.size else f"{number:g}"


def periods_of(table: Table, column: str) -> tuple[NDArray[np.float64], Calendar]:
    """Each row's period as a number (NaN where the cell is empty), and how words map to it."""
    table.require(column)
    fault: CannotAnalyse | None = None
    try:
        values = table.numbers(column, missing=True)
    except CannotAnalyse as error:
        values, fault = np.empty(0), error
    if values.size and not np.isnan(values).all():
        distinct = np.unique(values[np.isfinite(values)])
        words = tuple(f"{value:g}" if value < 1e6 else f"{value:.0f}" for value in distinct)
        return values, Calendar(kind="number", step=1, numbers=distinct, words=words)
    codes, levels = table.codes(column)
    if not levels:
        raise CannotAnalyse(f"{table.name}, column “{column}”: every cell is empty.")
    try:
        parsed = [_parsed(level, f"{table.name}, column “{column}”") for level in levels]
    except CannotAnalyse:
        if fault is not None and sum(_is_number(level) for level in levels) > len(levels) / 2:
            raise fault from None  # a column of numbers with a fault in it, not one of dates
        raise
    months = np.array([pair[0] for pair in parsed])
    days = np.array([pair[1] for pair in parsed])
    kind = "month" if np.unique(months).size == len(levels) else "day"
    chosen = months if kind == "month" else days
    gaps = np.diff(np.sort(chosen))
    step = int(np.gcd.reduce(gaps)) if gaps.size else 1
    step = max(step, 1)
    numbers = (chosen // step).astype(np.float64)
    rows = np.where(codes >= 0, numbers[np.maximum(codes, 0)], np.nan)
    order = np.argsort(numbers)
    return rows, Calendar(
        kind=kind, step=step, numbers=numbers[order], words=tuple(levels[place] for place in order)
    )


def starts_of(table: Table, column: str, *, calendar: Calendar) -> NDArray[np.float64]:
    """Each row's first treated period as a number; NaN for the never treated (blank, never, Inf …)."""
    table.require(column)
    if calendar.kind == "number":
        try:
            return table.numbers(column, missing=True)
        except CannotAnalyse:
            pass  # words such as “never” or Inf
    codes, levels = table.codes(column)
    name = f"{table.name}, column “{column}”"
    numbers = [
        math.nan
        if level.lower() in NEVER or (level == "0" and calendar.kind != "number")
        else calendar.number(level, name=name)
        for level in levels
    ]
    return np.where(codes >= 0, np.array([*numbers, math.nan])[codes], math.nan)


def each_number(calendar: Calendar, words: Sequence[str], *, name: str) -> list[float]:
    """Periods named in an option."""
    return [calendar.number(word, name=name) for word in words]


def _parsed(word: str, name: str) -> tuple[int, int]:
    """(months since year 0, days since year 1) of an ISO date, a month or a quarter."""
    quarter, month = QUARTER.match(word), MONTH.match(word)
    try:
        if quarter:
            date = datetime.date(int(quarter[1]), 3 * int(quarter[2]) - 2, 1)
        elif month:
            date = datetime.date(int(month[1]), int(month[2]), 1)
        else:
            date = datetime.datetime.fromisoformat(word).date()
    except ValueError:
        raise CannotAnalyse(
            f"{name}: “{word[:40]}” is neither a number nor a date such as 2016-03-31, 2016-03 or 2016-Q1."
        ) from None
    return date.year * 12 + date.month - 1, date.toordinal()


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
