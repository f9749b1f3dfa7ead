"""The front pages. What is worked out comes from queries; here it is only asked for and shown."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from folkmoot.core.standing import Word
from folkmoot.evaluations.queries.plans import plans_of
from folkmoot.evidence.queries.choices import may_record
from folkmoot.evidence.queries.history import changes_of_assumption
from folkmoot.front.asked import filters_of, is_filtered, named, scope_of, scopes, whole, whose_of
from folkmoot.front.methods_told import methods_told
from folkmoot.front.queries.assumption import assumption_page
from folkmoot.front.queries.assumptions import listed
from folkmoot.front.queries.chain import chain_page
from folkmoot.front.queries.objective import objective_page
from folkmoot.front.queries.overview import overview as overview_of
from folkmoot.front.queries.uses import names_of
from folkmoot.mechanisms.models import Assumption, Mechanism
from folkmoot.organisations.context import home_of
from folkmoot.organisations.policies import may_edit
from folkmoot.strategies.models import Objective
from folkmoot.ui.pictures import reliance


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
    """The list under its filters. Asked for as a grid, it is the gap map."""
    if request.GET.get("view") == "grid":
        query = request.GET.copy()
        del query["view"]
        return redirect(f"{reverse('gap_map')}?{query.urlencode()}")
    filters, whose = filters_of(request), whose_of(request)
    found = listed(request.user, filters, today=timezone.localdate(), organisation=whose)
    context = {
        "filters": filters,
        "found": found,
        "page": Paginator(found, 30).get_page(request.GET.get("page")),
        "aims": names_of("aim", viewer=request.user),
        "methods": names_of("method", viewer=request.user),
        "named": named(request, filters),
        "filtered": is_filtered(filters),
        "whose": whose,
        "words": [word.value for word in Word],
        **scopes(request),
    }
    return render(request, "front/assumptions.html", context)


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
        "plans": plans_of(found.pk, viewer=request.user),
        "moved": changes_of_assumption(found, viewer=request.user, scope=scope_of(request)),
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
    number = whole(request.GET.get("version"))
    page = chain_page(found, viewer=request.user, scope=scope_of(request), number=number)
    if page is None:
        raise Http404
    context = {
        "page": page,
        "mechanism": found,
        "objective": _seen_objective(request, found),
        "may_edit": may_edit(request.user, found) and not found.retired_at,
        "may_share": may_edit(request.user, found),
        "section": "aims",
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
    page = objective_page(found, viewer=request.user, scope=scope_of(request), today=timezone.localdate())
    context = {
        "page": page,
        "objective": found,
        "may_edit": may_edit(request.user, found),
        "section": "aims",
        **scopes(request),
    }
    return render(request, "front/objective.html", context)


@require_GET
def how_counted(request: HttpRequest) -> HttpResponse:
    """How each kind of figure is made, for the links beside the figures."""
    return render(request, "front/counted.html", {"methods": methods_told()})
