"""A spreadsheet file as one table of text: csv, xlsx or ods, with every limit checked before the work.

Days and times come as ISO text whatever the sheet shows. What does not belong here: what a column means.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from folkmoot.core.errors import BadImport, FolkmootError
from folkmoot.core.letters import OLDER, letters_of
from folkmoot.sources.cells import STARTS
from folkmoot.sources.reading.office import open_document, open_text
from folkmoot.sources.reading.packed import Packed
from folkmoot.sources.reading.shapes import Limits
from folkmoot.sources.reading.sniffing import kind_of

MOST_BYTES = 50_000_000
MOST_ROWS = 250_000
MOST_COLUMNS = 500
MOST_CELLS = 10_000_000
MOST_IN_A_CELL = 100_000
LIMITS = Limits(file_bytes=MOST_BYTES, unpacked_bytes=600_000_000)
READABLE = "csv, xlsx or ods"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_PLACE = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')
_FORMULA = re.compile(rb"<f[ >/]")
# a formula whose result nobody has worked out: no value follows it
_UNWORKED = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A header and the rows below it, each with its number as a spreadsheet shows it; wholly blank rows are left out.

    ``said``: items that came along and are no rows of the table (the priorities of a police.uk file).
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    notes: tuple[str, ...] = ()
    said: tuple[dict[str, str], ...] = field(default=())

    def column(self, name: str) -> list[str]:
        """All cells of a column, in order."""
        at = self.columns.index(name)
        return [cells[at] for _, cells in self.rows]


Grid = list[list[str]]


def require_size(name: str, size: int) -> None:
    """Refuse a file by its size alone, before a byte of it is read."""
    if size > MOST_BYTES:
        raise BadImport(
            f"{name} is {size / 1e6:,.0f} MB; a file of activities may have {MOST_BYTES / 1e6:,.0f} MB.",
            remedy="Save the one sheet that holds the activities, or split it by year.",
        )
    if size == 0:
        raise BadImport(f"{name} is empty.", remedy="Save it again from the program that made it.")


def read_sheet(name: str, content: bytes, *, wanted: Callable[[list[str]], int] = len) -> Sheet:
    """The table in a file. Of several sheets, the one whose header ``wanted`` rates highest.

    Raises BadImport with one sentence where there is no table to be had.
    """
    require_size(name, len(content))
    if content.startswith((b"Obj\x01", b"PAR1")) or (
        name.lower().endswith((".csv", ".tsv", ".txt")) and content.startswith(b"PK")
    ):
        raise BadImport(
            f"{name} is not what its name says.", remedy=f"Save it as {READABLE} and choose it again."
        )
    kind = kind_of(name, content)
    if kind == "xlsx":
        grids, notes = _workbook(content)
    elif kind == "ods":
        grids, notes = _open_sheets(content)
    elif kind in {"csv", "txt"}:
        text, said = _text_of(name, content)
        grids, notes = [("", _delimited(text))], said
    else:
        raise BadImport(f"{name} is no spreadsheet.", remedy=f"Save it as {READABLE} and choose it again.")
    filled = [(title, grid) for title, grid in grids if any(cell.strip() for row in grid for cell in row)]
    if not filled:
        raise BadImport(f"{name} holds no words or numbers at all.", remedy="Check that it was saved.")
    best = max(
        range(len(filled)),
        key=lambda number: (wanted(filled[number][1][_header(filled[number][1])]), -number),
    )
    notes += [
        f"The sheet “{title}” was not read; only “{filled[best][0]}” was."
        for number, (title, _) in enumerate(filled)
        if number != best
    ]
    return _sheet(name, filled[best][1], notes)


def _sheet(name: str, grid: Grid, notes: list[str]) -> Sheet:
    at = _header(grid)
    width = max((len(row) for row in grid[at:]), default=0)
    while width and not any(len(row) >= width and row[width - 1].strip() for row in grid[at:]):
        width -= 1
    if width > MOST_COLUMNS:
        raise BadImport(
            f"{name} has {width:,} columns; a table of activities may have {MOST_COLUMNS}.",
            remedy="Copy the columns that matter to a new sheet.",
        )
    columns = _named([_unguarded(cell) for cell in [*grid[at], *[""] * width][:width]])
    rows = tuple(
        (number, tuple(_unguarded(cell) for cell in [*row, *[""] * width][:width]))
        for number, row in enumerate(grid[at + 1 :], start=at + 2)
        if any(cell.strip() for cell in row)
    )
    if at:
        notes = [*notes, f"The header was found in row {at + 1}; what stands above it was not read."]
    if not rows:
        raise BadImport(
            f"{name} has a header and no row below it.",
            remedy="Put one activity on each row below the header.",
        )
    if len(rows) > MOST_ROWS:
        raise BadImport(f"{name} has {len(rows):,} rows; at most {MOST_ROWS:,} are read.", remedy="Split it.")
    return Sheet(tuple(columns), rows, tuple(notes))


def _unguarded(cell: str) -> str:
    """The cell without the apostrophe that keeps a spreadsheet from running it as a formula."""
    if cell[:1] == "'" and cell.lstrip("' \xa0\ufeff").startswith(STARTS):
        return cell[1:]
    return cell


def _header(grid: Grid) -> int:
    """The first row that is filled about as widely as the widest of the first thirty."""
    filled = [sum(1 for cell in row if cell.strip()) for row in grid[:30]]
    widest = max(filled, default=0)
    return next((number for number, count in enumerate(filled) if count and count >= 0.6 * widest), 0)


def _named(words: list[str]) -> list[str]:
    """The header's words, each once: a blank one is named by its place, a repeated one by its number."""
    found: list[str] = []
    taken: set[str] = set()
    for number, word in enumerate(words, 1):
        word = " ".join(word.split())[:120] or f"column {number}"
        name, again = word, 2
        while name in taken:
            name, again = f"{word} ({again})", again + 1
        taken.add(name)
        found.append(name)
    return found


