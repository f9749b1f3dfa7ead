"""Places as their pages show them: the list, one place with what it lies in and holds, tables of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from folkmoot.communities.models import Category, Lies, Place, Population, PopulationCount
from folkmoot.communities.queries.people import Counted, LivingHere, populations_of
from folkmoot.communities.queries.places import OWN_FIRST
from folkmoot.communities.queries.shown import Told, in_words, is_inside, told
from folkmoot.organisations.visibility import access_of, visible

MOST_LISTED = 400


@dataclass(frozen=True, slots=True)
class Holds:
    """How many places of one kind and year lie inside, and whether they can be drawn."""

    kind: str
    vintage: int
    number: int
    drawn: int

    @property
    def label(self) -> str:
        word = Place.Kind(self.kind).label
        return f"{word}, {self.vintage}" if self.vintage else word


@dataclass(frozen=True, slots=True)
class PlaceRead:
    """One place for its page."""

    place: Place
    above: tuple[tuple[Place, bool], ...]  # with whether the fit is only the best one
    holds: tuple[Holds, ...]
    people: tuple[Told, ...]


def years(viewer: Any) -> list[int]:
    """The years of boundaries that there are, the newest first."""
    found = Place.objects.filter(visible(viewer)).values_list("vintage", flat=True).order_by("-vintage")
    return list(found.distinct())


def listed(
    viewer: Any, *, words: str = "", kind: str = "", year: int | None = None, inside: Place | None = None
) -> QuerySet[Place]:
    """Places that fit what was asked for: own ones first, then by kind and name."""
    found: QuerySet[Place] = Place.objects.filter(visible(viewer)).select_related("organisation", "team")
    if words.strip():
        found = found.filter(Q(name__icontains=words.strip()) | Q(code__iexact=words.strip()))
    if kind:
        found = found.filter(kind=kind)
    if year is not None:
        found = found.filter(vintage=year)
    if inside is not None:
        found = found.filter(pk__in=Lies.objects.filter(inside=inside).values("place"))
    return found.order_by(OWN_FIRST, "name", "-vintage", "kind", "id")


def read_place(place: Place, *, viewer: Any) -> PlaceRead:
    """What a place lies in, what it holds, and who lives there by every table that says so."""
    above = (
        Lies.objects.filter(visible(viewer, through="inside"), place=place)
        .select_related("inside")
        .order_by("inside__kind", "-inside__vintage", "inside__name")
    )
    order = list(Place.Kind.values)
    inside = Place.objects.filter(visible(viewer), lies_in__inside=place).values_list("kind", "vintage")
    counted = inside.annotate(number=Count("id"), drawn=Count("boundary")).order_by()
    holds = sorted((Holds(*row) for row in counted), key=lambda one: (-order.index(one.kind), -one.vintage))
    links = sorted(above, key=lambda one: (order.index(one.inside.kind), -one.inside.vintage))
    return PlaceRead(
        place,
        tuple((one.inside, one.best_fit) for one in links),
        tuple(holds),
        tuple(people_at(place, viewer=viewer)),
    )


def people_at(place: Place, *, viewer: Any) -> list[Told]:
    """Every table that covers the place, in words; a spot has no residents of its own."""
    if place.kind == Place.Kind.SPOT:
        return []
    readings: list[LivingHere] = populations_of(place, viewer=viewer)
    keys = {key for one in readings for key in one.by_category}
    names = {category.pk: category for category in Category.objects.filter(pk__in=keys)}
    access = access_of(viewer)
    found = []
    for one in readings:
        if one.population is not None:
            reading = told(one, names=names, inside=is_inside(one.population, access))
            if reading is not None:
                found.append(reading)
    return found


def parts_of(place: Place, *, kind: str, vintage: int, viewer: Any) -> list[Place]:
    """The places of one kind and year inside a place, for the table beside its map."""
    inside = Lies.objects.filter(inside=place).values("place")
    rows = Place.objects.filter(visible(viewer), kind=kind, vintage=vintage, pk__in=inside)
    return list(rows.order_by("name", "id")[:MOST_LISTED])


@dataclass(frozen=True, slots=True)
class TableRead:
    """One published table for its page: its categories, all of it added up, and how many places it counts."""

    population: Population
    categories: tuple[Category | None, ...]
    totals: tuple[str, ...]
    places: int
    notes: tuple[str, ...]


def read_population(population: Population, *, viewer: Any) -> TableRead:
    """A table as a whole, as published."""
    inside = is_inside(population, access_of(viewer))
    counts = PopulationCount.objects.filter(population=population)
    sums = {key: (people, cells) for key, people, cells in _sums(counts)}
    found = Category.objects.filter(pk__in=[key for key in sums if key is not None]).order_by(
        "position", "id"
    )
    categories: list[Category | None] = [*([None] if None in sums else []), *found]
    everybody = sum(people for people, _ in sums.values())
    totals = [
        in_words(
            _span(*sums[one.pk if one else None], off=population.perturbed_by),
            population=population,
            of=everybody,
            inside=inside,
        )
        for one in categories
    ]
    places = counts.values("place").distinct().count()
    notes = population.brought_by.notes if population.brought_by is not None else []
    return TableRead(population, tuple(categories), tuple(totals), places, tuple(notes))


def cells_of(
    population: Population, places: list[Place], *, categories: tuple[Category | None, ...], viewer: Any
) -> list[tuple[Place, list[str]]]:
    """For each place its counts in the order of the categories, as they may be shown."""
    inside = is_inside(population, access_of(viewer))
    rows = PopulationCount.objects.filter(population=population, place__in=places)
    found: dict[tuple[int, int | None], int] = {
        (place, key): people for place, key, people in rows.values_list("place_id", "category_id", "people")
    }
    shown = []
    for place in places:
        of = sum(people for (pk, _), people in found.items() if pk == place.pk)
        cells = []
        for one in categories:
            people = found.get((place.pk, one.pk if one else None))
            span = _span(people, 1, off=population.perturbed_by) if people is not None else None
            cells.append(in_words(span, population=population, of=of, inside=inside) if span else "–")
        shown.append((place, cells))
    return shown


def _span(people: int, cells: int, *, off: int) -> Counted:
    return Counted(people, max(people - off * cells, 0), people + off * cells)


def _sums(counts: QuerySet[PopulationCount]) -> Any:
    return counts.values_list("category_id").annotate(all=Sum("people"), cells=Count("id")).order_by()
