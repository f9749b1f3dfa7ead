"""Two coders of one source beside each other: how far they agree, and where to talk."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from folkmoot.coding.models import Codebook
from folkmoot.coding.queries.coders import MEASURES, UNITS, coders_of
from folkmoot.core.errors import CannotAnalyse
from folkmoot.organisations.policies import may_edit
from folkmoot.sources.models import Source
from folkmoot.sources.policies import is_own


@login_required
@require_GET
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(
        Source.objects.visible_to(request.user).select_related("organisation", "team"), pk=pk
    )
    if not is_own(request.user, source) or source.is_withdrawn:
        raise Http404
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
