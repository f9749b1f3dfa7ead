"""For whom an edition is written, and whose evidence it must answer for.

An edition is the same for everybody who may read it, so it is composed and shown with the eyes of
its readers as a body, never with those of the person who happens to edit it. The keeper is the
briefing's owner: whatever the owner can see against the briefing has to be in it, if only counted.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser

from folkmoot.briefings.models import Briefing
from folkmoot.coding.queries import Scope
from folkmoot.organisations.readers import Reader
from folkmoot.organisations.visibility import Access, Visibility


def readers_of(briefing: Briefing) -> Any:
    """Those to whom the briefing's editions are shown."""
    return readers_for(
        briefing.visibility, organisation_id=briefing.organisation_id, team_id=briefing.team_id
    )


def readers_for(visibility: str, *, organisation_id: int | None, team_id: int | None) -> Any:
    if visibility == Visibility.PUBLIC:
        return AnonymousUser()
    if visibility == Visibility.NETWORK:
        return Reader.of_network()
    return _owner(organisation_id, team_id)


def keeper_of(briefing: Briefing) -> Any:
    """The owner's reach: its own rows and all that is shared; the network's reach where nobody owns it."""
    return _owner(briefing.organisation_id, briefing.team_id)


def _owner(organisation_id: int | None, team_id: int | None) -> Reader:
    if organisation_id is not None:
        return Reader(Access({organisation_id: ""}, {}))
    if team_id is not None:
        return Reader(Access({}, {team_id: ""}))
    return Reader.of_network()


def scope_for(visibility: str) -> Scope:
    """Beyond the owner only the network's word is given; within it, the owner's own as well."""
    return "network" if visibility in {Visibility.NETWORK, Visibility.PUBLIC} else "ours"
