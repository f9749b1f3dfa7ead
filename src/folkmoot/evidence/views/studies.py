"""The list of studies and the page of one."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from folkmoot.evidence.forms import StudyFilterForm
from folkmoot.evidence.queries.choices import may_record
from folkmoot.evidence.queries.studies import StudyFilters, studies_for, study_page
from folkmoot.evidence.views.common import crumbs, seen_study
from folkmoot.organisations.policies import may_edit

PER_PAGE = 40


@require_GET
def studies(request: HttpRequest) -> HttpResponse:
    """Every study that this person may see, under filters."""
    form = StudyFilterForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    found = studies_for(request.user, StudyFilters(**given))
    context = {
        "form": form,
        "filtered": any(given.values()),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "may_record": may_record(request.user),
        "section": "assumptions",
    }
    return render(request, "evidence/studies.html", context)


@require_GET
def study(request: HttpRequest, pk: int) -> HttpResponse:
    """One study: its grid, and what it reads for each assumption."""
    found = seen_study(request, pk)
    context = {
        "study": found,
        "page": study_page(found, viewer=request.user),
        "crumbs": crumbs(found),
        "may_edit": may_edit(request.user, found),
        "may_record": may_record(request.user),
        "section": "assumptions",
    }
    return render(request, "evidence/study.html", context)
