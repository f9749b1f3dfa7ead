"""What the capture page offers to pick from, so small that a phone keeps it for when there is no signal.

Only open things of one's own organisation; the person's own last choices first. What does not belong here: the
whole search over places, which needs the network.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q

from folkmoot.activities.capturing.backs import said_of
from folkmoot.activities.capturing.reading import SCHEMA
from folkmoot.activities.models import Activity, Capture, Initiative, Level
from folkmoot.communities.models import Category, Place
from folkmoot.communities.queries.places import places_for
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import visible

RECENT = 60  # of a person's own records looked through for what they use
MOST_PLACES = 1_500
MOST_INITIATIVES = 200
# the shadows of engagement are asked for apart: nobody plans them
LEVELS = [(value, label) for value, label in Level.choices if value.startswith("L")]
SHADOWS = [(value, label) for value, label in Level.choices if not value.startswith("L")]


# what another room knows of places that a phone should tell without a signal: a sentence by place
Teller = Callable[[Organisation, Collection[int]], Mapping[int, str]]
_tellers: list[Teller] = []


def tell_of_places(teller: Teller) -> None:
    """Have this asked what is open at the places of an organisation that its people pick from."""
    if teller not in _tellers:
        _tellers.append(teller)


@dataclass(frozen=True, slots=True)
class PickInitiative:
    id: int
    name: str
    purpose: str
    planned_level: str


@dataclass(frozen=True, slots=True)
class PickPlace:
    id: int
    name: str
    kind: str
    last_here: str
    promised: str = ""


@dataclass(frozen=True, slots=True)
class PickCategory:
    id: int
    name: str
    characteristic: str


@dataclass(frozen=True, slots=True)
class Lists:
    """Everything to pick from; ``recent_places`` are the ids of the places this person used last."""

    schema: int
    organisation: str
    organisation_name: str
    person: str
    initiatives: tuple[PickInitiative, ...]
    places: tuple[PickPlace, ...]
    recent_places: tuple[int, ...]
    categories: tuple[PickCategory, ...]
    differ: int


def pick_lists(organisation: Organisation, *, viewer: Any) -> Lists:
    """The lists of one organisation for one person: a handful of queries, whatever was recorded before."""
    own = list(
        Activity.objects.filter(organisation=organisation, logged_by=viewer)
        .order_by("-pk")
        .values_list("initiative_id", "place_id")[:RECENT]
    )
    used = list(dict.fromkeys(one for one, _ in own if one is not None))
    been = list(dict.fromkeys(one for _, one in own if one is not None))
    initiatives = list(
        Initiative.objects.filter(organisation=organisation, state=Initiative.State.OPEN).order_by("name")[
            :MOST_INITIATIVES
        ]
    )
    order = {pk: place for place, pk in enumerate(used)}
    initiatives.sort(key=lambda one: order.get(one.pk, len(order)))
    places = _places(organisation, been, viewer=viewer)
    last = _last_at(organisation, [one.pk for one in places[:200]])
    promised = _told_of(organisation, [one.pk for one in places])
    return Lists(
        schema=SCHEMA,
        organisation=organisation.slug,
        organisation_name=organisation.name,
        person=str(viewer.pk),
        initiatives=tuple(
            PickInitiative(one.pk, one.name, one.purpose, one.planned_level) for one in initiatives
        ),
        places=tuple(
            PickPlace(
                one.pk,
                one.name,
                one.get_kind_display(),
                last_here=last.get(one.pk, ""),
                promised=promised.get(one.pk, ""),
            )
            for one in places
        ),
        recent_places=tuple(been[:6]),
        categories=tuple(
            PickCategory(one.pk, one.name, one.characteristic.name)
            for one in Category.objects.filter(visible(viewer, through="characteristic"), ended_on=None)
            .select_related("characteristic")
            .order_by("characteristic__position", "characteristic__name", "position", "pk")[:200]
        ),
        differ=Capture.objects.filter(
            organisation=organisation, sent_by=viewer, state=Capture.State.DIFFERS
        ).count(),
    )


def _places(organisation: Organisation, been: list[int], *, viewer: Any) -> list[Place]:
    """Those used last, then the organisation's own, then wards and districts: streets are typed, not listed."""
    kinds = [Place.Kind.SPOT, Place.Kind.BEAT, Place.Kind.WARD, Place.Kind.DISTRICT]
    found = list(places_for(viewer, organisation, kinds=kinds)[:MOST_PLACES])
    known = {one.pk for one in found}
    missing = [pk for pk in been if pk not in known]
    if missing:
        found += list(Place.objects.filter(visible(viewer), pk__in=missing, ended_on=None))
    order = {pk: number for number, pk in enumerate(been)}
    return sorted(found, key=lambda one: (order.get(one.pk, len(order)), one.organisation_id is None))


def _told_of(organisation: Organisation, places: Collection[int]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for teller in _tellers:
        for place, sentence in teller(organisation, places).items():
            found.setdefault(place, []).append(sentence)
    return {place: " ".join(sentences) for place, sentences in found.items()}


def _last_at(organisation: Organisation, places: list[int]) -> dict[int, str]:
    """The last occasion at each of these places, in a sentence: so that it can be told without a signal."""
    newest = (
        Activity.objects.filter(organisation=organisation, place__in=places)
        .values("place_id")
        .annotate(day=Max("happened_on"))
        .order_by()
    )
    condition = Q()
    for row in newest:
        condition |= Q(place_id=row["place_id"], happened_on=row["day"])
    if not condition:
        return {}
    rows = Activity.objects.filter(condition, organisation=organisation).select_related(
        "initiative", "method"
    )
    return {one.place_id: said_of(one) for one in rows.order_by("pk") if one.place_id is not None}
