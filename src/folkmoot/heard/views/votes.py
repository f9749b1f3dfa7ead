"""Conversations with votes: the list, bringing in, what came out, releasing it, writing it out again."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.heard import actions
from folkmoot.heard.exporting import conversation_file
from folkmoot.heard.forms.common import VersionForm
from folkmoot.heard.forms.concerns import ShareForm
from folkmoot.heard.forms.votes import AboutVotesForm, StatementsForm, VotesAgainForm, VotesForm
from folkmoot.heard.models import Conversation
from folkmoot.heard.policies import may_keep, require_keep
from folkmoot.heard.queries.votes import result_of
from folkmoot.heard.views.common import asked, keeping, page_of, required_home
from folkmoot.heard.votes.working import ask_for_results
from folkmoot.organisations.context import home_of
from folkmoot.organisations.visibility import access_of


def _crumbs(last: str = "") -> list[tuple[str, str]]:
    first = [("Work", reverse("work")), ("Concerns", reverse("concerns"))]
    return [*first, ("Votes", reverse("conversations")), (last, "")] if last else [*first, ("Votes", "")]


def _ours(request: HttpRequest, pk: int) -> Conversation:
    """A conversation of one's own organisations: what lies inside it is nobody else's, however far it is shared."""
    mine = list(access_of(request.user).organisations)
    rows = Conversation.objects.filter(organisation__in=mine).select_related(
        "organisation", "concern", "initiative", "place"
    )
    found: Conversation = get_object_or_404(rows.defer("box"), pk=pk)
    return found


def _files(given: list[Any]) -> list[tuple[str, bytes]]:
    return [(one.name, one.read()) for one in given]


@login_required
@require_GET
def conversations(request: HttpRequest) -> HttpResponse:
    mine = list(access_of(request.user).organisations)
    rows = (
        Conversation.objects.filter(organisation__in=mine)
        .select_related("organisation", "place")
        .defer("box")
    )
    context = {
        "page": page_of(request, rows),
        "may_keep": keeping(request) is not None,
        "crumbs": _crumbs(),
        "section": "work",
    }
    return render(request, "heard/conversations.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def conversation_new(request: HttpRequest) -> HttpResponse:
    form = VotesForm(
        request.POST or None, request.FILES or None, viewer=request.user, organisation=home_of(request)
    )

    def write() -> Conversation:
        given = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        return actions.import_conversation(
            _files(given.pop("chosen")), organisation=required_home(request), by=request.user, **given
        )

    return asked(
        request,
        form,
        write,
        title="Bring in votes",
        intro="People who answered statements with agree, disagree or pass, here or elsewhere.",
        to=lambda made: reverse("conversation_statements", args=[made.pk]),
        done="The votes are there. Say now which statements describe the person who answers.",
        button="Bring them in",
        require=lambda: require_keep(request.user, organisation_id=required_home(request).pk),
        may=keeping(request) is not None,
        crumbs=_crumbs("Bring in"),
        context={"files": True},
    )


@login_required
@require_GET
def conversation(request: HttpRequest, pk: int) -> HttpResponse:
    found = _ours(request, pk)
    context = {
        "conversation": found,
        "result": result_of(found),
        "may_keep": may_keep(request.user, organisation_id=found.organisation_id),
        "crumbs": _crumbs(found.title),
        "section": "work",
    }
    return render(request, "heard/conversation.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def conversation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say anew what it was about, and to which concern it belongs: there people read what came of it."""
    found = _ours(request, pk)
    names = ("title", "about", "credit", "held_from", "held_until", "initiative", "concern", "version")
    initial = {name: getattr(found, name) for name in names} | {
        "place": found.place.name if found.place else ""
    }
    form = AboutVotesForm(
        request.POST or None, viewer=request.user, organisation=found.organisation, initial=initial
    )

    def write() -> Conversation:
        given = dict(form.cleaned_data)
        expected = given.pop("version") or 0
        return actions.describe_conversation(_ours(request, pk), expected=expected, by=request.user, **given)

    return asked(
        request,
        form,
        write,
        title="Change what the votes were about",
        about=found.title,
        to=reverse("conversation", args=[pk]),
        done="It is changed.",
        require=lambda: require_keep(request.user, organisation_id=found.organisation_id),
        may=may_keep(request.user, organisation_id=found.organisation_id),
        crumbs=_crumbs(found.title),
    )


