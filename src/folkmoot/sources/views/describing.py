"""Pages that change what is said of a source: description, consent, speakers, withdrawal."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.refusals import tell
from folkmoot.sources import actions, withdrawal
from folkmoot.sources.forms import ConsentForm, DescribeForm, SpeakerForm, TurnForm, WithdrawForm
from folkmoot.sources.models import Passage, Source, Turn
from folkmoot.sources.policies import may_withdraw
from folkmoot.sources.queries import speakers_of, turns_of
from folkmoot.sources.views.common import crumbs, own


def _live(request: HttpRequest, pk: int) -> Source:
    source = own(request, pk)
    if source.is_withdrawn:
        raise Http404
    return source


@login_required
@require_http_methods(["GET", "POST"])
def source_edit(request: HttpRequest, pk: int) -> HttpResponse:
    source = _live(request, pk)
    # the form works on a row of its own: a refused save leaves this one as it is
    draft = Source.objects.get(pk=pk)
    form = DescribeForm(request.POST or None, instance=draft, initial={"version": source.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = dict(form.cleaned_data)
            try:
                actions.describe_source(source, expected=given.pop("version"), **given, by=request.user)
            except FolkmootError as error:
                status = tell(form, error)
            else:
                messages.success(request, "The description is saved.")
                return redirect("source", pk=pk)
    context = {
        "source": source,
        "form": form,
        "crumbs": crumbs(source, request=request, last="Describe"),
        "may_change": may_edit(request.user, source),
    }
    return render(request, "sources/edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def source_consent(request: HttpRequest, pk: int) -> HttpResponse:
    source = _live(request, pk)
    initial = {"version": source.version, "consent": source.consent, "visibility": source.visibility}
    form = ConsentForm(request.POST or None, source=source, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                actions.set_terms(
                    source,
                    consent=given["consent"],
                    visibility=given["visibility"],
                    expected=given["version"],
                    by=request.user,
                )
            except FolkmootError as error:
                status = tell(form, error)
            else:
                messages.success(request, "The terms are saved and hold from now on.")
                return redirect("source", pk=pk)
    context = {
        "source": source,
        "form": form,
        "crumbs": crumbs(source, request=request, last="Consent"),
        "may_change": may_withdraw(request.user, source),
    }
    return render(request, "sources/consent.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def source_speakers(request: HttpRequest, pk: int) -> HttpResponse:
    source = _live(request, pk)
    rows = {row.pk: row for row in speakers_of(source)}
    chosen = request.POST.get("save", "")
    forms = []
    status = 200
    for speaker in source.speakers.all():
        this = chosen == str(speaker.pk)
        form = SpeakerForm(request.POST if this else None, speaker=speaker)
        if this and form.is_valid():
            given = form.cleaned_data
            try:
                if given["join"]:
                    actions.join_speakers([speaker], into=given["join"], by=request.user)
                else:
                    actions.correct_speaker(
                        speaker, pseudonym=given["pseudonym"], role=given["role"], by=request.user
                    )
            except NotYet as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "The speakers are saved.")
                return redirect("source_speakers", pk=pk)
        status = 422 if form.errors else status
        forms.append((rows[speaker.pk], form))
    context = {
        "source": source,
        "forms": forms,
        "wrong": next((form for _, form in forms if form.errors), None),
        "crumbs": crumbs(source, request=request, last="Speakers"),
        "may_change": may_edit(request.user, source),
    }
    return render(request, "sources/speakers.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def turn_speaker(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    source = _live(request, pk)
    turn = get_object_or_404(Turn, source=source, number=number)
    form = TurnForm(request.POST or None, source=source, initial={"speaker": turn.speaker_id})
    if request.method == "POST" and form.is_valid():
        actions.correct_turn(turn, speaker=form.cleaned_data["speaker"], by=request.user)
        messages.success(request, f"Turn {number} is settled.")
        return redirect(f"{reverse('source', args=[pk])}#doubtful")
    context = {
        "source": source,
        "turn": turn,
        "form": form,
        "around": turns_of(source, viewer=request.user, first=max(1, number - 1), count=3),
        "crumbs": crumbs(source, request=request, last=f"Turn {number}"),
        "may_change": may_edit(request.user, source),
    }
    return render(request, "sources/turn.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def source_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    source = own(request, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw_source(source, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, "The words are gone. What remains is this note that something was here.")
        return redirect("source", pk=pk)
    if source.is_withdrawn:
        return redirect("source", pk=pk)
    siblings = Source.objects.filter(original=source.original_id, state=Source.State.LIVE).exclude(pk=pk)
    context = {
        "source": source,
        "form": form,
        "crumbs": crumbs(source, request=request, last="Withdraw"),
        "passages": Passage.objects.filter(source=source).count(),
        "siblings": siblings.count() if source.original_id else 0,
        "foretold": withdrawal.foretold(source, viewer=request.user),
        "may_change": may_withdraw(request.user, source),
    }
    return render(request, "sources/withdraw.html", context, status=422 if form.errors else 200)
