"""The pages of an import, step by step, and of taking activities out."""

from __future__ import annotations

import pathlib
import tempfile
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.activities.actions.exporting import note_export
from folkmoot.activities.actions.importing import (
    BRING,
    LOOK,
    Corrected,
    ask_for,
    ask_to_undo,
    begin_import,
    drop_import,
    match_columns,
    match_values,
    undo_import,
)
from folkmoot.activities.exporting import ENDINGS, columns_for, rows_of, write_csv, write_xlsx
from folkmoot.activities.importing import template as templates
from folkmoot.activities.importing.carrying import bring_in, look_through
from folkmoot.activities.importing.fields import BY_KEY
from folkmoot.activities.importing.forms import ColumnsForm, FileForm, group_forms, samples
from folkmoot.activities.importing.keeping import kept_sheet, sheet_in
from folkmoot.activities.importing.known import EMPTY, known_to, owner_of
from folkmoot.activities.importing.matching import Matching, what_is_open
from folkmoot.activities.importing.sheets import require_size
from folkmoot.activities.models import ActivityImport
from folkmoot.activities.queries.imports import import_view, imports_of
from folkmoot.activities.views.common import filters_asked
from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.organisations.context import home_of
from folkmoot.organisations.policies import may_edit_for
from folkmoot.organisations.refusals import attempt
from folkmoot.sources.cells import write_table

FEW = 400  # rows that are done while the page waits; more go to the worker
GROUPS = 40  # groups of spellings on a page
A_PAGE = 50
OVER = {ActivityImport.State.DONE, ActivityImport.State.UNDONE}


def _own(request: HttpRequest, pk: int) -> ActivityImport:
    """The import, for people of its organisation; 404 for everybody else."""
    found = ActivityImport.objects.visible_to(request.user).select_related("organisation")
    import_: ActivityImport = get_object_or_404(found, pk=pk)
    return import_


def _editors(request: HttpRequest, pk: int) -> ActivityImport:
    """The same, for those who may edit; 403 for their colleagues."""
    import_ = _own(request, pk)
    if not may_edit_for(request.user, organisation_id=import_.organisation_id):
        raise NotAllowed("Files are brought in by people who edit for the organisation.")
    return import_


@login_required
@require_http_methods(["GET", "POST"])
def activities_import(request: HttpRequest) -> HttpResponse:
    home = home_of(request)
    may = home is not None and may_edit_for(request.user, organisation_id=home.pk)
    if request.method == "POST" and not may:
        raise NotAllowed("Files are brought in by people who edit for the organisation.")
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    status = 200
    if request.method == "POST" and home is not None:
        status = 422
        if form.is_valid():
            given = form.cleaned_data["file"]
            import_, status = attempt(form, lambda: _begin(given, home, request.user), field="file")
            if import_ is not None:
                return redirect("activity_import_columns", pk=import_.pk)
    page = Paginator(imports_of(request.user), A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form if may else None, "page": page, "endings": templates.ENDINGS, "home": home}
    return render(request, "activities/import.html", context, status=status)


def _begin(given: Any, home: Any, user: Any) -> ActivityImport:
    name = given.name or "file"
    require_size(name, given.size)
    content = given.read()
    return begin_import(name, content=content, sheet=sheet_in(name, content), organisation=home, by=user)