@login_required
@require_http_methods(["GET", "POST"])
def conversation_again(request: HttpRequest, pk: int) -> HttpResponse:
    found = _ours(request, pk)
    form = VotesAgainForm(request.POST or None, request.FILES or None, initial={"version": found.version})
    return asked(
        request,
        form,
        lambda: actions.bring_votes_again(
            found,
            files=_files(form.cleaned_data["chosen"]),
            expected=form.cleaned_data["version"],
            by=request.user,
        ),
        title="Bring in a later export",
        about=found.title,
        to=reverse("conversation", args=[pk]),
        done="The later votes took the place of the earlier ones. Work the results out again.",
        require=lambda: require_keep(request.user, organisation_id=found.organisation_id),
        may=may_keep(request.user, organisation_id=found.organisation_id),
        crumbs=_crumbs(found.title),
        context={"files": True},
    )


@login_required
@require_http_methods(["GET", "POST"])
def conversation_statements(request: HttpRequest, pk: int) -> HttpResponse:
    found = _ours(request, pk)
    statements = list(found.statements.all())
    form = StatementsForm(
        request.POST or None,
        statements=[(one.number, one.text) for one in statements],
        initial={
            "version": found.version,
            "describe": [str(one.number) for one in statements if one.describes_people],
            "plain": [str(one.number) for one in statements if one.describes_people and not one.special],
        },
    )

    def write() -> Conversation:
        given = form.cleaned_data
        return actions.describe_statements(
            found,
            describe_people=[int(one) for one in given["describe"]],
            not_special=[int(one) for one in given.get("plain", ())],
            expected=given["version"],
            by=request.user,
        )

    return asked(
        request,
        form,
        write,
        title="Which statements describe people?",
        about=found.title,
        to=reverse("conversation", args=[pk]),
        done="It is saved. Each counts as specially protected unless you say otherwise here. Work the results out next.",
        require=lambda: require_keep(request.user, organisation_id=found.organisation_id),
        may=may_keep(request.user, organisation_id=found.organisation_id),
        crumbs=_crumbs(found.title),
    )


@login_required
@require_POST
def conversation_work_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the results; they are worked out in the background."""
    found = _ours(request, pk)
    require_keep(request.user, organisation_id=found.organisation_id)
    job = ask_for_results(found, by=request.user)
    return redirect("job", pk=job.pk)


@login_required
@require_http_methods(["GET", "POST"])
def conversation_release(request: HttpRequest, pk: int) -> HttpResponse:
    found = _ours(request, pk)
    form = VersionForm(request.POST or None, initial={"version": found.version})
    return asked(
        request,
        form,
        lambda: actions.release_result(found, expected=form.cleaned_data["version"], by=request.user),
        title="Release the result",
        about=found.title,
        intro="Everybody may then read it: counts of 7 and under hidden, the rest rounded to 5; nothing of a "
        "characteristic that fewer than 25 people share, where it is specially protected.",
        button="Release it",
        to=reverse("heard_conversation", args=[pk]),
        done="The result is public.",
        require=lambda: require_keep(request.user, organisation_id=found.organisation_id),
        may=may_keep(request.user, organisation_id=found.organisation_id),
        crumbs=_crumbs(found.title),
    )


@login_required
@require_http_methods(["GET", "POST"])
def conversation_share(request: HttpRequest, pk: int) -> HttpResponse:
    found = _ours(request, pk)
    form = ShareForm(request.POST or None, initial={"visibility": found.visibility, "version": found.version})
    return asked(
        request,
        form,
        lambda: actions.share_conversation(
            found,
            visibility=form.cleaned_data["visibility"],
            expected=form.cleaned_data["version"],
            by=request.user,
        ),
        title="Who may see the result",
        about=found.title,
        to=reverse("conversation", args=[pk]),
        done="It is saved who may see it.",
        require=lambda: require_keep(request.user, organisation_id=found.organisation_id),
        may=may_keep(request.user, organisation_id=found.organisation_id),
        crumbs=_crumbs(found.title),
    )


@login_required
@require_GET
def conversation_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The votes as Pol.is writes them, for those who keep the conversation."""
    found = _ours(request, pk)
    if not may_keep(request.user, organisation_id=found.organisation_id):
        raise Http404
    response = HttpResponse(conversation_file(found), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="votes-{found.pk}.zip"'
    response["Cache-Control"] = "no-store"
    return response
