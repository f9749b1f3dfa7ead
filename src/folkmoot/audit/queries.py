"""Reading the event log."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from folkmoot.audit.models import Event


def events_of(*, organisations: Collection[int], teams: Collection[int]) -> QuerySet[Event]:
    """What happened to rows of these organisations and teams, the newest first."""
    return Event.objects.filter(Q(organisation_id__in=organisations, team_id=None) | Q(team_id__in=teams))
