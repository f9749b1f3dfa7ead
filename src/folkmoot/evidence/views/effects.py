"""Pages of printed effects: the figures of one study, and the form for each way of printing them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from folkmoot.core.errors import NotAllowed
from folkmoot.evidence import actions
from folkmoot.evidence.forms.effects import BecauseForm, EffectForm, VerifyForm, WayForm, initial_of
from folkmoot.evidence.models import PrintedEffect, Study
from folkmoot.evidence.printing import WAY_OF
from folkmoot.evidence.queries.choices import factor_choices
from folkmoot.evidence.views.common import crumbs, seen_study, sent
from folkmoot.mechanisms.models import Factor
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.refusals import attempt


@login_required
@require_http_methods(["GET", "POST"])
def effect_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a figure: first how the study prints it, then the numbers that this way needs."""
    study = _editable(request, pk)
    way = WAY_OF.get(request.GET.get("kind", ""))
    trail = crumbs(study, "Add a figure")
    if way is None:
        context: dict[str, Any] = {
            "study": study,
            "ways": WayForm(),
            "crumbs": trail,
            "section": "assumptions",
        }
        return render(request, "evidence/effect_way.html", context)
    asked = request.GET.get("factor", "")
    form = EffectForm(
        sent(request),
        way=way,
        factors=factor_choices(request.user),
        initial={
            "version": study.version,
            "factor": asked if asked.isdecimal() and len(asked) < 18 else None,
        },
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            made, status = attempt(
                form,
                lambda: actions.record_effect(
                    study,
                    factor=_factor(request, form),
                    expected=form.cleaned_data["version"],
                    **form.details,
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(request, _told(made))
                return redirect(f"{reverse('study', args=[pk])}#figures")
    context = {"study": study, "form": form, "way": way, "crumbs": trail, "section": "assumptions"}
    return render(request, "evidence/effect_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def effect_edit(request: HttpRequest, pk: int, effect: int) -> HttpResponse:
    """Correct a figure, with the reason."""
    study, found = _effect(request, pk, effect)
    way = WAY_OF[found.printed["kind"]]
    form = EffectForm(
        sent(request),
        way=way,
        factors=factor_choices(request.user),
        effect=found,
        initial=initial_of(found),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            made, status = attempt(
                form,
                lambda: actions.revise_effect(
                    found,
                    factor=_factor(request, form),
                    expected=form.cleaned_data["version"] or 0,
                    because=form.cleaned_data["because"],
                    **form.details,
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(request, "The figure is corrected. Whatever was pooled with it follows.")
                return redirect(f"{reverse('study', args=[pk])}#figures")
    context = {
        "study": study,
        "form": form,
        "way": way,
        "effect": found,
        "crumbs": crumbs(study, "Correct a figure"),
        "section": "assumptions",
    }
    return render(request, "evidence/effect_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def effect_verify(request: HttpRequest, pk: int, effect: int) -> HttpResponse:
    """Say that one has read a figure in the study itself."""
    study, found = _effect(request, pk, effect)
    form = VerifyForm(sent(request), initial={"version": found.version, "place": found.place})
    return _small(
        request,
        study,
        form,
        lambda: actions.verify_effect(
            found, place=form.cleaned_data["place"], expected=form.cleaned_data["version"], by=request.user
        ),
        template="evidence/effect_verify.html",
        effect=found,
        done="It is noted that you read it in the study itself.",
        last="Read in the study",
    )


@login_required
@require_http_methods(["GET", "POST"])
def effect_remove(request: HttpRequest, pk: int, effect: int) -> HttpResponse:
    """Take a figure back, with the reason."""
    study, found = _effect(request, pk, effect)
    form = BecauseForm(sent(request), initial={"version": found.version})

    def write() -> bool:
        given = form.cleaned_data
        actions.remove_effect(
            found, because=given["because"], expected=given["version"] or 0, by=request.user
        )
        return True

    return _small(
        request,
        study,
        form,
        write,
        template="evidence/effect_remove.html",
        effect=found,
        done="The figure is taken back. Whatever was pooled with it follows.",
        last="Take a figure back",
    )


def _small(
    request: HttpRequest,
    study: Study,
    form: Any,
    write: Any,
    *,
    template: str,
    effect: PrintedEffect,
    done: str,
    last: str,
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            made, status = attempt(form, write)
            if made is not None:
                messages.success(request, done)
                return redirect(f"{reverse('study', args=[study.pk])}#figures")
    context = {
        "study": study,
        "form": form,
        "effect": effect,
        "crumbs": crumbs(study, last),
        "section": "assumptions",
    }
    return render(request, template, context, status=status)


def _told(effect: PrintedEffect) -> str:
    kept = "The figure is recorded."
    return kept if effect.is_verified else f"{kept} It waits until somebody reads it in the study itself."


def _factor(request: HttpRequest, form: EffectForm) -> Factor:
    found: Factor = Factor.objects.visible_to(request.user).get(pk=form.cleaned_data["factor"])
    return found


def _effect(request: HttpRequest, pk: int, effect: int) -> tuple[Study, PrintedEffect]:
    study = _editable(request, pk)
    return study, get_object_or_404(
        PrintedEffect.objects.select_related("study", "factor"), study=study, pk=effect
    )


def _editable(request: HttpRequest, pk: int) -> Study:
    study = seen_study(request, pk)
    if not may_edit(request.user, study):
        raise NotAllowed(f"Only people who edit for {study.owner_label} can change this.")
    return study
