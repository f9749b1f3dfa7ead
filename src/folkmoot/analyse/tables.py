"""Tables read from plain files: CSV, Parquet, xlsx and ods, a column at a time.

What does not belong here: what a column means. Verbs ask for columns by name and by kind.
"""

from __future__ import annotations

import codecs
import csv
import io
import pathlib
import re
import tempfile
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import CannotAnalyse

SPREADSHEETS = {".xlsx", ".xls", ".ods"}
KEPT_IN_MEMORY = 400_000_000  # bytes of CSV; a larger file is read again for each column instead
WHOLE_NUMBERS = {
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
}  # of Parquet
SAVED = "Save it from its program as “CSV UTF-8”."
NO_NUMBER = {"nan", "na", "n/a"}  # words that stand for a missing number


class Table:
    """A file's rows, read lazily: only the columns that a verb asks for are converted.

    ``columns`` are the header's words in order; ``len(table)`` is the number of rows below it.
    Blank cells are missing: ``None`` in text, NaN in numbers. Every refusal is a CannotAnalyse
    with a sentence; rows in it count from the header as row 1 and leave out wholly blank lines.
    """

    def __init__(
        self, name: str, relation: Any, connection: Any, columns: Sequence[str] | None = None
    ) -> None:
        self.name = name
        self._relation, self._connection = relation, connection
        inner = list(relation.columns)
        self.columns: list[str] = inner if columns is None else list(columns)
        # the database's own names differ where a header repeats a word or differs only in case
        self._inner = dict(zip(reversed(self.columns), reversed(inner), strict=True))
        self._rows: int | None = None

    def __len__(self) -> int:
        if self._rows is None:
            self._rows = int(self._ask("count(*) as n", aggregate=True)["n"][0])
        return self._rows

    def require(self, *wanted: str) -> None:
        """Refuse, naming what is missing and what there is, unless every column exists, once."""
        missing = [column for column in wanted if column not in self.columns]
        if missing:
            raise CannotAnalyse(
                f"{self.name} has no column {_listed(missing)}; it has {_listed(self.columns[:30])}."
            )
        for column in wanted:
            if self.columns.count(column) > 1:
                raise CannotAnalyse(f"{self.name} has more than one column {_listed([column])}.")

    def text(self, column: str) -> list[str | None]:
        """The column as text, trimmed of outer blanks; an empty cell is None."""
        self.require(column)
        words = self._raw_text(column)
        return [word.strip() or None if word is not None else None for word in words]

    def codes(self, column: str) -> tuple[NDArray[np.int64], list[str]]:
        """The column as positions in its sorted distinct values (−1 = missing), and those values."""
        whole = self._whole_numbers(column)
        if whole is not None:
            return whole
        words = self._raw_text(column)
        trimmed = {word: word.strip() for word in set(words) if word is not None}
        levels = sorted(set(trimmed.values()) - {""})
        place = {level: index for index, level in enumerate(levels)}
        position: dict[str | None, int] = {word: place.get(level, -1) for word, level in trimmed.items()}
        position[None] = -1
        return np.fromiter(map(position.__getitem__, words), dtype=np.int64, count=len(words)), levels

    def _whole_numbers(self, column: str) -> tuple[NDArray[np.int64], list[str]] | None:
        """``codes`` of a column that the file itself holds as whole numbers: no word is made of each row."""
        self.require(column)
        quoted = _quoted(self._inner[column])
        if str(self._relation.project(quoted).types[0]).upper() not in WHOLE_NUMBERS:
            return None
        given = self._ask(f"cast({quoted} as bigint) as value", column=column)["value"]
        values, missing = np.ma.getdata(given), np.ma.getmaskarray(given)
        held = values if not missing.any() else values[~missing]
        distinct, codes = _distinct(held)
        words = [str(value) for value in distinct.tolist()]
        order = sorted(range(len(words)), key=words.__getitem__)
        place = np.empty(len(words), dtype=np.int64)
        place[order] = np.arange(len(words))
        found = place[codes]
        if held is not values:
            found = np.full(len(values), -1, dtype=np.int64)
            found[~missing] = place[codes]
        return found, [words[index] for index in order]

    def numbers(self, column: str, *, missing: bool = False) -> NDArray[np.float64]:
        """The column as floats.

        A blank is NaN where ``missing`` allows it and is refused otherwise; so is a word that
        is no number, with its row (counted from the header as row 1).
        """
        self.require(column)
        quoted = _quoted(self._inner[column])
        native = str(self._relation.project(quoted).types[0]).upper()
        if native in {"VARCHAR", "TEXT"}:
            found = self._ask(f"try_cast({quoted} as double) as value, {quoted} <> '' as given")
            values = _filled(found["value"])
            unread = np.isnan(values) & (np.ma.filled(found["given"], False) != 0)
            entries = self.text(column) if unread.any() else []
            for row in np.flatnonzero(unread):
                entry = entries[int(row)]
                if entry is None or entry.lower() in NO_NUMBER:
                    continue
                try:
                    values[row] = float(
                        "" if "_" in entry else entry
                    )  # blanks around it that the database does not trim
                except ValueError:
                    raise self._at(row, column, f"“{_shortened(entry)}” is no number") from None
        else:
            values = _filled(self._ask(f"cast({quoted} as double) as value", column=column)["value"])
        if not missing and np.isnan(values).any():
            blank = np.flatnonzero(np.isnan(values))
            raise self._at(blank[0], column, f"the cell is empty ({blank.size} such rows)")
        if np.isinf(values).any():
            raise self._at(np.flatnonzero(np.isinf(values))[0], column, "infinite is no number")
        return values

    def _raw_text(self, column: str) -> list[str | None]:
        self.require(column)
        values = self._ask(f"cast({_quoted(self._inner[column])} as varchar) as value")["value"]
        if isinstance(values, np.ma.MaskedArray):
            plain = np.array(values.data, dtype=object)
            plain[np.ma.getmaskarray(values)] = None  # filling with None would fill with numpy's own default
            values = plain
        words: list[str | None] = values.tolist()
        return words

    def _at(self, row: Any, column: str, problem: str) -> CannotAnalyse:
        return CannotAnalyse(f"{self.name}, row {int(row) + 2}, column “{column}”: {problem}.")

    def _ask(self, expression: str, *, aggregate: bool = False, column: str | None = None) -> dict[str, Any]:
        import duckdb

        try:
            asked = self._relation.aggregate if aggregate else self._relation.project
            found: dict[str, Any] = asked(expression).fetchnumpy()
        except duckdb.ConversionException:
            raise CannotAnalyse(f"{self.name}, column “{column}” does not hold numbers.") from None
        except duckdb.Error as error:
            raise CannotAnalyse(_broken(self.name, error)) from None
        return found


