"""The rows that a sending names, remembered for some seconds: a phone that sends ten records names the same few.

What may have changed meanwhile is at most those seconds old; who may record is asked anew each time. What does not
belong here: who is signed in.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from folkmoot.activities.capturing.reading import Sent
from folkmoot.activities.checking import Unfit
from folkmoot.activities.models import Initiative
from folkmoot.activities.policies import may_log
from folkmoot.communities.models import Place
from folkmoot.core.errors import NotAllowed
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.visibility import access_of

REMEMBERED_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What a sending is about, looked up."""

    organisation: Organisation
    initiative: Initiative | None
    place: Place | None


def known_here(sent: Sent, *, by: User) -> Known:
    """The organisation, initiative and place of a sending.

    Raises NotAllowed where this person records nothing for that organisation, Unfit where a row is not known there:
    nobody learns whether a number is somebody else's.
    """
    key = f"capture-known-{by.pk}-{sent.organisation[:60].encode().hex()}-{sent.initiative}-{sent.place}"
    found: Known | None = cache.get(key)
    if found is None or found.organisation.slug != sent.organisation:
        found = _looked_up(sent, by=by)
        cache.set(key, found, REMEMBERED_SECONDS)
    if not may_log(by, organisation_id=found.organisation.pk):
        raise NotAllowed("Work is recorded by the people of the organisation that did it.")
    return found


def _looked_up(sent: Sent, *, by: User) -> Known:
    organisation = Organisation.objects.filter(
        slug=sent.organisation, pk__in=access_of(by).organisations
    ).first()
    if organisation is None:
        raise NotAllowed("Work is recorded by the people of the organisation that did it.")
    faults: dict[str, str] = {}
    initiative = place = None
    if sent.initiative is not None:
        rows = Initiative.objects.select_related("method").filter(organisation=organisation)
        initiative = rows.filter(pk=sent.initiative).first()
        if initiative is None:
            faults["initiative"] = "This initiative is not known here."
    if sent.place is not None:
        place = Place.objects.visible_to(by).filter(pk=sent.place).first()
        if place is None:
            faults["place"] = "This place is not known here."
    # whether this person records here at all comes first: see the caller
    if faults and may_log(by, organisation_id=organisation.pk):
        raise Unfit(faults)
    return Known(organisation, initiative, place)
