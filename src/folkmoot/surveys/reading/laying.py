"""From a file's columns and a person's choices to what is kept: codes and numbers, row by row accounted for.

What does not belong here: reading the file (``files``), storing it (``actions``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import BadImport
from folkmoot.surveys.reading.files import RawColumn, RawFile, plain_code
from folkmoot.surveys.reading.identifiers import Suspicion, is_special, suspicions

MOST_ANSWERS = 200
FEW_NUMBERS = 20  # so many different numbers are read as answers, more as a measurement
REASONS_LISTED = 1_000
LONG = 8  # figures of a number that identifies something rather than measures it
DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
NUMBERING = {
    "id",
    "serial",
    "respondent",
    "respid",
    "caseid",
    "rowid",
    "uuid",
    "responseid",
    "record",
    "idno",
    "case",
}


class Identifying(BadImport):
    """Columns that may say who somebody is; nothing is stored until a person drops or vouches for them."""

    def __init__(self, found: Iterable[Suspicion]) -> None:
        self.found = tuple(found)
        listed = "; ".join(one.sentence for one in self.found[:12])
        super().__init__(
            f"Nothing was stored, because columns may say who somebody is: {listed}.",
            remedy="Drop them, or say that they identify nobody.",
        )


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person says of a file: which column is what, what is dropped, which codes are no answer.

    ``missing`` holds codes by column; under "" those of every column. ``numbers`` are columns to be
    read as measurements although they hold few different numbers.
    """

    weight: str = ""
    stratum: str = ""
    cluster: str = ""
    panel: str = ""
    drop: frozenset[str] = frozenset()
    vouched: frozenset[str] = frozenset()
    special: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    missing: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def roles(self) -> dict[str, str]:
        given = {"weight": self.weight, "stratum": self.stratum, "cluster": self.cluster, "panel": self.panel}
        return {role: name for role, name in given.items() if name}


