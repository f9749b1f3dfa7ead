"""Counts of people by place from census tables, mid-year estimates and lists like them, as published.

Nothing is estimated here. What is added up (ages over both sexes) is said in a note. What does not
belong here: whether the counts can be true (``plausible``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from folkmoot.communities.importing.lookups import SIZE
from folkmoot.communities.importing.sheets import PlaceColumns, Sheet, place_columns, read_sheet
from folkmoot.core.errors import BadImport

MOST_PEOPLE = 100_000_000
Counts = dict[str, dict[str, int]]  # place's code → category → people

NO_COUNT = re.compile(r"decile|rank|score|index", re.I)
A_SHARE = re.compile(r"proportion|per ?cent|percentage|%|\brate\b|share|density|ratio", re.I)
EVERYBODY = re.compile(
    r"^(total|all|persons|people|everybody|population|all ages|total population|all persons|all people|"
    r"all usual residents|usual residents|population \d{4}|total: .*)$",
    re.I,
)
HOW_MANY = re.compile(r"^(observation|count|people|value|obs value|persons|number)$", re.I)
A_NAME = re.compile(r"\b(name|label|nm|areas?|authorities|authority|force|place)\b", re.I)
SEXES = {
    "female": "Females",
    "females": "Females",
    "f": "Females",
    "male": "Males",
    "males": "Males",
    "m": "Males",
}
FIVE_BANDS = (
    ("0 to 15", 0, 15),
    ("16 to 29", 16, 29),
    ("30 to 44", 30, 44),
    ("45 to 64", 45, 64),
    ("65 and over", 65, 200),
)
SEX_AND_AGE = re.compile(r"^(?P<sex>[FM])(?P<age>\d.*)$")


@dataclass(frozen=True, slots=True)
class Table:
    """Counts by one characteristic. ``categories`` empty: everybody, under the category ''."""

    categories: tuple[str, ...]
    counts: Counts
    about: str = ""  # "age", "sex", "age and sex" where the columns say so


@dataclass(slots=True)
class TakenCounts:
    """One file: its tables, whose places they count, and an account of its rows."""

    filename: str
    columns: PlaceColumns | None  # None: the places are known by name only
    tables: list[Table]
    rows: dict[str, list[int]] = field(default_factory=dict)  # the numbers of the rows used, in their order
    read: int = 0
    used: int = 0
    set_aside: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_counts(name: str, content: bytes, *, vintage: int | None = None) -> TakenCounts:
    """The tables of a file, wide (a column for each category) or long (a row for each).

    Refuses indices and ranks, counts below 0 or no whole number, and two counts for one cell. A row
    without a place is set aside.
    """
    sheet = read_sheet(name, content)
    if sum(bool(NO_COUNT.search(label)) for label in sheet.header) > len(sheet.header) // 2:
        raise BadImport(
            f"{name} ranks or scores places; it counts nobody.",
            remedy="Bring in a table of counts of people.",
        )
    # a row counts the smallest place that it names; the larger ones only say where that lies
    found = sorted(place_columns(sheet, vintage=vintage), key=lambda one: SIZE[one.kind])
    place = found[0] if found else None
    key = place.code if place is not None else _by_name(sheet)
    taken = TakenCounts(name, place, [], read=len(sheet))
    left = [n for n, label in enumerate(sheet.header) if n != key and not _names_a_place(sheet, n, found)]
    long = next((n for n in left if HOW_MANY.match(_plain(sheet.header[n]))), None)
    rows = _rows(sheet, key, taken)
    if long is not None and all(n == long or not _numeric(sheet, n) or _is_code(sheet, n) for n in left):
        _long(taken, sheet, rows, long, [n for n in left if n != long and not _is_code(sheet, n)])
    else:
        _wide(taken, sheet, rows, left)
    if not taken.tables:
        raise BadImport(f"{name} holds no column of counts.")
    return taken


def _plain(label: str) -> str:
    return re.sub(r"[_\s]+", " ", label).strip()


def _names_a_place(sheet: Sheet, column: int, found: list[PlaceColumns]) -> bool:
    known = {position for one in found for position in (one.code, one.name)}
    return column in known or (
        not _numeric(sheet, column) and bool(A_NAME.search(_plain(sheet.header[column])))
    )


def _by_name(sheet: Sheet) -> int:
    for column, label in enumerate(sheet.header):
        if A_NAME.search(_plain(label)) and not _numeric(sheet, column):
            return column
    raise BadImport(
        f"{sheet.name} names no place: it has no column of codes.",
        remedy="A column should be called like lsoa21_code or “LSOA 2021 Code”.",
    )


def _numeric(sheet: Sheet, column: int) -> bool:
    filled = [cell for cell in sheet.column(column)[:200] if cell]
    return bool(filled) and all(re.match(r"^-?[\d,]+(\.\d+)?$", cell) for cell in filled)


def _is_code(sheet: Sheet, column: int) -> bool:
    return _plain(sheet.header[column]).lower().endswith(" code") and _numeric(sheet, column)


def _rows(sheet: Sheet, key: int, taken: TakenCounts) -> list[tuple[int, str, tuple[str, ...]]]:
    """Row number, place and cells of each row that has a place."""
    rows = []
    for number, row in enumerate(sheet.rows, start=2):
        if not row[key]:
            taken.set_aside.append((number, f"it has no place under “{sheet.header[key]}”"))
            continue
        rows.append((number, row[key], row))
    return rows


def whole_number(cell: str, *, row: int, column: str) -> int:
    """The count in a cell, as published: "7403.0" and "7,403" are 7403. Refuses anything else."""
    plain = cell.replace(",", "")
    try:
        value = float(plain)
    except ValueError:
        raise BadImport(
            f"“{cell[:40]}” is no count.", row=row, column=column, remedy="Nothing was used."
        ) from None
    if value < 0:
        raise BadImport(f"a count cannot be {cell}.", row=row, column=column, remedy="Nothing was used.")
    if value != int(value) or value > MOST_PEOPLE:
        raise BadImport(f"{cell} is no count of people.", row=row, column=column, remedy="Nothing was used.")
    return int(value)


def _long(
    taken: TakenCounts,
    sheet: Sheet,
    rows: list[tuple[int, str, tuple[str, ...]]],
    count: int,
    by: list[int],
) -> None:
    if len(by) > 1:
        raise BadImport(
            f"{sheet.name} counts by {len(by)} things at once ({', '.join(sheet.header[n] for n in by)}).",
            remedy="Bring in one table for each.",
        )
    counts: Counts = {}
    categories: dict[str, None] = {}
    for number, place, row in rows:
        category = row[by[0]] if by else ""
        if row[count] == "":
            taken.set_aside.append((number, "its count is empty"))
            continue
        people = whole_number(row[count], row=number, column=sheet.header[count])
        known = counts.setdefault(place, {})
        if category in known:
            _twice(place, number, same=known[category] == people, taken=taken)
            continue
        known[category] = people
        categories.setdefault(category)
        taken.rows.setdefault(place, []).append(number)
        taken.used += 1
    # "Does not apply" counts nobody: the census lists it in every long table
    nobody = [one for one in categories if one and not any(known.get(one) for known in counts.values())]
    if nobody:
        taken.notes.append(f"Left out, since it counts nobody anywhere: {', '.join(nobody)}.")
        for known in counts.values():
            for one in nobody:
                known.pop(one, None)
    taken.tables.append(Table(tuple(one for one in categories if one and one not in nobody), counts))


def _twice(place: str, number: int, *, same: bool, taken: TakenCounts) -> None:
    if not same:
        raise BadImport(
            f"{place} is counted twice, with different counts.", row=number, remedy="Nothing of it was used."
        )
    taken.set_aside.append((number, "it repeats a row that stands above"))


def _wide(
    taken: TakenCounts, sheet: Sheet, rows: list[tuple[int, str, tuple[str, ...]]], columns: list[int]
) -> None:
    columns = _counting(taken, sheet, columns)
    read: dict[str, dict[int, int]] = {}
    for number, place, row in rows:
        empty = [sheet.header[n] for n in columns if row[n] == ""]
        if empty:
            taken.set_aside.append((number, f"no count under “{empty[0]}”"))
            continue
        found = {n: whole_number(row[n], row=number, column=sheet.header[n]) for n in columns}
        if place in read:
            _twice(place, number, same=read[place] == found, taken=taken)
            continue
        read[place] = found
        taken.rows[place] = [number]
        taken.used += 1
    if not columns or not read:
        return
    labels = {n: _plain(sheet.header[n]) for n in columns}
    total = [n for n in columns if EVERYBODY.match(labels[n])]
    by_sex = {n: parts for n in columns if n not in total and (parts := sex_and_age(labels[n]))}
    kept = [n for n in columns if n not in total and n not in by_sex]
    kept = _without_subtotals(taken, kept, labels, read)
    if total:
        taken.tables.append(Table((), {place: {"": cells[total[0]]} for place, cells in read.items()}))
    if by_sex and kept:
        raise BadImport(
            f"{sheet.name} mixes counts by sex with others.", remedy="Bring in one table for each."
        )
    added_up = kept
    if by_sex:
        added_up = _by_sex(taken, by_sex, read, total=total[0] if total else None)
    if kept:
        counts = {place: {labels[n]: cells[n] for n in kept} for place, cells in read.items()}
        taken.tables.append(Table(tuple(labels[n] for n in kept), counts))
    _check_totals(taken, total[0] if total else None, added_up, read, sheet)


def _counting(taken: TakenCounts, sheet: Sheet, columns: list[int]) -> list[int]:
    shares = [n for n in columns if A_SHARE.search(sheet.header[n])]
    words = [n for n in columns if n not in shares and not _numeric(sheet, n)]
    filled = [n for n in words if any(re.search(r"\d", cell) for cell in sheet.column(n)[:200])]
    unused = [sheet.header[n] for n in columns if n in shares or (n in words and n not in filled)]
    if unused:
        taken.notes.append(f"Not used, since no count: {', '.join(unused)}.")
    return [n for n in columns if sheet.header[n] not in unused]


def sex_and_age(label: str) -> tuple[str, str] | None:
    """("Females", "working age") of “working age females”, ("Males", "16 to 29") of “M16 to 29”."""
    short = SEX_AND_AGE.match(label)
    if short:
        return SEXES[short["sex"].lower()], short["age"].strip()
    words = label.lower().split()
    if words and words[-1] in SEXES and len(words[-1]) > 1:
        return SEXES[words[-1]], " ".join(words[:-1])
    if words and words[0] in SEXES and len(words[0]) > 1:
        return SEXES[words[0]], " ".join(words[1:])
    return None


def _by_sex(
    taken: TakenCounts,
    by_sex: dict[int, tuple[str, str]],
    read: dict[str, dict[int, int]],
    *,
    total: int | None,
) -> list[int]:
    """Tables by sex, by age and by both; the columns that should add up to everybody."""
    whole = {n for n, (_, age) in by_sex.items() if age in {"", "total", "all", "all ages"}}
    parts = {n: said for n, said in by_sex.items() if n not in whole}
    sexes = {
        place: _added([(by_sex[n][0], cells[n]) for n in (whole or parts)]) for place, cells in read.items()
    }
    taken.tables.append(Table(("Females", "Males"), sexes, "sex"))
    if not parts or _people_missing(taken, list(parts), list(whole) or [total], read):
        return list(whole)
    ages = list(dict.fromkeys(age for _, age in parts.values()))
    single = all(re.match(r"^\d+\+?( ?(plus|and over))?$", age) for age in ages) and len(ages) > 30
    if single:
        bands = {age: _band(int(re.sub(r"\D", "", age))) for age in ages}
        taken.notes.append("Single years of age were added up to five bands.")
    else:
        bands = {age: age for age in ages}
        both = tuple(f"{age} {sex.lower()}" for sex, age in parts.values())
        counts = {
            place: {f"{age} {sex.lower()}": cells[n] for n, (sex, age) in parts.items()}
            for place, cells in read.items()
        }
        taken.tables.append(Table(both, counts, "age and sex"))
    by_age = {place: _added([(bands[parts[n][1]], cells[n]) for n in parts]) for place, cells in read.items()}
    taken.tables.append(Table(tuple(dict.fromkeys(bands[age] for age in ages)), by_age, "age"))
    taken.notes.append("Counts by age were added up over both sexes.")
    return list(whole) or list(parts)


def _people_missing(
    taken: TakenCounts, ages: list[int], whole: list[int | None], read: dict[str, dict[int, int]]
) -> bool:
    """Do the bands of age leave people out everywhere? Then no share of them is a share of everybody."""
    if None in whole:
        return False
    everybody = sum(cells[n] for cells in read.values() for n in whole if n is not None)
    within = [
        (sum(cells[n] for n in ages), sum(cells[n] for n in whole if n is not None))
        for cells in read.values()
    ]
    if not everybody or not all(part <= all_ for part, all_ in within):
        return False
    missing = 1 - sum(part for part, _ in within) / everybody
    if missing < 0.01:
        return False
    taken.notes.append(
        f"The bands of age leave out {missing:.1%} of the people in the total, in every place: a band is "
        "missing. The counts by age were not used; those by sex and of everybody were."
    )
    return True


def _band(age: int) -> str:
    return next(name for name, low, high in FIVE_BANDS if low <= age <= high)


def _added(pairs: list[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, people in pairs:
        found[name] = found.get(name, 0) + people
    return found


def _without_subtotals(
    taken: TakenCounts, columns: list[int], labels: dict[int, str], read: dict[str, dict[int, int]]
) -> list[int]:
    """Without columns that only add up others ("X" beside "X: one part" and "X: another")."""
    kept = list(columns)
    for n in columns:
        parts = [m for m in columns if labels[m].startswith(f"{labels[n]}: ")]
        if len(parts) > 1:
            off = sum(cells[n] != sum(cells[m] for m in parts) for cells in read.values())
            kept.remove(n)
            taken.notes.append(
                f"“{labels[n]}” is the sum of {len(parts)} other columns and was left out"
                + (f"; in {off:,} of {len(read):,} places it differs from their sum." if off else ".")
            )
    return kept


def _check_totals(
    taken: TakenCounts,
    total: int | None,
    parts: list[int],
    read: dict[str, dict[int, int]],
    sheet: Sheet,
) -> None:
    """A total that is far from its parts betrays a list that does not belong together."""
    if total is None or not parts:
        return
    differ, far = 0, []
    for place, cells in read.items():
        off = abs(cells[total] - sum(cells[n] for n in parts))
        differ += bool(off)
        # a disturbed cell is off by a few, never by a twentieth of everybody
        if off > max(0.05 * max(cells[total], 1), 5 * len(parts)):
            far.append(place)
    if len(far) > 0.01 * len(read):
        raise BadImport(
            f"the total is far from the sum of its parts in {len(far):,} of {len(read):,} places, "
            f"such as {far[0]}.",
            column=sheet.header[total],
            remedy="A list like that cannot be true, so nothing was used.",
        )
    if differ:
        taken.notes.append(
            f"The total differs from the sum of its parts in {differ:,} of {len(read):,} places."
        )
