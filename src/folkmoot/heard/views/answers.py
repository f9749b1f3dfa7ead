"""Decisions, promises, who was told, and what people answered in person."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.heard import actions
from folkmoot.heard.forms.concerns import DecisionForm, PromiseForm, ReplyForm, SettleForm, TellingForm
from folkmoot.heard.policies import (
    may_bring_in,
    may_keep,
    may_settle,
    require_bring_in,
    require_keep,
    require_settle,
)
from folkmoot.heard.queries.promises import promises_for
from folkmoot.heard.views.common import asked, crumbs_to, page_of, seen
from folkmoot.organisations.context import home_of


@login_required
@require_http_methods(["GET", "POST"])
def decision_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    form = DecisionForm(request.POST or None, initial={"version": found.version})

    def write() -> object:
        given = dict(form.cleaned_data)
        return actions.decide(found, expected=given.pop("version"), by=request.user, **given)

    return asked(
        request,
        form,
        write,
        title="What was decided?",
        about=found.title,
        to=reverse("concern", args=[pk]),
        done="The decision is there. Nobody outside knows it yet: say next who is told.",
        require=lambda: require_keep(request.user, organisation_id=found.organisation_id),
        may=may_keep(request.user, organisation_id=found.organisation_id),
        crumbs=crumbs_to(found, "Decision"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def promise_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    form = PromiseForm(request.POST or None, viewer=request.user, organisation=found.organisation)
    return asked(
        request,
        form,
        lambda: actions.promise(found, by=request.user, **form.cleaned_data),
        title="What is promised?",
        about=found.title,
        to=reverse("concern", args=[pk]),
        done="The promise is recorded.",
        require=lambda: require_keep(request.user, organisation_id=found.organisation_id),
        may=may_keep(request.user, organisation_id=found.organisation_id),
        crumbs=crumbs_to(found, "Promise"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def promise_settle(request: HttpRequest, pk: int) -> HttpResponse:
    given = get_object_or_404(promises_for(request.user), pk=pk)
    form = SettleForm(request.POST or None, state=given.state, initial={"version": given.version})

    def write() -> object:
        said = form.cleaned_data
        if said["how"] == "move":
            return actions.move_promise(given, due=said["day"], expected=said["version"], by=request.user)
        if said["how"] == "open":
            return actions.keep_promise_open(given, expected=said["version"], by=request.user)
        return actions.settle_promise(
            given,
            kept=said["how"] == "kept",
            settlement=said["settlement"],
            settled_on=said["day"],
            expected=said["version"],
            by=request.user,
        )

    return asked(
        request,
        form,
        write,
        title="How does this promise stand?",
        about=f"{given.text} ({given.owner_role}, by {given.due:%-d %B %Y})",
        to=reverse("concern", args=[given.concern_id]),
        done="It is saved how the promise stands.",
        require=lambda: require_settle(request.user, given),
        may=may_settle(request.user, given),
        crumbs=crumbs_to(given.concern, "Promise"),
    )


@login_required
@require_GET
def promises(request: HttpRequest) -> HttpResponse:
    """All promises on concerns of one's organisations: late ones first, then open ones, then settled ones."""
    today = timezone.localdate()
    rows = promises_for(request.user)
    context = {
        "home": home_of(request),
        "late": list(rows.filter(state="open", due__lt=today)[:200]),
        "open": list(rows.filter(state="open", due__gte=today)[:200]),
        "page": page_of(request, rows.exclude(state="open").order_by("-settled_on", "-pk")),
        "today": today,
        "crumbs": [("Work", reverse("work")), ("Concerns", reverse("concerns")), ("Promises", "")],
        "section": "work",
    }
    return render(request, "heard/promises.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def telling_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    decision = found.decisions.first()
    drafted = f"{decision.what} {decision.because}" if decision else ""
    form = TellingForm(request.POST or None, initial={"version": found.version, "said": drafted})

    def write() -> object:
        given = dict(form.cleaned_data)
        return actions.tell_people(found, expected=given.pop("version"), by=request.user, **given)

    return asked(
        request,
        form,
        write,
        title="Who was told?",
        about=found.title,
        to=reverse("concern", args=[pk]),
        done="It is recorded who was told.",
        require=lambda: require_bring_in(request.user, organisation_id=found.organisation_id),
        may=may_bring_in(request.user, organisation_id=found.organisation_id),
        crumbs=crumbs_to(found, "Telling"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def reply_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    form = ReplyForm(request.POST or None)
    return asked(
        request,
        form,
        lambda: actions.record_reply(
            found, telling=found.tellings.first(), by=request.user, **form.cleaned_data
        ),
        title="What did people answer?",
        about=found.title,
        to=reverse("concern", args=[pk]),
        done="The reply is there.",
        require=lambda: require_bring_in(request.user, organisation_id=found.organisation_id),
        may=may_bring_in(request.user, organisation_id=found.organisation_id),
        crumbs=crumbs_to(found, "Reply"),
    )
