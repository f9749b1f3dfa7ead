"""A published file of figures by area and period, long or wide, with everything that is wrong with it in sentences.

What does not belong here: storing it, and which of its areas are places that we know (``actions``).
"""

from __future__ import annotations

import pathlib
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from folkmoot.analyse.tables import Table, read_table
from folkmoot.core.errors import BadImport, CannotAnalyse
from folkmoot.surveys.reading.letters import TEXT, in_utf8
from folkmoot.surveys.reading.periods import Calendar, calendar_of
from folkmoot.surveys.reading.wording import listed, of_rows

MEASURE = {"measure", "indicator", "question", "metric", "variable", "statement"}
AREA = {
    "area",
    "borough",
    "district",
    "ward",
    "force",
    "lsoa",
    "msoa",
    "bcu",
    "region",
    "place",
    "authority",
    "name",
}
PERIOD = {"date", "period", "quarter", "month", "year", "wave", "time", "week"}
VALUE = {
    "value",
    "proportion",
    "share",
    "percent",
    "percentage",
    "figure",
    "score",
    "rate",
    "estimate",
    "mean",
}
COUNT = {"n", "base", "sample", "count", "respondents", "unweighted"}
LOW = {"low", "lower", "lcl", "ci_low", "lower_ci", "lci"}
HIGH = {"high", "upper", "ucl", "ci_high", "upper_ci", "uci"}
NO_FIGURE = {"", "-", "–", "..", ".", "n/a", "na", "nan", "null", "*", ":", "suppressed", "x", "c"}
LEADS = ("city of ", "london borough of ", "royal borough of ", "county of ")
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".parquet")
LARGEST = 100_000_000
MOST_ROWS = 2_000_000


