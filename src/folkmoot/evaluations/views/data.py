"""Pages of a plan's tables: bringing one, taking published figures or answers, erasing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.evaluations.actions.data import CLOSED, bring_table, erase_table, take_series, take_waves
from folkmoot.evaluations.forms.data import EraseTableForm, SeriesTableForm, TableForm, WavesTableForm
from folkmoot.evaluations.models import Dataset, Plan
from folkmoot.evaluations.queries.choices import surveys_with_answers
from folkmoot.evaluations.tables import read_brought
from folkmoot.evaluations.views.common import SECTION, edited_plan, plan_crumbs, sent
from folkmoot.organisations.refusals import attempt, tell


@login_required
@require_http_methods(["GET", "POST"])
def plan_data(request: HttpRequest, pk: int) -> HttpResponse:
    """The tables of a plan, and a form for another. Nothing is kept of a file that names people."""
    plan = edited_plan(request, pk)
    if plan.state in CLOSED:
        raise NotYet(f"This plan is closed ({plan.get_state_display().lower()}), so it takes no data.")
    form, status = TableForm(sent(request), request.FILES or None), 200
    if request.method == "POST":
        form, status, kept = _brought(request, plan)
        if kept is not None:
            messages.success(
                request,
                f"Read {kept.read:,}, used {kept.used:,}, set aside {kept.read - kept.used:,}.",
            )
            return redirect("plan_data", pk=plan.pk)
    return _page(request, plan, {"form": form}, status=status)


def _brought(request: HttpRequest, plan: Plan) -> tuple[TableForm, int, Dataset | None]:
    """Read what was sent; where columns sound like people the form comes back and asks of which nobody is named."""
    first = TableForm(request.POST, request.FILES)
    if not first.is_valid():
        return first, 422, None
    given = first.cleaned_data["chosen"]
    content: bytes = given.read()
    try:
        suspects = read_brought(given.name, content).suspects
    except FolkmootError as error:
        return first, tell(first, error, field="chosen"), None
    form = TableForm(request.POST, request.FILES, suspects=suspects)
    form.is_valid()
    vouched = form.cleaned_data.get("vouched", [])
    kept, status = attempt(
        form,
        lambda: bring_table(plan, name=given.name, content=content, vouched=vouched, by=request.user),  # type: ignore[arg-type]
        field="chosen",
    )
    return form, status, kept


@login_required
@require_http_methods(["GET", "POST"])
def plan_data_series(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures of a published series, frozen as they stand today."""
    plan = edited_plan(request, pk)
    form, status = SeriesTableForm(sent(request), user=request.user, initial={"series": plan.history_id}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            kept, status = attempt(
                form,
                lambda: take_series(
                    plan,
                    series=given["series"],
                    starts=given["starts"],
                    only=given["only"],
                    by=request.user,  # type: ignore[arg-type]
                ),
            )
            if kept is not None:
                messages.success(request, f"Frozen: {kept.used:,} figures as they stand today.")
                return redirect("plan_data", pk=plan.pk)
    context = {
        "plan": plan,
        "form": form,
        "crumbs": plan_crumbs(plan, "Take published figures"),
        "section": SECTION,
    }
    return render(request, "evaluations/plan_data_series.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def plan_data_survey(request: HttpRequest, pk: int, survey: int) -> HttpResponse:
    """The answers of waves of one of the owner's surveys, frozen as they stand today."""
    plan = edited_plan(request, pk)
    chosen = next((one for one in surveys_with_answers(plan) if one.pk == survey), None)
    if chosen is None:
        raise Http404
    form, status = WavesTableForm(sent(request), survey=chosen), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            kept, status = attempt(
                form,
                lambda: take_waves(plan, waves=given["waves"], taken=form.taken(), by=request.user),  # type: ignore[arg-type]
            )
            if kept is not None:
                messages.success(request, f"Frozen: {kept.used:,} rows as they stand today.")
                return redirect("plan_data", pk=plan.pk)
    context = {
        "plan": plan,
        "survey": chosen,
        "form": form,
        "crumbs": plan_crumbs(plan, "Take the answers of a survey"),
        "section": SECTION,
    }
    return render(request, "evaluations/plan_data_survey.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def data_erase(request: HttpRequest, pk: int, table: int) -> HttpResponse:
    """Erase a table for good."""
    plan = edited_plan(request, pk)
    dataset = get_object_or_404(Dataset.objects.select_related("plan"), pk=table, plan=plan, erased_at=None)
    form, status = EraseTableForm(sent(request)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            done, status = attempt(
                form,
                lambda: erase_table(dataset, why=form.cleaned_data["why"], by=request.user),  # type: ignore[arg-type]
            )
            if done is not None:
                messages.success(request, "The table is erased.")
                return redirect("plan_data", pk=plan.pk)
    context = {
        "plan": plan,
        "table": dataset,
        "form": form,
        "crumbs": plan_crumbs(plan, "Erase a table"),
        "section": SECTION,
    }
    return render(request, "evaluations/data_erase.html", context, status=status)


def _page(request: HttpRequest, plan: Plan, context: dict[str, Any], *, status: int) -> HttpResponse:
    context |= {
        "plan": plan,
        "tables": list(
            Dataset.objects.filter(plan=plan)
            .select_related("series")
            .prefetch_related("waves__survey")
            .order_by("-pk")
        ),
        "surveys": surveys_with_answers(plan),
        "may_run": plan.state in {Plan.State.REGISTERED, Plan.State.FOUND},
        "crumbs": plan_crumbs(plan, "Data"),
        "section": SECTION,
    }
    return render(request, "evaluations/plan_data.html", context, status=status)
