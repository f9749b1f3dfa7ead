"""The rows that a sending names, as they are now: read with one query, since phones send all that waited in one go.

What does not belong here: who is signed in, and what may be recorded of rows that are known (``recording``).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connection, models

from folkmoot.activities.capturing.reading import Sent
from folkmoot.activities.checking import Unfit
from folkmoot.activities.models import Initiative
from folkmoot.activities.policies import may_log
from folkmoot.audit.asking import asked
from folkmoot.communities.models import Place
from folkmoot.core.errors import NotAllowed
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.visibility import access_of, sees


def _columns(kind: type[models.Model], *needed: str) -> tuple[str, ...]:
    """Names in the order in which the table has them, as ``from_db`` takes them."""
    return tuple(one.attname for one in kind._meta.concrete_fields if one.attname in needed)


# what recording asks of them; anything else is read when somebody asks
OF_INITIATIVE = _columns(
    Initiative, "id", "organisation_id", "name", "state", "ends", "method_id", "mechanism_version_id"
)
OF_PLACE = _columns(Place, "id", "organisation_id", "team_id", "visibility", "name")


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
    homes = access_of(by).homes
    organisation = next((one for one in homes if one.slug == sent.organisation), None)
    if organisation is None or not may_log(by, organisation_id=organisation.pk):
        raise NotAllowed("Work is recorded by the people of the organisation that did it.")
    initiative, place = _rows(sent)
    faults: dict[str, str] = {}
    if initiative is not None and initiative.organisation_id != organisation.pk:
        initiative = None
    if place is not None and not sees(by, place):
        place = None
    if sent.initiative is not None and initiative is None:
        faults["initiative"] = "This initiative is not known here."
    if sent.place is not None and place is None:
        faults["place"] = "This place is not known here."
    if faults:
        raise Unfit(faults)
    return Known(organisation, initiative, place)


def _rows(sent: Sent) -> tuple[Initiative | None, Place | None]:
    if sent.initiative is None and sent.place is None:
        return None, None
    (row,) = asked(_sql(), [sent.initiative, sent.place])
    of_initiative, of_place = row[: len(OF_INITIATIVE)], row[len(OF_INITIATIVE) :]
    initiative = place = None
    if of_initiative[0] is not None:
        initiative = Initiative.from_db(DEFAULT_DB_ALIAS, OF_INITIATIVE, of_initiative)
        if initiative.method_id is not None:
            initiative.method = Method.from_db(DEFAULT_DB_ALIAS, ["id"], [initiative.method_id])
    if of_place[0] is not None:
        place = Place.from_db(DEFAULT_DB_ALIAS, OF_PLACE, of_place)
    return initiative, place


@functools.cache
def _sql() -> str:
    """One row whatever is there; the ORM would put this together anew for each sending, which costs more than it."""
    quote = connection.ops.quote_name

    asked = [f"initiative.{quote(name)}" for name in OF_INITIATIVE] + [
        f"place.{quote(name)}" for name in OF_PLACE
    ]
    return (
        f"SELECT {', '.join(asked)}"
        " FROM (SELECT 1 AS one) AS always"
        f" LEFT JOIN {quote(Initiative._meta.db_table)} AS initiative ON initiative.id = %s"
        f" LEFT JOIN {quote(Place._meta.db_table)} AS place ON place.id = %s"
    )
