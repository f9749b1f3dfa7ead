"""Reading organisations, their people and their part of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from folkmoot.audit.models import Event
from folkmoot.audit.queries import events_of
from folkmoot.organisations.models import (
    LocalPolicingBody,
    Membership,
    Organisation,
    ResearchTeam,
    TeamMembership,
)
from folkmoot.organisations.visibility import access_of


@dataclass(frozen=True, slots=True)
class TeamShown:
    """A team and its people, to somebody who belongs to it."""

    team: ResearchTeam
    people: tuple[TeamMembership, ...]
    lead: bool


def places_in(organisation: Organisation) -> QuerySet[Membership]:
    """Who has which role in an organisation."""
    return Membership.objects.filter(organisation=organisation).select_related("user").order_by("user__name")


def teams_of(viewer: Any) -> list[TeamShown]:
    """The research teams this person belongs to, with everybody in them."""
    teams = access_of(viewer).teams
    people: dict[int, list[TeamMembership]] = {}
    for place in TeamMembership.objects.filter(team__in=teams).select_related("user").order_by("user__name"):
        people.setdefault(place.team_id, []).append(place)
    return [
        TeamShown(team, tuple(people.get(team.pk, [])), teams[team.pk] == TeamMembership.Role.LEAD)
        for team in ResearchTeam.objects.filter(pk__in=teams)
    ]


def bodies_on(day: date) -> QuerySet[LocalPolicingBody]:
    """Which body held which force to account on a day."""
    return (
        LocalPolicingBody.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day)
        .select_related("police", "body")
        .order_by("police__name")
    )


def bodies_of(organisation: Organisation) -> QuerySet[LocalPolicingBody]:
    """Everything dated about who held whom to account, where this organisation is one of the two."""
    return LocalPolicingBody.objects.filter(Q(police=organisation) | Q(body=organisation)).select_related(
        "police", "body"
    )


def log_for(viewer: Any) -> QuerySet[Event]:
    """The log of what this person answers for: organisations they administer or protect, teams they lead."""
    access = access_of(viewer)
    keepers = {Membership.Role.ADMINISTRATOR.value, Membership.Role.PROTECTION.value}
    organisations = [key for key, role in access.organisations.items() if role in keepers]
    teams = [key for key, role in access.teams.items() if role == TeamMembership.Role.LEAD]
    return events_of(organisations=organisations, teams=teams)