@login_required
@require_http_methods(["GET", "POST"])
def activity_import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    import_ = _editors(request, pk)
    if import_.state in OVER:
        return redirect("activity_import", pk=pk)
    sheet, known = kept_sheet(import_), known_to(owner_of(import_), by=request.user)
    if not sheet.rows:
        return redirect("activity_import", pk=pk)
    before = Matching.of_json(import_.matching)
    form = ColumnsForm(request.POST or None, sheet=sheet, known=known, matching=before)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            matching = form.matching(before)
            saved, status = attempt(
                form, lambda: match_columns(import_, sheet=sheet, matching=matching, by=request.user)
            )
            if saved is not None:
                waiting = next((one.key for one in what_is_open(sheet, matching, known) if one.groups), None)
                if waiting is not None:
                    return redirect("activity_import_values", pk=pk, key=waiting)
                return _looked(request, saved)
    context = {"import": import_, "form": form, "samples": samples(sheet), "notes": sheet.notes}
    return render(request, "activities/import_columns.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def activity_import_values(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    import_ = _editors(request, pk)
    if key not in BY_KEY or not BY_KEY[key].values:
        raise Http404
    if import_.state in OVER:
        return redirect("activity_import", pk=pk)
    sheet, known = kept_sheet(import_), known_to(owner_of(import_), by=request.user)
    opened = what_is_open(sheet, Matching.of_json(import_.matching), known) if sheet.rows else []
    here = next((one for one in opened if one.key == key), None)
    if here is None:
        return redirect("activity_import", pk=pk)
    if request.method == "POST":
        forms = group_forms(here, known, most=len(here.groups), data=request.POST)
        do = request.POST.get("do", "save")
        said: dict[str, str] = {}
        for form in forms:
            if form.is_valid():
                said |= form.said()
        if do == "empty":
            every = (one.written for group, _ in here.groups for one in group.spellings)
            said = {**dict.fromkeys(every, EMPTY), **said}
        if said:
            import_ = match_values(import_, key=key, said=said, by=request.user)
        opened = what_is_open(sheet, Matching.of_json(import_.matching), known)
        waiting = next((one.key for one in opened if one.groups and (one.key == key or do != "save")), None)
        if do == "look" or waiting is None:
            return _looked(request, import_)
        return redirect("activity_import_values", pk=pk, key=waiting)
    context = {
        "import": import_,
        "open": here,
        "forms": group_forms(here, known, most=GROUPS),
        "later": max(0, len(here.groups) - GROUPS),
        "others": [one for one in opened if one.key != key],
    }
    return render(request, "activities/import_values.html", context)


def _looked(request: HttpRequest, import_: ActivityImport) -> HttpResponse:
    """Reckon what would happen: at once for a small file, else by the worker."""
    if import_.shown.get("rows", 0) <= FEW:
        look_through(import_, by=request.user)
        return redirect("activity_import", pk=import_.pk)
    return redirect("job", pk=ask_for(import_, what=LOOK, by=request.user).pk)


@login_required
@require_http_methods(["GET", "POST"])
def activity_import(request: HttpRequest, pk: int) -> HttpResponse:
    import_ = _own(request, pk)
    refused, status = "", 200
    if request.method == "POST":
        import_ = _editors(request, pk)
        try:
            if request.POST.get("do") == "look":
                return _looked(request, import_)
            if import_.shown.get("rows", 0) > FEW:
                return redirect("job", pk=ask_for(import_, what=BRING, by=request.user).pk)
            bring_in(import_, by=request.user)
            return redirect("activity_import", pk=pk)
        except NotAllowed:
            raise
        except FolkmootError as error:
            refused, status = str(error), 422
            import_ = _own(request, pk)
    page = Paginator(import_.reasons, A_PAGE).get_page(request.GET.get("page"))
    context = {"view": import_view(import_, viewer=request.user), "page": page, "refused": refused}
    return render(request, "activities/import_outcome.html", context, status=status)


@login_required
@require_GET
def activity_import_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Every row set aside and why, and every row with something noticed, as csv."""
    import_ = _own(request, pk)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="import-{import_.pk}-rows.csv"'
    rows = [{"row": row, "what": "set aside", "why": reason} for row, reason in import_.reasons]
    rows += [
        {"row": row, "what": "noticed", "why": what} for what, listed in import_.noticed for row in listed
    ]
    write_table(answer, sorted(rows, key=lambda one: one["row"]), columns=("row", "what", "why"))  # type: ignore[arg-type]
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def activity_import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    import_ = _editors(request, pk)
    corrected, refused, status = 0, "", 200
    if request.method == "POST":
        sure = request.POST.get("even_corrected") == "yes"
        try:
            if import_.used > FEW:
                return redirect("job", pk=ask_to_undo(import_, even_corrected=sure, by=request.user).pk)
            number = undo_import(import_, even_corrected=sure, by=request.user)
        except Corrected as error:
            corrected, refused, status = error.rows, str(error), 422
        except NotAllowed:
            raise
        except FolkmootError as error:
            refused, status = str(error), 422
        else:
            messages.success(request, f"{number:,} activities were taken out again.")
            return redirect("activity_import", pk=pk)
    context = {"view": import_view(import_, viewer=request.user), "corrected": corrected, "refused": refused}
    return render(request, "activities/import_undo.html", context, status=status)


@login_required
@require_POST
def activity_import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    import_ = _editors(request, pk)
    try:
        drop_import(import_, by=request.user)
    except NotAllowed:
        raise
    except FolkmootError as error:
        messages.error(request, str(error))
        return redirect("activity_import", pk=pk)
    messages.success(request, f"{import_.filename} was dropped. Nothing of it was brought in.")
    return redirect("activities_import")


@login_required
@require_GET
def activities_import_template(request: HttpRequest, ending: str) -> HttpResponse:
    if ending not in templates.ENDINGS:
        raise Http404
    answer = HttpResponse(templates.template(ending), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="activities.{ending}"'
    return answer


@login_required
@require_GET
def activities_export(request: HttpRequest) -> HttpResponseBase:
    """The part of the log that the address asks for, as csv or (``ending=xlsx``) as a workbook."""
    home = home_of(request)
    ending = request.GET.get("ending", "csv")
    if home is None or ending not in ENDINGS:
        raise Http404
    note_export(home, ending=ending, by=request.user)
    columns, categories = columns_for(home)
    rows = rows_of(home, categories, narrow=filters_asked(request, home).narrow)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / f"activities.{ending}"
        (write_xlsx if ending == "xlsx" else write_csv)(path, columns, rows)
        # an open file outlives its name
        answer = FileResponse(
            path.open("rb"), as_attachment=True, filename=f"activities-{home.slug}.{ending}"
        )
    answer["Cache-Control"] = "private, no-store"
    return answer
