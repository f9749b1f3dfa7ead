"""Commitments and dual-benefit claims."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.organisations.context import home_of
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.policies import may_edit, require_edit, require_edit_for
from folkmoot.organisations.refusals import attempt
from folkmoot.sources.models import Passage
from folkmoot.strategies import actions, queries
from folkmoot.strategies.forms import CommitmentForm, DualBenefitForm, DualBenefitTestForm, SettleForm
from folkmoot.strategies.models import Commitment, DualBenefit, Objective
from folkmoot.strategies.views.common import editing_for, required_home
from folkmoot.strategies.views.objectives import crumbs, passage_asked, passage_context, seen


@require_GET
def commitments(request: HttpRequest) -> HttpResponse:
    home = home_of(request)
    context = {
        "promises": queries.promises(viewer=request.user, organisation=home, today=timezone.localdate()),
        "home": home,
        "may_edit": editing_for(request) is not None,
        "section": "aims",
    }
    return render(request, "strategies/commitments.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def commitment_new(request: HttpRequest) -> HttpResponse:
    passage = passage_asked(request)
    objective = _objective_asked(request)
    organisation = _organisation(request, passage, objective)
    shown = passage_context(request, passage)
    words = shown.get("words")
    initial = {"objective": objective, "text": words.text if words and words.text else ""}
    form = CommitmentForm(request.POST or None, organisation=organisation, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        writing_for = organisation or required_home(request)
        require_edit_for(request.user, organisation_id=writing_for.pk)
        if form.is_valid():
            given = dict(form.cleaned_data)
            made, status = attempt(
                form,
                lambda: actions.create_commitment(
                    given.pop("text"), organisation=writing_for, passage=passage, by=request.user, **given
                ),
            )
            if made is not None:
                messages.success(request, "The promise is recorded.")
                return redirect(_after(made, shown.get("back", "")))
    may = may_edit(request.user, passage.source) if passage else editing_for(request) is not None
    context = {"form": form, "may_edit": may, "section": "aims", **shown}
    return render(request, "strategies/commitment_new.html", context, status=status)


def _objective_asked(request: HttpRequest) -> Objective | None:
    asked = request.GET.get("objective", "")
    return seen(request, int(asked)) if asked.isdecimal() and len(asked) < 12 else None


def _organisation(
    request: HttpRequest, passage: Passage | None, objective: Objective | None
) -> Organisation | None:
    if passage is not None:
        return passage.source.organisation
    return objective.organisation if objective is not None else home_of(request)


def _after(made: Commitment, back: str) -> str:
    if back:
        return back
    return reverse("objective", args=[made.objective_id]) if made.objective_id else reverse("commitments")


@login_required
@require_http_methods(["GET", "POST"])
def commitment_settle(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Commitment.objects.visible_to(request.user).select_related("organisation", "objective"), pk=pk
    )
    form = SettleForm(
        request.POST or None, initial={"version": found.version, "state": found.state, "why": found.why}
    )
    status = 200
    if request.method == "POST":
        status = 422
        require_edit(request.user, found)
        if form.is_valid():
            given = form.cleaned_data
            draft = Commitment.objects.get(pk=pk)
            made, status = attempt(
                form,
                lambda: actions.settle_commitment(
                    draft,
                    state=given["state"],
                    why=given["why"],
                    expected=given["version"],
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(request, "It is recorded how the promise stands.")
                return redirect("commitments")
    context = {
        "commitment": found,
        "form": form,
        "may_edit": may_edit(request.user, found),
        "crumbs": [("Aims", reverse("aims")), ("Promises", reverse("commitments")), ("Settle", "")],
        "section": "aims",
    }
    return render(request, "strategies/commitment_settle.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def dual_benefit_new(request: HttpRequest, pk: int) -> HttpResponse:
    objective = seen(request, pk)
    form = DualBenefitForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        require_edit(request.user, objective)
        if form.is_valid():
            made, status = attempt(
                form,
                lambda: actions.claim_dual_benefit(objective, by=request.user, **form.cleaned_data),
            )
            if made is not None:
                messages.success(request, "The claim is recorded. It stands as untested.")
                return redirect("objective", pk=pk)
    context = {
        "objective": objective,
        "form": form,
        "may_edit": may_edit(request.user, objective),
        "crumbs": crumbs(objective, "Claim a dual benefit"),
        "section": "aims",
    }
    return render(request, "strategies/dual_benefit_new.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def dual_benefit_test(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        DualBenefit.objects.visible_to(request.user).select_related("objective", "organisation"), pk=pk
    )
    initial = {"version": found.version, "status": found.status, "why": found.why}
    form = DualBenefitTestForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        require_edit(request.user, found)
        if form.is_valid():
            given = form.cleaned_data
            draft = DualBenefit.objects.get(pk=pk)
            made, status = attempt(
                form,
                lambda: actions.test_dual_benefit(
                    draft,
                    status=given["status"],
                    why=given["why"],
                    expected=given["version"],
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(request, "It is recorded how the claim stands.")
                return redirect("objective", pk=found.objective_id)
    context = {
        "claim": found,
        "objective": found.objective,
        "form": form,
        "may_edit": may_edit(request.user, found),
        "crumbs": crumbs(found.objective, "Test a dual benefit"),
        "section": "aims",
    }
    return render(request, "strategies/dual_benefit_test.html", context, status=status)