# csv ---------------------------------------------------------------------------------------------------------


def _text_of(name: str, content: bytes) -> tuple[str, list[str]]:
    """The characters as they are, line ends too: a line break inside a cell is a fault worth naming."""
    found = letters_of(content)
    if found is None or not found.is_clean:
        raise BadImport(
            "The file is not text in UTF-8, UTF-16 or Windows-1252, so it is no csv.",
            remedy=f"Save it as {READABLE} and choose it again.",
        )
    return found.text, [OLDER.format(name=name)] if found.guessed else []


def _delimited(text: str) -> Grid:
    csv.field_size_limit(MOST_IN_A_CELL)
    grid: Grid = []
    cells = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        for row in reader:
            cells += len(row)
            _require_room(cells)
            grid.append(row)
    except csv.Error as error:
        problem = str(error)
        if "field larger" in problem:
            said = f"A cell holds more than {MOST_IN_A_CELL:,} characters; a quotation mark may be missing."
        elif "end of data" in problem or "expected" in problem:
            said = "A quotation mark is opened and not closed, or stands in the middle of a cell."
        else:
            said = "The row cannot be read as part of a table."
        raise BadImport(
            said, row=len(grid) + 1, remedy="Mend it in a spreadsheet and save it again."
        ) from None
    return grid


def _require_room(cells: int) -> None:
    if cells > MOST_CELLS:
        raise BadImport(
            f"The table has more than {MOST_CELLS:,} cells.",
            remedy="Take out the columns that do not matter.",
        )


def _separator(text: str) -> str:
    """What parts the columns: the mark under which the first rows are widest and all of one width."""
    head = text[:100_000]
    best, most = ",", (0.0, 0)
    for mark in ",;\t|":
        widths = []
        try:
            for row in csv.reader(io.StringIO(head, newline=""), delimiter=mark):
                if row:
                    widths.append(len(row))
                if len(widths) >= 50:
                    break
        except csv.Error:
            pass
        if len(widths) > 1 and len(head) < len(text):
            widths.pop()  # the last row may be cut
        if not widths or max(widths) < 2:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        alike = widths.count(usual) / len(widths)
        if usual > 1 and (alike, usual) > most:
            best, most = mark, (alike, usual)
    return best


# xlsx --------------------------------------------------------------------------------------------------------


def _workbook(content: bytes) -> tuple[list[tuple[str, Grid]], list[str]]:
    packed = Packed(content, limits=LIMITS)
    unworked = 0
    for part in sorted(packed.names):
        if part.startswith("xl/worksheets/") and part.endswith(".xml"):
            unworked += _look_over(packed, part)
    notes: list[str] = []
    if unworked:
        notes.append(
            f"{unworked:,} cell{'s hold formulas' if unworked > 1 else ' holds a formula'} that nobody has worked out, read as empty here. "
            "Open the file in a spreadsheet, save it, and choose it again."
        )
    found: list[tuple[str, Grid]] = []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheets_metadata:
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            if sheet.visible != SheetVisibleEnum.Visible:
                notes.append(f"The hidden sheet “{sheet.name}” was not read.")
                continue
            page = book.get_sheet_by_name(sheet.name)
            grid = [[_shown(cell) for cell in row] for row in page.to_python(skip_empty_area=False)]
            merged = [one for one in page.merged_cell_ranges or [] if one[1][0] > one[0][0]]
            if merged:
                notes.append(_of_merged(len(merged), sheet.name))
            found.append((sheet.name, grid))
    except (KeyboardInterrupt, SystemExit, MemoryError, FolkmootError):
        raise
    except BaseException as error:  # the reader's own panics are no Exception
        raise BadImport(
            "The workbook is damaged: a sheet of it cannot be read.",
            remedy="Open it in a spreadsheet and save it again as xlsx, or save the sheet as csv.",
        ) from error
    return found, notes


