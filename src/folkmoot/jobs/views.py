"""The pages of long work: the list, and one job with its progress."""

from __future__ import annotations

import contextlib

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.core.errors import NotYet
from folkmoot.jobs.actions import cancel
from folkmoot.jobs.queries import jobs_of, shown

A_PAGE = 50


@login_required
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    page = Paginator(jobs_of(request.user), A_PAGE).get_page(request.GET.get("page"))
    rows = [shown(job, viewer=request.user) for job in page]
    return render(request, "jobs/jobs.html", {"page": page, "rows": rows})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def job(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(jobs_of(request.user), pk=pk)
    if request.method == "POST":
        # where it ended while the button was on its way, the page says how
        with contextlib.suppress(NotYet):
            cancel(found, by=request.user)
        return redirect("job", pk=pk)
    here = shown(found, viewer=request.user)
    # a script asks for the middle of the page alone
    part = request.headers.get("X-Part") == "progress"
    return render(request, "jobs/parts/progress.html" if part else "jobs/job.html", {"row": here})