@dataclass(frozen=True, slots=True)
class LaidColumn:
    """One column as it is kept: positions among ``answers`` (−1: missing), or numbers (NaN: missing)."""

    name: str
    label: str
    role: str
    values: NDArray[Any]
    answers: tuple[str, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    special: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    """What would be stored of a file: read = used + set aside, and what was noticed."""

    raw: RawFile
    columns: tuple[LaidColumn, ...]
    read: int
    used: int
    set_aside: tuple[dict[str, Any], ...]
    dropped: tuple[str, ...]
    vouched: tuple[str, ...]
    notes: tuple[str, ...]


def lay(raw: RawFile, choices: Choices, *, salt: str) -> Laid:
    """The columns to keep under these choices.

    Raises Identifying for columns that may say who somebody is and were neither dropped nor vouched
    for, BadImport for choices that do not fit the file or where no row is left.
    """
    named = {*choices.roles.values(), *choices.drop, *choices.vouched, *choices.special, *choices.numbers}
    for name in sorted({*named, *(one for one in choices.missing if one)}):
        raw.column(name)
    both = sorted(set(choices.roles.values()) & choices.drop)
    if both:
        raise BadImport(f"“{both[0]}” cannot be dropped and used at once.")
    if len(set(choices.roles.values())) < len(choices.roles):
        raise BadImport("One column cannot be two of weight, stratum, cluster and panel number.")
    rest = RawFile(
        raw.name,
        raw.form,
        raw.rows,
        tuple(one for one in raw.columns if one.name not in choices.drop),
        raw.notes,
        raw.first_row,
    )
    numbering = frozenset({choices.panel, choices.cluster, choices.stratum} - {""})
    open_ones = [
        one
        for one in suspicions(rest, numbering=numbering)
        if one.certain or one.column not in choices.vouched
    ]
    if open_ones:
        raise Identifying(open_ones)
    notes = [*raw.notes, *_nobodys_codes(rest, choices)]
    kept, aside = _rows(rest, choices)
    if not kept.any():
        raise BadImport(f"No row of {raw.name} can be used: {aside[0]['reason']}")
    columns = [
        laid
        for one in rest.columns
        if (laid := _column(one, choices, kept=kept, salt=salt, notes=notes, rows=raw.rows)) is not None
    ]
    if not any(one.role in {"choice", "number"} for one in columns):
        raise BadImport(
            f"{raw.name} holds no question: every column is dropped, empty or says how people were drawn."
        )
    return Laid(
        raw=raw,
        columns=tuple(columns),
        read=raw.rows,
        used=int(kept.sum()),
        set_aside=tuple(aside),
        dropped=tuple(one.name for one in raw.columns if one.name in choices.drop),
        vouched=tuple(sorted(choices.vouched)),
        notes=tuple(notes),
    )


def _told(choices: Choices, name: str) -> frozenset[str]:
    """The codes that a person calls no answer, as a file's codes are read."""
    return frozenset(map(plain_code, choices.missing.get(name, ())))


def _nobodys_codes(raw: RawFile, choices: Choices) -> list[str]:
    """A sentence for each code that was called no answer and stands nowhere: it may be mistyped."""
    notes = []
    for name in sorted(choices.missing):
        among = [one for one in raw.columns if name in {"", one.name}]
        absent = _told(choices, name).difference(*(one.levels for one in among))
        where = f"“{name}”" if name else "any column"
        notes += [f"“{code}” was called no answer, but does not stand in {where}." for code in sorted(absent)]
    return notes


def _rows(raw: RawFile, choices: Choices) -> tuple[NDArray[np.bool_], list[dict[str, Any]]]:
    """Which rows are used, and why the others are not; each row has one reason, the first that holds."""
    kept = np.ones(raw.rows, dtype=bool)
    aside: list[dict[str, Any]] = []

    def leave(bad: NDArray[np.bool_], reason: str) -> None:
        rows = np.flatnonzero(bad & kept)
        kept[rows] = False
        aside.extend({"file": raw.name, "row": int(row) + raw.first_row, "reason": reason} for row in rows)

    blank = np.ones(raw.rows, dtype=bool)
    for column in raw.columns:
        blank &= column.codes < 0
    leave(blank, "The row is empty.")
    if choices.weight:
        weights = _numbers(raw.column(choices.weight))
        leave(np.isnan(weights), f"It has no weight in “{choices.weight}”.")
        leave(weights < 0, "Its weight is below 0.")
    for role in ("stratum", "cluster", "panel"):
        name = choices.roles.get(role)
        if name:
            leave(raw.column(name).codes < 0, f"It has nothing in “{name}”.")
    if choices.panel:
        codes = raw.column(choices.panel).codes
        _, first = np.unique(codes, return_index=True)
        again = np.ones(raw.rows, dtype=bool)
        again[first] = False
        leave(again, "Its panel number stands on an earlier row.")
    aside.sort(key=lambda one: one["row"])
    return kept, aside


def _column(
    column: RawColumn, choices: Choices, *, kept: NDArray[np.bool_], salt: str, notes: list[str], rows: int
) -> LaidColumn | None:
    roles = {name: role for role, name in choices.roles.items()}
    role = roles.get(column.name, "")
    codes = column.codes[kept]
    if role == "weight":
        return LaidColumn(column.name, column.label, role, _numbers(column)[kept])
    if role == "panel":
        secret = np.array([_numbered(level, salt) for level in column.levels], dtype=np.int64)
        return LaidColumn(column.name, column.label, role, secret[codes])
    if role in {"stratum", "cluster"}:
        # clusters are streets and households: their words are not kept, only which rows belong together
        words = tuple(_words(column)) if role == "stratum" and len(column.levels) <= MOST_ANSWERS else ()
        return LaidColumn(column.name, column.label, role, codes.astype(np.int32), words)
    if not (codes >= 0).any():
        notes.append(f"“{column.name}” holds nothing and is left out.")
        return None
    told = column.missing | _told(choices, "") | _told(choices, column.name)
    absent = [level for level in column.levels if level in told]
    left = [place for place, level in enumerate(column.levels) if level not in told]
    missing = tuple((level, column.labels.get(level, "")) for level in absent)
    numeric = _all_numbers(column, left)
    if numeric and _numbers_rows(column, left, rows):
        notes.append(
            f"“{column.name}” numbers the rows and is left out; name it as the panel number if it tells the same"
            " people in every wave."
        )
        return None
    labelled = sum(1 for place in left if column.levels[place] in column.labels)
    as_number = numeric and (
        column.name in choices.numbers or (len(left) > FEW_NUMBERS and labelled * 2 < len(left))
    )
    special = column.name in choices.special or is_special(column)
    if as_number:
        values = _numbers(column)
        values = values[kept]
        values[np.isin(codes, [place for place, level in enumerate(column.levels) if level in told])] = np.nan
        return LaidColumn(column.name, column.label, "number", values, (), missing, special)
    if column.name in choices.numbers:
        raise BadImport(f"“{column.name}” cannot be read as numbers.")
    scattered = not numeric and len(left) > FEW_NUMBERS and len(left) * 2 > rows
    if len(left) > MOST_ANSWERS or scattered:
        notes.append(
            f"“{column.name}” has {len(left):,} different answers, more than a question has, and is left out; name it as"
            " the panel number or the cluster if it is one."
        )
        return None
    order = sorted(left, key=lambda place: _sorting(column.levels[place])) if numeric else left
    position = np.full(len(column.levels) + 1, -1, dtype=np.int16)
    position[order] = np.arange(len(order))
    all_words = _words(column)
    answers = tuple(all_words[place] for place in order)
    return LaidColumn(column.name, column.label, "choice", position[codes], answers, missing, special)


def proposals(raw: RawFile) -> Choices:
    """What the file itself suggests: nothing but special categories; which column is what a person says."""
    return Choices(special=frozenset(one.name for one in raw.columns if is_special(one)))


def _numbered(level: str, salt: str) -> int:
    digest = hashlib.blake2b(level.encode(), key=bytes.fromhex(salt), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1  # without a sign


def _words(column: RawColumn) -> list[str]:
    """Each level in words; two levels of one wording keep their codes apart."""
    words = [column.labels.get(level, level) for level in column.levels]
    twice = {word for word in words if words.count(word) > 1} if len(words) <= 1_000 else set()
    return [
        f"{word} ({level})" if word in twice else word
        for word, level in zip(words, column.levels, strict=True)
    ]


def _all_numbers(column: RawColumn, places: list[int]) -> bool:
    return bool(places) and all(_number(column.levels[place]) is not None for place in places)


def _numbers_rows(column: RawColumn, places: list[int], rows: int) -> bool:
    """Whether it only numbers rows or things: a different whole number on each, so long or so named."""
    if rows < 2 or len(places) < rows:
        return False
    if set(re.split(r"[^a-z]+", column.name.casefold())) & NUMBERING:
        return True
    long = all(len(column.levels[place].lstrip("-")) >= LONG for place in places)
    return long and all(column.levels[place].isdecimal() for place in places)


def _numbers(column: RawColumn) -> NDArray[np.float64]:
    levels = [_number(one) for one in column.levels]
    table = np.array([np.nan if one is None else one for one in levels] + [np.nan])
    return np.asarray(table[column.codes])


def _number(word: str) -> float | None:
    text = word.strip()
    if DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) and "_" not in text else None


def _sorting(word: str) -> float:
    return _number(word) or 0.0
