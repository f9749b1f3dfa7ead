"""Two coders of one source beside each other: how far they agree, and where to talk."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from folkmoot.coding import actions
from folkmoot.coding.forms import ArbitrateForm
from folkmoot.coding.models import Code, Codebook
from folkmoot.coding.queries.coders import MEASURES, UNITS, coders_of
from folkmoot.coding.queries.decided import coders_differ, coverage, decisions_on, words_between
from folkmoot.core.errors import CannotAnalyse
from folkmoot.organisations.policies import may_edit, require_edit
from folkmoot.organisations.refusals import attempt
from folkmoot.organisations.visibility import visible
from folkmoot.sources.models import Source
from folkmoot.sources.policies import is_own
from folkmoot.sources.queries import turns_of


def _own_source(request: HttpRequest, pk: int) -> Source:
    """The source, for its own people only: who coded what is nobody else's."""
    source = get_object_or_404(
        Source.objects.visible_to(request.user).select_related("organisation", "team"), pk=pk
    )
    if not is_own(request.user, source) or source.is_withdrawn:
        raise Http404
    return source


@login_required
@require_GET
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    source = _own_source(request, pk)
    coders = coders_of(source)
    books = list(
        Codebook.objects.visible_to(request.user).filter(codes__codings__passage__source=source).distinct()
    )
    one = _chosen(request, "one", [coder.pk for coder in coders], 0)
    other = _chosen(request, "other", [coder.pk for coder in coders], 1)
    book = _chosen(request, "codebook", [each.pk for each in books], 0)
    unit = request.GET.get("unit", "turn")
    unit = unit if unit in UNITS else "turn"
    measure = request.GET.get("measure", "kappa")
    measure = measure if measure in MEASURES else "kappa"
    compared, refused = None, ""
    if one and other and book and one != other:
        # numpy comes with it; only whoever asks for a comparison pays for that
        from folkmoot.coding.queries.doubles import compare

        try:
            compared = compare(
                source, one=one, other=other, codebook=book, unit=unit, measure=measure, viewer=request.user
            )
        except CannotAnalyse as error:
            refused = str(error)
    context = {
        "source": source,
        "coders": coders,
        "books": books,
        "one": one,
        "other": other,
        "book": book,
        "unit": unit,
        "units": UNITS.items(),
        "measure": measure,
        "measures": MEASURES.items(),
        "compared": compared,
        "refused": refused,
        "may_code": may_edit(request.user, source),
        "section": "sources",
        "crumbs": [
            ("Sources", reverse("sources")),
            (source.title, reverse("source", args=[pk])),
            ("Two coders", ""),
        ],
    }
    return render(request, "coding/agreement.html", context)


def _chosen(request: HttpRequest, name: str, allowed: list[int], position: int) -> int | None:
    given = request.GET.get(name, "")
    if given.isdecimal() and int(given[:18]) in allowed:
        return int(given[:18])
    return allowed[position] if len(allowed) > position else None


@login_required
@require_http_methods(["GET", "POST"])
def arbitrate(request: HttpRequest, pk: int, code: int, start: int, end: int) -> HttpResponse:
    """What each coder did with a code on these words, and which reading stands."""
    source = _own_source(request, pk)
    found = get_object_or_404(Code.objects.filter(visible(request.user, through="codebook")), pk=code)
    if not start < end <= source.characters:
        raise Http404
    coders = coverage(source, code=found, start=start, end=end)
    decisions = decisions_on(source, code=found, start=start, end=end)
    latest = decisions[0].pk if decisions else None
    differ = coders_differ(source, code=found, start=start, end=end)
    if not differ and not decisions:
        raise Http404
    form = ArbitrateForm(request.POST if request.method == "POST" else None, initial={"expected": latest})
    status = 200
    if request.method == "POST":
        require_edit(request.user, source)
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            made, status = attempt(
                form,
                lambda: actions.arbitrate(source, code=found, start=start, end=end, **given, by=request.user),
            )
            if made is not None:
                messages.success(request, "It is decided. Both codings stay as they were made.")
                return redirect("arbitrate", pk=pk, code=code, start=start, end=end)
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["expected"] = latest or ""  # type: ignore[index]
    turn, words = words_between(turns_of(source, viewer=request.user), start=start, end=end)
    context = {
        "source": source,
        "code": found,
        "turn": turn,
        "words": words,
        "coders": coders,
        "decisions": decisions,
        "coder_ids": {one.pk for one in coders},
        "differ": differ,
        "form": form if differ and may_edit(request.user, source) else None,
        "section": "sources",
        "crumbs": [
            ("Sources", reverse("sources")),
            (source.title, reverse("source", args=[pk])),
            ("Two coders", reverse("agreement", args=[pk])),
            ("Decide", ""),
        ],
    }
    return render(request, "coding/arbitrate.html", context, status=status)
