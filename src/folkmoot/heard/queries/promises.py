"""Promises: which are open, which are overdue, and which are open in a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from folkmoot.communities.models import Lies, Place
from folkmoot.heard.models import Promise
from folkmoot.organisations.visibility import access_of

MOST = 50


@dataclass(frozen=True, slots=True)
class Overdue:
    """A promise past its day. ``mine`` for whoever gave it."""

    pk: int
    text: str
    owner_role: str
    due: date
    days: int
    moved: bool
    concern: int
    title: str
    place: str
    mine: bool


def promises_for(viewer: Any) -> QuerySet[Promise]:
    """The promises of the organisations that this person belongs to."""
    return Promise.objects.filter(
        concern__organisation__in=list(access_of(viewer).organisations)
    ).select_related("concern", "place")


def overdue(viewer: Any, *, on: date | None = None, most: int = MOST) -> Sequence[Overdue]:
    """Promises past their day, one's own first, then the oldest; for the overview. One query."""
    today = on or timezone.localdate()
    rows = promises_for(viewer).filter(state="open", due__lt=today).order_by("due", "pk")[:most]
    mine = getattr(viewer, "pk", None)
    found = [
        Overdue(
            one.pk,
            one.text,
            one.owner_role,
            one.due,
            (today - one.due).days,
            one.due != one.first_due,
            one.concern_id,
            one.concern.title,
            str(one.place or ""),
            mine is not None and one.owner_id == mine,
        )
        for one in rows
    ]
    return sorted(found, key=lambda one: not one.mine)


def open_in(place: Place, *, organisation_id: int) -> Sequence[Promise]:
    """Open promises of an organisation in this place, in what lies in it and in what it lies in."""
    around = Lies.objects.filter(place=place).values("inside")
    inside = Lies.objects.filter(inside=place).values("place")
    here = Q(place=place) | Q(place__in=around) | Q(place__in=inside)
    rows = Promise.objects.filter(here, concern__organisation=organisation_id, state="open")
    return list(rows.select_related("concern").order_by("due", "pk")[:5])
