"""What an import of places would do, worked out before anything is written: new, known, in conflict.

What does not belong here: reading files (``importing``), writing (``actions``), counts (``counting``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from folkmoot.communities.importing.lookups import read_lookup
from folkmoot.communities.importing.outlines import read_outlines
from folkmoot.communities.importing.taken import Key, TakenPlaces
from folkmoot.communities.models import Boundary, Lies, Place
from folkmoot.core.errors import BadImport
from folkmoot.organisations.models import Organisation

SHARED = "it is shared, and only a curator of the network may change what is shared"


@dataclass(slots=True)
class PlacePlan:
    """``known`` holds the places that are here; links and outlines are those to be written."""

    taken: TakenPlaces
    owner: Organisation | None
    known: dict[Key, int] = field(default_factory=dict)
    new: list[Key] = field(default_factory=list)
    links: list[tuple[Key, Key]] = field(default_factory=list)
    outlines: list[Key] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def sentences(self) -> list[str]:
        """What would happen, in the order in which it matters."""
        told = [
            f"{len(self.new):,} places would be added; {len(self.known):,} are here already.",
            f"{len(self.links):,} new links say what lies in what.",
        ]
        if self.taken.outlines:
            told.append(f"{len(self.outlines):,} outlines would be stored.")
        return told


def read_places(name: str, content: bytes, *, vintage: int | None = None) -> TakenPlaces:
    """A lookup or outlines, whichever the file holds."""
    start = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t")
    reader = read_outlines if start.startswith((b"{", b"[")) else read_lookup
    return reader(name, content, vintage=vintage)


def plan_places(taken: TakenPlaces, *, owner: Organisation | None) -> PlacePlan:
    """What would be stored for this owner (None: the network). Refuses what contradicts what is here."""
    plan = PlacePlan(taken, owner)
    stored = places_known((key[:1] + key[2:] for key in taken.names), owner=owner)
    mine: set[Key] = set()
    renamed = []
    for key, name in taken.names.items():
        found = stored.get(key)
        if found is None:
            plan.new.append(key)
            mine.add(key)
            continue
        plan.known[key] = found.pk
        if found.organisation_id == (owner.pk if owner else None):
            mine.add(key)
        if name and name != found.name and found.name != found.code:
            renamed.append(f"{key[1]} is “{found.name}” here and “{name}” in the file")
    if renamed:
        plan.notes.append(f"{len(renamed)} names differ and stay as they are: {'; '.join(renamed[:3])}.")
    _links(plan, mine)
    _outlines(plan, mine)
    _other_years(plan)
    return plan


def places_known(kinds: Iterable[tuple[str, int]], *, owner: Organisation | None) -> dict[Key, Place]:
    """The shared places of these kinds and years and the owner's own, by kind, code and year."""
    wanted = Q(pk__in=[])
    for kind, vintage in set(kinds):
        wanted |= Q(kind=kind, vintage=vintage)
    whose = Q(organisation=None, team=None) | (Q(organisation=owner) if owner else Q(pk__in=[]))
    rows = Place.objects.filter(wanted & whose).only("kind", "code", "vintage", "name", "organisation_id")
    # shared first: where there is an own one as well, it wins
    found = sorted(rows, key=lambda one: one.organisation_id or 0)
    return {(one.kind, one.code, one.vintage): one for one in found}


def _links(plan: PlacePlan, mine: set[Key]) -> None:
    taken = plan.taken
    ids = set(plan.known.values())
    by_id = {pk: key for key, pk in plan.known.items()}
    stored: set[tuple[Key, Key]] = set()
    above: dict[tuple[Key, str, int], str] = {}
    for place, kind, code, vintage in Lies.objects.filter(place__in=_rows(plan)).values_list(
        "place_id", "inside__kind", "inside__code", "inside__vintage"
    ):
        if place in ids:
            above[by_id[place], kind, vintage] = code
            stored.add((by_id[place], (kind, code, vintage)))
    shared = 0
    for small, large in taken.lies:
        if (small, large) in stored:
            continue
        here = above.get((small, large[0], large[2]))
        if here is not None and small[0] != Place.Kind.PARTNERSHIP:
            raise BadImport(
                f"{small[1]} lies in {here} here, and in {large[1]} according to {taken.filename}.",
                remedy="Nothing of the file was used. One of the two lists is of another year, or wrong.",
            )
        if small in mine or large in mine:
            plan.links.append((small, large))
        else:
            shared += 1
    if shared:
        plan.notes.append(f"{shared:,} links between shared places were left out: {SHARED}.")