def read_table(path: str | pathlib.Path) -> Table:
    """The table in a file, by its ending: .csv/.tsv/.txt, .parquet, .xlsx, .xls or .ods (first sheet).

    A text file is UTF-8 with a header; its columns are parted by comma, semicolon, tab or bar,
    whichever the header holds most of. Raises CannotAnalyse with a sentence where the file is
    missing, empty, or not what its name says.
    """
    import duckdb

    file = pathlib.Path(path)
    try:
        if file.is_dir():
            raise CannotAnalyse(f"{file.name or path} is a folder; name a file in it.")
        if not file.exists():
            raise CannotAnalyse(f"There is no file {file.name or path}.")
        if not file.is_file():
            raise CannotAnalyse(f"{file.name or path} is a pipe or a device; write its rows to a file first.")
        if file.stat().st_size == 0:
            raise CannotAnalyse(f"{file.name} is empty.")
    except (OSError, ValueError):
        raise CannotAnalyse(f"{file.name or path} cannot be opened.") from None
    connection = duckdb.connect(config={"threads": 2})
    ending = file.suffix.lower()
    try:
        if ending == ".parquet":
            return Table(file.name, connection.from_parquet(_literal(file)), connection)
        if ending in SPREADSHEETS:
            return _from_spreadsheet(file, connection)
        return _from_text(file, file.name, connection)
    except duckdb.Error as error:
        raise CannotAnalyse(_broken(file.name, error)) from None
    except OSError:
        raise CannotAnalyse(f"{file.name} cannot be opened.") from None


def _from_text(file: pathlib.Path, name: str, connection: Any) -> Table:
    columns, separator, skipped = _header(file, name)
    relation = connection.read_csv(
        _literal(file),
        header=True,
        auto_detect=False,
        skiprows=skipped,
        delimiter=separator,
        quotechar='"',
        escapechar='"',
        columns={f"c{index}": "VARCHAR" for index in range(len(columns))},
    )
    if file.stat().st_size < KEPT_IN_MEMORY:
        relation.create("kept")  # read once; a broken line is found now, not later
        relation = connection.table("kept")
    return Table(name, relation, connection, columns)


