"""What people said: the list with its account, one of them, bringing in one or a whole file, dealing with several."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.activities.models import Activity
from folkmoot.core.errors import FolkmootError
from folkmoot.heard import actions
from folkmoot.heard.forms.contributions import (
    ContributionForm,
    ContributionsFilter,
    DealForm,
    IntakeForm,
    SeveralForm,
)
from folkmoot.heard.models import Contribution, Intake
from folkmoot.heard.policies import may_bring_in, may_keep, require_bring_in, require_keep
from folkmoot.heard.queries import contributions as queries
from folkmoot.heard.states import CONTRIBUTION
from folkmoot.heard.views.common import asked, keeping, page_of, required_home
from folkmoot.organisations.context import home_of

LIST = [("Work", "work"), ("Concerns", "concerns"), ("What people said", "contributions")]


def _crumbs(last: str = "") -> list[tuple[str, str]]:
    found = [(label, reverse(name)) for label, name in LIST]
    return [*found, (last, "")] if last else [*found[:-1], (LIST[-1][0], "")]


def _seen(request: HttpRequest, pk: int) -> Contribution:
    rows = queries.contributions_for(request.user).select_related(
        "place", "initiative", "organisation", "activity"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
@require_GET
def contributions(request: HttpRequest) -> HttpResponse:
    home = home_of(request)
    if home is None or not may_bring_in(request.user, organisation_id=home.pk):
        raise Http404
    themes = queries.theme_counts(home)
    form = ContributionsFilter(
        request.GET or None, organisation=home, themes=[(str(one.code), one.name) for one in themes]
    )
    given = form.cleaned_data if form.is_valid() else {}
    filters = queries.Filters(
        **{name: given.get(name) or "" for name in ("state", "origin", "concern", "theme")},
        **{name: one.pk if (one := given.get(name)) else None for name in ("place", "initiative")},
    )
    page = page_of(request, queries.listed(request.user, home, filters))
    context = {
        "home": home,
        "form": form,
        "filtered": filters.given,
        "page": page,
        "rows": queries.shown(page),
        "account": queries.account_of(home),
        "themes": themes,
        "files": Intake.objects.filter(organisation=home)[:10],
        "deal": SeveralForm(viewer=request.user, organisation=home, auto_id="deal_%s"),
        "may_keep": keeping(request) is not None,
        "crumbs": _crumbs(),
        "section": "work",
    }
    return render(request, "heard/contributions.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def contribution_new(request: HttpRequest) -> HttpResponse:
    home = home_of(request)
    keeps = keeping(request) is not None
    activity = _activity_asked(request)
    initial: dict[str, Any] = {"concern": request.GET.get("concern", "")}
    if activity is not None:
        initial |= {
            "text": activity.remark,
            "origin": "remark",
            "said_on": activity.happened_on,
            "place": activity.place.name if activity.place else "",
            "initiative": activity.initiative_id,
        }
    form = ContributionForm(
        request.POST or None, viewer=request.user, organisation=home, keeps=keeps, initial=initial
    )

    def write() -> Contribution:
        given = dict(form.cleaned_data)
        concern = given.pop("concern", None)
        if activity is not None:
            # so that the remark goes as well when the words are taken back
            given["origin"] = Contribution.Origin.REMARK
        made = actions.bring_in(
            given.pop("text"),
            organisation=required_home(request),
            activity=activity,
            by=request.user,
            **given,
        )
        if concern is not None:
            actions.join_concern(made, concern=concern, by=request.user)
        return made

    return asked(
        request,
        form,
        write,
        title="Bring in what somebody said",
        intro="One thing that one person or several together said, in their own words.",
        to=lambda made: reverse("contribution", args=[made.pk]),
        done="It is there, word for word.",
        button="Bring it in",
        require=lambda: require_bring_in(request.user, organisation_id=required_home(request).pk),
        may=home is not None and may_bring_in(request.user, organisation_id=home.pk),
        crumbs=_crumbs("Bring in one"),
        context={"hidden": {"activity": activity.pk} if activity else {}},
    )


def _activity_asked(request: HttpRequest) -> Activity | None:
    """The activity whose remark is brought in; 404 for one that is not of this organisation, or was brought in."""
    word = request.POST.get("activity") or request.GET.get("activity") or ""
    if not word:
        return None
    home = home_of(request)
    rows = Activity.objects.filter(organisation=home, contributions=None).select_related(
        "place", "initiative"
    )
    return get_object_or_404(rows, pk=int(word) if word.isdecimal() and len(word) < 12 else 0)


@login_required
@require_http_methods(["GET", "POST"])
def contributions_import(request: HttpRequest) -> HttpResponse:
    home = home_of(request)
    form = IntakeForm(request.POST or None, request.FILES or None, viewer=request.user, organisation=home)

    def write() -> Intake:
        given = dict(form.cleaned_data)
        chosen = given.pop("chosen")
        return actions.bring_in_file(
            chosen.name, content=chosen.read(), organisation=required_home(request), by=request.user, **given
        )

    return asked(
        request,
        form,
        write,
        title="Bring in a whole file",
        intro="Every row is used or set aside with its reason. A row that reports what somebody else did wrong, or "
        "says who somebody is, is not stored: of it only the number is kept.",
        to=lambda made: reverse("contributions_brought", args=[made.pk]),
        done="The file is brought in.",
        button="Bring it in",
        require=lambda: require_bring_in(request.user, organisation_id=required_home(request).pk),
        may=home is not None and may_bring_in(request.user, organisation_id=home.pk),
        crumbs=_crumbs("Bring in a file"),
        context={"files": True},
    )


@login_required
@require_GET
def contributions_brought(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of every row of a file."""
    home = home_of(request)
    if home is None or not may_bring_in(request.user, organisation_id=home.pk):
        raise Http404
    intake = get_object_or_404(Intake, organisation=home, pk=pk)
    context = {"intake": intake, "crumbs": _crumbs(intake.filename), "section": "work"}
    return render(request, "heard/brought.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def contribution(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    form = DealForm(
        request.POST or None,
        viewer=request.user,
        organisation=found.organisation,
        initial={"version": found.version},
    )
    status, code = 200, ""
    if request.method == "POST":
        status = 422
        form.is_valid()
        try:
            code = _deal(request, found, form)
        except FolkmootError as error:
            from folkmoot.organisations.refusals import tell

            status = tell(form, error)
            form.version_now = found.version  # type: ignore[attr-defined]
        else:
            if not code:
                return redirect("contribution", pk=pk)
            status = 200
        found = _seen(request, pk)
    keeps = may_keep(request.user, organisation_id=found.organisation_id)
    context = {
        "contribution": found,
        "state": CONTRIBUTION.label(found.state),
        "concerns": list(found.concerns.all()),
        "marks": list(found.theme_marks.select_related("code").exclude(state="refused")),
        "form": form,
        "code": code,
        "may_keep": keeps,
        "may_bring_in": may_bring_in(request.user, organisation_id=found.organisation_id),
        "can": {act.replace(" ", "_"): CONTRIBUTION.allows(found.state, act) for act in CONTRIBUTION.acts},
        "crumbs": _crumbs(f"What was said on {found.said_on:%-d %B %Y}"),
        "section": "work",
    }
    response = render(request, "heard/contribution.html", context, status=status)
    if code:
        response["Cache-Control"] = "no-store"  # a code is shown once
    return response


