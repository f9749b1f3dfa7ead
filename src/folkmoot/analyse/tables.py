"""Tables read from plain files: CSV, Parquet, xlsx and ods, a column at a time.

What does not belong here: what a column means. Verbs ask for columns by name and by kind.
"""

from __future__ import annotations

import pathlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import CannotAnalyse

SPREADSHEETS = {".xlsx", ".xls", ".ods"}


class Table:
    """A file's rows, read lazily: only the columns that a verb asks for are converted.

    ``columns`` are the header's words in order; ``len(table)`` is the number of rows below it.
    Blank cells are missing: ``None`` in text, NaN in numbers.
    """

    def __init__(self, name: str, relation: Any, connection: Any) -> None:
        self.name = name
        self._relation, self._connection = relation, connection
        self.columns: list[str] = list(relation.columns)
        self._rows: int | None = None

    def __len__(self) -> int:
        if self._rows is None:
            self._rows = int(self._relation.aggregate("count(*)").fetchone()[0])
        return self._rows

    def require(self, *wanted: str) -> None:
        """Refuse, naming what is missing and what there is, unless every column exists."""
        missing = [column for column in wanted if column not in self.columns]
        if missing:
            raise CannotAnalyse(
                f"{self.name} has no column {_listed(missing)}; it has {_listed(self.columns[:30])}."
            )

    def text(self, column: str) -> list[str | None]:
        """The column as text, trimmed of outer blanks; an empty cell is None."""
        self.require(column)
        rows = self._relation.project(f"nullif(trim(cast({_quoted(column)} as varchar)), '')").fetchall()
        return [row[0] for row in rows]

    def codes(self, column: str) -> tuple[NDArray[np.int64], list[str]]:
        """The column as positions in its sorted distinct values (−1 = missing), and those values."""
        self.require(column)
        word = f"nullif(trim(cast({_quoted(column)} as varchar)), '')"
        distinct = self._relation.project(f"{word} as word").distinct().order("word").fetchall()
        levels = [row[0] for row in distinct if row[0] is not None]
        if len(levels) < 4096:
            position = {level: index for index, level in enumerate(levels)}
            position_of_none = -1
            values = [position_of_none if value is None else position[value] for value in self.text(column)]
            return np.array(values, dtype=np.int64), levels
        values_array = np.array([value or "" for value in self.text(column)], dtype=object)
        found = np.searchsorted(np.array(levels, dtype=object), values_array)
        found[values_array == ""] = -1
        return found.astype(np.int64), levels

    def numbers(self, column: str, *, missing: bool = False) -> NDArray[np.float64]:
        """The column as floats.

        A blank is NaN where ``missing`` allows it and is refused otherwise; so is a word that
        is no number, with its row (counted from the header as row 1).
        """
        self.require(column)
        word = f"nullif(trim(cast({_quoted(column)} as varchar)), '')"
        native = str(self._relation.project(_quoted(column)).types[0]).upper()
        if native not in {"VARCHAR", "TEXT"}:
            cast = f"cast({_quoted(column)} as double)"
            result = self._relation.project(f"{cast} as value").fetchnumpy()["value"]
            values = _filled(result)
        else:
            result = self._relation.project(
                f"try_cast({word} as double) as value, {word} is not null as given"
            ).fetchnumpy()
            values = _filled(result["value"])
            bad = np.flatnonzero(np.isnan(values) & np.asarray(result["given"], dtype=bool))
            for row in bad:
                entry = self.text(column)[int(row)]
                if entry is not None and entry.strip().lower() not in {"nan", "na", "n/a"}:
                    raise CannotAnalyse(
                        f"{self.name}, row {int(row) + 2}, column “{column}”: “{entry}” is no number."
                    )
        if not missing:
            blank = np.flatnonzero(np.isnan(values))
            if blank.size:
                raise CannotAnalyse(
                    f"{self.name}, row {int(blank[0]) + 2}, column “{column}”: the cell is empty"
                    f" ({blank.size} such rows)."
                )
        if np.isinf(values).any():
            row = int(np.flatnonzero(np.isinf(values))[0]) + 2
            raise CannotAnalyse(f"{self.name}, row {row}, column “{column}”: infinite is no number.")
        return values


def read_table(path: str | pathlib.Path) -> Table:
    """The table in a file, by its ending: .csv/.tsv/.txt, .parquet, .xlsx, .xls or .ods (first sheet).

    Raises CannotAnalyse with a sentence where the file is missing, empty, or not what its name says.
    """
    import duckdb

    file = pathlib.Path(path)
    if not file.is_file():
        raise CannotAnalyse(f"There is no file {file.name}.")
    if file.stat().st_size == 0:
        raise CannotAnalyse(f"{file.name} is empty.")
    connection = duckdb.connect(config={"threads": 2})
    ending = file.suffix.lower()
    try:
        if ending == ".parquet":
            relation = connection.from_parquet(str(file))
        elif ending in SPREADSHEETS:
            relation = _spreadsheet(file, connection)
        else:
            relation = connection.read_csv(
                str(file), header=True, all_varchar=True, sample_size=-1, null_padding=False
            )
            if file.stat().st_size < 50_000_000:
                relation.aggregate("count(*)").fetchone()  # a broken line is found now, not later
    except duckdb.Error as error:
        line = str(error).splitlines()[0][:200]
        raise CannotAnalyse(f"{file.name} cannot be read as a table: {line}") from None
    except UnicodeDecodeError:
        raise CannotAnalyse(f"{file.name} is not UTF-8 text.") from None
    return Table(file.name, relation, connection)


def _spreadsheet(file: pathlib.Path, connection: Any) -> Any:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(file))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=True)
    except Exception as error:  # calamine raises many kinds; each means: not such a spreadsheet
        raise CannotAnalyse(f"{file.name} cannot be read as a spreadsheet: {error}.") from None
    if not rows:
        raise CannotAnalyse(f"The first sheet of {file.name} is empty.")
    header = [str(cell).strip() or f"column {index + 1}" for index, cell in enumerate(rows[0])]
    columns = {
        name: np.array([_cell_text(row[index]) for row in rows[1:]], dtype=object)
        for index, name in enumerate(header)
    }
    listed = ", ".join(f"{_quoted(name)} varchar" for name in header)
    connection.execute(f"create table sheet ({listed})")
    if len(rows) > 1:
        marks = ", ".join("?" for _ in header)
        connection.executemany(
            f"insert into sheet values ({marks})",
            [[columns[name][index] for name in header] for index in range(len(rows) - 1)],
        )
    return connection.table("sheet")


def _cell_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _filled(values: Any) -> NDArray[np.float64]:
    if isinstance(values, np.ma.MaskedArray):
        return np.asarray(values.filled(np.nan), dtype=np.float64)
    return np.asarray(values, dtype=np.float64)


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
