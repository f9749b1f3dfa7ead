"""What an hour costs from which day on, and an organisation's own methods."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from folkmoot.activities.actions.methods import add_method
from folkmoot.activities.actions.rates import remove_hour_rate, set_hour_rate
from folkmoot.activities.forms import MethodForm, RateForm, methods_for
from folkmoot.activities.models import HourRate
from folkmoot.activities.queries.initiatives import in_use
from folkmoot.organisations.context import home_of
from folkmoot.organisations.policies import may_edit_for, require_edit_for
from folkmoot.strategies.views.common import attempt, required_home


@login_required
@require_http_methods(["GET", "POST"])
def rates(request: HttpRequest) -> HttpResponse:
    home = home_of(request) if request.method == "GET" else required_home(request)
    if home is None:
        return render(request, "activities/no_home.html", {"section": "work"})
    form, status = RateForm(request.POST or None), 200
    if request.method == "POST":
        require_edit_for(request.user, organisation_id=home.pk)
        status = 422
        if form.is_valid():
            made, status = attempt(form, lambda: set_hour_rate(home, by=request.user, **form.cleaned_data))
            if made is not None:
                messages.success(request, "The rate is set.")
                return redirect("rates")
    context = {
        "home": home,
        "rates": HourRate.objects.filter(organisation=home),
        "form": form,
        "may_edit": may_edit_for(request.user, organisation_id=home.pk),
        "crumbs": [("Work", reverse("work")), ("What an hour costs", "")],
        "section": "work",
    }
    return render(request, "activities/rates.html", context, status=status)


@login_required
@require_POST
def rate_remove(request: HttpRequest, pk: int) -> HttpResponse:
    home = home_of(request)
    rate = get_object_or_404(HourRate, pk=pk, organisation=home)
    remove_hour_rate(rate, by=request.user)
    messages.success(request, "The rate is taken out.")
    return redirect("rates")


@login_required
@require_http_methods(["GET", "POST"])
def methods(request: HttpRequest) -> HttpResponse:
    home = home_of(request) if request.method == "GET" else required_home(request)
    if home is None:
        return render(request, "activities/no_home.html", {"section": "work"})
    form, status = MethodForm(request.POST or None), 200
    if request.method == "POST":
        require_edit_for(request.user, organisation_id=home.pk)
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            made, status = attempt(form, lambda: add_method(organisation=home, by=request.user, **given))
            if made is not None:
                messages.success(request, "The method is among yours.")
                return redirect("methods")
    used = in_use(home)
    rows = [(one, used.get(one.pk, 0)) for one in methods_for(home)]
    context = {
        "home": home,
        "own": [row for row in rows if row[0].organisation_id is not None],
        "library": [row for row in rows if row[0].organisation_id is None],
        "form": form,
        "may_edit": may_edit_for(request.user, organisation_id=home.pk),
        "crumbs": [("Work", reverse("work")), ("Methods", "")],
        "section": "work",
    }
    return render(request, "activities/methods.html", context, status=status)
