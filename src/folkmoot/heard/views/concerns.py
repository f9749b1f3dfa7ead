"""The list of concerns, one concern, opening and describing it, who may see it, its steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.core.errors import FolkmootError
from folkmoot.heard import actions
from folkmoot.heard.forms.common import VersionForm
from folkmoot.heard.forms.concerns import CloseForm, ConcernForm, ConcernsFilter, ShareForm
from folkmoot.heard.policies import may_bring_in, may_keep, require_keep
from folkmoot.heard.queries import concerns as queries
from folkmoot.heard.queries.contributions import account_of
from folkmoot.heard.queries.waiting import waiting_for
from folkmoot.heard.states import CONCERN
from folkmoot.heard.views.common import asked, crumbs_to, keeping, page_of, required_home, seen
from folkmoot.organisations.context import home_of
from folkmoot.organisations.visibility import access_of


@login_required
@require_GET
def concerns(request: HttpRequest) -> HttpResponse:
    home, today = home_of(request), timezone.localdate()
    form = ConcernsFilter(request.GET or None, viewer=request.user, organisation=home)
    given = form.cleaned_data if form.is_valid() else {}
    filters = queries.Filters(
        state=given.get("state") or "",
        influence=given.get("influence") or "",
        late=given.get("late") or "",
        **{name: one.pk if (one := given.get(name)) else None for name in ("place", "initiative", "theme")},
    )
    page = page_of(request, queries.listed(request.user, filters, today=today))
    rows = queries.with_counts(page.object_list, today=today, viewer=request.user)
    states = queries.by_state(home)
    context = {
        "home": home,
        "form": form,
        "filtered": filters.given,
        "page": page,
        "rows": [one for one in rows if not one["apart"]],
        "apart": [one for one in rows if one["apart"]],
        "states": [(CONCERN.label(one.word), states.get(one.word, 0), one.word) for one in CONCERN.states],
        "account": account_of(home) if home else None,
        "waiting": len(waiting_for(request.user)),
        "may_keep": keeping(request) is not None,
        "may_bring_in": home is not None and may_bring_in(request.user, organisation_id=home.pk),
        "section": "work",
    }
    return render(request, "heard/concerns.html", context)


@login_required
@require_GET
def concern(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    inside = found.organisation_id in access_of(request.user).organisations
    if not inside:
        # beyond the organisation a concern is what its public page says
        return render(
            request,
            "heard/elsewhere.html",
            {"concern": found, "crumbs": crumbs_to(found), "section": "work", **_as_shared(found)},
        )
    whole = queries.whole(found, viewer=request.user, today=timezone.localdate())
    keeps = may_keep(request.user, organisation_id=found.organisation_id)
    context = {
        "whole": whole,
        "concern": found,
        "state": CONCERN.label(found.state),
        "can": {
            act.replace(" ", "_"): keeps and CONCERN.allows(found.state, act)
            for act in ("hand on", "decide", "close", "open again")
        },
        "may_keep": keeps,
        "may_bring_in": may_bring_in(request.user, organisation_id=found.organisation_id),
        "can_reply": CONCERN.allows(found.state, "reply no"),
        "today": timezone.localdate(),
        "crumbs": crumbs_to(found),
        "section": "work",
    }
    return render(request, "heard/concern.html", context)


def _as_shared(found: Any) -> dict[str, Any]:
    from folkmoot.heard.queries.public import published_of

    today = timezone.localdate()
    return {"one": published_of(found, on=today), "today": today}


@login_required
@require_http_methods(["GET", "POST"])
def concern_new(request: HttpRequest) -> HttpResponse:
    home = home_of(request)
    form = ConcernForm(request.POST or None, viewer=request.user, organisation=home)
    return asked(
        request,
        form,
        lambda: actions.open_concern(organisation=required_home(request), by=request.user, **form.details()),
        title="Open a concern",
        intro="A concern gathers what people said about one thing, and everything that came of it.",
        button="Open it",
        to=lambda made: reverse("concern", args=[made.pk]),
        done="The concern is open. Put what people said under it.",
        require=lambda: require_keep(request.user, organisation_id=required_home(request).pk),
        may=keeping(request) is not None,
        crumbs=[("Work", reverse("work")), ("Concerns", reverse("concerns")), ("Open one", "")],
    )


@login_required
@require_http_methods(["GET", "POST"])
def concern_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    initial = {
        name: getattr(found, name)
        for name in (
            "title",
            "asked",
            "influence",
            "not_open",
            "initiative",
            "promotes_office_holder",
            "version",
        )
    } | {
        "place": found.place.name if found.place else "",
        "themes": [one.pk for one in found.themes.all()],
    }
    form = ConcernForm(
        request.POST or None, viewer=request.user, organisation=found.organisation, initial=initial
    )
    return asked(
        request,
        form,
        lambda: actions.describe_concern(
            seen(request, pk), expected=form.cleaned_data["version"] or 0, by=request.user, **form.details()
        ),
        title="Change what it is about",
        to=reverse("concern", args=[pk]),
        done="It is changed.",
        require=lambda: require_keep(request.user, organisation_id=found.organisation_id),
        may=may_keep(request.user, organisation_id=found.organisation_id),
        crumbs=crumbs_to(found, "Change"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def concern_share(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    form = ShareForm(request.POST or None, initial={"visibility": found.visibility, "version": found.version})
    return asked(
        request,
        form,
        lambda: actions.share_concern(
            found,
            visibility=form.cleaned_data["visibility"],
            expected=form.cleaned_data["version"],
            by=request.user,
        ),
        title="Who may see it",
        about=found.title,
        to=reverse("concern", args=[pk]),
        done="It is saved who may see it.",
        require=lambda: require_keep(request.user, organisation_id=found.organisation_id),
        may=may_keep(request.user, organisation_id=found.organisation_id),
        crumbs=crumbs_to(found, "Share"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def concern_close(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    form = CloseForm(request.POST or None, initial={"version": found.version})
    return asked(
        request,
        form,
        lambda: actions.close_concern(
            found,
            because=form.cleaned_data["because"],
            expected=form.cleaned_data["version"],
            by=request.user,
        ),
        title="Close it without a decision",
        about=found.title,
        button="Close it",
        to=reverse("concern", args=[pk]),
        done="The concern is closed, with its reason.",
        require=lambda: require_keep(request.user, organisation_id=found.organisation_id),
        may=may_keep(request.user, organisation_id=found.organisation_id),
        crumbs=crumbs_to(found, "Close"),
    )


STEPS = {
    "hand on": ("hand_on_concern", "It lies with those who decide now."),
    "open again": ("reopen_concern", "The concern is open again."),
}


@login_required
@require_POST
def concern_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand it on, open it again, or renew its public number."""
    found = seen(request, pk)
    what = request.POST.get("what", "")
    form = VersionForm(request.POST)
    try:
        if what == "renew":
            renewed = actions.renew_public_number(found, by=request.user)
            said = (
                "The number on the public page is renewed."
                if renewed
                else "The number stays: the change is so small that it would tell of a few people."
            )
            messages.success(request, said)
        elif what in STEPS and form.is_valid():
            name, done = STEPS[what]
            getattr(actions, name)(found, expected=form.cleaned_data["version"], by=request.user)
            messages.success(request, done)
        else:
            require_keep(request.user, organisation_id=found.organisation_id)
            raise Http404
    except FolkmootError:
        raise
    return redirect("concern", pk=pk)
