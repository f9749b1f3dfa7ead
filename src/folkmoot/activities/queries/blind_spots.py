"""Who was not reached: absent, unknown, unmeasured; inside a group; by each method (R28, R29, R30).

What does not belong here: why. Absence is what an organisation recorded, not what people chose. The short list for
other pages is in ``missed``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from folkmoot.activities.models import Tally
from folkmoot.activities.queries.log import Filters
from folkmoot.activities.queries.occasions import shown_counts
from folkmoot.activities.queries.reach import Counts, ReachShown, counts_by_category, shown, tallies_for
from folkmoot.activities.queries.sums import NO_RATES, Sums, activities_of, sums_by
from folkmoot.communities.models import Category, Characteristic, Place, Population
from folkmoot.communities.queries.people import Counted, characteristics, living_in_each
from folkmoot.communities.queries.places import area_of, areas_served, within
from folkmoot.core.disclosure.published import Published
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import visible

FROM_LARGE_TO_SMALL = (
    Place.Kind.FORCE,
    Place.Kind.DISTRICT,
    Place.Kind.WARD,
    Place.Kind.MSOA,
    Place.Kind.LSOA,
)
MOST_AREAS = 200


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A characteristic of which something is missing: nobody counts people by it here (``tallied``), or no
    table says how many live here (``living``)."""

    characteristic: Characteristic
    tallied: bool
    living: bool


def unmeasured(viewer: Any, organisation: Organisation) -> tuple[Unmeasured, ...]:
    """The characteristics by which reach cannot be judged here, each with what is missing. Two queries."""
    tallied = Tally.objects.filter(category__characteristic=OuterRef("pk"), organisation_key=organisation.pk)
    living = Population.objects.filter(visible(viewer), characteristic=OuterRef("pk"))
    rows = characteristics(viewer).annotate(tallied=Exists(tallied), living=Exists(living))
    return tuple(
        Unmeasured(one, one.tallied, one.living)  # type: ignore[attr-defined]
        for one in rows
        if not (one.tallied and one.living)  # type: ignore[attr-defined]
    )


@dataclass(frozen=True, slots=True)
class MethodReach:
    """What one method reached; ``method`` is None for work whose method is not recorded."""

    method: Method | None
    sums: Sums
    reach: ReachShown
    counted: bool
    """Whether anybody was counted by the characteristic: without, there is no share, not even 0."""


def reach_by_method(
    characteristic: Characteristic,
    *,
    overall: ReachShown,
    sums: Mapping[int | None, Sums],
    counts: Mapping[int | None, Mapping[int, Counts]],
) -> tuple[MethodReach, ...]:
    """The same question for each method apart (R29); those used most often first, not recorded before all.

    ``overall`` brings along who lives here; ``sums`` and ``counts`` are those by method. Methods are not ranked
    by it: they are meant for different people.
    """
    categories = list(characteristic.categories.all())
    methods = Method.objects.in_bulk([key for key in sums if key is not None])
    rows = [
        MethodReach(
            method=methods.get(key) if key is not None else None,
            sums=one,
            reach=shown(
                characteristic,
                categories,
                dict(counts.get(key, {})),
                sums=one,
                here=overall.here,
                of_a_whole=True,
            ),
            counted=any(each.heads for each in counts.get(key, {}).values()),
        )
        for key, one in sums.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.method is not None, -row.sums.activities)))


@dataclass(frozen=True, slots=True)
class AreaReach:
    """People of one group in one area: how many live there, how many are known to have been reached."""

    place: Place
    living: Counted | None
    shown: Published
    occasions: int


@dataclass(frozen=True, slots=True)
class InsideGroup:
    """One group by area: where in the group people were reached. ``elsewhere`` counts occasions at places
    that lie in none of the areas, or whose place nobody recorded."""

    category: Category
    kind: str
    areas: tuple[AreaReach, ...]
    elsewhere: int
    source: Population | None

    @property
    def never(self) -> int:
        return sum(1 for one in self.areas if one.shown.value is None)


def inside_group(
    category: Category, *, organisation: Organisation, filters: Filters, viewer: Any
) -> InsideGroup | None:
    """Reach inside one group (R28), by the areas of the next smaller kind; None where there are none.

    Tallies count one characteristic at a time, so a group can be looked into by place only: which ages it
    reached inside an ethnic group, say, no tally can tell.
    """
    tops = [filters.place] if filters.place else areas_served(organisation)
    kind, ids = _areas_below(tops)
    if not kind:
        return None
    population, living = living_in_each(ids, characteristic=category.characteristic, viewer=viewer)
    tallies = counts_by_category(
        tallies_for(organisation, filters, viewer=viewer), [category], by="place_key"
    )
    found = filters.narrow(activities_of(viewer, organisations=[organisation]))
    occasions = sums_by(found, rates=NO_RATES, by="place_id")
    places = {key for key in [*tallies, *occasions] if key is not None}
    area = area_of(places, kind=kind)
    heads: dict[int, int] = {}
    visits: dict[int, int] = {}
    for key, counts in tallies.items():
        if key in area and category.pk in counts:
            heads[area[key]] = heads.get(area[key], 0) + counts[category.pk].heads
    elsewhere = 0
    for key, sums in occasions.items():
        if key in area and area[key] in ids:
            visits[area[key]] = visits.get(area[key], 0) + sums.activities
        else:
            elsewhere += sums.activities
    published = shown_counts(
        {key: heads.get(key, 0) for key in ids},
        special=category.characteristic.special,
        of_a_whole=True,
    )
    rows = [
        AreaReach(
            place=place,
            living=living.get(place.pk, {}).get(category.pk),
            shown=published[place.pk],
            occasions=visits.get(place.pk, 0),
        )
        for place in Place.objects.filter(pk__in=ids).order_by("name")
    ]
    # where most of the group lives and nobody is known to have been reached comes first
    rows.sort(key=lambda row: (row.shown.value is not None, -(row.living.people if row.living else 0)))
    return InsideGroup(category, str(Place.Kind(kind).label), tuple(rows), elsewhere, population)


def _areas_below(tops: list[Place]) -> tuple[str, frozenset[int]]:
    """The first smaller kind of which more than one place lies in these, and those places."""
    if not tops:
        return "", frozenset()
    start = min(
        (FROM_LARGE_TO_SMALL.index(one.kind) for one in tops if one.kind in FROM_LARGE_TO_SMALL),
        default=-1,  # type: ignore[arg-type]
    )
    for kind in FROM_LARGE_TO_SMALL[start + 1 :]:
        ids = frozenset().union(*(within(one, kind=kind) for one in tops))
        newest = (
            Place.objects.filter(pk__in=ids).order_by("-vintage").values_list("vintage", flat=True).first()
        )
        ids = frozenset(Place.objects.filter(pk__in=ids, vintage=newest or 0).values_list("pk", flat=True))
        if 1 < len(ids) <= MOST_AREAS:
            return kind, ids
    return "", frozenset()
