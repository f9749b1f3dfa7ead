"""Strands of work: the list, one, new, changed, closed and opened again; what came out of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.activities.actions.initiatives import (
    change_initiative,
    close_initiative,
    open_initiative,
    reopen_initiative,
)
from folkmoot.activities.actions.outputs import record_output, remove_output
from folkmoot.activities.forms import (
    CloseForm,
    InitiativeForm,
    OutputForm,
    VersionForm,
    initial_of_initiative,
)
from folkmoot.activities.models import Initiative, Output
from folkmoot.activities.policies import may_log
from folkmoot.activities.queries.initiatives import initiative_page, initiatives_of
from folkmoot.activities.queries.sums import year_before
from folkmoot.activities.views.common import attempt_fields, number_asked, today
from folkmoot.organisations.context import home_of
from folkmoot.organisations.policies import may_edit, may_edit_for, require_edit, require_edit_for
from folkmoot.strategies.views.common import attempt, required_home


def seen(request: HttpRequest, pk: int) -> Initiative:
    """The initiative as this person may see it; 404 for everybody else."""
    found = Initiative.objects.visible_to(request.user).select_related(
        "method", "organisation", "place", "mechanism_version__mechanism"
    )
    return get_object_or_404(found, pk=pk)


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Work", reverse("work")), ("Initiatives", reverse("initiatives")), *more]


@login_required
@require_GET
def initiatives(request: HttpRequest) -> HttpResponse:
    home = home_of(request)
    if home is None:
        return render(request, "activities/no_home.html", {"section": "work"})
    day = today()
    rows = initiatives_of(request.user, home, since=year_before(day), until=day)
    context = {
        "open": [row for row in rows if row.initiative.state == Initiative.State.OPEN],
        "closed": [row for row in rows if row.initiative.state == Initiative.State.CLOSED],
        "may_edit": may_edit_for(request.user, organisation_id=home.pk),
        "crumbs": [*crumbs()[:1], ("Initiatives", "")],
        "section": "work",
    }
    return render(request, "activities/initiatives.html", context)


@require_GET
def initiative(request: HttpRequest, pk: int) -> HttpResponse:
    one = seen(request, pk)
    context = {
        "initiative": one,
        "page": initiative_page(request.user, one, today=today()),
        "objectives": one.objectives.visible_to(request.user),
        "groupings": one.groupings.visible_to(request.user),
        "may_edit": may_edit(request.user, one),
        "may_log": may_log(request.user, organisation_id=one.organisation_id),
        "output_form": OutputForm(initial={"counted_on": today()}),
        "reopen_form": VersionForm(initial={"version": one.version}),
        "crumbs": crumbs((one.name, "")),
        "section": "work",
    }
    return render(request, "activities/initiative.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def initiative_new(request: HttpRequest) -> HttpResponse:
    home = required_home(request)
    require_edit_for(request.user, organisation_id=home.pk)
    initial = {"objectives": [number_asked(request, "objective")]}
    form = InitiativeForm(request.POST or None, user=request.user, organisation=home, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            made, status = attempt_fields(
                form,
                lambda: open_initiative(
                    form.cleaned_data["name"], organisation=home, by=request.user, **form.details()
                ),
            )
            if made is not None:
                messages.success(request, "The initiative is open. Activities can be recorded in it.")
                return redirect("initiative", pk=made.pk)
    context = {"form": form, "crumbs": crumbs(("New", "")), "section": "work"}
    return render(request, "activities/initiative_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def initiative_edit(request: HttpRequest, pk: int) -> HttpResponse:
    one = seen(request, pk)
    require_edit(request.user, one)
    form = InitiativeForm(
        request.POST or None,
        user=request.user,
        organisation=one.organisation,
        initiative=one,
        initial=initial_of_initiative(one),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            draft = Initiative.objects.get(pk=pk)
            made, status = attempt_fields(
                form,
                lambda: change_initiative(
                    draft,
                    expected=form.cleaned_data["version"] or 0,
                    name=form.cleaned_data["name"],
                    by=request.user,
                    **form.details(),
                ),
            )
            if made is not None:
                messages.success(request, "It is changed. What was recorded before keeps its own reason.")
                return redirect("initiative", pk=pk)
    context: dict[str, Any] = {
        "initiative": one,
        "form": form,
        "crumbs": crumbs((one.name, reverse("initiative", args=[pk])), ("Change", "")),
        "section": "work",
    }
    return render(request, "activities/initiative_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def initiative_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it; or, where it is closed, open it again."""
    one = seen(request, pk)
    require_edit(request.user, one)
    closed = one.state == Initiative.State.CLOSED
    initial = {"version": one.version, "purpose": one.purpose, "ends": one.ends or today()}
    form = (VersionForm if closed else CloseForm)(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            draft, given = Initiative.objects.get(pk=pk), form.cleaned_data
            made, status = attempt(
                form,
                lambda: (
                    reopen_initiative(draft, expected=given["version"], by=request.user)
                    if closed
                    else close_initiative(
                        draft,
                        expected=given["version"],
                        purpose=given["purpose"],
                        ends=given["ends"],
                        by=request.user,
                    )
                ),
            )
            if made is not None:
                messages.success(request, "It is open again." if closed else "The initiative is closed.")
                return redirect("initiative", pk=pk)
    context = {
        "initiative": one,
        "closed": closed,
        "form": form,
        "crumbs": crumbs(
            (one.name, reverse("initiative", args=[pk])), ("Open again" if closed else "Close", "")
        ),
        "section": "work",
    }
    return render(request, "activities/initiative_close.html", context, status=status)


@login_required
@require_POST
def output_new(request: HttpRequest, pk: int) -> HttpResponse:
    one = seen(request, pk)
    require_edit(request.user, one)
    form = OutputForm(request.POST)
    status = 422
    if form.is_valid():
        made, status = attempt(form, lambda: record_output(one, by=request.user, **form.cleaned_data))
        if made is not None:
            messages.success(request, "It is written down.")
            return redirect("initiative", pk=pk)
    context = {
        "initiative": one,
        "form": form,
        "crumbs": crumbs((one.name, reverse("initiative", args=[pk])), ("What came out", "")),
        "section": "work",
    }
    return render(request, "activities/output_form.html", context, status=status)


@login_required
@require_POST
def output_remove(request: HttpRequest, pk: int, output: int) -> HttpResponse:
    one = seen(request, pk)
    require_edit(request.user, one)
    remove_output(get_object_or_404(Output, initiative=one, pk=output), by=request.user)
    messages.success(request, "It is taken out.")
    return redirect("initiative", pk=pk)
