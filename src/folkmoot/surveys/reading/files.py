"""Files of answers, whatever program wrote them, as columns of codes with their words.

What does not belong here: what a column is for, and what must not be kept (``laying``, ``identifiers``).
"""

from __future__ import annotations

import pathlib
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.analyse.survey_rows import key_of, levels_of
from folkmoot.analyse.tables import read_table
from folkmoot.core.errors import BadImport, CannotAnalyse
from folkmoot.surveys.reading.letters import TEXT, in_utf8

TABLES = TEXT | {".xlsx", ".xls", ".ods", ".parquet"}
STATISTICS = {".sav": "SPSS", ".zsav": "SPSS", ".dta": "Stata"}
ENDINGS = tuple(sorted(TABLES | set(STATISTICS)))
LARGEST = 1_000_000_000
MOST_ROWS = 5_000_000
MOST_COLUMNS = 2_000
NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")
WHOLE = re.compile(r"(-?\d+)[.,]0+")
EXACT = 2**53  # whole numbers below it are themselves in a file that holds floating-point numbers


@dataclass(frozen=True, slots=True)
class RawColumn:
    """A column as the file has it: each row's place among ``levels`` (−1: blank).

    ``labels`` are the file's words for a level, ``missing`` the levels that the file itself calls
    missing.
    """

    name: str
    label: str
    codes: NDArray[np.int64]
    levels: tuple[str, ...]
    labels: dict[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()

    @property
    def answered(self) -> int:
        return int((self.codes >= 0).sum())


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file of answers, a row a person. ``first_row`` is the file's number of the first of them."""

    name: str
    form: str
    rows: int
    columns: tuple[RawColumn, ...]
    notes: tuple[str, ...] = ()
    first_row: int = 2

    def column(self, name: str) -> RawColumn:
        for one in self.columns:
            if one.name == name:
                return one
        known = ", ".join(f"“{one.name}”" for one in self.columns[:30])
        raise BadImport(f"{self.name} has no column “{name}”; it has {known}.")


def read_answers(name: str, content: bytes) -> RawFile:
    """The file's columns. Raises BadImport with one sentence where it is not what its name says."""
    ending = pathlib.PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        raise BadImport(
            f"{name} is of no kind that is read here.", remedy=f"Save it as one of {', '.join(ENDINGS)}."
        )
    if not content:
        raise BadImport(f"{name} is empty.")
    if len(content) > LARGEST:
        raise BadImport(f"{name} is larger than {LARGEST // 1_000_000:,} MB.", remedy="Split it.")
    text, notes = in_utf8(name, content) if ending in TEXT else (content, ())
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / f"file{ending}"
        path.write_bytes(text)
        found = _statistics(name, path, ending) if ending in STATISTICS else _table(name, path, ending, notes)
    if not found.rows:
        raise BadImport(f"{name} has a header and no rows.")
    if found.rows > MOST_ROWS:
        raise BadImport(f"{name} has more than {MOST_ROWS:,} rows.")
    return found


def _table(name: str, path: pathlib.Path, ending: str, notes: tuple[str, ...]) -> RawFile:
    try:
        table = read_table(path)
        if len(table.columns) > MOST_COLUMNS:
            raise BadImport(f"{name} has more than {MOST_COLUMNS:,} columns.")
        twice = [word for word in table.columns if table.columns.count(word) > 1]
        if twice:
            raise BadImport(
                f"{name} has more than one column “{twice[0]}”.", remedy="Give each column its own name."
            )
        columns = [RawColumn(word, "", *_coded(*levels_of(table, word))) for word in table.columns]
        rows = len(table)
    except CannotAnalyse as error:
        raise BadImport(str(error).replace(path.name, name)) from None
    return RawFile(name, ending[1:], rows, tuple(columns), notes)


def _coded(codes: NDArray[np.int64], levels: Sequence[str]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Programs write the codes of a column with a gap as 1.0 and those of one without as 1: both are 1."""
    if not any(map(WHOLE.fullmatch, levels)) or not all(map(NUMBER.fullmatch, levels)):
        return codes, tuple(levels)
    plain = [plain_code(one) for one in levels]
    kept = sorted(set(plain))
    place = {one: index for index, one in enumerate(kept)}
    moved = np.array([*(place[one] for one in plain), -1], dtype=np.int64)
    return moved[codes], tuple(kept)


def plain_code(word: str) -> str:
    """A code as it is compared with those of a file: -9.0 and -9,0 are -9; 01 stays itself."""
    whole = WHOLE.fullmatch(word.strip())
    return whole.group(1) if whole else word.strip()


def _statistics(name: str, path: pathlib.Path, ending: str) -> RawFile:
    import pyreadstat

    program = STATISTICS[ending]
    read = pyreadstat.read_dta if ending == ".dta" else pyreadstat.read_sav
    try:
        held, meta = read(str(path), output_format="dict", user_missing=ending != ".dta")
    except Exception:  # the reader raises many kinds, each of which means: not such a file
        raise BadImport(
            f"{name} cannot be read as a file of {program}: it is damaged or of another kind."
        ) from None
    if len(meta.column_names) > MOST_COLUMNS:
        raise BadImport(f"{name} has more than {MOST_COLUMNS:,} columns.")
    columns = [_labelled(word, held[word], meta) for word in meta.column_names]
    rows = len(columns[0].codes) if columns else 0
    return RawFile(name, ending[1:], rows, tuple(columns), first_row=1)


def _labelled(word: str, values: Any, meta: Any) -> RawColumn:
    codes, levels = _levels(np.asarray(values, dtype=object) if isinstance(values, list) else values)
    given = meta.variable_value_labels.get(word, {})
    labels = {_word(key): str(text).strip() for key, text in given.items() if str(text).strip()}
    missing = set()
    for span in meta.missing_ranges.get(word, ()):
        for level in levels:
            if _within(level, span["lo"], span["hi"]):
                missing.add(level)
    label = str((meta.column_names_to_labels or {}).get(word) or "").strip()
    return RawColumn(word, label, codes, tuple(levels), labels, frozenset(missing))


def _levels(values: Any) -> tuple[NDArray[np.int64], list[str]]:
    array = np.asarray(values)
    if array.dtype.kind in "fiu":
        known = ~np.isnan(array.astype(np.float64))
        distinct, place = np.unique(array[known], return_inverse=True)
        codes = np.full(array.size, -1, dtype=np.int64)
        codes[known] = place.reshape(-1)
        return codes, [_word(one) for one in distinct.tolist()]
    words = [_word(one) for one in array.tolist()]
    levels = sorted({one for one in words if one})
    where = {one: place for place, one in enumerate(levels)}
    return np.array([where.get(one, -1) for one in words], dtype=np.int64), levels


def _word(value: Any) -> str:
    """A value as the one word by which it is known: 1 and 1.0 are the same, blank and NaN are none."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, str):
        return plain_code(value)
    if isinstance(value, (int, float)) and abs(value) < EXACT and value == int(value):
        return str(int(value))  # all its figures: two people's long numbers must not become one
    return key_of(str(value)) if isinstance(value, (int, float)) else str(value)


def _within(level: str, low: Any, high: Any) -> bool:
    try:
        return float(low) <= float(level) <= float(high)
    except (TypeError, ValueError):
        return level == _word(low)
