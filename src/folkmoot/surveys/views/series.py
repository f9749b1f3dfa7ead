"""Pages of published series."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.core.errors import FolkmootError
from folkmoot.organisations.policies import may_edit, require_edit
from folkmoot.organisations.refusals import attempt, tell
from folkmoot.surveys import actions
from folkmoot.surveys.forms.owning import reach_of, visibility_for
from folkmoot.surveys.forms.series import EventForm, SeriesForm, SeriesImportForm
from folkmoot.surveys.models import Indicator, Series, SeriesEvent
from folkmoot.surveys.queries.choices import may_write
from folkmoot.surveys.queries.indicators import Outcome, shown
from folkmoot.surveys.queries.publishing import listed_series, series_page
from folkmoot.surveys.reading.faults import alike, judged
from folkmoot.surveys.reading.series import PublishedFile, read_published
from folkmoot.surveys.views.common import SECTION, files, require_writer, seen, sent

SHOWN_ASIDE = 20


@require_GET
def series_list(request: HttpRequest) -> HttpResponse:
    """Every published series that this person may see."""
    context = {
        "page": Paginator(listed_series(request.user), 30).get_page(request.GET.get("page")),
        "may_write": may_write(request.user),
        "section": SECTION,
    }
    return render(request, "surveys/series_list.html", context)


@require_GET
def series(request: HttpRequest, pk: int) -> HttpResponse:
    """One series, drawn, with what is wrong with it."""
    row = seen(request, Series, pk)
    asked = [int(one) for one in request.GET.getlist("area") if one.isdecimal() and len(one) < 18]
    indicator = None
    if row.indicator_id:
        found = Indicator.objects.visible_to(request.user).filter(pk=row.indicator_id).first()
        indicator = shown(found, viewer=request.user) if found else None
    context = {
        "series": row,
        "page": series_page(row, chosen=asked, viewer=request.user),
        "indicator": indicator,
        "is_outcome": isinstance(indicator, Outcome),
        "may_edit": may_edit(request.user, row),
        "crumbs": [("Published series", reverse("series_list")), (row.title, "")],
        "section": SECTION,
    }
    return render(request, "surveys/series.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def series_import(request: HttpRequest) -> HttpResponse:
    """Bring a published file in: what would happen first, with every fault named."""
    require_writer(request)
    form = SeriesImportForm(sent(request), files(request), user=request.user)
    context: dict[str, Any] = {
        "form": form,
        "crumbs": [("Published series", reverse("series_list")), ("Bring a file in", "")],
        "section": SECTION,
    }
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data["chosen"]
            content = given.read()
            try:
                found = read_published(
                    given.name, content, named=form.named, measure=form.cleaned_data["measure"].strip()
                )
                if request.POST.get("do") == "look":
                    return render(request, "surveys/series_import.html", context | _foretold(found))
                imported = actions.bring_in_series(
                    found,
                    content=content,
                    publisher=form.cleaned_data["publisher"],
                    owner=form.chosen_owner,
                    visibility=form.chosen_visibility,
                    by=request.user,
                )
                messages.success(
                    request,
                    f"Read {imported.read:,}, used {imported.used:,}, set aside {imported.read - imported.used:,}.",
                )
                first = Series.objects.filter(imported=imported).order_by("title", "pk").first()
                measures = found.measures
                if first is not None and len(measures) == 1:
                    return redirect("series", pk=first.pk)
                return redirect("series_list")
            except FolkmootError as error:
                status = tell(form, error, field="chosen")
    return render(request, "surveys/series_import.html", context, status=status)


def _foretold(found: PublishedFile) -> dict[str, Any]:
    days = [one.period for one in found.figures]
    each = {measure: [one for one in found.figures if one.measure == measure] for measure in found.measures}
    told = alike([judged(one, others_begin=min(days), others_end=max(days)) for one in each.values()])
    measures = [
        {
            "name": name,
            "areas": len({one.area for one in figures}),
            "begins": min(one.period for one in figures),
            "ends": max(one.period for one in figures),
            "figures": len(figures),
            "faults": verdict.faults,
        }
        for (name, figures), verdict in zip(each.items(), told, strict=True)
    ]
    return {
        "found": found,
        "measures": measures,
        "aside": found.set_aside[:SHOWN_ASIDE],
        "aside_more": max(0, len(found.set_aside) - SHOWN_ASIDE),
    }


@login_required
@require_http_methods(["GET", "POST"])
def series_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said of a series; its figures come from files alone."""
    row = seen(request, Series, pk)
    require_edit(request.user, row)
    beginning = {name: getattr(row, name) for name in ("title", "publisher", "rolling", "covers", "version")}
    beginning |= {"indicator": str(row.indicator_id or ""), "reach": reach_of(row)}
    form = SeriesForm(sent(request), user=request.user, initial=beginning)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            reach = visibility_for(form.cleaned_data["reach"], "team" if row.team_id else "organisation")
            saved, status = attempt(
                form,
                lambda: actions.revise_series(
                    row,
                    expected=form.cleaned_data["version"] or 0,
                    visibility=reach,
                    by=request.user,
                    **form.details(),
                ),
            )
            if saved is not None:
                messages.success(request, "The series is saved.")
                return redirect("series", pk=pk)
            row = seen(request, Series, pk)
    context = {
        "form": form,
        "series": row,
        "crumbs": _trail(row, "Change"),
        "section": SECTION,
    }
    return render(request, "surveys/series_edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def event_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Note an event, or declare a break."""
    row = seen(request, Series, pk)
    require_edit(request.user, row)
    form = EventForm(
        sent(request),
        series=row,
        initial={"kind": request.GET.get("kind", "event"), "on": request.GET.get("on", "")},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            made, status = attempt(
                form,
                lambda: actions.declare_event(
                    row,
                    kind=given["kind"],
                    on=given["on"],
                    what=given["what"],
                    area=form.areas.get(given["area"]),
                    by=request.user,
                ),
            )
            if made is not None:
                messages.success(request, "It is marked on the series.")
                return redirect("series", pk=pk)
    context = {
        "form": form,
        "series": row,
        "crumbs": _trail(row, "Event or break"),
        "section": SECTION,
    }
    return render(request, "surveys/event_new.html", context, status=status)


@login_required
@require_POST
def event_remove(request: HttpRequest, pk: int, event: int) -> HttpResponse:
    """Take back an event or a break."""
    row = seen(request, Series, pk)
    require_edit(request.user, row)
    found = get_object_or_404(SeriesEvent.objects.select_related("series"), pk=event, series=row)
    actions.remove_event(found, by=request.user)
    messages.success(request, "It is taken back.")
    return redirect("series", pk=pk)


def _trail(row: Series, last: str) -> list[tuple[str, str]]:
    return [
        ("Published series", reverse("series_list")),
        (row.title, reverse("series", args=[row.pk])),
        (last, ""),
    ]