@dataclass(frozen=True, slots=True)
class Named:
    """Columns that a person names; what is empty is found by the header's own words."""

    period: str = ""
    area: str = ""
    measure: str = ""
    value: str = ""
    n: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a row. ``row`` counts from the header as row 1."""

    row: int
    measure: str
    area: str
    period: date
    value: float
    n: int | None = None
    low: float | None = None
    high: float | None = None


@dataclass(slots=True)
class PublishedFile:
    """The figures of a file: read = used + set aside, in rows of the file."""

    name: str
    read: int
    figures: list[Figure] = field(default_factory=list)
    whole: list[Figure] = field(default_factory=list)
    set_aside: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    layout: str = "long"

    @property
    def used(self) -> int:
        return self.read - len(self.set_aside)

    @property
    def measures(self) -> list[str]:
        return list(dict.fromkeys(one.measure for one in self.figures))

    def aside(self, row: int, reason: str) -> None:
        self.set_aside.append({"file": self.name, "row": row, "reason": reason})


def read_published(name: str, content: bytes, *, named: Named = Named(), measure: str = "") -> PublishedFile:
    """The figures of a file. ``measure`` names what is measured where no column does.

    Raises BadImport with one sentence where the columns cannot be told apart or nothing is a figure.
    """
    ending = pathlib.PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        raise BadImport(f"{name} is no table.", remedy=f"Save it as one of {', '.join(ENDINGS)}.")
    if not content:
        raise BadImport(f"{name} is empty.")
    if len(content) > LARGEST:
        raise BadImport(f"{name} is larger than {LARGEST // 1_000_000} MB.")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / f"file{ending}"
        text, notes = in_utf8(name, content) if ending in TEXT else (content, ())
        path.write_bytes(text)
        try:
            table = read_table(path)
            cells = _cells(name, table)
        except CannotAnalyse as error:
            raise BadImport(str(error).replace(path.name, name)) from None
    rows = len(next(iter(cells.values()), []))
    if not rows:
        raise BadImport(f"{name} has a header and no rows.")
    if rows > MOST_ROWS:
        raise BadImport(f"{name} has more than {MOST_ROWS:,} rows.")
    found = PublishedFile(name, rows)
    found.faults.extend(notes)
    _unnamed(found, cells)
    periods = [column for column in cells if calendar_of([column]) is not None]
    if len(periods) >= 3 and not named.period:
        _wide(found, cells, periods=periods, named=named, measure=measure)
    else:
        _long(found, cells, named=named, measure=measure)
    if not found.figures:
        reason = found.set_aside[0]["reason"] if found.set_aside else "no cell holds a figure."
        raise BadImport(f"{name} holds no figure that can be used: {reason}")
    _twice(found)
    found.set_aside.sort(key=lambda one: one["row"])
    return found


def _cells(name: str, table: Table) -> dict[str, list[str | None]]:
    twice = next((word for word in table.columns if table.columns.count(word) > 1), None)
    if twice is not None:
        raise BadImport(
            f"{name} has more than one column “{twice}”.", remedy="Give each column its own name."
        )
    return {column: table.text(column) for column in table.columns}


def _unnamed(found: PublishedFile, cells: dict[str, list[str | None]]) -> None:
    """Take columns without a name away; what stands in them is said, not read."""
    nameless = [column for column in cells if re.fullmatch(r"column \d+", column)]
    stray = []
    for column in nameless:
        held = [(row, word) for row, word in enumerate(cells.pop(column)) if word]
        stray += [f"“{word}” in row {row + 2}" for row, word in held[:3]]
    if nameless:
        words = f"{len(nameless)} columns have no name" if len(nameless) > 1 else "One column has no name"
        said = f"; stray cells in them were not read: {listed(stray)}" if stray else " and hold nothing"
        found.faults.append(f"{words}{said}.")
    for column in [one for one, words in cells.items() if not any(words)]:
        del cells[column]
        found.faults.append(f"The column “{column}” is empty.")


def _long(found: PublishedFile, cells: dict[str, list[str | None]], *, named: Named, measure: str) -> None:
    period = named.period or _sought(found, cells, PERIOD, "the period", fits=_is_period)
    area = named.area or _sought(
        found, cells, AREA, "the area", leave={period}, fits=_is_words, if_named=_holds_words
    )
    rest = [one for one in cells if one not in {period, area}]
    measures = named.measure or next((one for one in rest if _words(one) & MEASURE), "")
    value = named.value or next((one for one in rest if _words(one) & VALUE and _is_number(cells[one])), "")
    figures = [one for one in rest if one != measures and _is_number(cells[one])]
    if not value:
        left = [one for one in figures if not _words(one) & (COUNT | LOW | HIGH)]
        if len(left) != 1:
            raise BadImport(
                f"It cannot be told which column of {found.name} holds the figures.",
                remedy="Name it: "
                + (listed([f"“{one}”" for one in left]) or "there is no column of numbers")
                + ".",
            )
        value = left[0]
    for column in (period, area, measures, value, named.n, named.low, named.high):
        if column and column not in cells:
            raise BadImport(
                f"{found.name} has no column “{column}”; it has {listed([f'“{one}”' for one in cells])}."
            )
    extra = {
        "n": named.n or next((one for one in figures if one != value and _words(one) & COUNT), ""),
        "low": named.low or next((one for one in figures if one != value and _words(one) & LOW), ""),
        "high": named.high or next((one for one in figures if one != value and _words(one) & HIGH), ""),
    }
    calendar = _calendar(found, cells[period], period)
    commas = 0
    for row in range(found.read):
        number = row + 2
        where, when, raw = cells[area][row], cells[period][row], cells[value][row]
        what = (cells[measures][row] if measures else measure) or ""
        if not where:
            found.aside(number, f"It names no area in “{area}”.")
        elif not when or (day := calendar.day(when)) is None:
            found.aside(number, f"“{when or ''}” in “{period}” is no period.")
        elif measures and not what:
            found.aside(number, f"It says not what is measured, in “{measures}”.")
        elif raw is None or raw.strip().casefold() in NO_FIGURE:
            found.aside(number, f"There is no figure in “{value}”.")
        elif (figure := number_of(raw)) is None:
            found.aside(number, f"“{raw[:40]}” in “{value}” is no number.")
        else:
            commas += "," in raw
            more = {
                name: number_of(cells[column][row] or "") if column else None
                for name, column in extra.items()
            }
            found.figures.append(
                Figure(
                    number, what or value, where, day, figure,
                    None if more["n"] is None else round(more["n"]), more["low"], more["high"],
                )
            )  # fmt: skip
    if commas:
        found.faults.append("Numbers are written with a decimal comma (0,56); they were read as 0.56.")
    _whole(found, cells, others=[one for one in figures if one not in {value, *extra.values()}])
    used = {period, area, measures, value, *extra.values(), *(one.area for one in found.whole[:1])}
    for column in cells:
        if column not in used and len(set(cells[column])) == 1:
            found.faults.append(
                f"The column “{column}” says “{cells[column][0]}” on every row and was not read."
            )
        elif column not in used:
            found.faults.append(f"The column “{column}” was not read.")


def _wide(
    found: PublishedFile,
    cells: dict[str, list[str | None]],
    *,
    periods: list[str],
    named: Named,
    measure: str,
) -> None:
    """One row an area, one column a period."""
    found.layout = "wide"
    calendar = _calendar(found, list(periods), "header")
    rest = [one for one in cells if one not in periods]
    area = named.area or next((one for one in rest if _words(one) & AREA), rest[0] if rest else "")
    if not area or area not in cells:
        raise BadImport(f"{found.name} has no column that names the area.", remedy="Name it.")
    measures = named.measure or next((one for one in rest if one != area and _words(one) & MEASURE), "")
    commas = 0
    for row in range(found.read):
        where, number = cells[area][row], row + 2
        what = (cells[measures][row] if measures else measure) or ""
        if not where:
            found.aside(number, f"It names no area in “{area}”.")
            continue
        faulty, got = "", []
        for column in periods:
            raw = cells[column][row]
            if raw is None or raw.strip().casefold() in NO_FIGURE:
                continue
            figure, day = number_of(raw), calendar.day(column)
            if figure is None or day is None:
                faulty = f"“{raw[:40]}” under “{column}” is no number."
                break
            commas += "," in raw
            got.append(Figure(number, what or "the figure", where, day, figure))
        if faulty:
            found.aside(number, faulty)
        elif not got:
            found.aside(number, "It holds no figure.")
        else:
            found.figures += got
    if commas:
        found.faults.append("Numbers are written with a decimal comma; they were read as decimals.")


def _whole(found: PublishedFile, cells: dict[str, list[str | None]], *, others: list[str]) -> None:
    """Columns that repeat one figure for all areas of a period: the figure of the area that holds them."""
    for column in others:
        each: dict[tuple[str, date], set[float]] = defaultdict(set)
        first: dict[tuple[str, date], Figure] = {}
        for one in found.figures:
            value = number_of(cells[column][one.row - 2] or "")
            if value is not None:
                key = (one.measure, one.period)
                each[key].add(value)
                first.setdefault(key, Figure(one.row, one.measure, column, one.period, value))
        areas = len({one.area for one in found.figures})
        if areas >= 3 and each and all(len(held) == 1 for held in each.values()):
            found.whole += list(first.values())
            found.faults.append(
                f"The column “{column}” repeats one figure on all rows of a period: it is taken as the figure of the"
                " whole area and never counted among its parts."
            )


def _twice(found: PublishedFile) -> None:
    """Set rows aside that give one figure again, and names of one area in two spellings together."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found.figures:
        spellings[plain_name(one.area)][one.area] += 1
    best = {key: held.most_common(1)[0][0] for key, held in spellings.items()}
    for held in spellings.values():
        if len(held) > 1:
            others = listed([f"“{one}” ({of_rows(count)})" for one, count in held.most_common()])
            found.faults.append(f"One area is spelt in {len(held)} ways: {others}. They are taken as one.")
    _prefixed(found, best)
    seen: dict[tuple[str, str, date], Figure] = {}
    kept: list[Figure] = []
    gone: dict[int, str] = {}
    for one in found.figures:
        area = best[plain_name(one.area)]
        cell = (one.measure, area, one.period)
        if cell in seen:
            same = seen[cell].value == one.value
            gone[one.row] = (
                f"Row {seen[cell].row} gives the same figure already."
                if same
                else f"Row {seen[cell].row} gives another figure for the same area and period."
            )
            continue
        renamed = Figure(one.row, one.measure, area, one.period, one.value, one.n, one.low, one.high)
        seen[cell] = renamed
        kept.append(renamed)
    # in a wide file one row holds many figures: the row goes as a whole
    found.figures = [one for one in kept if one.row not in gone]
    for row, reason in gone.items():
        found.aside(row, reason)


