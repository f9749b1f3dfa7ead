"""The page of what the figures on one assumption say together, its plan, and its table to take away."""

from __future__ import annotations

import csv

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.core.errors import NotAllowed
from folkmoot.evidence import actions
from folkmoot.evidence.forms.effects import BecauseForm, PoolPlanForm
from folkmoot.evidence.models import PoolPlan
from folkmoot.evidence.queries.choices import may_record
from folkmoot.evidence.queries.history import changes_of_assumption
from folkmoot.evidence.queries.pooled_page import pooled_view
from folkmoot.evidence.views.common import scope_of, scopes, seen_assumption, sent
from folkmoot.evidence.views.forest import shown
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.refusals import attempt
from folkmoot.sources.cells import neutral

COLUMNS = ("study", "estimate", "standard_error", "cluster", "measure", "unit", "outcome", "horizon", "place")


def _crumbs(assumption: Assumption, last: str) -> list[tuple[str, str]]:
    trail = [
        ("Assumptions", reverse("assumptions")),
        (assumption.code or "The assumption", reverse("assumption", args=[assumption.pk])),
    ]
    if last == POOLED:
        return [*trail, (last, "")]
    return [*trail, (POOLED, reverse("pooled", args=[assumption.pk])), (last, "")]


POOLED = "What the figures say together"


@require_GET
def pooled(request: HttpRequest, pk: int) -> HttpResponse:
    """What the figures on one assumption say together."""
    assumption = seen_assumption(request, pk)
    scope = scope_of(request)
    view = pooled_view(
        assumption, viewer=request.user, scope=scope, outcome=request.GET.get("outcome", "")[:200]
    )
    context = {
        "assumption": assumption,
        "view": view,
        "pools": [shown(one, number) for number, one in enumerate(view.pools)],
        "planned": shown(view.planned, len(view.pools)) if view.planned else None,
        "outcome": request.GET.get("outcome", "")[:200],
        "changes": changes_of_assumption(assumption, viewer=request.user, scope=scope),
        "plans": [(one, may_edit(request.user, one)) for one in view.plans],
        "may_record": may_record(request.user),
        "crumbs": _crumbs(assumption, POOLED),
        "section": "assumptions",
        **scopes(request),
    }
    return render(request, "evidence/pooled.html", context)


@require_GET
def pooled_table(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures that can be pooled as a table, for ``folkmoot analyse pool`` or any other program."""
    assumption = seen_assumption(request, pk)
    view = pooled_view(assumption, viewer=request.user, scope=scope_of(request))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="figures-{assumption.pk}.csv"'
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    pools = (*([view.planned] if view.planned else []), *view.pools)
    # what a plan pools is a part of all that can be: each figure is one row
    listed = {one.effect.pk: one for pool in pools for one in pool.entries}
    for one in listed.values():
        effect = one.effect
        writer.writerow([
            neutral(one.key), repr(effect.estimate), repr(effect.standard_error), neutral(one.sample),
            effect.measure, neutral(effect.unit), neutral(effect.outcome), neutral(effect.horizon),
            neutral(effect.place),
        ])  # fmt: skip
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def pool_plan_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Register by which rule the figures on an assumption are pooled."""
    assumption = seen_assumption(request, pk)
    if not may_record(request.user):
        raise NotAllowed("Your role does not let you register a plan for anybody.")
    form = PoolPlanForm(sent(request), user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            names = (
                "measure",
                "unit",
                "outcome",
                "lowest_level",
                "only_here",
                "rule",
                "smallest_change",
                "because",
            )
            made, status = attempt(
                form,
                lambda: actions.register_pool_plan(
                    assumption,
                    **{name: given[name] for name in names},
                    owner=form.chosen_owner,
                    visibility=form.chosen_visibility,
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(request, "The plan is registered. It cannot be changed any more.")
                return redirect("pooled", pk=pk)
    context = {
        "form": form,
        "assumption": assumption,
        "crumbs": _crumbs(assumption, "Register a plan"),
        "section": "assumptions",
    }
    return render(request, "evidence/pool_plan_new.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def pool_plan_give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a plan up before its result is known."""
    plan = get_object_or_404(
        PoolPlan.objects.visible_to(request.user).select_related("organisation", "team"), pk=pk
    )
    assumption = seen_assumption(request, plan.assumption_id)
    if not may_edit(request.user, plan):
        raise NotAllowed(f"Only people who edit for {plan.owner_label} can change this.")
    form = BecauseForm(sent(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            made, status = attempt(
                form,
                lambda: actions.give_up_pool_plan(
                    plan, because=form.cleaned_data["because"], by=request.user
                ),
            )
            if made is not None:
                messages.success(request, "The plan is given up. It stays to be read, with the reason.")
                return redirect("pooled", pk=assumption.pk)
    context = {
        "form": form,
        "plan": plan,
        "assumption": assumption,
        "crumbs": _crumbs(assumption, "Give a plan up"),
        "section": "assumptions",
    }
    return render(request, "evidence/pool_plan_give_up.html", context, status=status)