def _rows(plan: PlacePlan) -> Any:
    kinds = {(kind, vintage) for kind, _, vintage in plan.known}
    wanted = Q(pk__in=[])
    for kind, vintage in kinds:
        wanted |= Q(kind=kind, vintage=vintage)
    return Place.objects.filter(wanted).values("pk")


def _outlines(plan: PlacePlan, mine: set[Key]) -> None:
    there = dict(
        Boundary.objects.filter(place__in=_rows(plan)).values_list("place_id", "geometry")
        if plan.taken.outlines
        else []
    )
    same = again = shared = 0
    for key, geometry in plan.taken.outlines.items():
        if key not in mine:
            shared += 1
        elif plan.known.get(key) in there:
            if there[plan.known[key]] == geometry:
                same += 1
            else:
                again += 1
                plan.outlines.append(key)
        else:
            plan.outlines.append(key)
    if same:
        plan.notes.append(f"{same:,} outlines are here already, just so.")
    if again:
        plan.notes.append(f"{again:,} outlines replace others.")
    if shared:
        plan.notes.append(f"{shared:,} outlines of shared places were left out: {SHARED}.")


def _other_years(plan: PlacePlan) -> None:
    """Say what another year's list of the same kind has in common: codes may be the same, names mean nothing."""
    mine: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    for (kind, code, vintage), name in plan.taken.names.items():
        mine[kind, vintage][code] = name
    years = (
        Place.objects.filter(kind__in={kind for kind, _ in mine}).values_list("kind", "vintage").distinct()
    )
    for kind, vintage in sorted(set(years.order_by()) - set(mine)):
        for (own_kind, own_year), places in mine.items():
            if own_kind == kind:
                plan.notes.append(_compared(kind, own_year, places, vintage))


def _compared(kind: str, year: int, places: dict[str, str], other: int) -> str:
    rows = dict(Place.objects.filter(kind=kind, vintage=other).values_list("code", "name"))
    both = places.keys() & rows.keys()
    codes: dict[str, set[str]] = defaultdict(set)
    for code, name in rows.items():
        codes[name].add(code)
    named: dict[str, set[str]] = defaultdict(set)
    for code, name in places.items():
        named[name].add(code)
    namesakes = sum(1 for name in named.keys() & codes.keys() if not named[name] & codes[name])
    return (
        f"{Place.Kind(kind).label} of {year} beside {other}: {len(both):,} codes are in both, "
        f"{len(places) - len(both):,} only in {year}, {len(rows) - len(both):,} only in {other}; {namesakes:,} names "
        "stand for other areas. Each year is kept apart, and nothing is matched by its name."
    )


@dataclass(frozen=True, slots=True)
class MiddleLayers:
    """``links`` to be added; ``open`` names the areas of which a middle layer area is missing here."""

    links: list[Lies]
    open: list[str]


def middle_layers(owner: Organisation | None) -> MiddleLayers:
    """Links that are in no file: a middle layer area lies where all small areas that bear its name lie.

    The published names say so ("Bolton 001A" and "Bolton 001" of one year). Nothing is put into an area of
    which some middle layer area is not here: its people would be added up short.
    """
    mine = Place.objects.filter(organisation=owner, team=None, kind=Place.Kind.MSOA)
    middle = {(name, vintage): pk for pk, name, vintage in mine.values_list("pk", "name", "vintage")}
    if not middle:
        return MiddleLayers([], [])
    years = {vintage for _, vintage in middle}
    large = [Place.Kind.DISTRICT, Place.Kind.PARTNERSHIP, Place.Kind.FORCE]
    links = Lies.objects.filter(
        place__kind=Place.Kind.LSOA, place__vintage__in=years, inside__kind__in=large
    ).values_list(
        "place__name", "place__vintage", "inside_id", "inside__kind", "inside__vintage", "inside__name"
    )
    lying: dict[tuple[int, str, int], Counter[int]] = defaultdict(Counter)
    open_areas: dict[int, str] = {}
    for name, vintage, inside, kind, year, called in links:
        pk = middle.get((name[:-1], vintage))
        if pk is None:
            open_areas[inside] = called
        else:
            lying[pk, kind, year][inside] += 1
    there = set(Lies.objects.filter(place__in=mine).values_list("place_id", "inside_id"))
    found = [
        Lies(place_id=pk, inside_id=inside)
        for (pk, _, _), areas in lying.items()
        if len(areas) == 1
        for inside in areas
        if inside not in open_areas and (pk, inside) not in there
    ]
    return MiddleLayers(found, sorted(set(open_areas.values())))
