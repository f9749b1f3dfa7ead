"""The page that brings answers in, in two steps: look what would happen, then do it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.organisations.refusals import tell
from folkmoot.surveys import actions, holding
from folkmoot.surveys.forms.answers import ChoicesForm, FileForm
from folkmoot.surveys.models import Microdata, Wave
from folkmoot.surveys.reading.files import RawFile, read_answers
from folkmoot.surveys.reading.identifiers import is_special, suspicions
from folkmoot.surveys.reading.laying import Laid, lay
from folkmoot.surveys.views.common import SECTION, edited_wave, files, sent, survey_crumbs

SHOWN_ASIDE = 20


@login_required
@require_http_methods(["GET", "POST"])
def wave_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a file, see what would happen, bring it in. Nothing is kept of a file that names people."""
    wave = edited_wave(request, pk)
    if Microdata.objects.filter(wave=wave, erased_at=None).exists():
        raise NotYet("This wave has its answers already. Erase them first, or add another wave.")
    if request.method != "POST":
        return _page(request, wave, {"first": FileForm()})
    word = request.POST.get("held", "")
    kept = holding.held(word, user=request.user) if word else None
    if kept is None:
        first = FileForm(sent(request), files(request))
        if not first.is_valid():
            return _page(request, wave, {"first": first}, status=422)
        given = first.cleaned_data["chosen"]
        kept = holding.Held(given.name.replace("\\", "/").rpartition("/")[2] or "file", given.read())
        word = ""
    try:
        raw = read_answers(kept.name, kept.content)
    except FolkmootError as error:
        first = FileForm(sent(request), files(request))
        return _page(request, wave, {"first": first}, status=tell(first, error, field="chosen"))
    return _second(request, wave, raw, kept, word)


def _second(request: HttpRequest, wave: Wave, raw: RawFile, kept: holding.Held, word: str) -> HttpResponse:
    suspects = suspicions(raw)
    do = request.POST.get("do", "")
    if not word and not suspects:
        word = holding.hold(kept.name, kept.content, user=request.user)
    asked = {"raw": raw, "suspects": suspects}
    context: dict[str, Any] = {"raw": raw, "suspects": suspects, "held": bool(word)}
    if do not in {"look", "bring"}:
        context["form"] = ChoicesForm(
            initial={
                "held": word,
                "drop": [one.column for one in suspects],
                "special": ", ".join(one.name for one in raw.columns if is_special(one)),
            },
            **asked,
        )
        return _page(request, wave, context)
    data = request.POST.copy()
    data["held"] = word
    form = ChoicesForm(data, files(request), **asked)
    context["form"] = form
    if not form.is_valid():
        return _page(request, wave, context, status=422)
    try:
        laid = lay(raw, form.choices(), salt=wave.survey.salt)
        if do == "bring":
            actions.bring_in_answers(wave, laid=laid, content=kept.content, by=request.user)
            holding.let_go(word, user=request.user)
            messages.success(
                request, f"Read {laid.read:,}, used {laid.used:,}, set aside {len(laid.set_aside):,}."
            )
            return redirect("wave", pk=wave.pk)
    except FolkmootError as error:
        return _page(request, wave, context, status=tell(form, error))
    return _page(request, wave, context | _foretold(laid))


def _foretold(laid: Laid) -> dict[str, Any]:
    return {
        "laid": laid,
        "aside": laid.set_aside[:SHOWN_ASIDE],
        "aside_more": max(0, len(laid.set_aside) - SHOWN_ASIDE),
    }


def _page(request: HttpRequest, wave: Wave, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context |= {
        "wave": wave,
        "survey": wave.survey,
        "crumbs": survey_crumbs(wave.survey, wave, last="Bring answers in"),
        "section": SECTION,
    }
    return render(request, "surveys/answers_import.html", context, status=status)
