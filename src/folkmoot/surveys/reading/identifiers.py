"""Columns that may say who somebody is, and columns that the law protects more: found by name and by content.

Better one column too many: a person may vouch for a column that only sounds like it. What looks like an
address, a telephone number or a postcode is never kept, whoever vouches.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from folkmoot.surveys.reading.files import RawColumn, RawFile

LOOKED_AT = 3_000
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("e-mail addresses", re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.I)),
    ("telephone numbers", re.compile(r"(?:\+|00)?(?:44)?[\s(]*0?\)?\s*[1-9]\d[\d\s()-]{7,11}\d")),
    ("postcodes", re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}", re.I)),
    ("national insurance numbers", re.compile(r"[A-CEGHJ-PR-TW-Z]{2}\s?(?:\d\s?){6}[A-D]", re.I)),
    ("addresses on the internet", re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")),
    ("streets and house numbers", re.compile(r"\d+[a-z]?,?\s+[A-Z][\w'’ -]+\s(?:street|st|road|rd|lane|avenue|ave|close|drive|way|terrace|court|place)\b.*", re.I)),
)  # fmt: skip
DAY = re.compile(r"(\d{4})-\d{1,2}-\d{1,2}(?:[ T].*)?|\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d{2})")
PERSON = re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+)?[A-Z][a-z’'-]+(?:\s+[A-Z]\.?)?\s+[A-Z][A-Za-z’'-]+")
NAMED = {
    "names": {"name", "surname", "forename", "firstname", "lastname", "fullname", "nickname", "maiden", "initials"},
    "e-mail addresses": {"email", "mail", "e-mail"},
    "telephone numbers": {"phone", "telephone", "mobile", "tel", "landline", "msisdn"},
    "addresses": {"address", "street", "uprn", "addr"},
    "postcodes": {"postcode", "postal", "zip", "zipcode", "pcode"},
    "days of birth": {"dob", "birthdate", "birthday", "birth"},
    "numbers of a person": {"nhs", "nino", "passport", "ssn", "collar", "shoulder", "warrant", "licence", "plate"},
    "exact places": {"latitude", "longitude", "lat", "lon", "lng", "easting", "northing", "gps"},
    "addresses on the internet": {"ip", "ipaddress", "device", "imei"},
}  # fmt: skip
ALWAYS = {words for words, _ in PATTERNS}  # by content: nobody can vouch for these
SPECIAL = re.compile(
    r"ethnic|\brace\b|religio|faith|belief|disab|impair|health|illness|sexual|orientation|transgender|"
    r"gender.?identity|gender.?reassign|politic|party|\bvote|trade.?union|biometric|genetic",
    re.I,
)
MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A column that may say who somebody is; ``certain`` where no person can vouch for it."""

    column: str
    looks_like: str
    certain: bool

    @property
    def sentence(self) -> str:
        return f"“{self.column}” looks like {self.looks_like}"


def suspicions(raw: RawFile, *, numbering: frozenset[str] = frozenset()) -> list[Suspicion]:
    """Every column that may identify somebody or holds open words. ``numbering`` are columns that only
    number people, streets or parts of the sample: many different words are no fault there."""
    found = []
    for column in raw.columns:
        one = _suspect(column, rows=raw.rows, numbering=column.name in numbering)
        if one is not None:
            found.append(one)
    return found


def is_special(column: RawColumn) -> bool:
    """Whether name or label speak of ethnic group, religion, health and the like."""
    return bool(SPECIAL.search(f"{column.name.replace('_', ' ')} {column.label}"))


def _suspect(column: RawColumn, *, rows: int, numbering: bool) -> Suspicion | None:
    levels = [one for one in column.levels[:LOOKED_AT] if one]
    if not levels:
        return None
    for looks_like, pattern in PATTERNS:
        hits = sum(1 for one in levels if pattern.fullmatch(one.strip()))
        # one address among many words is one too many; numbers only where most look so
        if hits and (looks_like == "e-mail addresses" or hits >= max(1, 0.3 * len(levels))):
            if looks_like == "telephone numbers" and not _dialled(column, levels):
                continue
            return Suspicion(column.name, looks_like, certain=True)
    words = tokens(f"{column.name} {column.label}") if len(column.label) < 60 else tokens(column.name)
    days = [one for one in levels if DAY.fullmatch(one.strip())]
    for looks_like, named in NAMED.items():
        if not words & named:
            continue
        if looks_like == "days of birth" and not days:
            continue  # a year or a band of age is no day
        if looks_like == "names" and _repeats(column, rows):
            continue  # the name of a ward or a station, not of a person
        if _is_asked(column, rows) or (looks_like == "addresses" and (numbering or _is_coded(levels))):
            continue  # “did it come by e-mail?”, “drawn by street”, street S12
        return Suspicion(column.name, looks_like, certain=False)
    if days and len(days) > 0.8 * len(levels) and _long_ago(days):
        return Suspicion(column.name, "days of birth", certain=False)
    spoken = [one for one in levels if not _is_number(one)]
    if len(spoken) > 0.5 * len(levels) and not numbering:
        people = sum(1 for one in spoken if PERSON.fullmatch(one.strip()))
        if people > 0.7 * len(spoken) and not _repeats(column, rows):
            return Suspicion(column.name, "names", certain=False)
        if len(column.levels) > MOST_WORDS and not _is_coded(spoken):
            return Suspicion(
                column.name, "words in people’s own hand, which may name somebody", certain=False
            )
    return None


def tokens(text: str) -> set[str]:
    """The words of a column's name: FirstName, first_name and “first name” are two words."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    words = [one for one in re.split(r"[^a-z]+", parted.casefold().replace("e-mail", "email")) if one]
    return {*words, *(first + second for first, second in itertools.pairwise(words))}


def _repeats(column: RawColumn, rows: int) -> bool:
    """Whether the same words stand on many rows, as those of areas and answers do."""
    return len(column.levels) * 4 <= rows and len(column.levels) <= max(40, rows / 20)


def _is_asked(column: RawColumn, rows: int) -> bool:
    """Whether a few answers stand on very many rows: a question about it, not the thing itself."""
    return len(column.levels) <= 12 and len(column.levels) * 4 <= rows


def _is_coded(levels: list[str]) -> bool:
    """Whether they are numbers of things, such as S12 or P00031, and not words."""
    codes = sum(1 for one in levels if " " not in one.strip() and any(c.isdigit() for c in one))
    return codes >= 0.9 * len(levels)


def _dialled(column: RawColumn, levels: list[str]) -> bool:
    """Ten or eleven figures on many rows: a number to be dialled, not a measurement."""
    figures = [re.sub(r"\D", "", one) for one in levels]
    starts = sum(1 for one in levels if one.strip().startswith(("0", "+", "(")))
    return starts > 0.5 * len(levels) and all(9 <= len(one) <= 14 for one in figures)


def _long_ago(days: list[str]) -> bool:
    years = []
    for one in days:
        found = DAY.fullmatch(one.strip())
        year = (found[1] or found[2]) if found else ""
        if year:
            years.append(int(year) if len(year) == 4 else 1900 + int(year))
    return bool(years) and max(years) - min(years) >= 20


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
