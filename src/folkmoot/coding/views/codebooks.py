"""Codebooks and their codes: what each means, where it was used, and what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.coding import actions
from folkmoot.coding.forms import CodebookForm, CodeForm, MergeForm, SplitForm
from folkmoot.coding.models import Code, Codebook
from folkmoot.coding.queries import (
    closed_codes,
    code_rows,
    codebook_rows,
    history_of,
    passage_rows,
    passages_of,
)
from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.refusals import tell
from folkmoot.organisations.visibility import visible

PER_PAGE = 50


def _codebook(request: HttpRequest, pk: int) -> Codebook:
    found = Codebook.objects.visible_to(request.user).select_related("organisation", "team")
    return get_object_or_404(found, pk=pk)


def _code(request: HttpRequest, pk: int) -> Code:
    found = Code.objects.filter(visible(request.user, through="codebook"))
    return get_object_or_404(
        found.select_related("codebook__organisation", "codebook__team", "parent", "merged_into"), pk=pk
    )


def _crumbs(book: Codebook, code: Code | None = None, last: str = "") -> list[tuple[str, str]]:
    trail = [("Codebooks", reverse("codebooks")), (book.name, reverse("codebook", args=[book.pk]))]
    if code is not None:
        trail.append((code.name, reverse("code", args=[code.pk])))
    if last:
        return [*trail, (last, "")]
    return [*trail[:-1], (trail[-1][0], "")]


@login_required
@require_http_methods(["GET", "POST"])
def codebooks(request: HttpRequest) -> HttpResponse:
    form = CodebookForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        made = actions.create_codebook(**form.cleaned_data, by=request.user)
        messages.success(request, f"“{made.name}” is there. Add its first code.")
        return redirect("codebook", pk=made.pk)
    if request.method == "POST" and not form.owners:
        raise NotAllowed("Your role does not let you begin a codebook.")
    context = {
        "rows": codebook_rows(request.user),
        "form": form if form.owners else None,
        "section": "sources",
    }
    return render(request, "coding/codebooks.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def codebook(request: HttpRequest, pk: int) -> HttpResponse:
    book = _codebook(request, pk)
    form = CodeForm(request.POST or None, codebook=book)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.create_code(
                book,
                name=given["name"],
                description=given["description"],
                parent=given["parent"],
                by=request.user,
            )
        except FolkmootError as error:
            tell(form, error, field="name")
        else:
            messages.success(request, f"“{given['name'].strip()}” is in the codebook.")
            return redirect("codebook", pk=pk)
    context = {
        "book": book,
        "form": form,
        "rows": code_rows(book, viewer=request.user),
        "closed": closed_codes(book, viewer=request.user),
        "may_edit": may_edit(request.user, book),
        "crumbs": _crumbs(book),
        "section": "sources",
    }
    return render(request, "coding/codebook.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def code(request: HttpRequest, pk: int) -> HttpResponse:
    found = _code(request, pk)
    page = Paginator(passages_of(found, viewer=request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "code": found,
        "page": page,
        "rows": passage_rows(found, passages=page.object_list, viewer=request.user),
        "history": history_of(found),
        "below": found.children.filter(state=Code.State.ACTIVE),
        "may_edit": may_edit(request.user, found.codebook) and found.state == Code.State.ACTIVE,
        "crumbs": _crumbs(found.codebook, found),
        "section": "sources",
    }
    return render(request, "coding/code.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def code_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _code(request, pk)
    first = {
        "name": found.name,
        "description": found.description,
        "parent": found.parent_id,
        "version": found.version,
    }
    form = CodeForm(request.POST or None, initial=first, codebook=found.codebook, code=found)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.edit_code(
                found,
                name=given["name"],
                description=given["description"],
                parent=given["parent"],
                expected=given["version"] or 0,
                by=request.user,
            )
        except FolkmootError as error:
            status = tell(form, error)
        else:
            messages.success(request, "The code is saved. What it was stays in its history.")
            return redirect("code", pk=pk)
    return _asked(request, found, form, template="coding/code_edit.html", last="Change", status=status)


@login_required
@require_http_methods(["GET", "POST"])
def code_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the other code, see what would happen, then confirm."""
    found = _code(request, pk)
    sent = request.POST or request.GET
    form = MergeForm(sent if "into" in sent else None, code=found)
    into = form.cleaned_data["into"] if form.is_valid() else None
    status = 422 if form.errors else 200
    if request.method == "POST" and into is not None:
        try:
            actions.merge_codes(found, into=into, by=request.user)
        except FolkmootError as error:
            status = tell(form, error, field="into")
            into = None
        else:
            messages.success(request, f"“{found.name}” is part of “{into.name}” now.")
            return redirect("code", pk=into.pk)
    more = {"into": into, "number": found.codings.count()}
    return _asked(
        request, found, form, template="coding/code_merge.html", last="Merge", status=status, **more
    )


@login_required
@require_http_methods(["GET", "POST"])
def code_split(request: HttpRequest, pk: int) -> HttpResponse:
    found = _code(request, pk)
    form = SplitForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.split_code(found, names=form.cleaned_data["names"], by=request.user)
        except FolkmootError as error:
            status = tell(form, error, field="names")
        else:
            messages.success(
                request, "The code is divided. Its passages wait below until they are coded anew."
            )
            return redirect("code", pk=pk)
    return _asked(request, found, form, template="coding/code_split.html", last="Divide", status=status)


@login_required
@require_http_methods(["GET", "POST"])
def code_retire(request: HttpRequest, pk: int) -> HttpResponse:
    found = _code(request, pk)
    if request.method == "POST":
        actions.retire_code(found, expected=found.version, by=request.user)
        messages.success(request, f"“{found.name}” is retired. Its passages stay coded.")
        return redirect("codebook", pk=found.codebook_id)
    return _asked(request, found, None, template="coding/code_retire.html", last="Retire", status=200)


def _asked(
    request: HttpRequest, code: Code, form: object, *, template: str, last: str, status: int, **more: object
) -> HttpResponse:
    context = {
        "code": code,
        "form": form,
        "crumbs": _crumbs(code.codebook, code, last),
        "may_edit": may_edit(request.user, code.codebook) and code.state == Code.State.ACTIVE,
        "section": "sources",
        **more,
    }
    return render(request, template, context, status=status)
