"""Stating a chain, adopting one, changing one: three pages around one sheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from folkmoot.core.errors import NotAllowed
from folkmoot.mechanisms import actions
from folkmoot.mechanisms.forms import AdoptForm, ChainForm, ReviseForm
from folkmoot.mechanisms.models import Mechanism
from folkmoot.mechanisms.sheet import sheet_of
from folkmoot.mechanisms.views.editor import BLANK, Editor
from folkmoot.organisations.policies import may_edit, require_edit
from folkmoot.organisations.refusals import attempt
from folkmoot.strategies.models import Aim, Objective


def seen(request: HttpRequest, pk: int) -> Mechanism:
    """The chain as this person may see it; 404 for everybody else."""
    found = Mechanism.objects.visible_to(request.user).select_related(
        "organisation", "team", "objective__aim"
    )
    return get_object_or_404(found, pk=pk)


def crumbs(mechanism: Mechanism, last: str) -> list[tuple[str, str]]:
    return [
        ("Chains", reverse("mechanisms")),
        (mechanism.name, reverse("mechanism", args=[mechanism.pk])),
        (last, ""),
    ]


def _objective_asked(request: HttpRequest) -> Objective | None:
    asked = request.GET.get("objective", "")
    if not (asked.isdecimal() and len(asked) < 12):
        return None
    return get_object_or_404(Objective.objects.visible_to(request.user).select_related("aim"), pk=int(asked))


def _aims_of(form: ChainForm, asked: Objective | None) -> list[Aim]:
    """The aims of the objective that the form names now; all where it names none."""
    pk = form["objective"].value()
    chosen = form.fields["objective"].queryset.filter(pk=pk).first() if str(pk or "").isdecimal() else asked  # type: ignore[attr-defined]
    return [chosen.aim] if chosen is not None else list(Aim.objects.all())


@login_required
@require_http_methods(["GET", "POST"])
def mechanism_new(request: HttpRequest) -> HttpResponse:
    asked = _objective_asked(request)
    editor = Editor(request, begin=BLANK)
    form = ChainForm(
        request.POST if editor.saving else None,
        user=request.user,
        initial=_typed(request) or {"objective": asked.pk if asked else None},
    )
    if request.method == "POST" and not form.owners:
        raise NotAllowed("Your role does not let you state a chain for anybody.")
    status = 422 if editor.saving else 200
    if editor.saving and form.is_valid() and not editor.errors:
        given = form.cleaned_data
        made, status = attempt(
            form,
            lambda: actions.create_mechanism(
                given["name"],
                owner=form.whose(),
                steps=editor.steps(),
                objective=given["objective"],
                method=given["method"],
                context=given["context"],
                backfires=editor.backfires(),
                by=request.user,
            ),
        )
        if made is not None:
            messages.success(request, "The chain is stated. Each step shows what is known of it.")
            return redirect("mechanism", pk=made.pk)
    context = {
        "form": form,
        "objective": asked,
        "may_edit": bool(form.owners),
        "section": "aims",
        **editor.context(aims=_aims_of(form, asked) if editor.comparing else ()),
    }
    return render(request, "mechanisms/new.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def mechanism_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a chain of the library, or one that others share, for an objective of one's own."""
    library = seen(request, pk)
    current = get_object_or_404(library.versions, is_current=True)
    asked = _objective_asked(request)
    editor = Editor(request, begin=sheet_of(current, viewer=request.user))
    form = AdoptForm(
        request.POST if editor.saving else None,
        user=request.user,
        initial=_typed(request)
        or {"name": library.name, "context": current.context, "objective": asked.pk if asked else None},
    )
    if request.method == "POST" and not form.owners:
        raise NotAllowed("Your role does not let you adopt a chain for anybody.")
    status = 422 if editor.saving else 200
    if editor.saving and form.is_valid() and not editor.errors:
        given = form.cleaned_data
        made, status = attempt(
            form,
            lambda: actions.adopt_mechanism(
                library,
                objective=given["objective"],
                owner=given["objective"].organisation,
                name=given["name"],
                steps=editor.steps(),
                context=given["context"],
                backfires=editor.backfires(),
                by=request.user,
            ),
        )
        if made is not None:
            messages.success(request, f"“{made}” is adopted.")
            return redirect("mechanism", pk=made.pk)
    context = {
        "form": form,
        "library": library,
        "may_edit": any(True for _ in form.owners),
        "objectives": form.fields["objective"].queryset.exists(),  # type: ignore[attr-defined]
        "crumbs": crumbs(library, "Adopt"),
        "section": "aims",
        **editor.context(aims=library.aims.all() if editor.comparing else ()),
    }
    return render(request, "mechanisms/adopt.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def mechanism_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the next version of a chain; the one before stays."""
    mechanism = seen(request, pk)
    current = get_object_or_404(mechanism.versions, is_current=True)
    if request.method == "POST":
        require_edit(request.user, mechanism)
    begin = sheet_of(current, viewer=request.user)
    editor = Editor(request, begin=begin)
    form = ReviseForm(
        request.POST if editor.saving else None,
        initial=_typed(request) or {"version": mechanism.version, "context": current.context},
    )
    status = 422 if editor.saving else 200
    if editor.saving and form.is_valid() and not editor.errors:
        given = form.cleaned_data
        draft = Mechanism.objects.get(pk=pk)
        made, status = attempt(
            form,
            lambda: actions.revise_mechanism(
                draft,
                steps=editor.steps(),
                context=given["context"],
                backfires=editor.backfires(),
                note=given["note"],
                expected=given["version"],
                by=request.user,
            ),
        )
        if made is not None:
            messages.success(request, f"Version {made.number} is saved. The one before stays readable.")
            return redirect("mechanism", pk=pk)
    shown = editor.context(aims=_compared(mechanism) if editor.comparing else ())
    still = {row.row.assumption_id for row in shown["kept_rows"]}
    context = {
        "form": form,
        "mechanism": mechanism,
        "may_edit": may_edit(request.user, mechanism),
        "hidden": current.steps.count() - sum(bool(row.assumption) for row in begin.rows),
        "dropped": [row for row in begin.rows if row.assumption and row.assumption_id not in still],
        "crumbs": crumbs(mechanism, "Change"),
        "section": "aims",
        **shown,
    }
    return render(request, "mechanisms/edit.html", context, status=status)


def _compared(mechanism: Mechanism) -> list[Aim]:
    return list(mechanism.aims.all()) or list(Aim.objects.all())


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed about the chain as a whole, to be shown again after any button."""
    return {
        name: request.POST[name]
        for name in ("name", "objective", "owner", "method", "context", "note", "version")
        if name in request.POST
    }
