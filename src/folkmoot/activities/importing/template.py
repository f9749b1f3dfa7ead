"""The empty spreadsheet to begin with: our headings, one row to show how, and what each column takes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

from folkmoot.activities.importing.fields import BY_KEY

HEADINGS = (
    "happened_on", "begins_at", "ends_at", "title", "initiative", "method", "place", "place_words", "people",
    "level", "hours", "remark",
)  # fmt: skip
ENDINGS = ("xlsx", "ods", "csv")
# the example is a row that the import sets aside: a template that is sent back as it came brings nothing in
EXAMPLE = (
    dt.date(2026, 3, 2), dt.time(18, 30), dt.time(20, 0), "Example: test entry", "", "M-PACT", "",
    "Ferry Road hall", 24, "L3 Talking", 6.5, "This is a test: write over this row",
)  # fmt: skip


def template(ending: str, *, tallies: Sequence[str] = ()) -> bytes:
    """The template as a file of this kind; ``tallies`` are headings such as “Age: 16 to 24”."""
    columns = [*(BY_KEY[key].label for key in HEADINGS), *tallies]
    if ending == "csv":
        return _csv(columns)
    return _xlsx(columns) if ending == "xlsx" else _ods(columns)


def _csv(columns: Sequence[str]) -> bytes:
    import csv

    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerow(EXAMPLE)
    return file.getvalue().encode("utf-8-sig")


def _xlsx(columns: Sequence[str]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = "Activities"
    sheet.append(list(columns))
    sheet.append(list(EXAMPLE))
    sheet.freeze_panes = "A2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = max(12, len(str(cell.value)) + 2)
    notes = book.create_sheet("What each column takes")
    notes.append(["Column", "What it takes"])
    for key in HEADINGS:
        notes.append([BY_KEY[key].label, BY_KEY[key].hint])
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 28, 80
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _ods(columns: Sequence[str]) -> bytes:
    """A flat sheet written by hand: few lines instead of another library."""
    import zipfile
    from xml.sax.saxutils import escape

    def cell(value: object) -> str:
        if isinstance(value, dt.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value}"><text:p>{value:%d/%m/%Y}</text:p></table:table-cell>'
        if isinstance(value, (int, float)):
            return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        text = value.strftime("%H:%M") if isinstance(value, dt.time) else str(value)
        return (
            f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
        )

    rows = "".join(
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in (columns, EXAMPLE)
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Activities">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest='
        '"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("mimetype"), kind)
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", manifest)
    return file.getvalue()
