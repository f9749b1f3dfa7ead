"""What the pages of this room share: for whom somebody edits, and where they are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from folkmoot.communities.models import Grouping, Place
from folkmoot.core.errors import NotAllowed
from folkmoot.organisations.context import home_of
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.policies import may_edit_for

SECTION = "work"


def editing_for(request: HttpRequest) -> Organisation | None:
    """The organisation this person is working for now, if they may edit for it."""
    home = home_of(request)
    may = home is not None and may_edit_for(request.user, organisation_id=home.pk)
    return home if may else None


def required_home(request: HttpRequest) -> Organisation:
    """The organisation that a new row of this person would belong to; whether they may, the action says."""
    home = home_of(request)
    if home is None:
        raise NotAllowed("This is written on behalf of an organisation, and you have no role in any.")
    return home


def seen_place(request: HttpRequest, pk: int) -> Place:
    return get_object_or_404(
        Place.objects.visible_to(request.user).select_related("organisation", "team"), pk=pk
    )


def seen_grouping(request: HttpRequest, pk: int) -> Grouping:
    rows = Grouping.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("organisation", "team", "place", "category__characteristic"), pk=pk
    )


def number(words: Any) -> int | None:
    """A row's number in an address; None for nothing and for what no database could hold."""
    text = str(words or "")
    return int(text) if text.isdecimal() and len(text) < 12 else None


def crumbs(*trail: tuple[str, str]) -> list[tuple[str, str]]:
    """``("Places", "places")`` becomes a link; the last one is where we are."""
    return [(label, reverse(name) if name and "/" not in name else name) for label, name in trail]
