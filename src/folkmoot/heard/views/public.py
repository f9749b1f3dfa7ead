"""Pages for everybody: no account, no cookie that follows anybody, nothing that a cache keeps.

A page that is withdrawn is gone at the next look, so nothing here may be stored on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.core.errors import FolkmootError
from folkmoot.heard import actions
from folkmoot.heard.actions.public import SomebodyOutside
from folkmoot.heard.forms.public import PublicCorrectionForm, PublicReplyForm, PublicSayForm, WithdrawForm
from folkmoot.heard.letting_in import Wrongdoing
from folkmoot.heard.limits import Flood, count_visit
from folkmoot.heard.models import Contribution
from folkmoot.heard.queries import public as queries
from folkmoot.heard.queries.receipts import behind
from folkmoot.heard.states import CONCERN
from folkmoot.heard.views.common import not_here, page_of
from folkmoot.organisations.refusals import tell
from folkmoot.organisations.visibility import access_of

PER_PAGE = 25


def _open(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page for everybody, kept by no cache."""
    shown = {"inside": access_of(request.user).belongs, **context}
    response = render(request, template, shown, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _crumbs(concern: Any = None, last: str = "") -> list[tuple[str, str]]:
    """The way back: to everything, to the place, to the concern."""
    found = [("What was heard", reverse("heard"))]
    if concern is not None and concern.place is not None:
        found.append((str(concern.place), f"{reverse('heard')}?place={concern.place_id}"))
    if concern is not None and last:
        found.append((concern.title, reverse("heard_concern", args=[concern.pk])))
    title = last or (concern.title if concern is not None else "")
    return [*found, (title, "")] if title else found


def _number(word: str | None) -> int | None:
    return int(word) if word and word.isdecimal() and len(word) < 12 else None


@require_GET
def heard(request: HttpRequest) -> HttpResponse:
    place, initiative = _number(request.GET.get("place")), _number(request.GET.get("initiative"))
    state = request.GET.get("state", "")
    known = {one.word for one in CONCERN.states}
    shown = queries.front(
        place=place,
        initiative=initiative,
        state=state if state in known else "",
        on=timezone.localdate(),
    )
    context = {
        "front": shown,
        "page": page_of(request, shown.concerns, per=PER_PAGE),
        "place": place,
        "initiative": initiative,
        "state": state,
        "states": CONCERN.choices,
        "labels": dict(CONCERN.choices),
        "filtered": bool(place or initiative or state),
        "place_name": next((name for pk, name in shown.places if pk == place), ""),
        "initiative_name": next((name for pk, name in shown.initiatives if pk == initiative), ""),
    }
    return _open(request, "heard/public_list.html", context)


def _published(pk: int) -> queries.Published:
    found = queries.published(pk, on=timezone.localdate())
    if found is None:
        raise Http404
    return found


@require_GET
def heard_concern(request: HttpRequest, pk: int) -> HttpResponse:
    one = _published(pk)
    context = {
        "one": one,
        "concern": one.concern,
        "crumbs": _crumbs(one.concern),
        "today": timezone.localdate(),
        "can_reply": CONCERN.allows(one.concern.state, "reply no"),
        "can_say": one.concern.state == "hearing",
    }
    return _open(request, "heard/public_concern.html", context)


def _taken_in(
    request: HttpRequest,
    pk: int,
    form: Any,
    write: Callable[[Any], tuple[Any, str]],
    *,
    title: str,
    button: str,
    thanks: str,
    intro: str,
) -> HttpResponse:
    """A form of the public page: counted against floods, screened, and answered with a code to take it back."""
    one = _published(pk)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                count_visit(request, about=pk)
                _, code = write(one.concern)
            except Flood as error:
                form.add_error(None, str(error))
                status = 429
            except Wrongdoing as report:
                return not_here(request, report, public=True)
            except FolkmootError as error:
                status = tell(form, error)
            else:
                context = {"concern": one.concern, "code": code, "thanks": thanks}
                return _open(request, "heard/public_thanks.html", context)
    context = {
        "concern": one.concern,
        "form": form,
        "title": title,
        "button": button,
        "intro": intro,
        "crumbs": _crumbs(one.concern, title),
    }
    return _open(request, "heard/public_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def heard_reply(request: HttpRequest, pk: int) -> HttpResponse:
    form = PublicReplyForm(request.POST or None)
    return _taken_in(
        request,
        pk,
        form,
        lambda concern: actions.reply(concern, by=SomebodyOutside(), **form.cleaned_data),
        title="Was it answered?",
        button="Send",
        intro="Your reply is read by the people named on the page and then stands beside the decision, word for word.",
        thanks="Your reply is there. It is read within two weeks; then it stands on the page, or the reason why not.",
    )


@require_http_methods(["GET", "POST"])
def heard_correct(request: HttpRequest, pk: int) -> HttpResponse:
    form = PublicCorrectionForm(request.POST or None)
    return _taken_in(
        request,
        pk,
        form,
        lambda concern: actions.correct(concern, by=SomebodyOutside(), **form.cleaned_data),
        title="Something here is wrong",
        button="Send",
        intro="Your words stand beside what they speak of. Nobody edits them, and they change nothing else.",
        thanks="Your correction is there. It is read within two weeks; then it stands on the page, or the reason why not.",
    )


@require_http_methods(["GET", "POST"])
def heard_say(request: HttpRequest, pk: int) -> HttpResponse:
    form = PublicSayForm(request.POST or None)
    return _taken_in(
        request,
        pk,
        form,
        lambda concern: actions.say_publicly(concern, by=SomebodyOutside(), **form.cleaned_data),
        title="Say something on this",
        button="Send",
        intro="This is no way to report a crime: call 999 in an emergency, 101 otherwise.",
        thanks="Your words are there. Somebody reads everything that comes in.",
    )


@require_http_methods(["GET", "POST"])
def heard_withdraw(request: HttpRequest) -> HttpResponse:
    """Take back what one said: with its code, at once, without a reason."""
    form = WithdrawForm(request.POST or None)
    found, gone, status = None, False, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                count_visit(request, about=0)
                found = behind(form.cleaned_data["code"])
                if found is None:
                    raise FolkmootError(
                        "Nothing belongs to this code. Look at it again; or the words are gone already."
                    )
                status = 200
                if request.POST.get("sure") == "yes":
                    if isinstance(found, Contribution):
                        actions.withdraw_contribution(found, by=SomebodyOutside())
                    else:
                        actions.withdraw_public_words(found, by=SomebodyOutside())
                    gone = True
            except Flood as error:
                form.add_error(None, str(error))
                status = 429
            except FolkmootError as error:
                status = tell(form, error)
    words = "" if found is None or gone else getattr(found, "text", "") or getattr(found, "words", "")
    context = {"form": form, "found": found is not None and not gone, "words": words, "gone": gone}
    return _open(request, "heard/public_withdraw.html", context, status=status)


@require_GET
def heard_conversation(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.public_conversation(pk, on=timezone.localdate())
    if found is None:
        raise Http404
    rows = queries.result_rows(found)
    context = {
        "conversation": found,
        "released": found.released,
        "common": [row for row in rows if row["verdict"].startswith("most")],
        "divided": [row for row in rows if row["verdict"] == "divided"],
        "rest": [row for row in rows if not row["verdict"]],
        "crumbs": [*_crumbs(), (found.title, "")],
    }
    return _open(request, "heard/public_conversation.html", context)
