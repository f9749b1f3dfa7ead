"""A published lookup: one row for each small place, with the larger ones that it lies in.

A place that a file puts into several places of one kind lies in none of them here: the file cannot
say in which, and a row too many is no second place.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

from folkmoot.communities.importing.sheets import (
    LARGEST_CODE,
    LARGEST_NAME,
    PlaceColumns,
    Sheet,
    place_columns,
    read_sheet,
)
from folkmoot.communities.importing.taken import Key, TakenPlaces
from folkmoot.communities.models import Place
from folkmoot.core.errors import BadImport

Kind = Place.Kind
SMALL_TO_LARGE = [Kind.LSOA, Kind.MSOA, Kind.WARD, Kind.DISTRICT, Kind.PARTNERSHIP, Kind.FORCE]
SIZE: dict[str, int] = {kind: size for size, kind in enumerate(SMALL_TO_LARGE)}
# published as best fits: most of the people of the smaller place live in the larger one
BEST_FIT = {(Kind.LSOA, Kind.WARD), (Kind.MSOA, Kind.WARD)}


def read_lookup(name: str, content: bytes, *, vintage: int | None = None) -> TakenPlaces:
    """Places, their names and what they lie in. Rows that repeat a place are set aside with their reason."""
    sheet = read_sheet(name, content)
    columns = sorted(place_columns(sheet, vintage=vintage), key=lambda one: SIZE[one.kind])
    if len(columns) < 2:
        raise BadImport(
            f"{name} is no lookup: it needs codes of at least two kinds of place.",
            remedy="Its columns should be called like lsoa21_code, ward24_code, ltla24_code.",
        )
    if len({one.kind for one in columns}) < len(columns):
        raise BadImport(
            f"{name} holds one kind of place of two years.", remedy="Bring in each year by itself."
        )
    taken = TakenPlaces(name, read=len(sheet))
    smallest = columns[0]
    above: dict[tuple[Key, str], dict[Key, int]] = defaultdict(dict)
    first_row: dict[Key, tuple[str, ...]] = {}
    for number, row in enumerate(sheet.rows, start=2):
        keys = _keys(row, columns)
        if smallest.kind not in keys:
            taken.leave(number, f"it has no code in the column “{sheet.header[smallest.code]}”")
            continue
        _name_all(taken, sheet, row, number, columns, keys)
        for small, large in combinations([one.kind for one in columns], 2):
            if small in keys and large in keys:
                above[keys[small], large].setdefault(keys[large], number)
        key = keys[smallest.kind]
        if key in first_row:
            cells = first_row[key]
            differ = [sheet.header[n] for n, cell in enumerate(row) if cell != cells[n]]
            what = f"differs only in {', '.join(differ)}" if differ else "says nothing new"
            taken.leave(number, f"it repeats a place that stands above and {what}")
            continue
        first_row[key] = row
        taken.used += 1
    _join(taken, above)
    _say_years(taken)
    return taken


def _keys(row: tuple[str, ...], columns: list[PlaceColumns]) -> dict[str, Key]:
    found = {}
    for one in columns:
        code = row[one.code]
        if code and len(code) <= LARGEST_CODE:
            found[one.kind] = (one.kind, code, one.vintage)
    return found


def _name_all(
    taken: TakenPlaces,
    sheet: Sheet,
    row: tuple[str, ...],
    number: int,
    columns: list[PlaceColumns],
    keys: dict[str, Key],
) -> None:
    for one in columns:
        if one.kind not in keys:
            continue
        key = keys[one.kind]
        said = (row[one.name] if one.name is not None else "")[:LARGEST_NAME]
        known = taken.names.get(key)
        if known and said and known != said:
            raise BadImport(
                f"the code {key[1]} has two names, “{known}” and “{said}”.",
                row=number,
                column=sheet.header[one.code],
                remedy="A list that gives one code two names may be shifted; nothing of it was used.",
            )
        if not known:
            taken.names[key] = said


def _join(taken: TakenPlaces, above: dict[tuple[Key, str], dict[Key, int]]) -> None:
    """One place of a kind above: it lies there. Several: it lies in none, and the fault is named."""
    open_links: dict[tuple[str, str], dict[tuple[Key, ...], list[Key]]] = defaultdict(
        lambda: defaultdict(list)
    )
    elsewhere = Counter(
        place
        for (small, large), places in above.items()
        if small[0] == Kind.DISTRICT and large == Kind.PARTNERSHIP
        for place in places
    )
    for (small, large), places in above.items():
        if len(places) == 1:
            taken.lies[small, next(iter(places))] = (small[0], large) in BEST_FIT
        else:
            open_links[small[0], large][tuple(sorted(places))].append(small)
    for (small_kind, large_kind), groups in open_links.items():
        small_word, large_word = Kind(small_kind).label.lower(), Kind(large_kind).label.lower()
        left = sum(len(places) for places in groups.values())
        if small_kind == Kind.DISTRICT and large_kind == Kind.PARTNERSHIP:
            # a district with several partnerships holds them, unless one reaches into another district too
            for partnerships, districts in groups.items():
                if len(districts) == 1:
                    whole = [each for each in partnerships if elsewhere[each] == 1]
                    taken.lies |= {(each, districts[0]): False for each in whole}
                    told = ", ".join(sorted(taken.names.get(each) or each[1] for each in partnerships))
                    taken.notes.append(
                        f"{taken.names.get(districts[0]) or districts[0][1]} has {len(partnerships)} "
                        f"partnerships ({told}): "
                        + (
                            "they are recorded as lying in it."
                            if len(whole) == len(partnerships)
                            else "those that reach no other district are recorded as lying in it."
                        )
                    )
            continue
        taken.notes.append(
            f"{left:,} places ({small_word}) are listed in more than one {large_word}. The file cannot say in "
            f"which one each lies, so none is recorded, and each place counts once: a plain join would have "
            f"counted {sum(len(key) * len(places) for key, places in groups.items()):,} for {left:,}."
        )


def _say_years(taken: TakenPlaces) -> None:
    years: dict[tuple[str, int], int] = defaultdict(int)
    for kind, _, vintage in taken.names:
        years[kind, vintage] += 1
    told = "; ".join(
        f"{number:,} {Kind(kind).label.lower()} of {vintage}"
        for (kind, vintage), number in sorted(years.items(), key=lambda one: SIZE[one[0][0]])
    )
    taken.notes.append(f"Places by kind and year: {told}.")
    if any(taken.lies.values()):
        taken.notes.append(
            "Small areas are put into wards by best fit: a few of their people live across the line."
        )
