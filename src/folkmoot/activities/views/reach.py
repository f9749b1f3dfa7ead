"""Reach and blind spots, and what the end of a method would cost. Words and pictures; no arithmetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from folkmoot.activities.forms import FilterForm, methods_for
from folkmoot.activities.pictures import reach_picture
from folkmoot.activities.queries.blind_spots import inside_group, reach_by_method, unmeasured
from folkmoot.activities.queries.endings import end_of
from folkmoot.activities.queries.missed import much_less
from folkmoot.activities.queries.reach import counts_by_method, reach_by
from folkmoot.activities.queries.sums import NO_RATES, activities_of, merged, sums_by, year_before
from folkmoot.activities.views.common import address_with, filters_asked, number_asked, today
from folkmoot.communities.models import Category, Characteristic
from folkmoot.communities.queries.people import characteristics
from folkmoot.communities.queries.places import areas_served
from folkmoot.organisations.context import home_of


def _characteristic(request: HttpRequest, listed: list[Characteristic]) -> Characteristic | None:
    """The one that is asked for, else the first."""
    asked = request.GET.get("characteristic", "")
    return next((one for one in listed if one.code == asked), listed[0] if listed else None)


@login_required
@require_GET
def reach(request: HttpRequest) -> HttpResponse:
    home = home_of(request)
    if home is None:
        return render(request, "activities/no_home.html", {"section": "work"})
    filters = filters_asked(request, home)
    if filters.since is None and filters.until is None:
        filters = replace(filters, since=year_before(today()), until=today())
    listed = list(characteristics(request.user))
    one = _characteristic(request, listed)
    found = filters.narrow(activities_of(request.user, organisations=[home]))
    # what it cost is not asked here, so no rate is
    by_method = sums_by(found, rates=NO_RATES, by="method_id")
    sums = merged(by_method.values())
    context: dict[str, Any] = {
        "filters": filters,
        "sums": sums,
        "characteristics": listed,
        "characteristic": one,
        "unmeasured": unmeasured(request.user, home),
        "areas": [filters.place] if filters.place else areas_served(home),
        "filter": FilterForm(
            initial=request.GET.dict() | {"since": filters.since, "until": filters.until},
            user=request.user,
            organisation=home,
            today=today(),
            without=("month", "level", "by"),
        ),
        "log_url": _log_url(request),
        "crumbs": [("Work", reverse("work")), ("Reach and blind spots", "")],
        "section": "work",
    }
    if one is not None and sums.activities:
        asked = {"organisation": home, "filters": filters, "viewer": request.user}
        counts = counts_by_method(home, filters, one.categories.all(), viewer=request.user)
        shown = reach_by(one, sums=sums, counts=counts, **asked)
        context["found"] = shown
        context["rare"] = much_less(shown)
        context["picture"] = reach_picture(
            shown, url=lambda category: address_with(request, group=str(category.pk)) + "#inside"
        )
        if len(by_method) > 1:
            context["by_method"] = reach_by_method(one, overall=shown, sums=by_method, counts=counts)
        context |= _inside(request, one, asked)
    return render(request, "activities/reach.html", context)


def _inside(request: HttpRequest, characteristic: Characteristic, asked: dict[str, Any]) -> dict[str, Any]:
    group = number_asked(request, "group")
    if group is None:
        return {}
    category = get_object_or_404(Category, pk=group, characteristic=characteristic)
    return {"category": category, "inside": inside_group(category, **asked), "inside_asked": True}


def _log_url(request: HttpRequest) -> str:
    """The log of the same part of the work."""
    kept = {
        key: value for key, value in request.GET.items() if value and key not in {"characteristic", "group"}
    }
    return f"{reverse('work')}?{urlencode(kept)}" if kept else reverse("work")


@login_required
@require_GET
def method_end(request: HttpRequest, code: str) -> HttpResponse:
    home = home_of(request)
    if home is None:
        return render(request, "activities/no_home.html", {"section": "work"})
    method = get_object_or_404(methods_for(home), code=code)
    until = _day(request, "until") or today()
    since = _day(request, "since") or year_before(until)
    context = {
        "method": method,
        "end": end_of(method, organisation=home, since=since, until=until, viewer=request.user),
        "crumbs": [("Work", reverse("work")), ("Methods", reverse("methods")), (method.name, "")],
        "section": "work",
    }
    return render(request, "activities/method_end.html", context)


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None
