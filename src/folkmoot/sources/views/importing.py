"""The page that brings files in. It answers while it reads, with or without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.core.errors import FolkmootError
from folkmoot.sources.actions import import_by_steps
from folkmoot.sources.forms import ImportForm
from folkmoot.sources.intake import Incoming
from folkmoot.sources.policies import may_import_anywhere
from folkmoot.sources.queries import source_rows
from folkmoot.sources.storage import path_of
from folkmoot.sources.views.common import own

# where the frame of the page is cut so that the middle can be sent as it happens
CUT = "<!-- the steps go here -->"


@login_required
@require_http_methods(["GET", "POST"])
def source_import(request: HttpRequest) -> HttpResponseBase:
    if not may_import_anywhere(request.user):
        status = 403 if request.method == "POST" else 200
        return render(request, "sources/import.html", {"form": None}, status=status)
    sent = request.method == "POST"
    form = ImportForm(request.POST if sent else None, request.FILES if sent else None, user=request.user)
    if sent and form.is_valid():
        return StreamingHttpResponse(_importing(request, form))
    return render(request, "sources/import.html", {"form": form}, status=422 if form.errors else 200)


def _importing(request: HttpRequest, form: ImportForm) -> Iterator[str]:
    """The page in pieces: its head, a line for each file before it is read, and the account at the end."""
    head, tail = render_to_string("sources/importing.html", {"cut": CUT}, request=request).split(CUT)
    yield head
    files = [Incoming(one.name, one.size, one.read) for one in form.cleaned_data["chosen"]]
    steps = import_by_steps(files, **form.saying(), by=request.user)
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            rows = source_rows(end.value.sources.select_related("organisation", "team"), viewer=request.user)
            outcome = {"imported": end.value, "rows": rows, "set_aside": len(end.value.set_aside)}
            break
        except FolkmootError as error:
            outcome = {"refused": str(error)}
            break
        yield render_to_string("sources/parts/step.html", {"step": step, "shown": step.number + 1})
    yield render_to_string("sources/parts/outcome.html", outcome, request=request)
    yield tail


@login_required
@require_GET
def source_original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it came, for its owner, and never shown inside the site."""
    source = own(request, pk)
    original = source.original
    if original is None or original.erased_at is not None:
        raise Http404
    path = path_of(original)
    if not path.is_file():
        raise Http404
    answer = FileResponse(
        path.open("rb"), as_attachment=True, filename=original.name, content_type="application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
