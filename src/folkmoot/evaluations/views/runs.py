"""Pages of runs: asking for one, seeing what came out, taking the table and the script away."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.core.errors import NotYet
from folkmoot.evaluations.actions.runs import RUNNABLE, ask_run
from folkmoot.evaluations.forms.runs import RunForm
from folkmoot.evaluations.models import Dataset, Plan, Run
from folkmoot.evaluations.queries.findings import chain_factors
from folkmoot.evaluations.queries.runs import download_name, run_page, runs_seen
from folkmoot.evaluations.script import script_of
from folkmoot.evaluations.storing import path_of
from folkmoot.evaluations.views.common import SECTION, edited_plan, plan_crumbs, sent
from folkmoot.jobs.models import Job
from folkmoot.jobs.queries import shown
from folkmoot.organisations.policies import require_edit
from folkmoot.organisations.refusals import attempt


@login_required
@require_http_methods(["GET", "POST"])
def run_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the table and its columns; the run is worked out in the background."""
    plan = edited_plan(request, pk)
    if plan.state not in RUNNABLE:
        raise NotYet(
            "Register the plan first: a run shows results, and a plan written after them foretells nothing."
        )
    tables = list(Dataset.objects.filter(plan=plan, erased_at=None).order_by("-pk"))
    if not tables:
        raise NotYet("Bring a table to this plan first.")
    table = _chosen(tables, request.GET.get("table", ""))
    design = request.GET.get("design", "")
    design = design if design in Plan.Design.values else plan.design
    factors = tuple(
        one for one in chain_factors(plan, viewer=request.user) if one.pk != plan.assumption.effect_id
    )
    form, status = RunForm(sent(request), plan=plan, table=table, design=design, factors=factors), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            run, status = attempt(
                form,
                lambda: ask_run(
                    plan,
                    dataset=table,
                    choices=form.choices,
                    design=design,
                    by=request.user,
                    **form.asked,  # type: ignore[arg-type]
                ),
            )
            if run is not None:
                return redirect("run", pk=run.pk)
    context = {
        "plan": plan,
        "tables": tables,
        "table": table,
        "design": design,
        "designs": Plan.Design.choices,
        "otherwise": design != plan.design,
        "form": form,
        "crumbs": plan_crumbs(plan, "Work it out"),
        "section": SECTION,
    }
    return render(request, "evaluations/run_new.html", context, status=status)


def _chosen(tables: list[Dataset], word: str) -> Dataset:
    wanted = int(word) if word.isdecimal() and len(word) < 19 else 0
    return next((one for one in tables if one.pk == wanted), tables[0])


@never_cache
@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """What came out of a run, what limits it, and how to have the same figures elsewhere."""
    found = seen_run(request, pk)
    if request.headers.get("X-Part") == "progress" and found.job_id:
        # a script asks for the progress alone
        job = get_object_or_404(Job, pk=found.job_id)
        return render(request, "jobs/parts/progress.html", {"row": shown(job, viewer=request.user)})
    context = {
        "page": run_page(found, viewer=request.user),
        "run": found,
        "plan": found.plan,
        "crumbs": [*plan_crumbs(found.plan, f"Run {found.pk}")],
        "section": SECTION,
    }
    return render(request, "evaluations/run.html", context)


@require_GET
def run_script(request: HttpRequest, pk: int) -> HttpResponse:
    """A short script that gives the same figures outside, from the downloaded table alone."""
    found = seen_run(request, pk)
    if found.state != Run.State.DONE:
        raise Http404
    answer = HttpResponse(script_of(found), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="folkmoot_run_{found.pk}.py"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
@require_GET
def run_data(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The table of a run, as it was brought, for those who edit for its owner."""
    found = seen_run(request, pk)
    require_edit(request.user, found.plan)
    if found.dataset.erased_at is not None:
        raise NotYet(
            f"This table was erased on {found.dataset.erased_at:%-d %B %Y}: {found.dataset.erased_why}"
        )
    answer = FileResponse(
        path_of(found.dataset.kept_as).open("rb"),
        as_attachment=True,
        filename=download_name(found.dataset),
        content_type="application/octet-stream",
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def seen_run(request: HttpRequest, pk: int) -> Run:
    """The run as this person may see it; 404 for everybody else."""
    found: Run = get_object_or_404(runs_seen(request.user), pk=pk)
    return found
