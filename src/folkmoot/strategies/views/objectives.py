"""Stating, revising, sharing and retiring objectives, and what they said before."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.organisations.policies import may_edit, require_edit_for
from folkmoot.organisations.refusals import attempt
from folkmoot.organisations.visibility import visible
from folkmoot.sources.models import Passage
from folkmoot.sources.queries import words_of
from folkmoot.strategies import actions, queries
from folkmoot.strategies.forms import ObjectiveForm, ShareForm, initial_of
from folkmoot.strategies.models import Aim, Objective
from folkmoot.strategies.parts import DETAILS
from folkmoot.strategies.views.common import editing_for, required_home
from folkmoot.strategies.views.documents import version_of


def seen(request: HttpRequest, pk: int) -> Objective:
    """The objective as this person may see it; 404 for everybody else."""
    return get_object_or_404(
        Objective.objects.visible_to(request.user).select_related("aim", "organisation", "passage"), pk=pk
    )


def crumbs(objective: Objective, last: str) -> list[tuple[str, str]]:
    return [
        ("Aims", reverse("aims")),
        (objective.title, reverse("objective", args=[objective.pk])),
        (last, ""),
    ]


def passage_asked(request: HttpRequest) -> Passage | None:
    """The passage that a new objective or commitment comes from; 404 where it is not one's own document's."""
    asked = request.POST.get("passage") or request.GET.get("passage")
    if not asked:
        return None
    pk = int(asked) if asked.isdecimal() and len(asked) < 12 else 0
    found = Passage.objects.filter(
        visible(request.user, through="source"), source__organisation__isnull=False
    )
    return get_object_or_404(found.select_related("source__organisation"), pk=pk)


def passage_context(request: HttpRequest, passage: Passage | None) -> dict[str, Any]:
    """The passage with its words and the place to go back to."""
    if passage is None:
        return {"passage": None}
    version = version_of(passage)
    back = reverse("strategy_read", args=[version.strategy_id, version.number]) if version else ""
    return {
        "passage": passage,
        "words": words_of([passage.pk], viewer=request.user)[passage.pk],
        "back": back,
    }


@login_required
@require_http_methods(["GET", "POST"])
def objective_new(request: HttpRequest) -> HttpResponse:
    passage = passage_asked(request)
    initial = {"aim": request.GET.get("aim", "")}
    form = ObjectiveForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        organisation = required_home(request) if passage is None else passage.source.organisation
        if form.is_valid():
            aim = form.cleaned_data["aim"]
            made, status = attempt(
                form,
                lambda: actions.create_objective(
                    aim, organisation=organisation, passage=passage, by=request.user, **form.details()
                ),
            )
            if made is not None:
                messages.success(
                    request, "The objective is stated. Say next, step by step, why it should be reached."
                )
                return redirect("objective", pk=made.pk)
        else:
            # whoever may not write learns that, not what is missing from the form
            require_edit_for(request.user, organisation_id=organisation.pk)
    context = {
        "form": form.shown(),
        "may_edit": (may_edit(request.user, passage.source) if passage else editing_for(request) is not None),
        "aims": Aim.objects.all(),
        "section": "aims",
        **passage_context(request, passage),
    }
    return render(request, "strategies/objective_new.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def objective_edit(request: HttpRequest, pk: int) -> HttpResponse:
    objective = seen(request, pk)
    form = ObjectiveForm(request.POST or None, initial=initial_of(objective, DETAILS))
    status = 200
    if request.method == "POST":
        status = 422
        require_edit_for(request.user, organisation_id=objective.organisation.pk)
        if form.is_valid():
            given = form.cleaned_data
            # the form works on a row of its own: a refused save leaves this one as it is
            draft = Objective.objects.select_related("aim", "organisation").get(pk=pk)
            made, status = attempt(
                form,
                lambda: actions.revise_objective(
                    draft,
                    expected=given["version"] or 0,
                    aim=given["aim"],
                    by=request.user,
                    **form.details(),
                ),
            )
            if made is not None:
                messages.success(request, "The objective is changed. What it said before is kept.")
                return redirect("objective", pk=pk)
    context = {
        "objective": objective,
        "form": form.shown(),
        "may_edit": may_edit(request.user, objective),
        "aims": Aim.objects.all(),
        "claims": objective.dual_benefits.all(),
        "commitments": objective.commitments.all(),
        "crumbs": crumbs(objective, "Change"),
        "section": "aims",
    }
    return render(request, "strategies/objective_edit.html", context, status=status)


@require_GET
def objective_history(request: HttpRequest, pk: int) -> HttpResponse:
    objective = seen(request, pk)
    context = {
        "objective": objective,
        "versions": queries.objective_history(objective),
        "crumbs": crumbs(objective, "History"),
        "section": "aims",
    }
    return render(request, "strategies/objective_history.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def objective_share(request: HttpRequest, pk: int) -> HttpResponse:
    objective = seen(request, pk)
    initial = {"version": objective.version, "visibility": objective.visibility}
    form = ShareForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            made, status = attempt(
                form,
                lambda: actions.share_objective(
                    objective,
                    visibility=form.cleaned_data["visibility"],
                    expected=form.cleaned_data["version"],
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(request, "It is saved who may see it.")
                return redirect("objective", pk=pk)
    context = {
        "what": objective,
        "form": form,
        "may_edit": may_edit(request.user, objective),
        "crumbs": crumbs(objective, "Share"),
        "explanation": "Its chains are shared apart, each on its own page.",
        "section": "aims",
    }
    return render(request, "strategies/share.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def objective_retire(request: HttpRequest, pk: int) -> HttpResponse:
    objective = seen(request, pk)
    form = ShareForm(
        {**request.POST.dict(), "visibility": objective.visibility} if request.method == "POST" else None,
        initial={"version": objective.version},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        made, status = attempt(
            form,
            lambda: actions.retire_objective(
                objective, expected=form.cleaned_data["version"], by=request.user
            ),
        )
        if made is not None:
            messages.success(request, "The objective is retired. It stays readable.")
            return redirect("objective", pk=pk)
    elif request.method == "POST":
        status = 422
    context = {
        "objective": objective,
        "form": form,
        "may_edit": may_edit(request.user, objective),
        "crumbs": crumbs(objective, "Retire"),
        "section": "aims",
    }
    return render(request, "strategies/objective_retire.html", context, status=status)
