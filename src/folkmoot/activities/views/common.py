"""What the pages of this room share: for whom somebody records, how a refusal gets back into the form, and
which part of the log an address asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from folkmoot.activities.checking import Unfit
from folkmoot.activities.forms import methods_for
from folkmoot.activities.models import Initiative, Level
from folkmoot.activities.queries.log import NOT_RECORDED, Filters
from folkmoot.communities.models import Place
from folkmoot.communities.queries.places import within
from folkmoot.core.errors import FolkmootError
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.refusals import tell

LONGEST_KEY = 12


def attempt_fields(form: Any, write: Callable[[], Any]) -> tuple[Any, int]:
    """As ``attempt``, with each sentence of a refusal at the field that it is about."""
    try:
        return write(), 200
    except Unfit as error:
        form.take(error.faults)
        return None, 422
    except FolkmootError as error:
        return None, tell(form, error)


def number_asked(request: HttpRequest, name: str) -> int | None:
    """A row's number in the address; None for nothing and for what no database could hold."""
    asked = request.GET.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < LONGEST_KEY else None


def day_asked(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def month_asked(request: HttpRequest) -> tuple[date | None, date | None]:
    """The first and last day of the month in the address (2026-10); two times None without one."""
    try:
        first = date.fromisoformat(request.GET.get("month", "") + "-01")
    except ValueError:
        return None, None
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1) if first.year < 9999 else first
    return first, date.fromordinal(following.toordinal() - 1) if following > first else None


def filters_asked(request: HttpRequest, organisation: Organisation) -> Filters:
    """The part of the log that the address asks for; what it names must be there for this person."""
    since, until = month_asked(request)
    since, until = day_asked(request, "since") or since, day_asked(request, "until") or until
    initiative, method, place = (number_asked(request, name) for name in ("initiative", "method", "place"))
    area = None if place is None else get_object_or_404(Place.objects.visible_to(request.user), pk=place)
    level = request.GET.get("level", "")
    by = request.GET.get("by", "")
    return Filters(
        since=since,
        until=until,
        initiative=(
            None
            if initiative is None
            else get_object_or_404(Initiative.objects.filter(organisation=organisation), pk=initiative)
        ),
        without_initiative=request.GET.get("initiative") == NOT_RECORDED,
        method=None if method is None else get_object_or_404(methods_for(organisation), pk=method),
        without_method=request.GET.get("method") == NOT_RECORDED,
        place=area,
        places=None if area is None else within(area, itself=True),
        level=level if level in {*Level.values, NOT_RECORDED} else "",
        specialists={"specialists": True, "others": False}.get(by),
        specialists_unknown=by == NOT_RECORDED,
        without_partners=request.GET.get("partners") == "without",
    )


def address_with(request: HttpRequest, **changes: str) -> str:
    """The present address with other answers; an empty one is left out."""
    kept = {name: value for name, value in request.GET.items() if value} | changes
    listed = {name: value for name, value in kept.items() if value}
    return f"{request.path}?{urlencode(listed)}" if listed else request.path


def today() -> date:
    return timezone.localdate()
