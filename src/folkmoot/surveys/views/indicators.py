"""Pages of indicators."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.organisations.policies import may_edit, require_edit
from folkmoot.organisations.refusals import attempt
from folkmoot.surveys import actions
from folkmoot.surveys.forms.indicators import IndicatorForm, NewIndicatorForm
from folkmoot.surveys.forms.owning import reach_of, visibility_for
from folkmoot.surveys.models import Indicator
from folkmoot.surveys.queries.choices import may_write
from folkmoot.surveys.queries.indicators import Outcome, indicators_for, shown, uses_of
from folkmoot.surveys.views.common import SECTION, require_writer, seen, sent


@require_GET
def indicators(request: HttpRequest) -> HttpResponse:
    """Everything that is measured: outcomes apart from what only counts work."""
    context = {
        "listed": indicators_for(request.user),
        "may_write": may_write(request.user),
        "section": SECTION,
    }
    return render(request, "surveys/indicators.html", context)


@require_GET
def indicator(request: HttpRequest, pk: int) -> HttpResponse:
    """One indicator: what it measures, whose judgement it is, where it is asked or published."""
    row = seen(request, Indicator, pk)
    one = shown(row, viewer=request.user)
    context = {
        "row": row,
        "one": one,
        "is_outcome": isinstance(one, Outcome),
        "uses": uses_of(row, viewer=request.user),
        "may_edit": may_edit(request.user, row),
        "crumbs": [("Indicators", reverse("indicators")), (row.name, "")],
        "section": SECTION,
    }
    return render(request, "surveys/indicator.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def indicator_new(request: HttpRequest) -> HttpResponse:
    """Say what is measured."""
    require_writer(request)
    asked = request.GET.get("assumption", "")
    form = NewIndicatorForm(
        sent(request),
        user=request.user,
        initial={"assumption": asked, "end": "effect" if asked else "", "better": "neither"},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            made, status = attempt(
                form,
                lambda: actions.create_indicator(
                    owner=form.chosen_owner,
                    visibility=form.chosen_visibility,
                    by=request.user,
                    **form.details(),
                ),
            )
            if made is not None:
                messages.success(request, "The indicator is recorded.")
                return redirect("indicator", pk=made.pk)
    crumbs = [("Indicators", reverse("indicators")), ("New indicator", "")]
    return render(
        request,
        "surveys/indicator_edit.html",
        {"form": form, "crumbs": crumbs, "section": SECTION},
        status=status,
    )


@login_required
@require_http_methods(["GET", "POST"])
def indicator_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is said of an indicator, or end it."""
    row = seen(request, Indicator, pk)
    require_edit(request.user, row)
    names = (
        "name",
        "kind",
        "measured_as",
        "end",
        "judged_by",
        "unit",
        "better",
        "smallest_change",
        "version",
    )
    beginning = {name: getattr(row, name) for name in names} | {
        "assumption": str(row.assumption_id or ""),
        "reach": reach_of(row),
        "ended": row.ended_on is not None,
    }
    form = IndicatorForm(sent(request), user=request.user, initial=beginning)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            network = row.is_network and given["reach"] not in {"network", "public"}
            reach = visibility_for(given["reach"], "team" if row.team_id else "organisation")

            def save() -> Indicator:
                saved = actions.revise_indicator(
                    row,
                    expected=given["version"] or 0,
                    by=request.user,
                    visibility="network" if network else reach,
                    **form.details(),
                )
                if given["ended"] != (saved.ended_on is not None) and given["ended"]:
                    actions.end_indicator(
                        saved, on=timezone.localdate(), expected=saved.version, by=request.user
                    )
                return saved

            saved, status = attempt(form, save)
            if saved is not None:
                messages.success(request, "The indicator is saved.")
                return redirect("indicator", pk=pk)
            row.refresh_from_db()
    context = {
        "form": form,
        "row": row,
        "crumbs": [
            ("Indicators", reverse("indicators")),
            (row.name, reverse("indicator", args=[pk])),
            ("Change", ""),
        ],
        "section": SECTION,
    }
    return render(request, "surveys/indicator_edit.html", context, status=status)