def _header(file: pathlib.Path, name: str) -> tuple[list[str], str, int]:
    """The header's words, what parts the columns, and how many blank lines come before it."""
    with file.open("rb") as stream:
        start = stream.read(1 << 20)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in start[:4096]:
        raise CannotAnalyse(f"{name} is not UTF-8 text. {SAVED}")
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(start)
    except UnicodeDecodeError:
        raise CannotAnalyse(f"{name} is not UTF-8 text. {SAVED}") from None
    lines = io.StringIO(text, newline=None).read().split("\n")
    skipped = next((index for index, line in enumerate(lines) if line.strip()), None)
    if skipped is None:
        raise CannotAnalyse(f"{name} is empty.")
    separator = _separator(lines[skipped])
    try:
        words = next(csv.reader(io.StringIO("\n".join(lines[skipped:])), delimiter=separator))
    except (csv.Error, StopIteration):
        raise CannotAnalyse(f"The header of {name} cannot be read.") from None
    return [word.strip() or f"column {index + 1}" for index, word in enumerate(words)], separator, skipped


def _separator(line: str) -> str:
    outside = re.sub(r'"[^"]*"?', "", line)
    return max(",;\t|", key=lambda mark: (outside.count(mark), mark == ","))


def _from_spreadsheet(file: pathlib.Path, connection: Any) -> Table:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(file))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=True)
    except Exception:  # calamine raises many kinds; each means: not such a spreadsheet
        raise CannotAnalyse(f"{file.name} cannot be read as a spreadsheet.") from None
    if not rows or not any(_cell_text(cell) for cell in rows[0]):
        raise CannotAnalyse(f"The first sheet of {file.name} is empty.")
    with tempfile.TemporaryDirectory() as folder:
        plain = pathlib.Path(folder) / "sheet.csv"
        with plain.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
            writer.writerows([_cell_text(cell) for cell in row] for row in rows)
        header = [_cell_text(cell).strip() or f"column {index + 1}" for index, cell in enumerate(rows[0])]
        relation = connection.read_csv(
            str(plain),
            header=True,
            auto_detect=False,
            delimiter=",",
            quotechar='"',
            escapechar='"',
            columns={f"c{index}": "VARCHAR" for index in range(len(header))},
        )
        relation.create("kept")
    return Table(file.name, connection.table("kept"), connection, header)


def _cell_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _distinct(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct numbers in order and each one's place: by a table where they lie close, else by sorting."""
    if not len(values):
        return values, values
    low, high = int(values.min()), int(values.max())
    if high - low > 4 * len(values):
        distinct, codes = np.unique(values, return_inverse=True)
        return distinct, codes.reshape(-1)
    present = np.zeros(high - low + 1, dtype=np.int64)
    present[values - low] = 1
    return np.flatnonzero(present) + low, (np.cumsum(present) - 1)[values - low]


def _broken(name: str, error: Exception) -> str:
    """The database's complaint as a sentence; never a line of the file itself, which may name people."""
    words = str(error)
    line = re.search(r"CSV Error on Line: (\d+)", words)
    where = f"{name}, line {line.group(1)}" if line else name
    cells = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", words)
    if cells:
        return f"{where}: {cells.group(2)} cells where the header has {cells.group(1)}."
    if "utf-8" in words or "unicode" in words.lower():
        return f"{where}: this is not UTF-8 text. {SAVED}"
    if "unterminated quote" in words:
        return (
            f"{where}: a quotation mark is opened and not closed, or stands inside a quoted cell undoubled."
        )
    if "Maximum line size" in words:
        return f"{where}: the line is longer than 2,000,000 characters."
    return f"{where}: it cannot be read as a table."


def _literal(file: pathlib.Path) -> str:
    """The path with what would be a pattern to the database taken literally."""
    return re.sub(r"([\[*?])", r"[\1]", str(file))


def _shortened(entry: str) -> str:
    return entry if len(entry) <= 40 else entry[:40] + "…"


def _filled(values: Any) -> NDArray[np.float64]:
    numbers = np.array(np.ma.getdata(values), dtype=np.float64)
    numbers[np.ma.getmaskarray(values)] = np.nan
    return numbers


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{_shortened(word)}”" for word in words)
