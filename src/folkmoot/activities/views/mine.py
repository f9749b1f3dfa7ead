"""What is held about me: for the person signed in, about nobody else."""

from __future__ import annotations

import csv

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from folkmoot.activities.queries.mine import MOST_SHOWN, held_about, rows_of

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@login_required
@require_GET
def held_about_me(request: HttpRequest) -> HttpResponse:
    if request.GET.get("as") == "csv":
        return _file(request)
    held = held_about(request.user)
    context = {
        "held": held,
        "activities": list(held.activities[: MOST_SHOWN + 1]),
        "captures": list(held.captures[: MOST_SHOWN + 1]),
        "events": list(held.events[: MOST_SHOWN + 1]),
        "about": list(held.about[: MOST_SHOWN + 1]),
        "most": MOST_SHOWN,
        "crumbs": [("Work", reverse("work")), ("Held about you", "")],
        "section": "work",
    }
    return render(request, "activities/mine.html", context)


def _file(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="held-about-me.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(["what", "when", "organisation", "says"])
    for row in rows_of(request.user):
        # a spreadsheet must not run what somebody wrote
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row])
    return answer
