"""Everything that is held about one person, for that person alone (R50).

It is never asked about anybody else, and nothing in it is a sum: no figure of this product judges a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from folkmoot.activities.models import Activity, Capture
from folkmoot.audit.models import Event
from folkmoot.organisations.models import Membership, TeamMembership, User
from folkmoot.organisations.visibility import access_of

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Rows of one kind in another room that name the person: what they are, as what they name them, how many."""

    what: str
    named_as: str
    number: int


@dataclass(frozen=True, slots=True)
class HeldAboutMe:
    """The account, its places, and the rows that name it; the newest ``MOST_SHOWN`` of each on the page."""

    account: User
    memberships: tuple[Membership, ...]
    teams: tuple[TeamMembership, ...]
    activities: QuerySet[Activity]
    captures: QuerySet[Capture]
    events: QuerySet[Event]
    about: QuerySet[Event]
    elsewhere: tuple[Elsewhere, ...]


def held_about(person: User) -> HeldAboutMe:
    """What is held about the person who asks. Only the person may be handed in.

    Activities stay listed when the person has left the organisation; their remarks do not: those belong to
    the organisation's work.
    """
    return HeldAboutMe(
        account=person,
        memberships=tuple(person.memberships.select_related("organisation")),
        teams=tuple(person.team_memberships.select_related("team")),
        activities=Activity.objects.filter(logged_by=person)
        .select_related("initiative", "method", "place", "organisation")
        .order_by("-happened_on", "-pk"),
        captures=Capture.objects.filter(sent_by=person).select_related("organisation", "activity"),
        events=Event.objects.filter(actor_id=person.pk),
        about=_about(person),
        elsewhere=tuple(
            Elsewhere(str(kind._meta.verbose_name_plural), str(field.verbose_name), number)
            for kind, field, rows in _elsewhere(person)
            if (number := rows.count())
        ),
    )


def _elsewhere(person: User) -> Iterator[tuple[type[Model], Any, QuerySet[Any]]]:
    """Every other kind of row that points to an account, whichever room it belongs to and whenever it was added."""
    listed: set[type[Model]] = {Membership, TeamMembership, Activity, Capture}
    for kind in apps.get_models():
        if kind in listed or kind._meta.proxy:
            continue
        for field in kind._meta.concrete_fields:
            if field.is_relation and field.related_model is User:
                yield kind, field, kind._base_manager.filter(**{field.name: person.pk}).order_by("pk")


def _about(person: User) -> QuerySet[Event]:
    """What others did to the person's account and places."""
    places = [("organisations.membership", one.pk) for one in person.memberships.all()]
    places += [("organisations.teammembership", one.pk) for one in person.team_memberships.all()]

    condition = Q(object_kind="organisations.user", object_id=str(person.pk))
    for kind, pk in places:
        condition |= Q(object_kind=kind, object_id=str(pk))
    found: QuerySet[Event] = Event.objects.filter(condition).exclude(actor_id=person.pk)
    return found


def rows_of(person: User) -> list[list[str]]:
    """All of it as rows for a file: what it is, when, which organisation, and what it says."""
    held = held_about(person)
    home = set(access_of(person).organisations)
    rows = [
        ["account", person.joined_at.isoformat(), "", f"{person.name} <{person.email}>"],
        *(
            ["role", one.created_at.isoformat(), str(one.organisation), one.get_role_display()]
            for one in held.memberships
        ),
        *(["team", one.created_at.isoformat(), str(one.team), one.get_role_display()] for one in held.teams),
    ]
    for activity in held.activities.iterator(chunk_size=2000):
        said = f"{activity} on {activity.happened_on}"
        if activity.remark and activity.organisation_id in home:
            said += f": {activity.remark}"
        rows.append(["activity", activity.created_at.isoformat(), str(activity.organisation), said])
    for sent in held.captures.iterator(chunk_size=2000):
        rows.append(["sent", sent.received_at.isoformat(), str(sent.organisation), f"{sent} ({sent.state})"])
    for table, field, found in _elsewhere(person):
        # which rows they are; their words belong to the room in which they stand
        for row in found.iterator(chunk_size=2000):
            made = getattr(row, "created_at", None)
            says = f"{table._meta.verbose_name} {row.pk}, as {field.verbose_name}"
            rows.append(["elsewhere", made.isoformat() if made else "", "", says])
    for kind, events in (("log", held.events), ("log about you", held.about)):
        for event in events.iterator(chunk_size=2000):
            rows.append(
                [kind, event.at.isoformat(), "", f"{event.action}: {event.object_label or event.object_kind}"]
            )
    return rows
