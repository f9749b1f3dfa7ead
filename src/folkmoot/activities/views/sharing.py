"""Which hours an organisation shares, and with whom: the totals as others see them, before and after."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from folkmoot.activities.actions.sharing import share_hours, stop_sharing_hours
from folkmoot.activities.forms import SharingForm
from folkmoot.activities.queries.relied import sharing_of
from folkmoot.organisations.context import home_of
from folkmoot.organisations.policies import may_edit_for, require_edit_for
from folkmoot.strategies.views.common import attempt, required_home


@login_required
@require_http_methods(["GET", "POST"])
def hours_share(request: HttpRequest) -> HttpResponse:
    """Share the hours of twelve months by chain, renew them, or take them back."""
    home = home_of(request) if request.method == "GET" else required_home(request)
    if home is None:
        return render(request, "activities/no_home.html", {"section": "work"})
    today, form, status = timezone.localdate(), SharingForm(request.POST or None), 200
    if request.method == "POST":
        require_edit_for(request.user, organisation_id=home.pk)
        if "stop" in request.POST:
            stop_sharing_hours(home, by=request.user)
            messages.success(request, "The hours are shared no longer.")
            return redirect("hours_share")
        status = 422
        if form.is_valid():
            visibility = form.cleaned_data["visibility"]
            made, status = attempt(
                form, lambda: share_hours(home, until=today, visibility=visibility, by=request.user)
            )
            if made is not None:
                messages.success(request, "The hours are shared.")
                return redirect("hours_share")
    context = {
        "home": home,
        "sharing": sharing_of(home, viewer=request.user, today=today),
        "form": form,
        "may_edit": may_edit_for(request.user, organisation_id=home.pk),
        "crumbs": [("Work", reverse("work")), ("Hours we share", "")],
        "section": "work",
    }
    return render(request, "activities/hours_share.html", context, status=status)
