"""A file of comma-separated values as its header and rows, and which of its columns name places.

What does not belong here: what the rows mean (``lookups``, ``counts``).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from folkmoot.communities.models import Place
from folkmoot.core.errors import BadImport
from folkmoot.core.letters import letters_of

MOST_BYTES = 80_000_000
LARGEST_CODE, LARGEST_NAME = 40, 200
Kind = Place.Kind

# the words by which published files call a kind of place
WORDS = {
    "lsoa": Kind.LSOA,
    "lower layer super output areas": Kind.LSOA,
    "lower layer super output area": Kind.LSOA,
    "msoa": Kind.MSOA,
    "middle layer super output areas": Kind.MSOA,
    "middle layer super output area": Kind.MSOA,
    "ward": Kind.WARD,
    "wd": Kind.WARD,
    "electoral wards and divisions": Kind.WARD,
    "ltla": Kind.DISTRICT,
    "lad": Kind.DISTRICT,
    "la": Kind.DISTRICT,
    "lower tier local authorities": Kind.DISTRICT,
    "local authority district": Kind.DISTRICT,
    "csp": Kind.PARTNERSHIP,
    "community safety partnerships": Kind.PARTNERSHIP,
    "pfa": Kind.FORCE,
    "police force areas": Kind.FORCE,
}
# what the first three characters of a national code say
CODES = {
    **dict.fromkeys(("E01", "W01"), Kind.LSOA),
    **dict.fromkeys(("E02", "W02"), Kind.MSOA),
    **dict.fromkeys(("E05", "W05"), Kind.WARD),
    **dict.fromkeys(("E06", "E07", "E08", "E09", "W06"), Kind.DISTRICT),
    **dict.fromkeys(("E22", "W22"), Kind.PARTNERSHIP),
    **dict.fromkeys(("E23", "W15"), Kind.FORCE),
}
NATIONAL = re.compile(r"^[EWSN]\d{8}$")
PLACE_COLUMN = re.compile(r"^(?P<word>[a-z ]+?) ?(?P<year>\d{2}|\d{4})? ?(?P<part>code|cd|name|nm)?$")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Header and rows of text; row numbers count from 1 at the header."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, place: int) -> list[str]:
        return [row[place] for row in self.rows]


@dataclass(frozen=True, slots=True)
class PlaceColumns:
    """The columns that name one kind of place: where its code and its name stand, and of which year it is."""

    kind: str
    vintage: int
    code: int
    name: int | None


def read_sheet(name: str, content: bytes) -> Sheet:
    """The rows of the file. Refuses what is no table of text, and a row that is longer or shorter than the header."""
    if len(content) > MOST_BYTES:
        raise BadImport(f"{name} is larger than {MOST_BYTES // 1_000_000} MB.", remedy="Split it.")
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        raise BadImport(f"{name} is a spreadsheet.", remedy="Save the sheet as CSV and bring that in.")
    found = letters_of(content)
    if found is None or "\0" in found.text:
        raise BadImport(f"{name} is no text.", remedy="Save it as CSV in UTF-8.")
    text = found.text
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        listed = [tuple(cell.strip() for cell in row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise BadImport(f"{name} is no table of comma-separated values ({error}).") from None
    if len(listed) < 2:
        raise BadImport(f"{name} holds no rows below its header.")
    width = len(listed[0])
    for number, row in enumerate(listed, start=1):
        if len(row) != width:
            raise BadImport(
                f"the row has {len(row)} cells and the header {width}.",
                row=number,
                remedy="Nothing of the file was used.",
            )
    return Sheet(name, listed[0], tuple(listed[1:]))


def place_columns(sheet: Sheet, *, vintage: int | None = None, only: str = "") -> list[PlaceColumns]:
    """The kinds of place that the columns name, each with its year, in the order of the file.

    The year comes from the column's name ("ward24_code", "LSOA21CD") or from ``vintage``; it is
    refused to guess one. A column simply called "code" is known by its codes.
    """
    codes: dict[tuple[str, int | None], int] = {}
    names: dict[tuple[str, int | None], int] = {}
    for position, label in enumerate(sheet.header):
        kind, year, part = _meaning(label, sheet.column(position)[:50])
        if kind is None or (only and kind != only):
            continue
        (names if part == "name" else codes).setdefault((kind, year), position)
    found = []
    for (kind, year), position in codes.items():
        given = vintage if year is None else year
        if given is None:
            raise BadImport(
                "the codes carry no year, and the same code or name may be another area in another year.",
                column=sheet.header[position],
                remedy="Say of which year they are.",
            )
        name = names.get((kind, year), names.get((kind, None)))
        found.append(PlaceColumns(kind, given, position, name))
    return found


def _meaning(label: str, values: Sequence[str]) -> tuple[str | None, int | None, str]:
    """Kind, year and part ("code" or "name") of a column; kind None where it names no place."""
    plain = re.sub(
        r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " ", re.sub(r"[^a-z0-9]+", " ", label.lower()).strip()
    )
    filled = [value for value in values if value]
    coded = bool(filled) and all(NATIONAL.match(value) for value in filled)
    if plain in {"code", "geography code", "area code", "gss code", "ons code", "mnemonic"}:
        kinds = {CODES.get(value[:3]) for value in filled}
        return (kinds.pop() if coded and len(kinds) == 1 else None), None, "code"
    match = PLACE_COLUMN.match(plain)
    if match is None or match["word"] not in WORDS:
        return None, None, ""
    year = int(match["year"]) if match["year"] else None
    if year is not None and year < 100:
        year += 2000
    part = "code" if match["part"] in {"code", "cd"} or (match["part"] is None and coded) else "name"
    return WORDS[match["word"]], year, part
