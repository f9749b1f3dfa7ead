"""Excel workbooks and OpenDocument spreadsheets into rows."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from folkmoot.core.errors import BadImport, FolkmootError

from .delimited import table_file
from .office import open_document, open_text
from .packed import Packed
from .shapes import Limits, ReadDocument, ReadFile, SetAside
from .tables import Row, find_header, no_columns, table_documents

_MOST_CELLS = 10_000_000
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_PLACE = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')


def read_xlsx(content: bytes, *, name: str, file: str, limits: Limits) -> ReadFile:
    """The documents of an Excel workbook, every visible sheet of it."""
    packed = Packed(content, limits=limits)
    for part in sorted(packed.names):
        if part.startswith("xl/worksheets/"):
            _check_extent(packed, part)
    notes = []
    sheets: list[tuple[str, list[Row]]] = []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheets_metadata:
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            if sheet.visible != SheetVisibleEnum.Visible:
                notes.append(f"The hidden sheet “{sheet.name}” was not read.")
                continue
            cells = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            rows = [Row(n, [_shown(cell) for cell in row]) for n, row in enumerate(cells, 1)]
            sheets.append((sheet.name, rows))
    except (KeyboardInterrupt, SystemExit, MemoryError, FolkmootError):
        raise
    except BaseException as error:  # the reader's own panics are no Exception
        raise BadImport(
            "The workbook is damaged: a sheet of it cannot be read.",
            remedy="Open it in a spreadsheet and save it again as xlsx, or save the sheet as csv.",
        ) from error
    return _sheets_file(sheets, name=name, file=file, limits=limits, notes=notes)


def _check_extent(packed: Packed, part: str) -> None:
    """Refuse a sheet with a cell so far out that the empty cells before it would fill the memory."""
    columns = rows = 0
    rest = b""
    for chunk in packed.chunks(part):
        chunk = rest + chunk
        for letters, digits in _PLACE.findall(chunk):
            rows = max(rows, int(digits))
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            columns = max(columns, column)
        rest = chunk[-40:]
    if columns * rows > _MOST_CELLS:
        raise _too_wide(rows=rows, columns=columns)


def _too_wide(*, rows: int, columns: int) -> BadImport:
    return BadImport(
        f"A sheet reaches over {rows:,} rows and {columns:,} columns, most of them empty.",
        remedy="Copy the turns to a new sheet and import that.",
    )


def _shown(value: object) -> str:
    """A cell as a reader of the sheet sees it; times without the date a spreadsheet hides."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.timedelta):
        whole = int(value.total_seconds())
        return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}"
    if isinstance(value, dt.time):
        return value.strftime("%H:%M:%S")
    if isinstance(value, dt.datetime) and value.year < 1905:
        return value.strftime("%H:%M:%S")
    return str(value)


def read_ods(content: bytes, *, name: str, file: str, limits: Limits) -> ReadFile:
    """The documents of an OpenDocument spreadsheet."""
    root = open_document(content, limits=limits)
    sheets = []
    room = _MOST_CELLS
    for table in root.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table"):
        rows: list[Row] = []
        for cells in _open_rows(table):
            room -= max(1, len(cells))
            if room < 0:
                raise _too_wide(rows=len(rows), columns=len(cells))
            rows.append(Row(len(rows) + 1, cells))
        sheets.append((table.get(f"{_TABLE}name", ""), rows))
    return _sheets_file(sheets, name=name, file=file, limits=limits, notes=[])


def _times(element: object, what: str) -> int:
    count = element.get(f"{_TABLE}number-{what}-repeated", "1")  # type: ignore[attr-defined]
    return int(count) if count.isdecimal() and len(count) < 9 else 1


def _open_rows(table: object) -> Iterator[list[str]]:
    """The rows of a sheet; blank ones at the end, which stand for the rest of the sheet, are left off."""
    blank = 0
    for row in table.iter(f"{_TABLE}table-row"):  # type: ignore[attr-defined]
        cells: list[str] = []
        empty = 0
        for cell in row:
            if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
                continue
            text = "\n".join(open_text(p) for p in cell.iterfind(f"{_TEXT}p"))
            count = _times(cell, "columns")
            if not text.strip():
                empty += count
                continue
            if empty + count > 20_000:
                raise _too_wide(rows=1, columns=empty + count)
            cells += [""] * empty + [text] * count
            empty = 0
        repeated = _times(row, "rows")
        if not cells:
            blank += repeated
            continue
        if blank + repeated > 2_000_000:
            raise _too_wide(rows=blank + repeated, columns=len(cells))
        for _ in range(blank):
            yield []
        blank = 0
        for _ in range(repeated):
            yield cells


def _sheets_file(
    sheets: list[tuple[str, list[Row]]], *, name: str, file: str, limits: Limits, notes: list[str]
) -> ReadFile:
    for _, rows in sheets:
        while rows and not any(cell.strip() for cell in rows[-1].cells):
            rows.pop()
    sheets = [(title, rows) for title, rows in sheets if rows]
    usable = [title for title, rows in sheets if find_header(rows)]
    if not usable:
        raise no_columns(sheets[0][1] if sheets else [])
    made: list[ReadDocument] = []
    outside: list[SetAside] = []
    read = 0
    for title, rows in sheets:
        where = f"{file}, sheet “{title}”" if len(sheets) > 1 else file
        if title not in usable:
            reason = f"The sheet “{title}” has no column of spoken words."
            filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
            outside += [SetAside(where, row.number, reason) for row in filled]
            read += len(filled)
            continue
        several = f"{name} · {title}" if len(usable) > 1 else name
        documents, aside, count = table_documents(rows, name=several, file=where, limits=limits, notes=notes)
        made += documents
        outside += aside
        read += count
    return table_file(made, outside, read=read, file=file, limits=limits)
