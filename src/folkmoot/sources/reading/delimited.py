"""Comma, semicolon and tab separated text into rows."""

from __future__ import annotations

import csv
import io

from folkmoot.core.errors import BadImport

from .extent import check_size
from .shapes import Limits, ReadDocument, ReadFile, SetAside
from .tables import Row, find_header, table_documents
from .text import decode

_SEPARATORS = (",", "\t", ";", "|")


def read_delimited(content: bytes, *, name: str, file: str, limits: Limits) -> ReadFile:
    """The documents of a csv or tsv file; the separator is the one under which a header is found."""
    text, notes = decode(content)
    if len(text) > limits.characters * 2:
        raise BadImport(
            f"The file holds {len(text):,} characters, more than one file may hold.",
            remedy="Split it into several files.",
        )
    rows = _rows(text, separator=_separator(text))
    documents, outside, read = table_documents(rows, name=name, file=file, limits=limits, notes=notes)
    return table_file(documents, outside, read=read, file=file, limits=limits)


def table_file(
    documents: list[ReadDocument], outside: list[SetAside], *, read: int, file: str, limits: Limits
) -> ReadFile:
    """The account of a whole table file; one without a single turn is refused."""
    if not any(document.turns for document in documents):
        raise BadImport(
            "The table has the right columns but no row with words.",
            remedy="Check that the words stand under the column that is named for them.",
        )
    check_size(documents, limits=limits)
    inside = (one for document in documents for one in document.set_aside)
    aside = sorted([*outside, *inside], key=lambda one: one.row or 0)
    return ReadFile(tuple(documents), tuple(aside), read, read - len(aside), "row")


def _separator(text: str) -> str:
    """The separator whose header row names most columns; a comma where none does."""
    best, most = ",", 0
    for separator in _SEPARATORS:
        try:
            rows = _rows(text[:20_000], separator=separator, strict=False)[:20]
        except BadImport:
            continue
        header = find_header(rows)
        if header and len(header[1].place) > most:
            best, most = separator, len(header[1].place)
    return best


def _rows(text: str, *, separator: str, strict: bool = True) -> list[Row]:
    csv.field_size_limit(2**31 - 1)  # a long answer is no fault; the whole file has its own limit
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
    try:
        for number, cells in enumerate(reader, 1):
            rows.append(Row(number, cells))
    except csv.Error as error:
        raise BadImport(
            "A quotation mark is opened and not closed, or stands in the middle of a cell."
            if "expected" in str(error) or "unexpected" in str(error)
            else f"The row cannot be read as a table ({error}).",
            row=len(rows) + 1,
            remedy="Mend it in a spreadsheet and save the file as csv again.",
        ) from None
    while rows and not any(cell.strip() for cell in rows[-1].cells):
        rows.pop()  # line ends after the last row are no rows
    return rows
