"""What every page of a source asks first: is it there for this person, and is it their own?"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse

from folkmoot.sources.models import Source
from folkmoot.sources.policies import is_own
from folkmoot.sources.queries import label_of


def seen(request: HttpRequest, pk: int) -> Source:
    """The source as this person may see it; 404 for everybody else."""
    found = Source.objects.visible_to(request.user).select_related("organisation", "team", "original")
    return get_object_or_404(found, pk=pk)


def own(request: HttpRequest, pk: int) -> Source:
    """A source of this person's own team or organisation; its inside is not there for others."""
    source = seen(request, pk)
    if not is_own(request.user, source):
        raise Http404
    return source


def crumbs(source: Source, *, request: HttpRequest, last: str = "") -> list[tuple[str, str]]:
    label = label_of(source, viewer=request.user)
    shown = label[:1].upper() + label[1:]
    here = reverse("source", args=[source.pk]) if last else ""
    trail = [("Sources", reverse("sources")), (shown, here)]
    return [*trail, (last, "")] if last else trail


def address(name: str, *arguments: Any) -> str:
    """The path of a page that may not be built yet; empty then."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
