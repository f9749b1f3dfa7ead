"""Outlines for maps: thinned, rounded and kept, so that fifteen hundred wards come in one small answer."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, QuerySet
from django.urls import reverse

from folkmoot.communities.importing.thinning import SCALE, thinned
from folkmoot.communities.models import Boundary, Lies, Place
from folkmoot.organisations.visibility import access_of, visible

KEPT_FOR = 24 * 3600


@dataclass(frozen=True, slots=True)
class Layer:
    """One kind and year of places that has outlines, and how many."""

    kind: str
    vintage: int
    outlines: int

    @property
    def label(self) -> str:
        """Such as “Ward, 2022”."""
        word = Place.Kind(self.kind).label
        return f"{word}, {self.vintage}" if self.vintage else word


def layers(viewer: Any) -> list[Layer]:
    """What can be drawn for this viewer: the kinds and years with outlines."""
    rows = Place.objects.filter(visible(viewer), boundary__isnull=False).values_list("kind", "vintage")
    order = list(Place.Kind.values)
    found = [Layer(*row) for row in rows.annotate(number=Count("id")).order_by()]
    return sorted(found, key=lambda one: (order.index(one.kind), -one.vintage))


def outlines_url(kind: str, vintage: int, *, viewer: Any, within: int | None = None) -> str:
    """Where the outlines of one kind and year are fetched; ``within`` one larger place. Empty: there are none.

    The address changes when an outline that the viewer may see does, so that a browser may keep what it fetched.
    """
    newest = _layer(kind, vintage, within, viewer).aggregate(newest=Max("pk"))["newest"]
    if newest is None:
        return ""
    inside = f"&within={within}" if within else ""
    return f"{reverse('place_outlines', args=[kind, vintage])}?v={newest}{inside}"


def outlines_of(kind: str, vintage: int, *, within: int | None, viewer: Any) -> bytes:
    """The answer as compressed JSON: ``places`` maps an id to its name and its polygons in steps."""
    boundaries = _layer(kind, vintage, within, viewer)
    newest, number = boundaries.aggregate(newest=Max("pk"), number=Count("pk")).values()
    access = access_of(viewer)
    whose = "-".join(map(str, sorted(access.organisations))) if access.belongs else "nobody"
    key = f"outlines/{kind}/{vintage}/{within}/{newest}/{number}/{whose}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = packed(boundaries)
        cache.set(key, kept, KEPT_FOR)
    return kept


def packed(boundaries: QuerySet[Boundary]) -> bytes:
    """These outlines as compressed JSON, with the sources that have to be named beside a map."""
    # plain values: a thousand rows with their places and imports would cost more than thinning them
    rows = list(
        boundaries.order_by("place_id").values_list(
            "place_id", "place__name", "geometry", "brought_by__source"
        )
    )
    shapes = thinned({place: geometry for place, _, geometry, _ in rows})
    sources = {source for *_, source in rows if source}
    answer = {
        "scale": SCALE,
        "page": reverse("place", args=[0]),
        "source": " · ".join(sorted(sources)),
        "places": {place: [name, shapes.get(place, [])] for place, name, _, _ in rows},
    }
    return gzip.compress(json.dumps(answer, separators=(",", ":")).encode(), compresslevel=6)


def _layer(kind: str, vintage: int, within: int | None, viewer: Any) -> QuerySet[Boundary]:
    found: QuerySet[Boundary] = Boundary.objects.filter(
        visible(viewer, through="place"), place__kind=kind, place__vintage=vintage
    )
    if within is not None:
        found = found.filter(place__in=Lies.objects.filter(inside_id=within).values("place"))
    return found


def has_outline(place: Place) -> bool:
    return Boundary.objects.filter(place=place).exists()


def own_outline_url(place: Place) -> str:
    """Where the outline of one place is fetched."""
    newest = Boundary.objects.filter(place=place).values_list("pk", flat=True).first()
    return f"{reverse('place_outline', args=[place.pk])}?v={newest}"


def outline_of(place: Place) -> bytes:
    """The outline of one place, as the same answer."""
    return packed(Boundary.objects.filter(place=place))
