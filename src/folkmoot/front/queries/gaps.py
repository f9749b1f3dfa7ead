"""The map of gaps: the list of assumptions as a grid, its empty cells as visible as the full ones.

Two kinds: any two of aim, objective, method and grouping; or assumptions by where they were tested. What does
not belong here: a number for a cell, or any order of standings (there is none).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from folkmoot.core.standing import Reading
from folkmoot.evidence.queries import Judged
from folkmoot.front.queries.assumptions import Filters, Found, found_by
from folkmoot.front.queries.settings import READINGS, Read, by_setting
from folkmoot.front.queries.uses import NONE, PARTS, names_of
from folkmoot.organisations.models import Organisation
from folkmoot.ui.pictures.marks import STANDINGS

NAMES = {"aim": "Aims", "objective": "Objectives", "method": "Methods", "grouping": "Groupings"}
NOTHING_NAMED = {
    "aim": "No aim named",
    "objective": "No objective named",
    "method": "No method named",
    "grouping": "No grouping named",
}
READ_SO = {
    Reading.FOR: "for",
    Reading.AGAINST: "against",
    Reading.NO_EFFECT: "no effect found",
}
ASSUMPTION, SETTING = "assumption", "setting"


@dataclass(frozen=True, slots=True)
class Head:
    """A row or a column: its key in an address, its name, and for an assumption its standing."""

    key: str
    name: str
    judged: Judged | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a cell: how many assumptions have this standing, or how many studies read this way."""

    number: int
    said: str
    word: str = ""
    leaning: str = ""
    asked: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known under one row and one column. Empty is a finding too."""

    column: Head
    entries: tuple[Entry, ...] = ()
    found: tuple[Judged, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with a cell for every column."""

    head: Head
    cells: tuple[Cell, ...]

    @property
    def full(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.entries)

    @property
    def empty(self) -> tuple[str, ...]:
        return tuple(cell.column.name for cell in self.cells if not cell.entries)


@dataclass(frozen=True, slots=True)
class GapMap:
    """A grid with its words. ``nothing`` is what an empty cell says; ``counts`` says what a cell counts."""

    down: str
    across: str
    title: str
    down_label: str
    across_label: str
    counts: str
    nothing: str
    columns: tuple[Head, ...]
    rows: tuple[Row, ...]
    assumptions: int

    @property
    def cells(self) -> int:
        return len(self.columns) * len(self.rows)

    @property
    def empty(self) -> int:
        return sum(not cell.entries for row in self.rows for cell in row.cells)

    def part(self, rows: Sequence[Row]) -> GapMap:
        """The same map with some of its rows: a page of it."""
        return replace(self, rows=tuple(rows))


def sides_of(down: str, across: str) -> tuple[str, str]:
    """The rows and columns meant: aims by methods unless two different ones were asked for."""
    if down == ASSUMPTION or across == SETTING:
        return ASSUMPTION, SETTING
    down = down if down in PARTS else "aim"
    across = across if across in PARTS else "method"
    if down == across:
        across = "method" if down != "method" else "aim"
    return down, across


def gap_map(
    viewer: Any,
    filters: Filters,
    *,
    down: str,
    across: str,
    today: date,
    organisation: Organisation | None = None,
    within: str = "",
) -> GapMap:
    """The assumptions that pass the filters as a grid. ``within`` a country shows its settings apart."""
    down, across = sides_of(down, across)
    used = down != ASSUMPTION
    found = found_by(viewer, filters, today=today, organisation=organisation, used=used)
    return _used(viewer, filters, found, down, across) if used else _tested(found, within)


def _used(viewer: Any, filters: Filters, found: Found, down: str, across: str) -> GapMap:
    cells: dict[tuple[str, str], dict[int, Judged]] = defaultdict(dict)
    for one in found.listed:
        key = one.judged.assumption.pk
        for use in found.uses.of(key) if found.uses else ():
            if use.fits(filters.parts):
                for place in use.keys(down):
                    for other in use.keys(across):
                        cells[place, other][key] = one.judged
    rows = _heads(viewer, down, {place for place, _ in cells}, filters)
    columns = _heads(viewer, across, {other for _, other in cells}, filters)

    def cell(row: Head, column: Head) -> Cell:
        inside = tuple(cells.get((row.key, column.key), {}).values())
        asked = {down: row.key, across: column.key}
        return Cell(column, _standings(inside, asked), inside)

    return GapMap(
        down=down,
        across=across,
        title=f"{NAMES[down]} by {NAMES[across].lower()}",
        down_label=NAMES[down],
        across_label=NAMES[across],
        counts="how many assumptions of the chains stated there have which standing",
        nothing="no assumption",
        columns=columns,
        rows=tuple(Row(row, tuple(cell(row, column) for column in columns)) for row in rows),
        assumptions=len(found.listed),
    )


def _heads(viewer: Any, part: str, used: set[str], filters: Filters) -> tuple[Head, ...]:
    """Every row or column there can be, in the order of its own list; “none named” last where it is needed."""
    wanted = filters.parts.get(part)
    named = [Head(key, name) for key, name in names_of(part, viewer=viewer)]
    if NONE in used or wanted == NONE or not named:
        named.append(Head(NONE, NOTHING_NAMED[part]))
    return tuple(one for one in named if not wanted or one.key == wanted)


def _standings(inside: Iterable[Judged], asked: Mapping[str, str]) -> tuple[Entry, ...]:
    """The standings in a cell with how many have each, always in the same order of words."""
    counted = Counter((one.word, one.leaning) for one in inside)
    order = list(STANDINGS)
    return tuple(
        Entry(
            number,
            f"{word}, {leaning}" if leaning else word,
            word,
            leaning,
            {**asked, "standing": word} | ({"leaning": leaning} if leaning else {}),
        )
        for (word, leaning), number in sorted(
            counted.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        )
    )


def _tested(found: Found, within: str) -> GapMap:
    read = by_setting(
        found.shelf, {one.judged.assumption.pk: one.judged for one in found.listed}, within=within
    )
    places = sorted({place for tests in read.values() for place in tests}, key=str.casefold)
    columns = tuple(Head(place, place[:1].upper() + place[1:]) for place in places)
    rows = []
    for one in found.listed:
        key = one.judged.assumption.pk
        head = Head(str(key), str(one.judged.assumption), one.judged)
        cells = tuple(_read_cell(column, read[key].get(column.key), one.judged) for column in columns)
        rows.append(Row(head, cells))
    return GapMap(
        down=ASSUMPTION,
        across=SETTING,
        title=f"Assumptions by setting within {within}" if within else "Assumptions by setting",
        down_label="Assumptions",
        across_label="Settings" if within else "Countries",
        counts="how many studies tested it there and which way each reads",
        nothing="no test",
        columns=columns,
        rows=tuple(rows),
        assumptions=len(found.listed),
    )


def _read_cell(column: Head, read: Read | None, judged: Judged) -> Cell:
    """For and against always both, in the same form, also when one of them is nought."""
    if read is None:
        return Cell(column)
    shown = [one for one in READINGS if one is not Reading.NO_EFFECT or read.of(one)]
    entries = tuple(Entry(read.of(one), READ_SO[one]) for one in shown)
    tests = sum(read.read.values())
    note = "" if read.counted >= tests else f"{read.counted} of {tests} count by the rules"
    return Cell(column, entries, (judged,), note)
