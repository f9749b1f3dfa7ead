"""What the pages here share: finding a row as its reader sees it, crumbs, and forms with owners."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from folkmoot.core.errors import NotAllowed
from folkmoot.organisations.policies import require_edit
from folkmoot.organisations.visibility import visible
from folkmoot.surveys.models import Survey, Wave
from folkmoot.surveys.queries.choices import may_write

SECTION = "assumptions"


def seen(request: HttpRequest, kind: Any, pk: int) -> Any:
    """The row as this person may see it; 404 for everybody else."""
    rows = kind.objects.visible_to(request.user).select_related("organisation", "team")
    return get_object_or_404(rows, pk=pk)


def seen_wave(request: HttpRequest, pk: int) -> Wave:
    rows = Wave.objects.filter(visible(request.user, through="survey"))
    return get_object_or_404(rows.select_related("survey__organisation", "survey__team", "instrument"), pk=pk)


def edited_wave(request: HttpRequest, pk: int) -> Wave:
    """The wave, for those who edit for its owner; 403 for others who see it."""
    wave = seen_wave(request, pk)
    require_edit(request.user, wave.survey)
    return wave


def require_writer(request: HttpRequest) -> None:
    if not may_write(request.user):
        raise NotAllowed("Your role does not let you record anything here for anybody.")


def sent(request: HttpRequest) -> Any:
    """What a form was sent with, be it nothing at all; None where the page is only asked for."""
    return request.POST if request.method == "POST" else None


def files(request: HttpRequest) -> Any:
    return request.FILES if request.method == "POST" else None


def survey_crumbs(survey: Survey, wave: Wave | None = None, last: str = "") -> list[tuple[str, str]]:
    trail = [("Surveys", reverse("surveys"))]
    trail.append((survey.title, reverse("survey", args=[survey.pk]) if wave or last else ""))
    if wave is not None:
        trail.append((wave.title, reverse("wave", args=[wave.pk]) if last else ""))
    return [*trail, (last, "")] if last else trail
