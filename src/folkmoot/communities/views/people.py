"""Tables of counts of people: the list and one table."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from folkmoot.communities.models import Place, Population
from folkmoot.communities.queries import reading
from folkmoot.communities.views.common import SECTION, crumbs, editing_for

ON_A_PAGE = 50


@require_GET
def populations(request: HttpRequest) -> HttpResponse:
    rows = Population.objects.visible_to(request.user).select_related(
        "characteristic", "organisation", "team"
    )
    context = {
        "rows": rows.order_by("characteristic__position", "title", "-counted_on", "id"),
        "editing": editing_for(request),
        "crumbs": crumbs(("Places", "places"), ("Who lives there", "")),
        "section": SECTION,
    }
    return render(request, "communities/populations.html", context)


@require_GET
def population(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Population.objects.visible_to(request.user)
    found = get_object_or_404(
        rows.select_related("characteristic", "organisation", "team", "brought_by"), pk=pk
    )
    read = reading.read_population(found, viewer=request.user)
    words = request.GET.get("words", "").strip()[:200]
    places = Place.objects.visible_to(request.user).filter(pk__in=found.counts.values("place"))
    if words:
        places = places.filter(name__icontains=words) | places.filter(code__iexact=words)
    page = Paginator(places.order_by("name", "id"), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "population": found,
        "read": read,
        "heads": list(zip(read.categories, read.totals, strict=True)),
        "cells": reading.cells_of(found, list(page), categories=read.categories, viewer=request.user),
        "page": page,
        "words": words,
        "crumbs": crumbs(("Places", "places"), ("Who lives there", "populations"), (found.title, "")),
        "section": SECTION,
    }
    return render(request, "communities/population.html", context)
