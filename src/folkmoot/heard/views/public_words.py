"""Replies and corrections from the public, as their keepers read them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.heard import actions
from folkmoot.heard.forms.public import ShowForm
from folkmoot.heard.models import Correction, Reply
from folkmoot.heard.models.public import PublicWords
from folkmoot.heard.policies import may_keep, require_keep
from folkmoot.heard.queries.waiting import public_words, waiting_for
from folkmoot.heard.views.common import asked, crumbs_to


@login_required
@require_GET
def words_waiting(request: HttpRequest) -> HttpResponse:
    context = {
        "rows": [(kind_of(one), one) for one in waiting_for(request.user)],
        "today": timezone.localdate(),
        "crumbs": [
            ("Work", reverse("work")),
            ("Concerns", reverse("concerns")),
            ("From the public page", ""),
        ],
        "section": "work",
    }
    return render(request, "heard/words_waiting.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def words_read(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Read it, show it or say why not, and answer."""
    found = public_words(kind, pk=pk, viewer=request.user)
    if found is None:
        raise Http404
    form = ShowForm(request.POST or None, initial={"because": found.because, "answer": found.answer})

    def write() -> PublicWords:
        given = form.cleaned_data
        words = found
        if given["what"] == "aside":
            return actions.set_public_words_aside(words, because=given["because"], by=request.user)
        if words.state != "shown":
            words = actions.show_public_words(words, by=request.user)
        if given["answer"]:
            words = actions.answer_public_words(words, answer=given["answer"], by=request.user)
        return words

    said = found.get_agrees_display() if isinstance(found, Reply) else ""
    said = found.get_about_display() if isinstance(found, Correction) else said
    return asked(
        request,
        form,
        write,
        title="A reply from the public" if kind == "reply" else "A correction from the public",
        to=reverse("concern", args=[found.concern_id]),
        done="It is saved.",
        require=lambda: require_keep(request.user, organisation_id=found.concern.organisation_id),
        may=may_keep(request.user, organisation_id=found.concern.organisation_id),
        crumbs=crumbs_to(found.concern, "From the public"),
        template="heard/words_read.html",
        context={"words": found, "said": said, "kind": kind},
    )


def kind_of(words: PublicWords) -> str:
    return "reply" if isinstance(words, Reply) else "correction"
