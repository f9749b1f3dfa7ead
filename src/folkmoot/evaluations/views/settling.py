"""What becomes of a plan: asked whether it could see it, registered, departed from, given up, shared."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.core.errors import NotYet
from folkmoot.evaluations.actions import plans as actions
from folkmoot.evaluations.forms.plans import BecauseForm, DepartureForm, ReachForm, RegisterForm
from folkmoot.evaluations.looking import look
from folkmoot.evaluations.models import Plan
from folkmoot.evaluations.queries.plans import plan_page
from folkmoot.evaluations.views.common import SECTION, edited_plan, plan_crumbs, seen_plan, sent
from folkmoot.jobs.models import Job
from folkmoot.organisations.refusals import attempt
from folkmoot.surveys.forms.owning import reach_of, visibility_for


@login_required
@require_POST
def plan_sight(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask again whether the plan, as it stands, could see it."""
    row = edited_plan(request, pk)
    found = look(row, by=request.user)
    if isinstance(found, Job):
        messages.success(request, "It is being tried on the past figures: that takes a while.")
    else:
        messages.success(request, "It was tried on the past figures.")
    return redirect("plan", pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def plan_register(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a plan: what it says is shown once more, then it is frozen."""
    row = edited_plan(request, pk)
    if row.registered_at is not None or row.state != Plan.State.DRAFT:
        raise NotYet("Only a plan that is being drawn up can be registered.")
    form = RegisterForm(sent(request), initial={"version": row.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            saved, status = attempt(
                form,
                lambda: actions.register_plan(
                    row, expected=form.cleaned_data["version"] or 0, by=request.user
                ),
            )
            if saved is not None:
                messages.success(request, "The plan is registered. From here on it is only departed from.")
                return redirect("plan", pk=pk)
            row = seen_plan(request, pk)
    context = {
        "form": form,
        "plan": row,
        "page": plan_page(row, viewer=request.user),
        "crumbs": plan_crumbs(row, "Register"),
        "section": SECTION,
    }
    return render(request, "evaluations/plan_register.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def plan_departure(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is done otherwise than registered, and why."""
    row = edited_plan(request, pk)
    if row.registered_at is None:
        raise NotYet("A plan that is not registered is simply changed.")
    form = DepartureForm(sent(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            saved, status = attempt(
                form, lambda: actions.record_departure(row, by=request.user, **form.cleaned_data)
            )
            if saved is not None:
                messages.success(request, "The departure stands beside the plan.")
                return redirect("plan", pk=pk)
    context = {"form": form, "plan": row, "crumbs": plan_crumbs(row, "Departure"), "section": SECTION}
    return render(request, "evaluations/plan_departure.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def plan_cannot(request: HttpRequest, pk: int) -> HttpResponse:
    """“Cannot be measured, because …”: a verdict with its reason."""
    return _verdict(
        request,
        pk,
        heading="Say that it cannot be measured",
        lead="A verdict like any other. It stands with the plan and on the page of the assumption, and can be taken back.",
        label="It cannot be measured, because",
        button="Record the verdict",
        do=lambda row, because, version: actions.say_cannot(
            row, because=because, expected=version, by=request.user
        ),
        done="The verdict is recorded.",
        states={Plan.State.DRAFT, Plan.State.REGISTERED},
    )


@login_required
@require_http_methods(["GET", "POST"])
def plan_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a plan up, with the reason."""
    return _verdict(
        request,
        pk,
        heading="Give the plan up",
        lead="The plan stays, with the reason: studies that end quietly bend what is known.",
        label="It is given up, because",
        button="Give it up",
        do=lambda row, because, version: actions.stop_plan(
            row, because=because, expected=version, by=request.user
        ),
        done="The plan is given up.",
        states={Plan.State.DRAFT, Plan.State.REGISTERED},
    )


@login_required
@require_http_methods(["GET", "POST"])
def plan_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that it cannot be measured, or that it was given up."""
    return _verdict(
        request,
        pk,
        heading="Take the verdict back",
        lead="The plan is then again what it was before. What was said, and why it is taken back, stays listed.",
        label="It is taken back, because",
        button="Take it back",
        do=lambda row, because, version: actions.take_back_verdict(
            row, why=because, expected=version, by=request.user
        ),
        done="The verdict is taken back.",
        states={Plan.State.CANNOT, Plan.State.STOPPED},
    )


def _verdict(
    request: HttpRequest,
    pk: int,
    *,
    heading: str,
    lead: str,
    label: str,
    button: str,
    do: Callable[[Plan, str, int], Plan],
    done: str,
    states: set[Plan.State],
) -> HttpResponse:
    row = edited_plan(request, pk)
    if row.state not in states:
        raise NotYet(f"This plan is “{row.get_state_display()}”, so that cannot be said of it.")
    form = BecauseForm(sent(request), initial={"version": row.version})
    form.fields["because"].label = label
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            saved, status = attempt(form, lambda: do(row, given["because"], given["version"] or 0))
            if saved is not None:
                messages.success(request, done)
                return redirect("plan", pk=pk)
            row = seen_plan(request, pk)
    context = {
        "form": form,
        "plan": row,
        "heading": heading,
        "lead": lead,
        "button": button,
        "crumbs": plan_crumbs(row, heading),
        "section": SECTION,
    }
    return render(request, "evaluations/plan_because.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def plan_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who may see a plan."""
    row = edited_plan(request, pk)
    form = ReachForm(sent(request), initial={"reach": reach_of(row), "version": row.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            reach = visibility_for(form.cleaned_data["reach"], "team" if row.team_id else "organisation")
            saved, status = attempt(
                form,
                lambda: actions.share_plan(
                    row, visibility=reach, expected=form.cleaned_data["version"] or 0, by=request.user
                ),
            )
            if saved is not None:
                messages.success(request, "It is saved who may see the plan.")
                return redirect("plan", pk=pk)
            row = seen_plan(request, pk)
    context = {"form": form, "plan": row, "crumbs": plan_crumbs(row, "Who may see it"), "section": SECTION}
    return render(request, "evaluations/plan_share.html", context, status=status)


@require_GET
def plan_frozen(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan word for word as it was registered, in the writing whose sum is shown on its page.

    It tells of the assumption, the indicator and the past figures too, so it is for those who see them all.
    """
    row = seen_plan(request, pk)
    page = plan_page(row, viewer=request.user)
    if row.registered_at is None or not page.all_seen:
        raise Http404
    text = json.dumps(row.frozen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="plan-{row.pk}.json"'
    return response