def _deal(request: HttpRequest, found: Contribution, form: DealForm) -> str:
    """Carry out what was asked; the code where one was given."""
    act, by = request.POST.get("act", ""), request.user
    given = form.cleaned_data
    expected = given.get("version") or 0
    if act == "receipt":
        return actions.give_receipt(found, by=by)
    if act == "read":
        actions.mark_read(found, expected=expected, by=by)
    elif act == "aside":
        actions.set_aside(found, because=given.get("because") or "", expected=expected, by=by)
    elif act == "open":
        actions.open_again(found, expected=expected, by=by)
    elif act == "join":
        require_keep(by, organisation_id=found.organisation_id)
        if given.get("concern") is None:
            raise FolkmootError("Choose a concern.")
        actions.join_concern(found, concern=given["concern"], by=by)
    elif act == "leave":
        asked_for = request.POST.get("from", "")
        number = int(asked_for) if asked_for.isdecimal() and len(asked_for) < 12 else 0
        actions.leave_concern(found, concern=get_object_or_404(found.concerns, pk=number), by=by)
    elif act == "theme":
        require_keep(by, organisation_id=found.organisation_id)
        if given.get("theme") is None:
            raise FolkmootError("Choose a theme.")
        actions.add_theme(found, code=given["theme"], by=by)
    elif act in {"fits", "misfits"}:
        asked_for = request.POST.get("mark", "")
        number = int(asked_for) if asked_for.isdecimal() and len(asked_for) < 12 else 0
        mark = get_object_or_404(found.theme_marks, pk=number)
        (actions.decide_theme if act == "fits" else actions.refuse_theme)(mark, by=by)
    elif act in {"quote", "no quote"}:
        actions.set_quotable(found, may_be_quoted=act == "quote", expected=expected, by=by)
    elif act == "withdraw":
        actions.withdraw_contribution(found, by=by)
    else:
        require_keep(by, organisation_id=found.organisation_id)
        raise Http404
    messages.success(request, "It is saved.")
    return ""


