"""The front pages. What is worked out comes from queries; here it is only asked for and shown."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from folkmoot.coding.queries import Scope
from folkmoot.core.standing import Word
from folkmoot.evidence.queries.choices import may_record
from folkmoot.front.queries.assumption import assumption_page
from folkmoot.front.queries.assumptions import Filters, grid_of, listed, methods_of
from folkmoot.front.queries.chain import chain_page
from folkmoot.front.queries.objective import objective_page
from folkmoot.front.queries.overview import overview as overview_of
from folkmoot.mechanisms.models import Assumption, Mechanism
from folkmoot.organisations.context import home_of
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.visibility import access_of
from folkmoot.strategies.models import Aim, Objective
from folkmoot.ui.pictures import reliance


def scope_of(request: HttpRequest) -> Scope:
    """The scope asked for; one's own where one has a place, else the network's."""
    asked = request.GET.get("scope")
    if asked == "network" or not access_of(request.user).belongs:
        return "network"
    return "ours"


def scopes(request: HttpRequest) -> dict[str, object]:
    """What a page needs to say which scope it shows and to offer the other one."""
    scope = scope_of(request)
    other = "network" if scope == "ours" else "ours"
    query = request.GET.copy()
    query["scope"] = other
    return {
        "scope": scope,
        "other_scope": other if access_of(request.user).belongs else "",
        "other_scope_url": f"?{query.urlencode()}",
    }


def whose_of(request: HttpRequest) -> Organisation | None:
    """Whose work and objectives are meant: one's own organisation's, or (None) the network's."""
    return None if request.GET.get("whose") == "network" else home_of(request)


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What we rely on and have not tested."""
    whose = whose_of(request)
    shown = overview_of(request.user, scope=scope_of(request), organisation=whose, today=timezone.localdate())
    measure = reliance.HOURS if shown.work else reliance.OBJECTIVES

    def band(word: str, low: float | None, high: float | None) -> str:
        asked = {"standing": word, "scope": scope_of(request), "resting": "yes"}
        if whose is None:
            asked["whose"] = "network"
        if low is None or high is None:
            asked["hours"] = "unrecorded"
        elif shown.work:
            asked |= {"hours": "yes", "low": str(int(low)), "high": str(int(high))}
        else:
            asked |= {"low": str(int(low)), "high": str(int(high) - 1)}
        return f"{reverse('assumptions')}?{urlencode(asked)}"

    drawn = reliance.draw(shown.dots, measure=measure, band_url=band) if shown.dots else None
    context = {"shown": shown, "drawn": drawn, "whose": whose, **scopes(request)}
    return render(request, "front/overview.html", context)


@require_GET
def assumptions(request: HttpRequest) -> HttpResponse:
    """The list under its filters, as cards or as a grid."""
    asked = request.GET
    filters = Filters(
        scope=scope_of(request),
        aim=asked.get("aim", ""),
        method=asked.get("method", ""),
        words=asked.get("words", "")[:100],
        standing=asked.get("standing", ""),
        resting=asked.get("resting", ""),
        low=_number(asked.get("low")),
        high=_number(asked.get("high")),
        hours=asked.get("hours", ""),
    )
    whose = whose_of(request)
    found = listed(request.user, filters, today=timezone.localdate(), organisation=whose)
    as_grid = asked.get("view") == "grid"
    context = {
        "filters": filters,
        "found": found,
        "page": None if as_grid else Paginator(found, 30).get_page(asked.get("page")),
        "grid": grid_of(found) if as_grid else None,
        "aims": Aim.objects.all(),
        "methods": methods_of(request.user),
        "whose": whose,
        "words": [word.value for word in Word],
        "filtered": any((filters.aim, filters.method, filters.words, filters.standing, filters.resting)),
        **scopes(request),
    }
    return render(request, "front/assumptions.html", context)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


@require_GET
def assumption(request: HttpRequest, pk: int) -> HttpResponse:
    """One assumption: both sides, and what would settle it."""
    found = get_object_or_404(
        Assumption.objects.visible_to(request.user).select_related("cause", "effect", "organisation", "team"),
        pk=pk,
    )
    page = assumption_page(
        found,
        viewer=request.user,
        scope=scope_of(request),
        today=timezone.localdate(),
        organisation=home_of(request),
    )
    context = {
        "page": page,
        "assumption": found,
        "nothing_counts": not page.evidence.tested_by,
        "may_record": may_record(request.user),
        # the library's words come with the library
        "may_describe": not found.is_network and may_edit(request.user, found),
        **scopes(request),
    }
    return render(request, "front/assumption.html", context)


@require_GET
def mechanism(request: HttpRequest, pk: int) -> HttpResponse:
    """One chain, from the activity to what it is for."""
    found = get_object_or_404(
        Mechanism.objects.visible_to(request.user)
        .select_related("objective", "organisation", "team", "method", "adopted_from")
        .prefetch_related("aims"),
        pk=pk,
    )
    number = _number(request.GET.get("version"))
    page = chain_page(found, viewer=request.user, scope=scope_of(request), number=number)
    if page is None:
        raise Http404
    context = {
        "page": page,
        "mechanism": found,
        "objective": _seen_objective(request, found),
        "may_edit": may_edit(request.user, found) and not found.retired_at,
        "may_share": may_edit(request.user, found),
        **scopes(request),
    }
    return render(request, "front/mechanism.html", context)


def _seen_objective(request: HttpRequest, found: Mechanism) -> Objective | None:
    """The chain's objective where this viewer may see it: a chain can be shared further than its objective."""
    if found.objective_id is None:
        return None
    seen: Objective | None = Objective.objects.visible_to(request.user).filter(pk=found.objective_id).first()
    return seen


@require_GET
def objective(request: HttpRequest, pk: int) -> HttpResponse:
    """One objective: what it says, and how well its reasons are known."""
    found = get_object_or_404(
        Objective.objects.visible_to(request.user).select_related("aim", "organisation", "passage__source"),
        pk=pk,
    )
    page = objective_page(found, viewer=request.user, scope=scope_of(request))
    context = {"page": page, "objective": found, "may_edit": may_edit(request.user, found), **scopes(request)}
    return render(request, "front/objective.html", context)
