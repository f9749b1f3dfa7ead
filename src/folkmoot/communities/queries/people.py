"""How many people live somewhere, by category, as published: with its source, its date and how exact it is.

What does not belong here: comparing them with anybody reached (``core.reach``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Count, QuerySet, Sum

from folkmoot.communities.models import Characteristic, Lies, Place, Population, PopulationCount
from folkmoot.communities.queries.places import OWN_FIRST
from folkmoot.organisations.visibility import visible

FEW = 2_000  # as many numbers go into one question; beyond it all are read and picked from
SIZES = "folkmoot-table-sizes"


@dataclass(frozen=True, slots=True)
class Counted:
    """A count of people, and what it can be once the disturbance of its published cells is allowed for."""

    people: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class LivingHere:
    """Who lives in some places, by category id, from one published table.

    ``population`` is None where no table covers any of them. ``cells`` says of how many published
    places each count was added up; ``without`` holds the places asked for that the table does not
    cover; ``best_fit`` is true where small places were added up that lie mostly, not wholly, inside.
    """

    population: Population | None = None
    by_category: dict[int, Counted] = field(default_factory=dict)
    everybody: Counted | None = None
    cells: int = 0
    without: frozenset[int] = frozenset()
    best_fit: bool = False


def characteristics(viewer: Any) -> QuerySet[Characteristic]:
    """What people may be counted by, as this viewer may see it, each with its categories in use."""
    found: QuerySet[Characteristic] = Characteristic.objects.filter(visible(viewer))
    return found.prefetch_related("categories")


def living_here(
    place_ids: Iterable[int], *, characteristic: Characteristic | int | None, viewer: Any
) -> LivingHere:
    """The people living in these places taken together; nobody is counted twice where they overlap.

    The newest table that covers most of the places is taken. Places that a table does not name are
    added up from the smaller ones inside them. With no characteristic: everybody.
    """
    wanted = frozenset(place_ids)
    best: tuple[Population, dict[int, frozenset[int]]] | None = None
    for table in _tables(characteristic, viewer=viewer):
        units = _units(table, wanted)
        if best is None or len(units) > len(best[1]):
            best = (table, units)
        if len(units) == len(wanted):
            break
    if best is None or not best[1]:
        return LivingHere(without=wanted)
    table, units = best
    cells = frozenset().union(*units.values())
    rows = (
        PopulationCount.objects.filter(population=table, place_id__in=cells)
        .values_list("category_id")
        .annotate(total=Sum("people"), cells=Count("id"))
        .order_by("category_id")
    )
    counted = {key: _counted(people, number, table) for key, people, number in rows}
    return LivingHere(
        population=table,
        by_category={key: value for key, value in counted.items() if key is not None},
        everybody=counted.get(None) or _added(counted.values()),
        cells=len(cells),
        without=wanted - units.keys(),
        best_fit=Lies.objects.filter(
            place_id__in=cells, inside_id__in=wanted - cells, best_fit=True
        ).exists(),
    )


def living_in_each(
    place_ids: Iterable[int], *, characteristic: Characteristic | int | None, viewer: Any
) -> tuple[Population | None, dict[int, dict[int | None, Counted]]]:
    """The same for each place by itself, from one table: place id → category id (None: everybody).

    For a map or a list of many places; four queries for each table that is tried.
    """
    wanted = frozenset(place_ids)
    best: tuple[Population | None, dict[int, dict[int | None, Counted]]] = (None, {})
    for table in _tables(characteristic, viewer=viewer):
        found = _each(table, wanted)
        if len(found) > len(best[1]):
            best = (table, found)
        if len(found) == len(wanted):
            break
    return best


def _each(table: Population, wanted: frozenset[int]) -> dict[int, dict[int | None, Counted]]:
    # added up here: a database joins ten thousand small places with fifty thousand counts for seconds
    units = _units(table, wanted)
    areas: dict[int, list[int]] = {}
    for area, places in units.items():
        for place in places:
            areas.setdefault(place, []).append(area)
    counts = PopulationCount.objects.filter(population=table)
    if len(areas) <= FEW:
        counts = counts.filter(place_id__in=areas)
    sums: dict[int, dict[int | None, tuple[int, int]]] = {area: {} for area in units}
    for place, category, people in counts.values_list("place_id", "category_id", "people").order_by():
        for area in areas.get(place, ()):
            before, cells = sums[area].get(category, (0, 0))
            sums[area][category] = (before + people, cells + 1)
    found: dict[int, dict[int | None, Counted]] = {}
    for area, by_category in sums.items():
        found[area] = {key: _counted(people, cells, table) for key, (people, cells) in by_category.items()}
        found[area].setdefault(None, _added(list(found[area].values())))
    return found


def _tables(characteristic: Characteristic | int | None, *, viewer: Any) -> list[Population]:
    tables = Population.objects.filter(visible(viewer)).select_related("characteristic")
    newest = list(tables.order_by("-counted_on", OWN_FIRST, "-id"))
    if characteristic is not None:
        key = characteristic if isinstance(characteristic, int) else characteristic.pk
        return [table for table in newest if table.characteristic_id == key]
    # a table of everybody; else any table, the fullest first, since some leave out the young
    everybody = [table for table in newest if table.characteristic_id is None]
    sizes = _sizes([table.pk for table in newest])
    rest = [table for table in newest if table.characteristic_id is not None]
    return everybody + sorted(rest, key=lambda table: -sizes.get(table.pk, 0))


def _sizes(tables: list[int]) -> dict[int, int]:
    """How many people each table counts in all. What is published does not change, so it is kept."""
    kept: dict[int, int] = cache.get(SIZES, {})
    if not set(tables) <= kept.keys():
        rows = PopulationCount.objects.filter(population__in=tables).values_list("population_id")
        kept = dict.fromkeys(tables, 0) | dict(rows.annotate(all=Sum("people")).order_by())
        cache.set(SIZES, kept, 3600)
    return kept


def _units(table: Population, wanted: Collection[int]) -> dict[int, frozenset[int]]:
    """For each place the published places that make it up: itself, or those inside it.

    A place of which some part is not in the table is left out: its count would be too small.
    """
    counts = PopulationCount.objects.filter(population=table)
    few = len(wanted) <= FEW
    listed = (counts.filter(place_id__in=wanted) if few else counts).values_list("place_id", flat=True)
    named = set(listed.order_by().distinct()) & set(wanted)
    units = {pk: frozenset({pk}) for pk in named}
    rest = frozenset(wanted) - named
    if not rest:
        return units
    links = Lies.objects.filter(place__kind=table.place_kind, place__vintage=table.place_vintage)
    if few:
        links = links.filter(inside_id__in=rest)
    inside: dict[int, set[int]] = {}
    for place, area in links.values_list("place_id", "inside_id").order_by():
        if area in rest:
            inside.setdefault(area, set()).add(place)
    parts = frozenset().union(*inside.values())
    known = counts.filter(place_id__in=parts) if len(parts) <= FEW else counts
    there = set(known.values_list("place_id", flat=True).order_by().distinct())
    return units | {area: frozenset(places) for area, places in inside.items() if places <= there}


def _counted(people: int, cells: int, table: Population) -> Counted:
    off = table.perturbed_by * cells
    return Counted(people, max(people - off, 0), people + off)


def _added(counts: Iterable[Counted]) -> Counted:
    listed = list(counts)
    return Counted(
        sum(one.people for one in listed), sum(one.low for one in listed), sum(one.high for one in listed)
    )


def populations_of(place: Place, *, viewer: Any) -> list[LivingHere]:
    """Every table that says something of this place, one reading each, the newest first."""
    found = []
    seen: set[int | None] = set()
    tables = Population.objects.filter(visible(viewer)).values_list("characteristic_id", flat=True).distinct()
    for key in sorted(set(tables), key=lambda one: one or 0):
        here = living_here([place.pk], characteristic=key, viewer=viewer)
        if here.population is not None and here.population.pk not in seen:
            seen.add(here.population.pk)
            found.append(here)
    return found
