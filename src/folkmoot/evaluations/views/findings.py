"""Pages of a finding: recording it, reading it, judging, sharing and withdrawing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.core.errors import NotYet
from folkmoot.evaluations.actions import findings as actions
from folkmoot.evaluations.forms.findings import (
    FindingForm,
    FindingShareForm,
    FindingStateForm,
    FindingWithdrawForm,
    MarkForm,
    visibility_for,
)
from folkmoot.evaluations.models import Finding, Run
from folkmoot.evaluations.queries.findings import chain_factors, finding_page, findings_seen, to_mark
from folkmoot.evaluations.queries.runs import run_page
from folkmoot.evaluations.views.common import SECTION, plan_crumbs, sent
from folkmoot.evaluations.views.runs import seen_run
from folkmoot.organisations.policies import require_edit
from folkmoot.organisations.refusals import attempt
from folkmoot.surveys.forms.owning import reach_of


@login_required
@require_http_methods(["GET", "POST"])
def run_finding_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what a run found, factor by factor; the rule and what it gives stand above the form."""
    run = seen_run(request, pk)
    require_edit(request.user, run.plan)
    if run.state != Run.State.DONE or run.factor_id is not None:
        raise NotYet("A finding is made from a run of the plan’s own outcome that is done.")
    if Finding.objects.filter(run=run).exists():
        return redirect("run_finding", pk=run.pk)
    plan, data = run.plan, sent(request)
    factors = [one for one in chain_factors(plan, viewer=request.user) if one.pk != plan.assumption.effect_id]
    earlier = Finding.objects.filter(plan=plan, withdrawn_at=None).exclude(state="superseded").exists()
    form = FindingForm(data, plan=plan, factors=factors, earlier=earlier)
    rows = [MarkForm(data, row=one) for one in to_mark(plan, viewer=request.user)]
    status = 200
    if request.method == "POST":
        status = 422
        # every row is asked, so that each says what is wrong with it
        wrong = [one for one in (form, *rows) if not one.is_valid()]
        if not wrong:
            made, status = attempt(form, lambda: _recorded(request, run, form, rows))
            if made is not None:
                messages.success(
                    request,
                    "The finding is recorded. It stands among the evidence, for somebody else to appraise.",
                )
                return redirect("run_finding", pk=run.pk)
    context = {
        "run": run,
        "plan": plan,
        "page": run_page(run, viewer=request.user),
        "form": form,
        "rows": rows,
        "crumbs": plan_crumbs(plan, "Record the finding"),
        "section": SECTION,
    }
    return render(request, "evaluations/finding_new.html", context, status=status)


def _recorded(request: HttpRequest, run: Run, form: FindingForm, rows: list[MarkForm]) -> Finding:
    given = form.given
    drafts = [one.draft() for one in rows if one.row.factor.pk != given["manipulated"].pk]
    return actions.record_finding(
        run,
        marks=[one for one in drafts if one is not None],
        visibility=visibility_for(form.cleaned_data["reach"], "team" if run.plan.team_id else "organisation"),
        by=request.user,  # type: ignore[arg-type]
        **given,
    )


@require_GET
def run_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: its sentence, its figures, factor by factor, its limits, its state."""
    finding = seen_finding(request, pk)
    context = {
        "page": finding_page(finding, viewer=request.user),
        "finding": finding,
        "plan": finding.plan,
        "crumbs": plan_crumbs(finding.plan, "Finding"),
        "section": SECTION,
    }
    return render(request, "evaluations/finding.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def run_finding_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or dispute a finding."""
    finding = _edited(request, pk)
    states = finding_page(finding, viewer=request.user).states
    if not states:
        raise NotYet(
            "There is nothing that you could make of this finding now. Somebody other than who recorded it confirms it."
        )
    form = FindingStateForm(sent(request), states=states, initial={"version": finding.version})
    return _written(
        request,
        finding,
        form,
        lambda given: actions.judge_finding(
            finding,
            state=given["state"],
            why=given["why"],
            expected=given["version"],
            by=request.user,  # type: ignore[arg-type]
        ),
        title="Confirm or dispute the finding",
        button="Save",
    )


@login_required
@require_http_methods(["GET", "POST"])
def run_finding_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a finding with its reason; every standing that it counted for follows."""
    finding = _edited(request, pk)
    if finding.withdrawn_at is not None:
        raise NotYet("This finding was withdrawn already.")
    form = FindingWithdrawForm(sent(request), initial={"version": finding.version})
    return _written(
        request,
        finding,
        form,
        lambda given: actions.withdraw_finding(
            finding,
            because=given["because"],
            expected=given["version"],
            by=request.user,  # type: ignore[arg-type]
        ),
        title="Withdraw the finding",
        button="Withdraw it",
    )


@login_required
@require_http_methods(["GET", "POST"])
def run_finding_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how far a finding is shared."""
    finding = _edited(request, pk)
    form = FindingShareForm(sent(request), initial={"version": finding.version, "reach": reach_of(finding)})
    owner = "team" if finding.team_id else "organisation"
    return _written(
        request,
        finding,
        form,
        lambda given: actions.share_finding(
            finding,
            visibility=visibility_for(given["reach"], owner),
            expected=given["version"],
            by=request.user,  # type: ignore[arg-type]
        ),
        title="Who may see the finding",
        button="Save",
    )


def _written(
    request: HttpRequest, finding: Finding, form: Any, write: Any, *, title: str, button: str
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            done, status = attempt(form, lambda: write(form.cleaned_data))
            if done is not None:
                return redirect("run_finding", pk=finding.run_id)
    context = {
        "finding": finding,
        "plan": finding.plan,
        "form": form,
        "title": title,
        "button": button,
        "crumbs": plan_crumbs(finding.plan, title),
        "section": SECTION,
    }
    return render(request, "evaluations/finding_form.html", context, status=status)


def seen_finding(request: HttpRequest, pk: int) -> Finding:
    """The finding of this run as the person may see it; 404 for everybody else."""
    found: Finding = get_object_or_404(findings_seen(request.user), run__in=Run.objects.filter(pk=pk))
    return found


def _edited(request: HttpRequest, pk: int) -> Finding:
    finding = seen_finding(request, pk)
    require_edit(request.user, finding)
    return finding
