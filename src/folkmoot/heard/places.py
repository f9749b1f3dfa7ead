"""A place by its name or code, as somebody writes it; and which places to offer.

What does not belong here: the geography itself (``communities``).
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from folkmoot.communities.models import Place
from folkmoot.core.errors import FolkmootError

OFFERED = 200


def place_named(written: str, *, viewer: Any, strict: bool = False) -> Place | None:
    """The place that these words mean. None where there is none; with ``strict`` that, and several, are refused."""
    words = written.strip()
    if not words:
        return None
    seen = Place.objects.visible_to(viewer).filter(ended_on=None)
    found = list(seen.filter(Q(name__iexact=words) | Q(code__iexact=words)).order_by("-vintage", "pk")[:10])
    own = [one for one in found if one.organisation_id is not None]
    found = own or found
    if strict and not found:
        raise FolkmootError(
            f"There is no place “{words[:60]}”. Choose one of those offered, or add it among the places."
        )
    if strict and len({one.kind for one in found}) > 1:
        listed = "; ".join(f"{one.code} ({one.get_kind_display().lower()})" for one in found[:5])
        raise FolkmootError(
            f"Several places are called “{words[:60]}”: write the code of one, such as {listed}."
        )
    return found[0] if found else None


def offered(viewer: Any) -> QuerySet[Place]:
    """Places to offer while somebody types: one's own spots and beats first, then wards and districts."""
    seen = Place.objects.visible_to(viewer).filter(ended_on=None)
    near = Q(kind__in=[Place.Kind.SPOT, Place.Kind.BEAT]) | Q(organisation__isnull=False)
    wide = Q(kind__in=[Place.Kind.WARD, Place.Kind.DISTRICT])
    return seen.filter(near | wide).order_by("organisation_id", "name").only("name", "kind", "code")[:OFFERED]
