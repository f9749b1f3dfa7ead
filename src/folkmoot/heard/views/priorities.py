"""Priorities with their two statements side by side; election periods."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.core.errors import NotAllowed
from folkmoot.heard import actions
from folkmoot.heard.forms.priorities import ElectionForm, PriorityForm, PriorityWordsForm, ReviewForm
from folkmoot.heard.models import ElectionPeriod, Priority
from folkmoot.heard.policies import may_keep, require_keep
from folkmoot.heard.views.common import asked, keeping, page_of, required_home
from folkmoot.organisations.context import home_of
from folkmoot.organisations.policies import may_administer
from folkmoot.organisations.visibility import access_of


def _crumbs(last: str = "") -> list[tuple[str, str]]:
    first = [("Work", reverse("work")), ("Concerns", reverse("concerns"))]
    return (
        [*first, ("Priorities", reverse("priorities")), (last, "")] if last else [*first, ("Priorities", "")]
    )


def _seen(request: HttpRequest, pk: int) -> Priority:
    rows = Priority.objects.visible_to(request.user).select_related("place", "concern", "organisation")
    found: Priority = get_object_or_404(rows, pk=pk)
    return found


@login_required
@require_GET
def priorities(request: HttpRequest) -> HttpResponse:
    rows = (
        Priority.objects.visible_to(request.user)
        .select_related("place", "organisation", "concern")
        .prefetch_related("statements")
    )
    context = {
        "page": page_of(request, rows.filter(ended_on=None)),
        "ended": list(rows.exclude(ended_on=None).order_by("-ended_on")[:20]),
        "today": timezone.localdate(),
        "mine": set(access_of(request.user).organisations),
        "may_keep": keeping(request) is not None,
        "crumbs": _crumbs(),
        "section": "work",
    }
    return render(request, "heard/priorities.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def priority_new(request: HttpRequest) -> HttpResponse:
    form = PriorityForm(request.POST or None, viewer=request.user, organisation=home_of(request))

    def write() -> Priority:
        given = dict(form.cleaned_data)
        return actions.set_priority(
            given.pop("issue"), organisation=required_home(request), by=request.user, **given
        )

    return asked(
        request,
        form,
        write,
        title="Set a priority",
        intro="Name the issue; then say how the police state it and how residents do.",
        to=lambda made: reverse("priority_state", args=[made.pk]),
        done="The priority is set. Say now how each side states it.",
        require=lambda: require_keep(request.user, organisation_id=required_home(request).pk),
        may=keeping(request) is not None,
        crumbs=_crumbs("Set one"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def priority_state(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    form = PriorityWordsForm(request.POST or None)
    return asked(
        request,
        form,
        lambda: actions.state_priority(found, by=request.user, **form.cleaned_data),
        title="How is it stated?",
        about=found.issue,
        to=reverse("priorities"),
        done="The statement is there, with its date.",
        require=lambda: require_keep(request.user, organisation_id=found.organisation_id),
        may=may_keep(request.user, organisation_id=found.organisation_id),
        crumbs=_crumbs(found.issue),
    )


@login_required
@require_http_methods(["GET", "POST"])
def priority_review(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    form = ReviewForm(request.POST or None, initial={"version": found.version})

    def write() -> Priority:
        given = form.cleaned_data
        if given["what"] == "end":
            return actions.end_priority(
                found, because=given["because"], expected=given["version"], by=request.user
            )
        return actions.review_priority(
            found, review_on=given["review_on"], expected=given["version"], by=request.user
        )

    return asked(
        request,
        form,
        write,
        title="Look at a priority again",
        about=found.issue,
        to=reverse("priorities"),
        done="It is saved.",
        require=lambda: require_keep(request.user, organisation_id=found.organisation_id),
        may=may_keep(request.user, organisation_id=found.organisation_id),
        crumbs=_crumbs(found.issue),
    )


@login_required
@require_http_methods(["GET", "POST"])
def elections(request: HttpRequest) -> HttpResponse:
    """The periods of one's organisation, and a form for its administrators."""
    home = home_of(request)
    form = ElectionForm(request.POST or None)
    may = home is not None and may_administer(request.user, organisation_id=home.pk)

    def require() -> None:
        if not may:
            raise NotAllowed("Election periods are entered by an administrator of the organisation.")

    return asked(
        request,
        form,
        lambda: actions.add_election_period(required_home(request), by=request.user, **form.cleaned_data),
        title="Election periods",
        intro="In such a period nothing that raises the profile of somebody in or seeking office is published or told.",
        to=reverse("elections"),
        done="The period is entered.",
        button="Enter it",
        require=require,
        may=may,
        crumbs=[("Work", reverse("work")), ("Concerns", reverse("concerns")), ("Election periods", "")],
        template="heard/elections.html",
        context={
            "periods": ElectionPeriod.objects.filter(organisation=home),
            "today": timezone.localdate(),
            "home": home,
            "may_not": "Periods are entered by an administrator of your organisation.",
        },
    )


@login_required
@require_POST
def election_remove(request: HttpRequest, pk: int) -> HttpResponse:
    mine = list(access_of(request.user).organisations)
    period = get_object_or_404(
        ElectionPeriod.objects.select_related("organisation"), pk=pk, organisation__in=mine
    )
    actions.remove_election_period(period, by=request.user)
    messages.success(request, "The period is taken out. The log keeps that it was there.")
    return redirect("elections")
