"""Which places there are, what lies in what, and which of them somebody may pick.

What does not belong here: how many people live there (``people``), who was reached (``activities``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import F, Q, QuerySet

from folkmoot.communities.models import AreaServed, Lies, Place
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import visible

OWN_KINDS = (Place.Kind.BEAT, Place.Kind.SPOT)
OWN_FIRST = F("organisation_id").asc(nulls_last=True)  # databases disagree on where nothing stands


def places_for(
    user: Any, organisation: Organisation | None, *, kinds: Collection[str] = (), search: str = ""
) -> QuerySet[Place]:
    """The places that people of an organisation may pick, its own first, then by kind and name.

    Its own, and the shared ones that are or lie in an area it serves; where it has named no area, all
    shared ones. ``search`` asks for a part of the name or the whole code. Ended places are left out.
    """
    found: QuerySet[Place] = Place.objects.filter(visible(user), ended_on=None)
    shared = Q(organisation=None, team=None)
    if organisation is not None:
        served = list(AreaServed.objects.filter(organisation=organisation).values_list("place_id", flat=True))
        if served:
            shared &= Q(pk__in=served) | Q(pk__in=_inside(served).values("place_id"))
        found = found.filter(Q(organisation=organisation) | shared)
    else:
        found = found.filter(shared)
    if kinds:
        found = found.filter(kind__in=list(kinds))
    if search.strip():
        words = search.strip()
        found = found.filter(Q(name__icontains=words) | Q(code__iexact=words))
    return found.order_by(OWN_FIRST, "kind", "name", "-vintage", "id")


def areas_served(organisation: Organisation) -> list[Place]:
    """The areas whose people this organisation works for."""
    rows = AreaServed.objects.filter(organisation=organisation).select_related("place")
    return [row.place for row in rows.order_by("place__name", "place_id")]


def within(place: Place | int, *, kind: str = "", itself: bool = False) -> frozenset[int]:
    """The ids of all places that lie in this one, at any depth; of one ``kind`` if that is named."""
    pk = place if isinstance(place, int) else place.pk
    found = _inside([pk])
    if kind:
        found = found.filter(place__kind=kind)
    ids = frozenset(found.values_list("place_id", flat=True))
    return ids | {pk} if itself else ids


def area_of(place_ids: Iterable[int], *, kind: str, vintage: int | None = None) -> dict[int, int]:
    """For each place the one of that kind in which it lies (itself, if it is one). Two queries.

    A place that lies in several of that kind, or in none, is left out: nothing is guessed. Without
    ``vintage`` the newest one counts.
    """
    wanted = list(set(place_ids))
    kinds = Place.objects.filter(pk__in=wanted, kind=kind)
    if vintage is not None:
        kinds = kinds.filter(vintage=vintage)
    found = {pk: pk for pk in kinds.values_list("pk", flat=True)}
    direct = Lies.objects.filter(place_id__in=wanted)
    above = {"inside__kind": kind} | ({} if vintage is None else {"inside__vintage": vintage})
    first = direct.filter(**above).values_list("place_id", "inside_id", "inside__vintage")
    second = direct.filter(**{f"inside__lies_in__{key}": value for key, value in above.items()})
    rows = [
        *first,
        *second.values_list("place_id", "inside__lies_in__inside_id", "inside__lies_in__inside__vintage"),
    ]
    newest: dict[int, int] = {}
    for place, _, year in rows:
        newest[place] = max(newest.get(place, 0), year)
    several: dict[int, set[int]] = {}
    for place, area, year in rows:
        if year == newest[place]:
            several.setdefault(place, set()).add(area)
    return {place: areas.pop() for place, areas in several.items() if len(areas) == 1} | found


def _inside(ids: Collection[int]) -> QuerySet[Lies]:
    """The published geography lies flat (an area in everything above it); own places hang up to two deeper."""
    one = Lies.objects.filter(inside_id__in=ids).values("place_id")
    two = Lies.objects.filter(inside_id__in=one).values("place_id")
    return Lies.objects.filter(Q(inside_id__in=ids) | Q(inside_id__in=one) | Q(inside_id__in=two)).distinct()