@login_required
@require_POST
def contributions_deal(request: HttpRequest) -> HttpResponse:
    """Do one thing with several at once: each on its own, so that one that changed meanwhile stays as it is."""
    home = required_home(request)
    require_keep(request.user, organisation_id=home.pk)
    form = SeveralForm(request.POST, viewer=request.user, organisation=home)
    act = request.POST.get("act", "")
    if not form.is_valid() or act not in {"read", "aside", "join", "theme"}:
        raise FolkmootError("Choose what to do, and with which. Nothing was changed.")
    given, done, refused = form.cleaned_data, 0, ""
    for one in list(given["rows"])[:100]:
        try:
            if act == "read":
                actions.mark_read(one, expected=one.version, by=request.user)
            elif act == "aside":
                actions.set_aside(one, because=given["because"], expected=one.version, by=request.user)
            elif act == "join":
                if given["concern"] is None:
                    raise FolkmootError("Choose a concern.")
                actions.join_concern(one, concern=given["concern"], by=request.user)
            else:
                if given["theme"] is None:
                    raise FolkmootError("Choose a theme.")
                actions.add_theme(one, code=given["theme"], by=request.user)
            done += 1
        except FolkmootError as error:
            refused = str(error)
    if refused:
        messages.error(request, f"{done} changed. Not all: {refused}")
    else:
        messages.success(request, f"{done} changed." if done else "None was chosen.")
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The list as it was filtered; never an address elsewhere."""
    query = request.POST.get("query", "")
    return reverse("contributions") + (
        f"?{query}" if query and "\n" not in query and len(query) < 500 else ""
    )


@login_required
@require_POST
def themes_suggest(request: HttpRequest) -> HttpResponse:
    """Ask for suggestions; they are worked out in the background on this machine."""
    from folkmoot.heard.themes.suggesting import KIND
    from folkmoot.jobs import actions as jobs

    home = required_home(request)
    require_keep(request.user, organisation_id=home.pk)
    job = jobs.ask(
        KIND,
        title=f"Suggest themes, {timezone.localdate():%-d %B %Y}",
        arguments={},
        organisation=home,
        by=request.user,
    )
    return redirect("job", pk=job.pk)
