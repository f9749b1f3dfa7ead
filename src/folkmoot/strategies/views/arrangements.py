"""Standing ways of engaging, and who ran them from when until when."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.organisations.policies import may_edit, require_edit, require_edit_for
from folkmoot.organisations.refusals import attempt
from folkmoot.strategies import actions, queries
from folkmoot.strategies.forms import ArrangementForm, PassOnForm
from folkmoot.strategies.models import Arrangement
from folkmoot.strategies.views.common import editing_for, required_home


@require_GET
def arrangements(request: HttpRequest) -> HttpResponse:
    found = list(queries.arrangements_for(request.user))
    context = {
        "rows": [(one, list(one.owners.all()), may_edit(request.user, one)) for one in found],
        "may_edit": editing_for(request) is not None,
        "crumbs": [("Aims", reverse("aims")), ("Arrangements", "")],
        "section": "aims",
    }
    return render(request, "strategies/arrangements.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def arrangement_new(request: HttpRequest) -> HttpResponse:
    home = editing_for(request)
    form = ArrangementForm(request.POST or None, initial={"owner": home})
    status = 200
    if request.method == "POST":
        status = 422
        home = required_home(request)
        require_edit_for(request.user, organisation_id=home.pk)
        if form.is_valid():
            given = dict(form.cleaned_data)
            made, status = attempt(
                form,
                lambda: actions.record_arrangement(
                    given.pop("name"), organisation=home, by=request.user, **given
                ),
            )
            if made is not None:
                messages.success(request, f"“{made}” is recorded.")
                return redirect("arrangements")
    context = {
        "form": form,
        "may_edit": home is not None,
        "crumbs": [("Aims", reverse("aims")), ("Arrangements", reverse("arrangements")), ("Record", "")],
        "section": "aims",
    }
    return render(request, "strategies/arrangement_new.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def arrangement_pass(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Arrangement.objects.visible_to(request.user).select_related("organisation"), pk=pk
    )
    form = PassOnForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        require_edit(request.user, found)
        if form.is_valid():
            given = form.cleaned_data
            made, status = attempt(form, lambda: actions.pass_arrangement(found, by=request.user, **given))
            if made is not None:
                messages.success(request, f"“{found}” passed to {made.owner}.")
                return redirect("arrangements")
    context = {
        "arrangement": found,
        "owners": found.owners.select_related("owner"),
        "form": form,
        "may_edit": may_edit(request.user, found),
        "crumbs": [("Aims", reverse("aims")), ("Arrangements", reverse("arrangements")), ("Pass on", "")],
        "section": "aims",
    }
    return render(request, "strategies/arrangement_pass.html", context, status=status)
