"""Promises: which are open, which are overdue, and which are open in a place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from folkmoot.communities.models import Lies, Place
from folkmoot.heard.elections import without_frozen
from folkmoot.heard.models import Concern, Promise
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import access_of, visible


def promises_for(viewer: Any) -> QuerySet[Promise]:
    """The promises of the organisations that this person belongs to."""
    return Promise.objects.filter(
        concern__organisation__in=list(access_of(viewer).organisations)
    ).select_related("concern", "place")


def late_promises(viewer: Any, *, today: date) -> QuerySet[Promise]:
    """Promises past their day that this person may see, each with ``mine``: 1 for whoever gave it.

    What was promised is its organisation's own until the concern is shared. Near an election nobody outside sees what
    promotes an office holder (RL10).
    """
    own = Q(concern__organisation__in=list(access_of(viewer).organisations))
    standing = without_frozen(Concern.objects.all(), on=today)
    number = getattr(viewer, "pk", None)
    mine = Case(When(owner=number, then=1), default=0) if number is not None else Value(0)
    found: QuerySet[Promise] = (
        Promise.objects.filter(visible(viewer, through="concern"), own | Q(concern__in=standing))
        .filter(state="open", due__lt=today)
        .annotate(mine=Cast(mine, IntegerField()))
    )
    return found


def open_in(place: Place, *, organisation_id: int) -> Sequence[Promise]:
    """Open promises of an organisation in this place, in what lies in it and in what it lies in."""
    around = Lies.objects.filter(place=place).values("inside")
    inside = Lies.objects.filter(inside=place).values("place")
    here = Q(place=place) | Q(place__in=around) | Q(place__in=inside)
    rows = Promise.objects.filter(here, concern__organisation=organisation_id, state="open")
    return list(rows.select_related("concern").order_by("due", "pk")[:5])


def open_by_place(organisation: Organisation, places: Collection[int]) -> dict[int, list[Promise]]:
    """The open promises of an organisation by each of these places: its own, of what it lies in and of what lies in it.

    The soonest first. Two queries.
    """
    wanted = set(places)
    rows = Promise.objects.filter(
        concern__organisation=organisation.pk, state="open", place__isnull=False
    ).order_by("due", "pk")
    promised: dict[int, list[Promise]] = defaultdict(list)
    for one in rows:
        if one.place_id is not None:
            promised[one.place_id].append(one)
    around: dict[int, set[int]] = defaultdict(set)
    ties = Lies.objects.filter(Q(place__in=list(promised)) | Q(inside__in=list(promised)))
    for place, inside in ties.values_list("place_id", "inside_id") if promised else ():
        around[place].add(inside)
        around[inside].add(place)
    found = {
        place: sorted(
            (one for near in {place, *around[place]} for one in promised.get(near, ())),
            key=lambda one: (one.due, one.pk),
        )
        for place in wanted & {*promised, *around}
    }
    return {place: listed for place, listed in found.items() if listed}
