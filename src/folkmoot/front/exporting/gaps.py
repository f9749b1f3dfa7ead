"""The gap map as a file: a picture, a table, or a page of its own that needs nothing from outside.

What does not belong here: who may see what. The map that comes in was made for one viewer.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from folkmoot.coding.queries import Scope
from folkmoot.front.queries.gaps import ASSUMPTION, Cell, GapMap, Row
from folkmoot.sources.cells import write_sheets, write_table
from folkmoot.ui.pictures import gaps as picture
from folkmoot.ui.pictures.marks import STANDINGS

ENDINGS = {
    "svg": "Picture (SVG)",
    "csv": "Table (CSV)",
    "xlsx": "Table (Excel)",
    "html": "A page that stands alone (HTML)",
}
KINDS = {
    "svg": "image/svg+xml",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
}
SCOPES = {
    "network": "Standings by the evidence that all organisations of the network share, for England and Wales.",
    "ours": "Standings by our own evidence: what the network shares, with our own.",
}
COLUMNS = (
    "row", "column", "in the cell", "number", "code", "assumption", "for", "against", "no effect found",
    "scope", "made on", "note",
)  # fmt: skip
FICTIONAL = "Fictional: organisations, people, words and evaluations are invented"


@dataclass(frozen=True, slots=True)
class MapFile:
    """A map with what a file of it has to say beside it. ``asked`` are the filters in words."""

    map: GapMap
    scope: Scope
    asked: tuple[str, ...]
    fictional: bool
    made_on: date
    site: str

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands under the title in every kind of file."""
        found = self.map
        lines = [
            SCOPES[self.scope],
            f"Each cell says {found.counts}. An empty cell is a finding too: {found.empty} of {found.cells} are empty.",
            "One assumption can stand in several cells, so the cells do not add up. There is no score.",
        ]
        if self.asked:
            lines.append(f"Chosen: {'; '.join(self.asked)}.")
        lines.append(f"Made on {self.made_on.day} {self.made_on:%B %Y} with Folkmoot.")
        return tuple(lines)


def written(file: MapFile, *, ending: str) -> tuple[bytes, str]:
    """The file's content and its kind; ``ending`` is one of ENDINGS."""
    made = {"svg": _svg, "csv": _csv, "xlsx": _xlsx, "html": _html}[ending](file)
    return made, KINDS[ending]


def _svg(file: MapFile) -> bytes:
    found = file.map
    rows = [
        picture.GridRow(
            _named(row),
            [cell.entries for cell in row.cells],
            row.head.judged.word if row.head.judged else "",
            row.head.judged.leaning if row.head.judged else "",
        )
        for row in found.rows
    ]
    drawn = picture.draw(
        [one.name for one in found.columns],
        rows,
        title=f"Gap map: {found.title[:1].lower()}{found.title[1:]}",
        corner=found.down_label,
        nothing=found.nothing,
        notes=file.notes,
        fictional=file.fictional,
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}'.encode()


def _named(row: Row) -> str:
    code = row.head.judged.assumption.code if row.head.judged else ""
    return f"{code} {row.head.name}".strip()


def _csv(file: MapFile) -> bytes:
    made = io.StringIO(newline="")
    rows = (dict(zip(COLUMNS, row, strict=True)) for row in _rows(file))
    write_table(made, rows, columns=COLUMNS)
    return b"\xef\xbb\xbf" + made.getvalue().encode()


def _rows(file: MapFile) -> Iterator[tuple[Any, ...]]:
    """One row for every line of every cell and each assumption behind it; one for every empty cell."""
    end = (file.scope, file.made_on.isoformat(), FICTIONAL if file.fictional else "")
    for row in file.map.rows:
        for cell in row.cells:
            start = (_named(row), cell.column.name)
            if not cell.entries:
                yield (*start, file.map.nothing, 0, "", "", "", "", "", *end)
            elif file.map.down == ASSUMPTION:
                for entry in cell.entries:
                    yield (*start, entry.said, entry.number, *_assumption(row.head.judged), *end)
            else:
                for one in cell.found:
                    said = f"{one.word}, {one.leaning}" if one.leaning else one.word
                    yield (*start, said, 1, *_assumption(one), *end)


def _assumption(one: Any) -> tuple[Any, ...]:
    return (
        one.assumption.code,
        str(one.assumption),
        one.for_count,
        one.against_count,
        one.no_effect_count,
    )


def _xlsx(file: MapFile) -> bytes:
    found = file.map
    made = io.BytesIO()
    grid = (
        (
            _named(row),
            *((row.head.judged.standing.label,) if row.head.judged else ()),
            *map(_inside(found), row.cells),
        )
        for row in found.rows
    )
    heads = (
        found.down_label,
        *(("Standing",) if found.down == ASSUMPTION else ()),
        *(one.name for one in found.columns),
    )
    about = [(line,) for line in file.notes]
    if file.fictional:
        about.insert(0, (FICTIONAL,))
    write_sheets(
        made,
        [
            ("Fictional gap map" if file.fictional else "Gap map", heads, grid),
            ("Behind each cell", COLUMNS, _rows(file)),
            ("About this map", (f"Gap map: {found.title}",), about),
        ],
    )
    return made.getvalue()


def _inside(found: GapMap) -> Any:
    def said(cell: Cell) -> str:
        return "; ".join(f"{one.number} {one.said}" for one in cell.entries) or found.nothing

    return said


def _html(file: MapFile) -> bytes:
    found = file.map
    style = files(__package__).joinpath("standalone.css").read_text(encoding="utf-8")
    numbered = [
        (row, _named(row), [(cell, f"cell-{down}-{across}") for across, cell in enumerate(row.cells)])
        for down, row in enumerate(found.rows)
    ]
    context = {
        "file": file,
        "map": found,
        "rows": numbered,
        "behind": [(name, cell, key) for _, name, cells in numbered for cell, key in cells if cell.found]
        if found.down != ASSUMPTION
        else (),
        "looks": list(STANDINGS.values()),
        "style": mark_safe(style),  # our own file, no word of anybody's in it
    }
    return render_to_string("front/gaps_alone.html", context).encode()
