"""The review of names: each proposal with the words around it, decided one by one or a kind at a time."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from folkmoot.core.errors import NotYet
from folkmoot.organisations.models import ResearchTeam
from folkmoot.organisations.policies import may_edit, may_edit_for
from folkmoot.organisations.visibility import access_of
from folkmoot.sources import actions
from folkmoot.sources.forms import HideForm, NameForm
from folkmoot.sources.models import ProtectedName, RedactionMark, Source
from folkmoot.sources.queries import proposals_of, review_state, spans_in_turn
from folkmoot.sources.views.common import crumbs, own

PER_PAGE = 25
SHOWN = {"proposed": "Still to decide", "accepted": "Hidden", "refused": "Kept"}


@login_required
@require_http_methods(["GET", "POST"])
def redact(request: HttpRequest, pk: int) -> HttpResponse:
    source = own(request, pk)
    if source.is_withdrawn:
        raise Http404
    state = request.GET.get("state", "proposed")
    state = state if state in SHOWN else "proposed"
    hide = HideForm(request.POST if "add" in request.POST else None)
    refused = ""
    if request.method == "POST":
        try:
            if _decided(request, source, hide):
                return redirect(f"{reverse('redact', args=[pk])}?state={state}#proposals")
        except NotYet as error:
            refused = str(error)
    marks = RedactionMark.objects.filter(source=source, state=state)
    kind = request.GET.get("kind", "")
    if kind:
        marks = marks.filter(kind=kind)
    page = Paginator(marks.order_by("start", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "source": source,
        "crumbs": crumbs(source, request=request, last="Names and places to hide"),
        "review": review_state(source),
        "page": page,
        "proposals": proposals_of(source, marks=page.object_list),
        "state": state,
        "shown": SHOWN[state],
        "states": SHOWN.items(),
        "kind": kind,
        "hide": hide,
        "refused": refused,
        "may_change": may_edit(request.user, source),
    }
    status = 409 if refused else 422 if hide.errors else 200
    return render(request, "sources/redact.html", context, status=status)


def _decided(request: HttpRequest, source: Source, hide: HideForm) -> bool:
    """Do what the pressed button asks; False where the form has to come back."""
    pressed: QueryDict = request.POST
    by = request.user
    if "hide" in pressed or "keep" in pressed:
        chosen = pressed.get("hide") or pressed.get("keep") or ""
        mark = get_object_or_404(RedactionMark, source=source, pk=int(chosen) if chosen.isdecimal() else 0)
        actions.decide_redaction(mark, accept="hide" in pressed, by=by)
    elif "hide_all" in pressed:
        number = actions.accept_all_redactions(source, kind=pressed["hide_all"], by=by)
        messages.success(request, f"Hidden: {number}.")
    elif "keep_all" in pressed:
        number = actions.refuse_all_redactions(source, kind=pressed["keep_all"], by=by)
        messages.success(request, f"Kept: {number}.")
    elif "finish" in pressed:
        actions.finish_redaction_review(source, by=by)
        messages.success(request, "The review is finished. From now on these words can be found.")
    elif "reopen" in pressed:
        actions.reopen_redaction_review(source, by=by)
        messages.success(request, "The review is open again; until it is finished nothing here is found.")
    elif "add" in pressed:
        return _added(request, source, hide)
    return True


def _added(request: HttpRequest, source: Source, hide: HideForm) -> bool:
    if not hide.is_valid():
        return False
    given = hide.cleaned_data
    spans = spans_in_turn(source, number=given["turn"], words=given["words"])
    if not spans:
        hide.add_error(
            "words", f"These words do not stand in turn {given['turn']}. Copy them from the reader."
        )
        return False
    for start, end in spans:
        actions.add_redaction(source, start=start, end=end, replacement=given["replacement"], by=request.user)
    messages.success(request, "The words are hidden.")
    return True


@login_required
@require_http_methods(["GET", "POST"])
def protected_names(request: HttpRequest, team_pk: int) -> HttpResponse:
    """The team's list. It is there for the team alone, even for those who may not change it."""
    team = get_object_or_404(ResearchTeam, pk=team_pk, pk__in=list(access_of(request.user).teams))
    form = NameForm(request.POST if "name" in request.POST else None)
    removed = request.POST.get("remove", "")
    if removed.isdecimal():
        actions.remove_protected_name(
            get_object_or_404(ProtectedName, team=team, pk=int(removed)), by=request.user
        )
        messages.success(request, "The name is off the list. What was hidden stays hidden.")
        return redirect("protected_names", team_pk=team.pk)
    if form.is_bound and form.is_valid():
        try:
            touched = actions.add_protected_name(team, name=form.cleaned_data["name"], by=request.user)
        except NotYet as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _told(len(touched)))
            return redirect("protected_names", team_pk=team.pk)
    context = {
        "team": team,
        "form": form,
        "names": ProtectedName.objects.filter(team=team),
        "crumbs": [("Sources", reverse("sources")), ("Names to protect", "")],
        "may_change": may_edit_for(request.user, team_id=team.pk),
    }
    return render(request, "sources/names.html", context, status=422 if form.errors else 200)


def _told(number: int) -> str:
    if not number:
        return "The name is on the list. It stands in none of your sources."
    where = "one source" if number == 1 else f"{number} sources"
    return f"The name is on the list. It stands in {where}: the review there is open until you decide on it."