def _prefixed(found: PublishedFile, best: dict[str, str]) -> None:
    """Names that carry a title which other sources leave out."""
    titled = [
        name for key, name in best.items() if " ".join(re.findall(r"[a-z0-9']+", name.casefold())) != key
    ]
    bare = [name for name in titled if name.casefold().startswith(LEADS)]
    if bare and len(bare) < len(best) / 2:
        found.faults.append(
            f"{listed([f'“{one}”' for one in bare])} {'carries' if len(bare) == 1 else 'carry'} a title that other"
            " sources leave out; places of either name are taken as the same."
        )


def _calendar(found: PublishedFile, words: Sequence[str | None], column: str) -> Calendar:
    calendar = calendar_of([word for word in words if word])
    if calendar is None:
        raise BadImport(
            f"The periods of {found.name} cannot be read, in “{column}”.",
            remedy="Write them as 2016-03-31, 2016-03, 2016-Q1, 2016 or 31/03/2016.",
        )
    if calendar.fault:
        found.faults.append(calendar.fault)
    return calendar


def _sought(
    found: PublishedFile,
    cells: dict[str, list[str | None]],
    wanted: set[str],
    what: str,
    *,
    fits: Any,
    if_named: Any = None,
    leave: set[str] = frozenset(),  # type: ignore[assignment]
) -> str:
    """The column that the header's words, or else its content, name for this; ``if_named`` asks less of the former."""
    rest = [one for one in cells if one not in leave]
    named = [one for one in rest if _words(one) & wanted]
    by_word = [one for one in named if fits(cells[one])]
    by_word += [one for one in named if if_named and if_named(cells[one])]
    if by_word:
        return by_word[0]
    by_content = [one for one in rest if fits(cells[one])]
    if len(by_content) == 1 or (by_content and what == "the period"):
        return by_content[0]
    raise BadImport(
        f"It cannot be told which column of {found.name} holds {what}.",
        remedy=f"Name it; there is {listed([f'“{one}”' for one in cells])}.",
    )


