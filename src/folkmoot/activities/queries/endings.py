"""What the end of a method would cost, and whom (R38): bounds, since nobody knows who would come another way.

What does not belong here: whether it should end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, Sum

from folkmoot.activities.models import Initiative
from folkmoot.activities.queries.log import Filters
from folkmoot.activities.queries.occasions import shown_counts
from folkmoot.activities.queries.reach import counts_by_category, tallies_for
from folkmoot.activities.queries.sums import Sums, activities_of, rates_of, together
from folkmoot.communities.models import Category, Characteristic, Grouping, Place
from folkmoot.communities.queries.people import characteristics
from folkmoot.core.disclosure.published import Published
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Organisation
from folkmoot.strategies.models import Objective

MOST_PLACES = 50


@dataclass(frozen=True, slots=True)
class OnlyHere:
    """A place where no other method was at work in the period: its occasions, and the fewest and the most
    different people they reached."""

    place: Place
    occasions: int
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class GroupsOnly:
    """The people of a characteristic who were counted at such places, as they may be shown."""

    characteristic: Characteristic
    groups: tuple[tuple[Category, Published], ...]


@dataclass(frozen=True, slots=True)
class MethodEnd:
    """What ends with a method. ``fewest`` and ``most`` bound the different people whom it reached at places
    where nothing else was done; nobody can say how many of them would come another way."""

    method: Method
    since: date
    until: date
    sums: Sums
    share_of_hours: float | None
    places: tuple[OnlyHere, ...]
    more_places: int
    fewest: int
    most: int
    groups: tuple[GroupsOnly, ...]
    groupings: tuple[Grouping, ...]
    objectives: tuple[Objective, ...]
    initiatives: tuple[Initiative, ...]
    without_place: int


def end_of(method: Method, *, organisation: Organisation, since: date, until: date, viewer: Any) -> MethodEnd:
    """What the period's work by this method reached that no other method of the organisation did.

    Two methods at one place are taken to be open to the same people, which may be wrong for a school and a
    stall in one street; so this is the least that ends.
    """
    period = Filters(since=since, until=until)
    found = period.narrow(activities_of(viewer, organisations=[organisation]))
    mine = found.filter(method=method)
    rates = rates_of([organisation.pk])
    sums, everything = together(mine, rates=rates), together(found, rates=rates)
    others = found.exclude(method=method).exclude(place=None).values("place_id")
    only = mine.exclude(place=None).exclude(place_id__in=others)
    rows = list(
        only.values_list("place_id").annotate(
            occasions=Count("id"),
            different=_sum("people"),
            attended=_sum("attendances"),
            largest=Max("people", filter=Q(counted="attendances")),
        )
    )
    known = Place.objects.in_bulk([row[0] for row in rows])
    places = sorted(
        (
            OnlyHere(
                known[key], occasions, (different or 0) + (largest or 0), (different or 0) + (attended or 0)
            )
            for key, occasions, different, attended, largest in rows
        ),
        key=lambda one: (-one.most, one.place.name),
    )
    initiatives = Initiative.objects.filter(organisation=organisation, method=method)
    elsewhere = Initiative.objects.filter(organisation=organisation, state=Initiative.State.OPEN).exclude(
        method=method
    )
    return MethodEnd(
        method=method,
        since=since,
        until=until,
        sums=sums,
        share_of_hours=float(sums.hours / everything.hours) if everything.hours else None,
        places=tuple(places[:MOST_PLACES]),
        more_places=max(len(places) - MOST_PLACES, 0),
        # who comes again may come at another place as well: of the attendances only the largest is sure
        fewest=sum(row[2] or 0 for row in rows) + max((row[4] or 0 for row in rows), default=0),
        most=sum(one.most for one in places),
        groups=_groups([one.place.pk for one in places], method, organisation, period, viewer),
        groupings=tuple(
            Grouping.objects.filter(initiatives__in=initiatives)
            .exclude(initiatives__in=elsewhere)
            .distinct()
            .order_by("name")
        ),
        objectives=tuple(
            Objective.objects.filter(initiatives__in=initiatives)
            .exclude(initiatives__in=elsewhere)
            .distinct()
            .order_by("title")
        ),
        initiatives=tuple(initiatives.filter(state=Initiative.State.OPEN)),
        without_place=mine.filter(place=None).count(),
    )


def _sum(counted: str) -> Any:

    return Sum("people", filter=Q(counted=counted))


def _groups(
    places: list[int], method: Method, organisation: Organisation, period: Filters, viewer: Any
) -> tuple[GroupsOnly, ...]:
    if not places:
        return ()
    asked = Filters(since=period.since, until=period.until, method=method, places=frozenset(places))
    found = []
    for one in characteristics(viewer):
        categories = list(one.categories.all())
        counts = counts_by_category(tallies_for(organisation, asked, viewer=viewer), categories).get(None, {})
        if counts:
            heads = {each.pk: counts[each.pk].heads if each.pk in counts else 0 for each in categories}
            shown = shown_counts(heads, special=one.special, of_a_whole=True)
            found.append(GroupsOnly(one, tuple((each, shown[each.pk]) for each in categories)))
    return tuple(found)
