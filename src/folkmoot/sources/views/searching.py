"""Search over the words that were reviewed and may be shown."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from folkmoot.sources.forms import SearchForm
from folkmoot.sources.queries import search_passages

PER_PAGE = 20


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET or None)
    query = form.cleaned_data["q"].strip() if form.is_valid() else ""
    asked = request.GET.get("page", "1")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 4 else 1
    found = search_passages(query, viewer=request.user, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    context = {
        "form": form,
        "query": query,
        "found": found,
        "page": Paginator(range(found.total), PER_PAGE).get_page(number),
        "section": "sources",
    }
    return render(request, "sources/search.html", context)