def _is_period(words: list[str | None]) -> bool:
    held = list(dict.fromkeys(word for word in words if word))[:400]
    return bool(held) and calendar_of(held) is not None


def _is_words(words: list[str | None]) -> bool:
    return len({word for word in words if word}) > 1 and _holds_words(words)


def _holds_words(words: list[str | None]) -> bool:
    """Whether they are words at all: the figures of a single area name it alike on every row."""
    held = {word for word in words if word}
    return bool(held) and not _is_number(list(held)) and not _is_period(words)


def _is_number(words: list[str | None]) -> bool:
    held = [word for word in words if word and word.strip().casefold() not in NO_FIGURE][:500]
    return bool(held) and sum(number_of(word) is not None for word in held) >= 0.8 * len(held)


def _words(column: str) -> set[str]:
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column).casefold()
    return {parted.strip(), *re.split(r"[^a-z]+", parted)} - {""}


def plain_name(name: str) -> str:
    """An area's name as it is compared: case, dots, ampersands and “City of” make no other area."""
    text = name.casefold().replace("&", " and ").replace("’", "'")
    words = re.sub(r"[^a-z0-9' ]+", " ", text).split()
    for lead in (one.split() for one in LEADS):
        if words[: len(lead)] == lead and len(words) > len(lead):
            words = words[len(lead) :]
    return " ".join(words)


def number_of(word: str) -> float | None:
    """A figure as people write it: 0.56, 0,56, 56 %, 1,234.5; None where it is none."""
    text = word.strip().rstrip("%").strip().replace(" ", "").replace("\u00a0", "").replace("−", "-")
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"-?\d+,\d+", text):
        text = text.replace(",", ".")
    if not re.fullmatch(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", text, re.I):
        return None
    return float(text)
