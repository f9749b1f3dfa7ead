"""Pages of plans: the list, one plan, drawing one up and changing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.core.errors import NotYet
from folkmoot.evaluations.actions import board as board_actions
from folkmoot.evaluations.actions import plans as actions
from folkmoot.evaluations.forms.plans import NewPlanForm, PlanForm, beginning_of_edit
from folkmoot.evaluations.looking import latest_job, look
from folkmoot.evaluations.models import Offer, Plan
from folkmoot.evaluations.queries.board import offers_for
from folkmoot.evaluations.queries.plans import beginning_of, listed_plans, plan_page, plan_rows
from folkmoot.evaluations.queries.runs import runs_of
from folkmoot.evaluations.sight.asking import asked_of
from folkmoot.evaluations.sight.designs import uses_past
from folkmoot.evaluations.views.common import (
    SECTION,
    asked_assumption,
    edited_plan,
    plan_crumbs,
    require_writer,
    seen_plan,
    sent,
)
from folkmoot.jobs.models import Job
from folkmoot.jobs.queries import shown
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.refusals import attempt
from folkmoot.surveys.queries.choices import may_write


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """Every plan that this person may see, by its state."""
    state = request.GET.get("state", "")
    about = asked_assumption(request)
    found = listed_plans(request.user, state=state, assumption=about.pk if about else None)
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": plan_rows(list(page.object_list), viewer=request.user),
        "states": Plan.State.choices,
        "state": state if state in Plan.State.values else "",
        "about": about,
        "may_write": may_write(request.user),
        "section": SECTION,
    }
    return render(request, "evaluations/plans.html", context)


@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: could it see it, what would work instead, what it says, and what became of it."""
    row = seen_plan(request, pk)
    editing = may_edit(request.user, row)
    job = latest_job(row) if editing and row.registered_at is None else None
    context = {
        "plan": row,
        "page": plan_page(row, viewer=request.user),
        "runs": runs_of(row, request.user),
        "may_edit": editing,
        "job": None if job is None or job.state == Job.State.DONE else shown(job, viewer=request.user),
        "crumbs": plan_crumbs(row),
        "section": SECTION,
    }
    return render(request, "evaluations/plan.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def plan_new(request: HttpRequest) -> HttpResponse:
    """Draw up a plan, beginning with what is known of the assumption."""
    require_writer(request)
    offer = _accepted_offer(request)
    about = offer.request.assumption if offer else asked_assumption(request)
    begin: dict[str, Any] = {
        "scale": "share",
        **(beginning_of(about, own="own" in request.GET) if about else {}),
    }
    if offer:
        begin["owner"] = f"team-{offer.team_id}" if offer.team_id else f"organisation-{offer.organisation_id}"
    form = NewPlanForm(sent(request), user=request.user, initial=begin)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():

            def save() -> Plan:
                return actions.create_plan(
                    form.chosen_assumption,
                    owner=form.chosen_owner,
                    visibility=form.chosen_visibility,
                    rivals=form.rivals,
                    by=request.user,
                    **form.details(),
                )

            made, status = attempt(form, save)
            if made is not None:
                if offer and offer.request.assumption_id == made.assumption_id:
                    board_actions.join_plan(offer.request, plan=made, by=request.user)
                return _tried(request, made, "The plan is drawn up.")
    context = {
        "form": form,
        "about": about,
        "offer": offer,
        "people_open": form.is_bound or begin.get("design") in {"trial", "cluster"},
        "crumbs": [("Plans", reverse("plans")), ("New plan", "")],
        "section": SECTION,
    }
    return render(request, "evaluations/plan_edit.html", context, status=status)


def _accepted_offer(request: HttpRequest) -> Offer | None:
    """The offer that the address names, where it was taken up and this person works for whoever made it."""
    word = request.GET.get("offer", "")
    if not word.isdecimal() or len(word) > 18:
        return None
    found = (
        offers_for(request.user)
        .filter(pk=int(word), state=Offer.State.ACCEPTED, request__plan=None)
        .select_related("request__assumption__cause", "request__assumption__effect")
        .first()
    )
    return found if found is not None and may_edit(request.user, found) else None


@login_required
@require_http_methods(["GET", "POST"])
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a plan that is still being drawn up."""
    row = edited_plan(request, pk)
    if row.registered_at is not None or row.state != Plan.State.DRAFT:
        raise NotYet("Only a plan that is being drawn up can be changed. Record a departure instead.")
    form = PlanForm(
        sent(request), user=request.user, rows=row.rivals.count() + 1, initial=beginning_of_edit(row)
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            saved, status = attempt(
                form,
                lambda: actions.revise_plan(
                    row,
                    expected=form.cleaned_data["version"] or 0,
                    rivals=form.rivals,
                    by=request.user,
                    **form.details(),
                ),
            )
            if saved is not None:
                return _tried(request, saved, "The plan is saved.")
            row = seen_plan(request, pk)
    context = {
        "form": form,
        "plan": row,
        "people_open": form.is_bound or row.history_id is None or not uses_past(asked_of(row)),
        "crumbs": plan_crumbs(row, "Change"),
        "section": SECTION,
    }
    return render(request, "evaluations/plan_edit.html", context, status=status)


def _tried(request: HttpRequest, row: Plan, words: str) -> HttpResponse:
    """Try the plan on its past figures as it now stands, and show it."""
    found = look(row, by=request.user)
    if isinstance(found, Job):
        messages.success(request, f"{words} It is being tried on the past figures: that takes a while.")
    else:
        messages.success(request, words)
    return redirect("plan", pk=row.pk)
