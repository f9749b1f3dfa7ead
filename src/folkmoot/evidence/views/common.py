"""What the pages of evidence share: finding a row as its reader sees it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from folkmoot.coding.queries import Scope
from folkmoot.evidence.models import Study
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.visibility import access_of


def seen_study(request: HttpRequest, pk: int) -> Study:
    """The study as this person may see it; 404 for everybody else."""
    return get_object_or_404(
        Study.objects.visible_to(request.user).select_related("organisation", "team"), pk=pk
    )


def seen_assumption(request: HttpRequest, pk: int | str | None) -> Assumption:
    """The assumption as this person may see it; 404 without one."""
    if pk is None or not str(pk).isdecimal() or len(str(pk)) > 18:
        raise Http404
    return get_object_or_404(
        Assumption.objects.visible_to(request.user).select_related("cause", "effect"), pk=int(pk)
    )


def sent(request: HttpRequest) -> Any:
    """What a form was sent with, be it nothing at all; None where the page is only asked for."""
    return request.POST if request.method == "POST" else None


def looked_at(request: HttpRequest) -> int | None:
    """The version of the row that this form was filled in over; None where it does not say."""
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def crumbs(study: Study | None, last: str = "") -> list[tuple[str, str]]:
    trail = [("Studies", reverse("studies"))]
    if study is not None:
        trail.append((study.short, reverse("study", args=[study.pk]) if last else ""))
    return [*trail, (last, "")] if last else trail


def scope_of(request: HttpRequest) -> Scope:
    """The scope asked for; one's own where one has a place, else the network's."""
    if request.GET.get("scope") == "network" or not access_of(request.user).belongs:
        return "network"
    return "ours"


def scopes(request: HttpRequest) -> dict[str, object]:
    """What a page needs to say whose evidence it shows, and to offer the other."""
    scope = scope_of(request)
    query = request.GET.copy()
    query["scope"] = "network" if scope == "ours" else "ours"
    return {
        "scope": scope,
        "other_scope": query["scope"] if access_of(request.user).belongs else "",
        "other_scope_url": f"?{query.urlencode()}",
    }
