"""Pages that record a study: what it is, its marks, what a review pools, retraction and conflict."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from folkmoot.core.errors import FolkmootError, NotAllowed, Stale
from folkmoot.evidence import actions
from folkmoot.evidence.forms import (
    ConflictForm,
    MarkForms,
    PoolsForm,
    ResolveForm,
    RetractForm,
    StudyForm,
)
from folkmoot.evidence.forms.effects import BecauseForm
from folkmoot.evidence.forms.studies import StudyCorrection
from folkmoot.evidence.models import Mark, Reference, Study
from folkmoot.evidence.queries.choices import may_record
from folkmoot.evidence.views.common import crumbs, looked_at, seen_assumption, seen_study, sent
from folkmoot.mechanisms.models import Factor
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.refusals import attempt

BLANK_ROWS = 3


@login_required
@require_http_methods(["GET", "POST"])
def study_new(request: HttpRequest) -> HttpResponse:
    """Enter a study; its marks come on the next page."""
    if not may_record(request.user):
        raise NotAllowed("Your role does not let you record studies for anybody.")
    asked = request.GET.get("assumption")
    assumption = seen_assumption(request, asked) if asked else None
    reference = _waiting(request)
    form = StudyForm(sent(request), user=request.user, initial=_known_of(reference))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            made, status = attempt(
                form,
                lambda: _record(
                    reference,
                    **form.details,
                    owner=form.chosen_owner,
                    visibility=form.chosen_visibility,
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(request, "The study is recorded. Now mark what it found, factor by factor.")
                onwards = f"?assumption={assumption.pk}" if assumption else ""
                return redirect(f"{reverse('study_marks', args=[made.pk])}{onwards}")
    context = {
        "form": form,
        "assumption": assumption,
        "reference": reference,
        "crumbs": crumbs(None, "Record a study"),
    }
    return render(request, "evidence/study_new.html", context, status=status)


def _waiting(request: HttpRequest) -> Reference | None:
    """The reference on the waiting list that the study is recorded from, where one is named."""
    asked = request.GET.get("reference", "")
    if not asked.isdecimal() or len(asked) > 18:
        return None
    mine = Reference.objects.visible_to(request.user).filter(state=Reference.State.WAITING)
    return get_object_or_404(mine.select_related("organisation", "team"), pk=int(asked))


def _known_of(reference: Reference | None) -> dict[str, Any]:
    """What the reference says; what the study found, and how far it was read, only its reader knows."""
    if reference is None:
        return {}
    known = {name: getattr(reference, name) for name in ("authors", "title", "year")}
    return known | {"reference": reference.published}


def _record(paper: Reference | None, **details: Any) -> Study:
    made: Study = actions.record_reference(paper, **details) if paper else actions.record_study(**details)
    return made


@login_required
@require_http_methods(["GET", "POST"])
def study_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is recorded of a study."""
    study = _editable(request, pk)
    form = StudyCorrection(sent(request), instance=Study.objects.get(pk=pk))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            made, status = attempt(
                form,
                lambda: actions.revise_study(
                    study,
                    expected=form.cleaned_data["version"] or 0,
                    because=form.cleaned_data["because"],
                    **form.details,
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(request, "The study is saved. Every standing that uses it follows.")
                return redirect("study", pk=pk)
    context = {"form": form, "study": study, "crumbs": crumbs(study, "Correct")}
    return render(request, "evidence/study_edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def study_marks(request: HttpRequest, pk: int) -> HttpResponse:
    """The marks of a study, and rows for more. “More rows” keeps what was typed."""
    study = _editable(request, pk)
    status = 200
    if request.method == "POST" and "chance" in request.POST:
        ticked = set(request.POST.getlist("by_chance"))
        marked = Factor.objects.filter(marks__study=study).distinct()
        chosen = [one for one in marked if str(one.pk) in ticked]
        actions.set_randomised(study, factors=chosen, expected=looked_at(request), by=request.user)
        messages.success(request, "What chance decided is saved.")
        return redirect("study_marks", pk=pk)
    if request.method == "POST" and "more" in request.POST:
        forms = MarkForms(_with_more_rows(request), user=request.user)
    elif request.method == "POST":
        forms = MarkForms(request.POST, user=request.user)
        status = _store(request, study, forms) if forms.is_valid() else 422
        if status == 200:
            return redirect("study_marks", pk=pk)
    else:
        forms = MarkForms(initial=_first_rows(request), user=request.user)
    context = {
        "study": study,
        "forms": forms,
        # a form that comes back keeps the version that its writer looked at, until they see the present one
        "looked_at": looked_at(request) if "more" in request.POST else study.version,
        "plain": request.method == "POST" and "more" in request.POST,
        "marks": study.marks.select_related("factor"),
        "by_chance": set(study.randomised_at.values_list("pk", flat=True)),
        "factors": Factor.objects.filter(marks__study=study).distinct(),
        "crumbs": crumbs(study, "Marks"),
    }
    return render(request, "evidence/marks.html", context, status=status)


def _first_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """Blank rows; the first two for the cause and the effect of the assumption one comes from."""
    asked = request.GET.get("assumption")
    if not asked:
        return [{} for _ in range(BLANK_ROWS)]
    assumption = seen_assumption(request, asked)
    chosen: list[dict[str, Any]] = [{"factor": assumption.cause_id}, {"factor": assumption.effect_id}]
    return [*chosen, {}]


def _with_more_rows(request: HttpRequest) -> Any:
    given = request.POST.copy()
    number = given.get("form-TOTAL_FORMS", "")
    had = int(number) if number.isdecimal() and len(number) < 4 else BLANK_ROWS
    given["form-TOTAL_FORMS"] = str(min(had + BLANK_ROWS, 60))
    return given


def _store(request: HttpRequest, study: Study, forms: Any) -> int:
    """Write the filled rows; the status that the page answers with, 200 when they are written."""
    filled = forms.filled
    if not filled:
        forms._non_form_errors.append("Mark at least one factor: choose it and how it moved.")
        return 422
    factors = Factor.objects.visible_to(request.user).in_bulk(
        [form.cleaned_data["factor"] for form in filled]
    )
    drafts = [form.draft(factors) for form in filled]
    try:
        because = request.POST.get("because", "")[:300]
        actions.mark_factors(
            study, drafts=drafts, because=because, expected=looked_at(request), by=request.user
        )
    except NotAllowed:
        raise
    except FolkmootError as error:
        forms._non_form_errors.append(str(error))
        study.refresh_from_db(fields=["version"])
        return 412 if isinstance(error, Stale) else 422
    number = len(drafts)
    messages.success(request, f"{number} mark{'s are' if number > 1 else ' is'} saved.")
    return 200


@login_required
@require_POST
def mark_remove(request: HttpRequest, pk: int, mark: int) -> HttpResponse:
    """Take one mark back."""
    study = seen_study(request, pk)
    found = get_object_or_404(Mark.objects.select_related("study"), study=study, pk=mark)
    actions.remove_mark(
        found, because=request.POST.get("because", "")[:300], expected=looked_at(request), by=request.user
    )
    messages.success(request, "The mark is taken back.")
    return redirect("study_marks", pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def study_pools(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which studies a review put together."""
    study = _editable(request, pk)
    initial = {"pooled": list(study.pools.values_list("pk", flat=True)), "version": study.version}
    form = PoolsForm(sent(request), user=request.user, study=study, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            chosen = list(Study.objects.visible_to(request.user).filter(pk__in=form.cleaned_data["pooled"]))
            made, status = attempt(
                form,
                lambda: actions.set_pools(
                    study, pooled=chosen, expected=form.cleaned_data["version"], by=request.user
                ),
            )
            if made is not None:
                messages.success(request, "What the review pools is saved; none of it counts beside it.")
                return redirect("study", pk=pk)
    context = {"form": form, "study": study, "crumbs": crumbs(study, "What it pools")}
    return render(request, "evidence/pools.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def study_retract(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a retraction."""
    study = _editable(request, pk)
    form = RetractForm(sent(request), initial={"version": study.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            made, status = attempt(
                form,
                lambda: actions.retract_study(
                    study, on=given["on"], note=given["note"], expected=given["version"], by=request.user
                ),
            )
            if made is not None:
                messages.success(
                    request, "The retraction is recorded. The study stays visible and counts nowhere."
                )
                return redirect("study", pk=pk)
    context = {"form": form, "study": study, "crumbs": crumbs(study, "Retraction")}
    return render(request, "evidence/retract.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def study_reinstate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a retraction that was recorded by mistake."""
    study = _editable(request, pk)
    form = BecauseForm(sent(request), initial={"version": study.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            made, status = attempt(
                form,
                lambda: actions.reinstate_study(
                    study, reason=given["because"], expected=given["version"] or 0, by=request.user
                ),
            )
            if made is not None:
                messages.success(
                    request, "The retraction is taken back. The study counts again as it is marked."
                )
                return redirect("study", pk=pk)
    context = {"form": form, "study": study, "crumbs": crumbs(study, "Take the retraction back")}
    return render(request, "evidence/reinstate.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def study_conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that reports disagree, or how that was resolved."""
    study = _editable(request, pk)
    resolving = bool(study.conflict)
    form: Any = (
        ResolveForm(sent(request), initial={"version": study.version})
        if resolving
        else ConflictForm(sent(request), study=study, initial={"version": study.version})
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data

            def write() -> Study:
                if resolving:
                    return actions.resolve_conflict(
                        study, resolution=given["resolution"], expected=given["version"], by=request.user
                    )
                return actions.note_conflict(
                    study,
                    conflict=given["conflict"],
                    marks=list(given["marks"]),
                    expected=given["version"],
                    by=request.user,
                )

            made, status = attempt(form, write)
            if made is not None:
                messages.success(request, "Resolved." if resolving else "The conflict is noted.")
                return redirect("study", pk=pk)
    context = {
        "form": form,
        "study": study,
        "resolving": resolving,
        "crumbs": crumbs(study, "Conflicting reports"),
    }
    return render(request, "evidence/conflict.html", context, status=status)


def _editable(request: HttpRequest, pk: int) -> Study:
    study = seen_study(request, pk)
    if not may_edit(request.user, study):
        raise NotAllowed(f"Only people who edit for {study.owner_label} can change this.")
    return study
