"""Pages of references: bringing a file in, the waiting list, and what becomes of one paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.core.errors import NotAllowed
from folkmoot.evidence import actions
from folkmoot.evidence.forms.references import (
    AsideForm,
    BringInForm,
    JoinForm,
    ReferenceFileForm,
    ReferenceFilterForm,
)
from folkmoot.evidence.models import Reference, ReferenceImport, Study
from folkmoot.evidence.queries.choices import may_record
from folkmoot.evidence.queries.references import foretold, imports_for, references_for
from folkmoot.evidence.references.waiting import alike_of
from folkmoot.evidence.views.common import looked_at, sent
from folkmoot.organisations.policies import may_edit, require_edit
from folkmoot.organisations.refusals import attempt

PER_PAGE = 40
SECTION = "assumptions"
LIST = "References to read"


def _crumbs(*last: str) -> list[tuple[str, str]]:
    trail = [("Studies", reverse("studies"))]
    return [*trail, (LIST, reverse("references")), (last[0], "")] if last else [*trail, (LIST, "")]


@login_required
@require_http_methods(["GET", "POST"])
def references(request: HttpRequest) -> HttpResponse:
    """The waiting list, and the form that looks at a file."""
    records = may_record(request.user)
    form: ReferenceFileForm | None = None
    status = 200
    if request.method == "POST":
        if not records:
            raise NotAllowed("Your role does not let you bring references in for anybody.")
        form = ReferenceFileForm(request.POST, request.FILES, user=request.user)
        status = 422
        if form.is_valid():
            chosen: Any = form.cleaned_data["chosen"]
            owner, visibility = form.chosen_owner, form.chosen_visibility
            made, status = attempt(
                form,
                lambda: actions.look_at_references(
                    chosen.name, content=chosen.read(), owner=owner, visibility=visibility, by=request.user
                ),
                field="chosen",
            )
            if made is not None:
                return redirect("reference_import", pk=made.pk)
    elif records:
        form = ReferenceFileForm(user=request.user)
    filters = ReferenceFilterForm(request.GET)
    given = filters.cleaned_data if filters.is_valid() else {}
    state = given.get("state") or "waiting"
    found = references_for(request.user, state="" if state == "all" else state, words=given.get("words", ""))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": filters,
        "filtered": any(given.values()),
        "page": page,
        "alike": alike_of(page.object_list, viewer=request.user),
        "files": imports_for(request.user)[:10],
        "crumbs": _crumbs(),
        "section": SECTION,
    }
    return render(request, "evidence/references.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def reference_import(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: what would come in, then what came in."""
    looked = _seen_import(request, pk)
    waiting = looked.state == ReferenceImport.State.LOOKED_AT
    told = foretold(looked, viewer=request.user) if waiting else None
    form = BringInForm(sent(request), known=told.known if told else 0, initial={"version": looked.version})
    status = 200
    if request.method == "POST":
        require_edit(request.user, looked)
        status = 422
        if form.is_valid():
            made, status = attempt(
                form,
                lambda: actions.bring_in_references(
                    looked,
                    leave_out_same=form.leaves_out_same,
                    expected=form.cleaned_data["version"],
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(
                    request,
                    f"Read {made.read:,}, used {made.used:,}, set aside {made.read - made.used:,}.",
                )
                return redirect("reference_import", pk=pk)
    context = {
        "looked": looked,
        "told": told,
        "form": form,
        "may_edit": may_edit(request.user, looked),
        "became_studies": looked.references.filter(state=Reference.State.RECORDED).count(),
        "crumbs": _crumbs(looked.name),
        "section": SECTION,
    }
    return render(request, "evidence/reference_import.html", context, status=status)


@login_required
@require_POST
def reference_import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file back."""
    looked = _seen_import(request, pk)
    left = actions.undo_references(looked, expected=looked_at(request) or 0, by=request.user)
    messages.success(request, f"{left:,} references left the list. What became a study stays.")
    return redirect("references")


@login_required
@require_GET
def reference(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper on the list, and what looks like it."""
    return _page(request, _seen(request, pk))


@login_required
@require_POST
def reference_join(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is a study that is here."""
    found = _seen(request, pk)
    require_edit(request.user, found)
    form = JoinForm(request.POST, studies=_alike_studies(request, found))
    status = 422
    if form.is_valid():
        study = get_object_or_404(Study.objects.visible_to(request.user), pk=form.cleaned_data["study"])
        made, status = attempt(
            form,
            lambda: actions.join_reference(
                found, study=study, expected=form.cleaned_data["version"], by=request.user
            ),
        )
        if made is not None:
            messages.success(request, "It is noted that it is the same.")
            return redirect("reference", pk=pk)
    return _page(request, found, join=form, status=status)


@login_required
@require_POST
def reference_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Set it aside, with the reason."""
    found = _seen(request, pk)
    require_edit(request.user, found)
    form = AsideForm(request.POST)
    status = 422
    if form.is_valid():
        made, status = attempt(
            form,
            lambda: actions.set_reference_aside(
                found, why=form.cleaned_data["why"], expected=form.cleaned_data["version"], by=request.user
            ),
        )
        if made is not None:
            messages.success(request, "It is set aside, with your reason.")
            return redirect("reference", pk=pk)
    return _page(request, found, aside=form, status=status)


@login_required
@require_POST
def reference_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it only looks like one that is here."""
    actions.keep_reference_apart(_seen(request, pk), expected=looked_at(request) or 0, by=request.user)
    messages.success(request, "It is noted that it is another one.")
    return redirect("reference", pk=pk)


@login_required
@require_POST
def reference_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it back on the list."""
    actions.put_reference_back(_seen(request, pk), expected=looked_at(request) or 0, by=request.user)
    messages.success(request, "It is back on the list.")
    return redirect("reference", pk=pk)


def _page(
    request: HttpRequest,
    found: Reference,
    *,
    join: JoinForm | None = None,
    aside: AsideForm | None = None,
    status: int = 200,
) -> HttpResponse:
    alike = alike_of([found], viewer=request.user).get(found.pk)
    initial = {"version": found.version}
    studies = alike.studies if alike else ()
    context = {
        "reference": found,
        "alike": alike,
        "join": join or (JoinForm(studies=studies, initial=initial) if studies else None),
        "aside": aside or AsideForm(initial=initial),
        "bound": join or aside,
        "may_edit": may_edit(request.user, found),
        "study": _seen_study(request, found),
        "crumbs": _crumbs(found.title),
        "section": SECTION,
    }
    return render(request, "evidence/reference.html", context, status=status)


def _seen(request: HttpRequest, pk: int) -> Reference:
    rows = Reference.objects.visible_to(request.user).select_related(
        "organisation", "team", "came_in", "study"
    )
    return get_object_or_404(rows, pk=pk)


def _seen_import(request: HttpRequest, pk: int) -> ReferenceImport:
    rows = ReferenceImport.objects.visible_to(request.user).select_related("organisation", "team")
    return get_object_or_404(rows, pk=pk)


def _seen_study(request: HttpRequest, found: Reference) -> Study | None:
    if found.study_id is None:
        return None
    seen: Study | None = Study.objects.visible_to(request.user).filter(pk=found.study_id).first()
    return seen


def _alike_studies(request: HttpRequest, found: Reference) -> tuple[Study, ...]:
    alike = alike_of([found], viewer=request.user).get(found.pk)
    return alike.studies if alike else ()
