"""The list of sources and the page of one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from folkmoot.organisations.policies import may_edit
from folkmoot.sources.forms import FilterForm
from folkmoot.sources.models import Import, Passage, Turn
from folkmoot.sources.policies import is_own, may_import_anywhere, may_read, may_withdraw
from folkmoot.sources.queries import (
    around_passage,
    label_of,
    review_state,
    source_counts,
    source_rows,
    sources_for,
    speakers_of,
    turns_of,
    words_of,
)
from folkmoot.sources.sharing import readings_in
from folkmoot.sources.views.common import address, crumbs, seen

PER_PAGE = 50


@login_required
@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    page = Paginator(sources_for(request.user, filters=filters), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "sources/list.html",
        {
            "form": form,
            "filtered": any(filters.values()),
            "page": page,
            "rows": source_rows(page.object_list, viewer=request.user),
            "counts": source_counts(request.user),
            "may_import": may_import_anywhere(request.user),
        },
    )


@require_GET
def source(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    mine = is_own(request.user, found)
    label = label_of(found, viewer=request.user)
    context = {
        "source": found,
        "row": source_rows([found], viewer=request.user)[0],
        "label": label[:1].upper() + label[1:],
        "mine": mine,
        "crumbs": crumbs(found, request=request),
        "reader_url": address("reader", found.pk) if may_read(request.user, found) else "",
    }
    if found.is_withdrawn:
        context["passages"] = Passage.objects.filter(source=found).count()
        return render(request, "sources/tombstone.html", context)
    if mine:
        context |= {
            "speakers": speakers_of(found),
            "review": review_state(found),
            "doubtful": Turn.objects.filter(source=found).exclude(doubt="").select_related("speaker")[:20],
            "may_change": may_edit(request.user, found),
            "may_withdraw": may_withdraw(request.user, found),
        }
    elif may_read(request.user, found) and not context["reader_url"]:
        context["turns"] = turns_of(found, viewer=request.user, count=200)
    return render(request, "sources/source.html", context)


@require_GET
def passage(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of one passage where they stand: the one step from a figure to what was said."""
    found = get_object_or_404(Passage.objects.select_related("source"), pk=pk)
    words = words_of([pk], viewer=request.user)[pk]
    visible = type(found.source).objects.visible_to(request.user).filter(pk=found.source_id).exists()
    if words.text is None and not visible:
        raise Http404
    readable = may_read(request.user, found.source) and visible
    turns = around_passage(found, viewer=request.user) if readable else []
    reader = address("reader", found.source_id) if readable else ""
    number = next((turn.number for turn in turns if any(part.marked for part in turn.parts)), None)
    return render(
        request,
        "sources/passage.html",
        {
            "words": words,
            "label": words.source_label[:1].upper() + words.source_label[1:],
            "turns": turns,
            "source": found.source if visible else None,
            "readings": readings_in(pk, viewer=request.user),
            "reader_url": f"{reader}#turn-{number}" if reader and number else reader,
            "section": "sources",
        },
    )


@login_required
@require_GET
def imported(request: HttpRequest, pk: int) -> HttpResponse:
    """The account of one import: for its owner."""
    found = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
    if not is_own(request.user, found):
        raise Http404
    aside = Paginator(found.set_aside, 200).get_page(request.GET.get("page"))
    return render(
        request,
        "sources/imported.html",
        {
            "imported": found,
            "rows": source_rows(found.sources.select_related("organisation", "team"), viewer=request.user),
            "page": aside,
            "set_aside": len(found.set_aside),
        },
    )
