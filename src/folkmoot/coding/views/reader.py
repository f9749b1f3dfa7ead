"""The reader: a transcript with what was read in it, and the one form that marks, codes and claims."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from folkmoot.coding import actions
from folkmoot.coding.forms import ClaimForm, MarkForm, codebooks_of
from folkmoot.coding.models import Claim, Code, Coding
from folkmoot.coding.policies import may_see
from folkmoot.coding.queries import claim_note, codes_for, coding_note, turns_read, words_in
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.organisations.policies import may_edit
from folkmoot.sources.models import Source
from folkmoot.sources.policies import is_own, may_read
from folkmoot.sources.queries import label_of

STATUS = {NotAllowed: 403, NotYet: 409}


def _seen(request: HttpRequest, pk: int) -> Source:
    return get_object_or_404(
        Source.objects.visible_to(request.user).select_related("organisation", "team"), pk=pk
    )


@require_GET
def reader(request: HttpRequest, pk: int) -> HttpResponse:
    source = _seen(request, pk)
    if not may_read(request.user, source):
        return redirect("source", pk=pk)  # that page says why the words are not shown
    return _shown(request, source)


def _shown(
    request: HttpRequest,
    source: Source,
    *,
    mark: MarkForm | None = None,
    claim: ClaimForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    whose = "mine" if asked.get("whose") == "mine" else "all"
    turns = turns_read(source, viewer=request.user, whose=whose)
    number = int(asked["turn"][:9]) if asked.get("turn", "").isdecimal() else 0
    chosen = next((turn for turn in turns if turn.number == number), None)
    own = is_own(request.user, source)
    may_code = own and may_edit(request.user, source)
    context: dict[str, Any] = {
        "source": source,
        "label": label_of(source, viewer=request.user),
        "section": "sources",
        "turns": turns,
        "chosen": chosen,
        "whose": whose,
        "own": own,
        "may_code": may_code,
        "codings": sum(len(turn.codings) for turn in turns),
        "claims": sum(len(turn.claims) for turn in turns),
        "coded": sum(bool(turn.codings or turn.claims) for turn in turns),
        "refused": refused,
    }
    if may_code:
        role = _role_in(source, chosen.speaker if chosen else "")
        context |= {
            "words": words_in(chosen) if chosen else [],
            "mark": mark or MarkForm(user=request.user),
            "claim_shown": claim,
            "claim": claim or ClaimForm(user=request.user, initial={"claimant_role": role}),
            "codebooks": codes_for(request.user),
            "into": codebooks_of(request.user),
            "ticked": set(request.POST.getlist("codes")),
        }
    return render(request, "coding/reader.html", context, status=status)


def _role_in(source: Source, pseudonym: str) -> str:
    """The post that the speaker was recorded with, as the form's first choice."""
    if not source.is_transcript:
        return Claim.Role.DOCUMENT
    kept = source.speakers.filter(pseudonym=pseudonym).values_list("claimant_role", flat=True).first()
    return kept if kept in Claim.Role.values else Claim.Role.OTHER


@login_required
@require_POST
def reader_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks the words and gives them codes, a claim or both. Answers a script in JSON, a form with a page."""
    source = _seen(request, pk)
    scripted = request.headers.get("Accept", "").startswith("application/json")
    mark = claim = None
    refused, status = "", 422
    wanted = _plain(request) if scripted else None
    if wanted is None:
        mark = MarkForm(request.POST, user=request.user)
        given = ClaimForm.is_given(request.POST)
        claim = ClaimForm(request.POST, user=request.user, listed=not scripted) if given else None
        if mark.is_valid() and (claim is None or claim.is_valid()):
            wanted = mark.wanted() | {"claim": claim.draft() if claim else None}
    if wanted is not None:
        try:
            made = actions.read_passage(source, **wanted, by=request.user)
        except FolkmootError as error:
            refused = str(error)
            status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 422)
        else:
            return _told(request, source, made) if scripted else _back(request, source, made)
    if scripted:
        errors = [refused] if refused else _sentences(mark, claim)
        return JsonResponse({"detail": " ".join(errors)}, status=status)
    if not is_own(request.user, source) or not may_edit(request.user, source):
        raise NotAllowed(f"Only people who edit for {source.owner_label} can code this.")
    if source.is_withdrawn:
        raise NotYet("This source was withdrawn; there is nothing left to read.")
    return _shown(request, source, mark=mark, claim=claim, refused=refused, status=status)


def _plain(request: HttpRequest) -> dict[str, Any] | None:
    """What the script sends hundreds of times a day, words and a code, read without building any form.

    None where there is anything else in it or anything wrong with it: the forms find the sentence.
    """
    posted = request.POST
    if ClaimForm.is_given(posted) or posted.get("new_code"):
        return None
    numbers = [posted.get("start", ""), posted.get("end", ""), *posted.getlist("codes")]
    if len(numbers) < 3 or not all(one.isascii() and one.isdecimal() and len(one) < 16 for one in numbers):
        return None
    start, end, *wanted = map(int, numbers)
    codes = list(Code.objects.filter(pk__in=wanted, state=Code.State.ACTIVE).select_related("codebook"))
    known = {code.pk for code in codes if may_see(request.user, code.codebook)}
    return {"start": start, "end": end, "codes": codes} if known == set(wanted) and start < end else None


def _sentences(*forms: Any) -> list[str]:
    return [
        str(sentence)
        for form in forms
        if form is not None
        for said in form.errors.values()
        for sentence in said
    ]


def _told(request: HttpRequest, source: Source, made: actions.Reading) -> JsonResponse:
    """What the script needs to show it at once: the notes as markup, and where they stand."""
    notes = {
        "codings": [coding_note(one, passage=made.passage) for one in made.codings],
        "claims": [claim_note(made.claim, passage=made.passage)] if made.claim else [],
    }
    return JsonResponse(
        {
            "passage": made.passage.pk,
            "start": made.passage.start,
            "end": made.passage.end,
            "codings": [
                {"id": one.pk, "code": one.code_id, "name": one.code.name, "codebook": one.code.codebook_id}
                for one in made.codings
            ],
            "claim": made.claim.pk if made.claim else None,
            "notes": render_to_string("coding/parts/notes.html", notes),
        },
        status=201,
    )


def _back(request: HttpRequest, source: Source, made: actions.Reading) -> HttpResponse:
    done = [f"“{one.code.name}”" for one in made.codings] + (["a claim"] if made.claim else [])
    messages.success(request, f"Saved: {', '.join(done)}. Beside the turn you can take a code back.")
    kept = {name: request.POST[name] for name in ("whose",) if request.POST.get(name)}
    turn = request.POST.get("turn", "")
    anchor = f"#turn-{turn}" if turn.isdecimal() else ""
    query = f"?{urlencode(kept)}" if kept else ""
    return redirect(f"{reverse('reader', args=[source.pk])}{query}{anchor}")


@login_required
@require_http_methods(["GET", "POST"])
def coding_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back one's own coding."""
    own = Coding.objects.select_related("passage__source", "code")
    coding = get_object_or_404(own, pk=pk)
    source = coding.passage.source
    if not is_own(request.user, source):
        raise Http404
    turn = source.turns.filter(start__lte=coding.passage.start, end__gt=coding.passage.start).first()
    back = reverse("reader", args=[source.pk]) + (f"#turn-{turn.number}" if turn else "")
    if request.method == "POST":
        actions.remove_coding(coding, by=request.user)
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"passage": coding.passage_id})
        messages.success(request, f"“{coding.code.name}” is taken back.")
        return redirect(back)
    return render(request, "coding/coding_remove.html", {"coding": coding, "source": source, "back": back})