def _of_merged(number: int, title: str) -> str:
    which = "cell that is" if number == 1 else "cells that are"
    return (
        f"The sheet “{title}” has {number:,} {which} merged over several rows; only the first row of each has the "
        "value, the rows below were read as empty there."
    )


def _look_over(packed: Packed, part: str) -> int:
    """Refuse a sheet that reaches too far; gives how many of its formulas have no value."""
    columns = rows = formulas = unworked = 0
    rest = b""
    for chunk in packed.chunks(part):
        joined = rest + chunk
        formulas += len(_FORMULA.findall(joined))
        for letters, digits in _PLACE.findall(joined):
            rows = max(rows, int(digits))
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            columns = max(columns, column)
        if formulas:
            unworked += len(_UNWORKED.findall(chunk))
        rest = joined[-40:]
    if columns * rows > MOST_CELLS:
        raise BadImport(
            f"A sheet reaches over {rows:,} rows and {columns:,} columns, most of them empty.",
            remedy="Copy the activities to a new sheet and save that.",
        )
    return unworked


def _shown(value: object) -> str:
    """A cell as text: whole numbers without a point, days and times as ISO."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.timedelta):
        whole = round(value.total_seconds())
        return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}"
    if isinstance(value, dt.datetime):
        if value.year < 1905:
            return value.strftime("%H:%M:%S")
        return value.isoformat() if value.time() != dt.time() else value.date().isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)


# ods ---------------------------------------------------------------------------------------------------------


def _open_sheets(content: bytes) -> tuple[list[tuple[str, Grid]], list[str]]:
    root = open_document(content, limits=LIMITS)
    found: list[tuple[str, Grid]] = []
    notes: list[str] = []
    cells = 0
    for table in root.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table"):
        title = table.get(f"{_TABLE}name", "")
        grid: Grid = []
        for row in _open_rows(table):
            cells += max(1, len(row))
            _require_room(cells)
            grid.append(row)
        merged = sum(
            1
            for cell in table.iter(f"{_TABLE}table-cell")
            if cell.get(f"{_TABLE}number-rows-spanned", "1") not in {"", "0", "1"}
        )
        if merged:
            notes.append(_of_merged(merged, title))
        found.append((title, grid))
    return found, notes


def _times(element: object, what: str) -> int:
    count = element.get(f"{_TABLE}number-{what}-repeated", "1")  # type: ignore[attr-defined]
    return int(count) if count.isdecimal() and len(count) < 9 else 1


def _open_rows(table: object) -> Iterator[list[str]]:
    """The rows of a sheet; the blank ones after the last are left off, blank ones between are kept."""
    blank = 0
    for row in table.iter(f"{_TABLE}table-row"):  # type: ignore[attr-defined]
        cells: list[str] = []
        empty = 0
        for cell in row:
            if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
                continue
            text, count = _open_cell(cell), _times(cell, "columns")
            if not text.strip():
                empty += count
                continue
            if empty + count + len(cells) > 20_000:
                raise BadImport(
                    f"A sheet reaches over {empty + count + len(cells):,} columns.",
                    remedy="Copy the activities to a new sheet and save that.",
                )
            cells += [""] * empty + [text] * count
            empty = 0
        repeated = _times(row, "rows")
        if not cells:
            blank += repeated
            continue
        if blank + repeated > MOST_CELLS:
            _require_room(blank + repeated)
        for _ in range(blank):
            yield []
        blank = 0
        for _ in range(repeated):
            yield list(cells)


def _open_cell(cell: object) -> str:
    """What the cell holds rather than what it shows: a day is kept as 2026-11-23, 1,5 as 1.5."""
    kind = cell.get(f"{_OFFICE}value-type", "")  # type: ignore[attr-defined]
    if kind == "date":
        return str(cell.get(f"{_OFFICE}date-value", ""))  # type: ignore[attr-defined]
    if kind == "time":
        span = re.fullmatch(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S", cell.get(f"{_OFFICE}time-value", ""))  # type: ignore[attr-defined]
        if span:
            return f"{int(span[1])}:{span[2]:>02}:{span[3]:>02}"
    if kind in {"float", "currency"}:
        try:
            return _shown(float(cell.get(f"{_OFFICE}value", "")))  # type: ignore[attr-defined]
        except ValueError:
            pass
    if kind == "boolean":
        return "yes" if cell.get(f"{_OFFICE}boolean-value") == "true" else "no"  # type: ignore[attr-defined]
    return "\n".join(open_text(one) for one in cell.iterfind(f"{_TEXT}p"))  # type: ignore[attr-defined]
