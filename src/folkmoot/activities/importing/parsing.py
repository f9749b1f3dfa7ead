"""Cells into values: days, times, counts, hours, yes and no. A cell that says nothing sure is refused in words.

What does not belong here: limits on what may be recorded (``checking``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from folkmoot.core.errors import FolkmootError

HERE = ZoneInfo("Europe/London")
# what a spreadsheet holds where nothing is known
NOTHING = frozenset(
    ["", "-", "–", "—", "n/a", "na", "n.a.", "null", "none", "nil", "unknown", "not known", "?", "tbc"]
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(.+))?")
_PARTS = re.compile(r"(\d{1,4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{2,4})(?:[,T ]+(.+))?")
_WORDS = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s\-]+([a-z]{3,9})\.?,?[\s\-]+(\d{4}|\d{2})(?:[,\s]+(.+))?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:[,\s]+(.+))?", re.IGNORECASE
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1)
    for name in names.split()
}  # fmt: skip
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?::(\d{2})(?:\.\d+)?)?\s*([ap])?\.?m?\.?", re.IGNORECASE)
_FOUR = re.compile(r"([01]\d|2[0-3])([0-5]\d)(?:\s*(?:hrs?|hours?))?", re.IGNORECASE)
_YES = frozenset(["yes", "y", "true", "1", "ja", "oui", "x", "✓"])
_NO = frozenset(["no", "n", "false", "0", "nein", "non"])


def is_nothing(text: str) -> bool:
    """Does the cell say that nothing is known?"""
    return text.strip().casefold() in NOTHING


def day_comes_first(cells: Iterable[str]) -> bool | None:
    """Whether days like 3/4/2026 have the day first, judged by the column; None where it never shows.

    Raises FolkmootError where the column shows both.
    """
    first = second = False
    for cell in cells:
        found = _PARTS.fullmatch(cell.strip())
        if found and len(found[1]) <= 2:
            first = first or int(found[1]) > 12
            second = second or int(found[2]) > 12
    if first and second:
        raise FolkmootError(
            "Some days are written day first and some month first, so the others cannot be told. "
            "Write them all as 2026-11-23."
        )
    return True if first else False if second else None


def moment_of(text: str, *, day_first: bool = True) -> tuple[dt.date, dt.time | None]:
    """The day in a cell, and the time if there is one. Raises FolkmootError."""
    words = " ".join(text.split())
    found = _ISO.fullmatch(words)
    if found:
        year, month, day, rest = int(found[1]), int(found[2]), int(found[3]), found[4]
        if rest and re.search(r"(?:Z|[+-]\d{2}:?\d{2})$", rest):
            return _zoned(words)
    elif found := _PARTS.fullmatch(words):
        rest = found[4]
        if len(found[1]) == 4:
            year, month, day = int(found[1]), int(found[2]), int(found[3])
        elif len(found[1]) == 3 or len(found[3]) == 3:
            raise _no_day(text)
        else:
            one, two, year = int(found[1]), int(found[2]), _year(found[3])
            day, month = (one, two) if day_first else (two, one)
    elif found := _WORDS.fullmatch(words):
        day, month, year, rest = int(found[1]), _MONTHS.get(found[2].casefold(), 0), _year(found[3]), found[4]
    elif found := _MONTH_FIRST.fullmatch(words):
        month, day, year, rest = _MONTHS.get(found[1].casefold(), 0), int(found[2]), int(found[3]), found[4]
    else:
        raise _no_day(text)
    try:
        return dt.date(year, month, day), time_of(rest) if rest else None
    except ValueError:
        raise FolkmootError(f"There is no such day: “{text[:40]}”.") from None


def _zoned(words: str) -> tuple[dt.date, dt.time | None]:
    try:
        here = dt.datetime.fromisoformat(words).astimezone(HERE)
    except ValueError:
        raise _no_day(words) from None
    return here.date(), here.time().replace(microsecond=0)


def _year(written: str) -> int:
    return int(written) if len(written) == 4 else 2000 + int(written)


_SPREADSHEET_BEGAN = dt.date(1899, 12, 30)  # the day that spreadsheets call 0
_SPREADSHEET_DAYS = range(25_569, 73_051)  # 1970 to 2099: other numbers are hardly days


def _no_day(text: str) -> FolkmootError:
    number = text.strip().partition(".")[0]
    if number.isdecimal() and len(number) == 5 and int(number) in _SPREADSHEET_DAYS:
        day = _SPREADSHEET_BEGAN + dt.timedelta(int(number))
        return FolkmootError(
            f"“{text[:40]}” is no day but perhaps the number that a spreadsheet keeps for {day:%-d %B %Y}. "
            "Give the column the form of a date there and save it again."
        )
    return FolkmootError(f"“{text[:40]}” is no day that can be read; write it as 2026-11-23 or 23/11/2026.")


def time_of(text: str) -> dt.time:
    """The time of day in a cell: 18:30, 6.30 pm, 1830, or the time of a day with one. Raises FolkmootError."""
    words = " ".join(text.split())
    refused = FolkmootError(f"“{text[:40]}” is no time that can be read; write it as 18:30.")
    found = _FOUR.fullmatch(words)
    if found:
        return dt.time(int(found[1]), int(found[2]))
    found = _CLOCK.fullmatch(words)
    if not found:
        if _ISO.fullmatch(words) or _PARTS.fullmatch(words):
            at = moment_of(words)[1]
            if at is not None:
                return at
        raise refused
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[4] or "").lower()
    if found[2] is None and not half:
        raise refused  # "7" may be morning, evening or seven people
    if half:
        if not 1 <= hour <= 12:
            raise refused
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return dt.time(hour, minute, int(found[3] or 0))
    except ValueError:
        raise refused from None


def number_of(text: str) -> Decimal:
    """A number as people write it: 1,250 or 1.250 or 1 250 or 1250; 2.5 or 2,5. Raises FolkmootError."""
    words = re.sub(r"[\s\u00a0\u202f'’]", "", text)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", words):
        words = words.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", words):
        words = words.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d*,\d+", words):
        words = words.replace(",", ".")
    try:
        if not re.fullmatch(r"[+-]?\d*\.?\d+(?:\.0*)?", words):
            raise InvalidOperation
        return Decimal(words)
    except InvalidOperation:
        raise FolkmootError(f"“{text[:40]}” is no number.") from None


def hours_of(text: str) -> Decimal:
    """Hours as a number or as 1:30. Raises FolkmootError."""
    span = re.fullmatch(r"(\d{1,4}):([0-5]\d)(?::[0-5]\d)?", text.strip())
    if span:
        return (Decimal(int(span[1])) + Decimal(int(span[2])) / 60).quantize(Decimal("0.01"))
    words = re.sub(r"(?<=[\d.,])\s*(?:hours?|hrs?|h)\.?$", "", text.strip(), flags=re.IGNORECASE)
    return number_of(words)


def yes_or_no(text: str) -> bool:
    """Raises FolkmootError for what is neither."""
    word = text.strip().casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise FolkmootError(f"“{text[:40]}” is neither yes nor no.")
