"""Words for periods as days on which they end: the one reading under which every word of a column is one.

Two readings of 03/04/2016 are told apart by the column as a whole; where nothing tells them apart they are
read as day and month, and that is said. What does not belong here: what the periods mean.
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?")
SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?: 00:00(?::00)?)?")
MONTH = re.compile(r"(\d{4})[-/ ](\d{1,2})")
NAMED = re.compile(r"([A-Za-z]{3,9})[ -](\d{4}|\d{2})")
QUARTER = re.compile(r"(\d{4})[- /]?[qQ]([1-4])|[qQ]([1-4])[- /]?(\d{4})")
YEAR = re.compile(r"(\d{4})")
FINANCIAL = re.compile(r"(?:FY ?)?(\d{4})[/-](\d{2}|\d{4})")
NAMES = {name.casefold(): number for number, name in enumerate(months.month_abbr) if name}


@dataclass(frozen=True, slots=True)
class Calendar:
    """How words become days. ``fault`` is a sentence on how they are written, empty for ISO forms."""

    read: Callable[[str], date | None]
    fault: str

    def day(self, word: str) -> date | None:
        try:
            return self.read(word.strip())
        except ValueError:
            return None


def calendar_of(words: Sequence[str]) -> Calendar | None:
    """The reading under which at least nine words in ten are periods; None where there is none."""
    held = list(dict.fromkeys(word.strip() for word in words if word and word.strip()))
    if not held:
        return None
    for calendar in READINGS:
        good = sum(1 for word in held if calendar.day(word) is not None)
        if good >= 0.9 * len(held):
            return _slashed(held) if calendar is DAY_FIRST else calendar
    return None


def _slashed(held: list[str]) -> Calendar:
    """Day or month first, by the whole column."""
    parts = [found for word in held if (found := SLASHED.fullmatch(word))]
    first, second = (max(int(one[place]) for one in parts) for place in (1, 2))
    if second > 12 >= first:
        return Calendar(
            lambda word: _of(SLASHED, word, (3, 1, 2)), "Days are written month first (12/31/2014)."
        )
    if first > 12:
        return DAY_FIRST
    return Calendar(
        DAY_FIRST.read,
        "Days are written with strokes and nothing shows whether day or month comes first; they were read day first.",
    )


def _of(pattern: re.Pattern[str], word: str, order: tuple[int, int, int]) -> date | None:
    found = pattern.fullmatch(word)
    if found is None:
        return None
    year, month, day = (int(found[place]) for place in order)
    return date(year, month, day) if 1900 <= year <= 2100 else None


def _end_of_month(year: int, month: int) -> date | None:
    if not (1 <= month <= 12 and 1900 <= year <= 2100):
        return None
    return date(year, month, months.monthrange(year, month)[1])


def _month(word: str) -> date | None:
    found = MONTH.fullmatch(word)
    return _end_of_month(int(found[1]), int(found[2])) if found else None


def _named(word: str) -> date | None:
    found = NAMED.fullmatch(word)
    number = NAMES.get(found[1][:3].casefold()) if found else None
    if found is None or number is None:
        return None
    year = int(found[2]) + (2000 if len(found[2]) == 2 else 0)
    return _end_of_month(year, number)


def _quarter(word: str) -> date | None:
    found = QUARTER.fullmatch(word)
    if found is None:
        return None
    return _end_of_month(int(found[1] or found[4]), 3 * int(found[2] or found[3]))


def _year(word: str) -> date | None:
    found = YEAR.fullmatch(word)
    return _end_of_month(int(found[1]), 12) if found else None


def _financial(word: str) -> date | None:
    found = FINANCIAL.fullmatch(word)
    if found is None:
        return None
    year = int(found[1]) + 1
    return _end_of_month(year, 3) if int(found[2]) in {year, year % 100} else None


DAY_FIRST = Calendar(
    lambda word: _of(SLASHED, word, (3, 2, 1)),
    "Days are written day first with strokes (31/12/2014); they were read so.",
)
READINGS = (
    Calendar(lambda word: _of(ISO, word, (1, 2, 3)), ""),
    DAY_FIRST,
    Calendar(_quarter, ""),
    Calendar(_financial, "Years are financial years; each figure stands at 31 March, when they end."),
    Calendar(_month, ""),
    Calendar(_named, ""),
    Calendar(_year, ""),
)
