"""What the pages of evidence share: finding a row as its reader sees it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from folkmoot.evidence.models import Study
from folkmoot.mechanisms.models import Assumption


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
