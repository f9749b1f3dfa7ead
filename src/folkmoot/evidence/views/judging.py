"""Pages on which people judge: appraisals, qualitative findings, clues."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.core.errors import NotAllowed, NotYet
from folkmoot.evidence import actions
from folkmoot.evidence.forms import AppraiseForm, ClueForm, FindingForm, FindingShareForm, VerdictForm
from folkmoot.evidence.models import QualitativeFinding, Study
from folkmoot.evidence.queries.choices import claim_choices, may_record
from folkmoot.evidence.queries.clues import clue_for
from folkmoot.evidence.queries.studies import study_page
from folkmoot.evidence.views.common import crumbs, seen_assumption, seen_study, sent
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.policies import may_comment, may_edit, require_edit
from folkmoot.organisations.refusals import attempt


def _back(assumption: Assumption, last: str) -> list[tuple[str, str]]:
    here = reverse("assumption", args=[assumption.pk])
    return [("Assumptions", reverse("assumptions")), (assumption.code or "The assumption", here), (last, "")]


def _require_recorder(request: HttpRequest) -> None:
    if not may_record(request.user):
        raise NotAllowed("Your role does not let you record evidence for anybody.")


@login_required
@require_http_methods(["GET", "POST"])
def appraise(request: HttpRequest, pk: int, assumption: int) -> HttpResponse:
    """Say how far a study can be trusted for one assumption here, and why."""
    study, known = seen_study(request, pk), seen_assumption(request, assumption)
    _require_recorder(request)
    form = AppraiseForm(sent(request), user=request.user, study=study)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            names = ("level", "same_country", "differs", "read_in_full", "appraiser_is_evaluator", "why")
            made, status = attempt(
                form,
                lambda: actions.appraise(
                    study,
                    assumption=known,
                    **{name: given[name] for name in names},
                    owner=form.chosen_owner,
                    visibility=form.chosen_visibility,
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(request, "The appraisal is recorded. The newest one counts.")
                return redirect("assumption", pk=known.pk)
    page = study_page(study, viewer=request.user)
    context = {
        "form": form,
        "study": study,
        "assumption": known,
        "reads": [one for one in page.reads if one.assumption.pk == known.pk],
        "earlier": [one for one in page.appraisals if one.assumption_id == known.pk],
        "crumbs": crumbs(study, "Appraise"),
    }
    return render(request, "evidence/appraise.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def finding_new(request: HttpRequest) -> HttpResponse:
    """Record what qualitative material says of an assumption."""
    assumption = seen_assumption(request, request.GET.get("assumption"))
    _require_recorder(request)
    form = FindingForm(sent(request), user=request.user, assumption=assumption)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            parts = ("methodological_limits", "coherence", "adequacy", "relevance")
            study = Study.objects.visible_to(request.user).filter(pk=given["study"]).first()
            made, status = attempt(
                form,
                lambda: actions.record_finding(
                    assumption,
                    statement=given["statement"],
                    direction=given["direction"],
                    components={name: given[name] for name in parts},
                    confidence=given["confidence"],
                    why=given["why"],
                    study=study,
                    claims=[form.choices[one] for one in given["claims"]],
                    owner=form.chosen_owner,
                    visibility=form.chosen_visibility,
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(request, "The finding is recorded as provisional.")
                return redirect("finding", pk=made.pk)
    context = {"form": form, "assumption": assumption, "crumbs": _back(assumption, "Qualitative finding")}
    return render(request, "evidence/finding_new.html", context, status=status)


@require_GET
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One qualitative finding with what it rests on and what is said of it."""
    found = get_object_or_404(
        QualitativeFinding.objects.visible_to(request.user).select_related(
            "assumption__cause", "assumption__effect", "study", "organisation", "team"
        ),
        pk=pk,
    )
    seen_assumption(request, found.assumption_id)
    mine = set(found.claims.values_list("pk", flat=True))
    told = [one for one in claim_choices(found.assumption, viewer=request.user) if one.claim.pk in mine]
    context = {
        "finding": found,
        "study": found.study if _sees(request, found.study) else None,
        "claims": told,
        "untold": len(mine) - len(told),
        "may_edit": may_edit(request.user, found),
        "crumbs": _back(found.assumption, "Qualitative finding"),
        "section": "assumptions",
    }
    return render(request, "evidence/finding.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def finding_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how far a finding is shared, or take it back."""
    found = get_object_or_404(
        QualitativeFinding.objects.visible_to(request.user).select_related("organisation", "team"), pk=pk
    )
    require_edit(request.user, found)
    form = FindingShareForm(sent(request), finding=found)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            made, status = attempt(
                form,
                lambda: actions.share_finding(
                    found, visibility=given["visibility"], expected=given["version"], by=request.user
                ),
            )
            if made is not None:
                messages.success(request, "It is saved who may see it.")
                return redirect("finding", pk=pk)
    context = {
        "what": found,
        "form": form,
        "may_edit": True,
        "crumbs": [("Qualitative finding", reverse("finding", args=[pk])), ("Share", "")],
        "explanation": "Whoever sees it sees its sentence and why one may be so confident of it. Taken back from "
        "others, it leaves the published editions that told it at once.",
        "section": "assumptions",
    }
    return render(request, "strategies/share.html", context, status=status)


def _sees(request: HttpRequest, study: Study | None) -> bool:
    return study is not None and Study.objects.visible_to(request.user).filter(pk=study.pk).exists()


@login_required
@require_http_methods(["GET", "POST"])
def clue_new(request: HttpRequest) -> HttpResponse:
    """Register, before looking, what has to be found if an assumption holds."""
    assumption = seen_assumption(request, request.GET.get("assumption"))
    _require_recorder(request)
    form = ClueForm(sent(request), user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            made, status = attempt(
                form,
                lambda: actions.register_hoop(
                    assumption,
                    clue=given["clue"],
                    where_to_look=given["where_to_look"],
                    owner=form.chosen_owner,
                    visibility=form.chosen_visibility,
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(request, "The clue is registered. Two people look for it, apart.")
                return redirect("clue", pk=made.pk)
    context = {"form": form, "assumption": assumption, "crumbs": _back(assumption, "Clue")}
    return render(request, "evidence/clue_new.html", context, status=status)


@require_http_methods(["GET", "POST"])
def clue(request: HttpRequest, pk: int) -> HttpResponse:
    """One clue; each coder judges it without knowing the other's word."""
    shown = clue_for(pk, viewer=request.user)
    if shown is None:
        raise Http404
    form = VerdictForm(sent(request))
    status = 200
    if request.method == "POST":
        if shown.own is not None:
            raise NotYet("You have judged this clue already.")
        status = 422
        if form.is_valid():
            made, status = attempt(
                form, lambda: actions.judge_hoop(shown.clue, **form.cleaned_data, by=request.user)
            )
            if made is not None:
                messages.success(request, "Your verdict is recorded.")
                return redirect("clue", pk=pk)
    context = {
        "shown": shown,
        "form": form if may_comment(request.user) and shown.own is None else None,
        "crumbs": _back(shown.clue.assumption, "Clue"),
        "section": "assumptions",
    }
    return render(request, "evidence/clue.html", context, status=status)
