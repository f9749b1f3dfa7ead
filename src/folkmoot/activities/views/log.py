"""The log, and one occasion: read, recorded in full, corrected, deleted."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.activities.actions.occasions import correct_activity, delete_activity, log_activity
from folkmoot.activities.capturing.settling import may_purge
from folkmoot.activities.forms import ActivityForm, FilterForm, VersionForm, initial_of
from folkmoot.activities.models import Activity, Trigger
from folkmoot.activities.policies import may_change, may_log, may_read_remarks, require_change, require_log
from folkmoot.activities.queries.log import log_page, year_of
from folkmoot.activities.queries.occasions import tallies_shown
from folkmoot.activities.queries.purpose import purpose_of
from folkmoot.activities.views.common import (
    address_with,
    attempt_fields,
    filters_asked,
    number_asked,
    today,
)
from folkmoot.organisations.context import home_of
from folkmoot.organisations.policies import may_edit_for
from folkmoot.organisations.refusals import attempt
from folkmoot.strategies.views.common import required_home


def seen(request: HttpRequest, pk: int) -> Activity:
    """The activity as this person may see it; 404 for everybody else."""
    found = Activity.objects.visible_to(request.user).select_related(
        "initiative__method", "method", "place", "host", "organisation", "mechanism_version__mechanism"
    )
    return get_object_or_404(found, pk=pk)


@login_required
@require_GET
def work(request: HttpRequest) -> HttpResponse:
    home = home_of(request)
    if home is None:
        return render(request, "activities/no_home.html", {"section": "work"})
    filters = filters_asked(request, home)
    after = request.GET.get("after", "")
    page = log_page(request.user, home, filters=filters, after=after)
    year = year_of(request.user, home, filters=filters, today=today())
    asked = any(request.GET.get(name) for name in FILTER_NAMES)
    context: dict[str, Any] = {
        "page": page,
        "headings": HEADINGS,
        "year": year,
        "asked": asked,
        "filters": filters,
        "filter": FilterForm(
            initial=request.GET.dict(),
            user=request.user,
            organisation=home,
            today=today(),
            without=("characteristic", "since", "until"),
        ),
        "older": address_with(request, after=page.older) if page.older else "",
        "newest": address_with(request, after="") if after else "",
        "may_log": may_log(request.user, organisation_id=home.pk),
        "may_edit": may_edit_for(request.user, organisation_id=home.pk),
        "purpose": None
        if asked or after
        else purpose_of(request.user, home, today=today(), work=year.by_initiative),
        "reach_url": _same(request, "reach"),
        "section": "work",
    }
    return render(request, "activities/log.html", context)


HEADINGS = (
    "Day",
    "What",
    "Where",
    "People",
    "Level planned",
    "Level reached",
    "Hours",
    "Why it should work",
)
FILTER_NAMES = ("initiative", "method", "place", "level", "month", "since", "until", "by", "partners")


def _same(request: HttpRequest, name: str) -> str:
    """Another page about the same part of the log."""
    kept = {key: request.GET[key] for key in FILTER_NAMES if request.GET.get(key)}
    return f"{reverse(name)}?{urlencode(kept)}" if kept else reverse(name)


@require_GET
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    one = seen(request, pk)
    context = {
        "activity": one,
        "remark": one.remark if may_read_remarks(request.user, organisation_id=one.organisation_id) else "",
        "reads_remarks": may_read_remarks(request.user, organisation_id=one.organisation_id),
        "tallies": tallies_shown(one),
        "may_change": may_change(request.user, one),
        "may_purge": may_purge(request.user, one),
        "own": one.logged_by_id == request.user.pk,
        "reactive": (one.trigger or (one.initiative.trigger if one.initiative else "")) == Trigger.REACTIVE,
        "crumbs": [("Work", reverse("work")), (str(one), "")],
        "section": "work",
    }
    return render(request, "activities/activity.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def activity_new(request: HttpRequest) -> HttpResponse:
    home = required_home(request)
    require_log(request.user, organisation_id=home.pk)
    initial = {"happened_on": today(), "initiative": number_asked(request, "initiative")}
    initial["place"] = number_asked(request, "place")
    form = ActivityForm(request.POST or None, user=request.user, organisation=home, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            made, status = attempt_fields(
                form, lambda: log_activity(organisation=home, by=request.user, **form.given())
            )
            if made is not None:
                messages.success(request, "It is recorded.")
                return redirect("activity", pk=made.pk)
    context = {"form": form, "crumbs": [("Work", reverse("work")), ("Record", "")], "section": "work"}
    return render(request, "activities/activity_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    one = seen(request, pk)
    require_change(request.user, one)
    form = ActivityForm(
        request.POST or None,
        user=request.user,
        organisation=one.organisation,
        activity=one,
        initial=initial_of(one),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            # the form works on a row of its own: a refused save leaves this one as it is
            draft = Activity.objects.select_related("initiative", "method", "place", "host").get(pk=pk)
            made, status = attempt_fields(
                form,
                lambda: correct_activity(
                    draft, expected=form.cleaned_data["version"] or 0, by=request.user, **form.given()
                ),
            )
            if made is not None:
                messages.success(request, "It is corrected.")
                return redirect("activity", pk=pk)
    context = {
        "activity": one,
        "form": form,
        "crumbs": [
            ("Work", reverse("work")),
            (str(one), reverse("activity", args=[pk])),
            ("Correct", ""),
        ],
        "section": "work",
    }
    return render(request, "activities/activity_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def activity_delete(request: HttpRequest, pk: int) -> HttpResponse:
    one = seen(request, pk)
    require_change(request.user, one)
    form = VersionForm(request.POST or None, initial={"version": one.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            _, status = attempt(
                form, lambda: delete_activity(one, expected=form.cleaned_data["version"], by=request.user)
            )
            if status == 200:
                messages.success(request, "It is deleted.")
                return redirect("work")
    context = {
        "activity": one,
        "form": form,
        "crumbs": [
            ("Work", reverse("work")),
            (str(one), reverse("activity", args=[pk])),
            ("Delete", ""),
        ],
        "section": "work",
    }
    return render(request, "activities/activity_delete.html", context, status=status)
