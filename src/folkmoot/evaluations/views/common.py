"""What the pages of plans and of the board share: finding a row as its reader sees it, who may write, crumbs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from folkmoot.core.errors import NotAllowed
from folkmoot.evaluations.models import Offer, Plan, Request
from folkmoot.evaluations.queries.board import offers_for
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.policies import require_edit
from folkmoot.surveys.queries.choices import may_write

SECTION = "assumptions"


def seen_plan(request: HttpRequest, pk: int) -> Plan:
    """The plan as this person may see it; 404 for everybody else."""
    rows = Plan.objects.visible_to(request.user).select_related(
        "assumption__cause",
        "assumption__effect",
        "assumption__organisation",
        "assumption__team",
        "organisation",
        "team",
        "indicator",
        "history",
    )
    found: Plan = get_object_or_404(rows, pk=pk)
    return found


def edited_plan(request: HttpRequest, pk: int) -> Plan:
    """The plan, for those who edit for its owner; 403 for others who see it."""
    plan = seen_plan(request, pk)
    require_edit(request.user, plan)
    return plan


def seen_request(request: HttpRequest, pk: int) -> Request:
    rows = Request.objects.visible_to(request.user).select_related(
        "assumption__cause", "assumption__effect", "organisation", "team"
    )
    found: Request = get_object_or_404(rows, pk=pk)
    return found


def seen_offer(request: HttpRequest, pk: int) -> Offer:
    """The offer, for whoever made it and whoever asked; nobody else learns that it is there."""
    rows = offers_for(request.user).select_related("request__organisation", "request__team")
    found: Offer = get_object_or_404(rows, pk=pk)
    return found


def asked_assumption(request: HttpRequest) -> Assumption | None:
    """The assumption that the address names, where this person may see it."""
    word = request.GET.get("assumption", "")
    if not word.isdecimal() or len(word) > 18:
        return None
    rows = Assumption.objects.visible_to(request.user).select_related("cause", "effect")
    found: Assumption | None = rows.filter(pk=int(word)).first()
    return found


def require_writer(request: HttpRequest) -> None:
    if not may_write(request.user):
        raise NotAllowed("Your role does not let you record anything here for anybody.")


def sent(request: HttpRequest) -> Any:
    """What a form was sent with, be it nothing at all; None where the page is only asked for."""
    return request.POST if request.method == "POST" else None


def plan_crumbs(plan: Plan, last: str = "") -> list[tuple[str, str]]:
    trail = [("Plans", reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]) if last else "")]
    return [*trail, (last, "")] if last else trail


def request_crumbs(asked: Request, last: str = "") -> list[tuple[str, str]]:
    trail = [("Board", reverse("board")), (str(asked), reverse("request", args=[asked.pk]) if last else "")]
    return [*trail, (last, "")] if last else trail
