"""Who may change what. Plain functions; each ``require_…`` raises NotAllowed with a sentence.

A person who may not even *see* a row never gets here: queries give them nothing, pages 404.
"""

from __future__ import annotations

from typing import Any

from folkmoot.core.errors import NotAllowed
from folkmoot.organisations.models import Membership, TeamMembership
from folkmoot.organisations.visibility import Owned, access_of

EDITORS = {Membership.Role.ADMINISTRATOR, Membership.Role.LEAD, Membership.Role.ANALYST}
RESEARCHERS = {TeamMembership.Role.LEAD, TeamMembership.Role.RESEARCHER}


def may_edit_for(user: Any, *, organisation_id: int | None = None, team_id: int | None = None) -> bool:
    """May this person write on behalf of that organisation, that team, or (neither) the network?

    The network's shared rows are kept by its curators: people who are lead researcher of a team.
    """
    access = access_of(user)
    if organisation_id is not None:
        return access.organisations.get(organisation_id) in EDITORS
    if team_id is not None:
        return access.teams.get(team_id) in RESEARCHERS
    return TeamMembership.Role.LEAD in access.teams.values()


def may_edit(user: Any, row: Owned) -> bool:
    return may_edit_for(user, organisation_id=row.organisation_id, team_id=row.team_id)


def require_edit(user: Any, row: Owned) -> None:
    if not may_edit(user, row):
        raise NotAllowed(f"Only people who edit for {row.owner_label} can change this.")


def require_edit_for(user: Any, *, organisation_id: int | None = None, team_id: int | None = None) -> None:
    if not may_edit_for(user, organisation_id=organisation_id, team_id=team_id):
        raise NotAllowed("Your role does not let you do this for that owner.")


def may_administer(user: Any, *, organisation_id: int) -> bool:
    """People and settings of an organisation."""
    return access_of(user).organisations.get(organisation_id) == Membership.Role.ADMINISTRATOR


def may_lead_team(user: Any, *, team_id: int) -> bool:
    """Withdrawals, consent and membership of a research team."""
    return access_of(user).teams.get(team_id) == TeamMembership.Role.LEAD


def may_comment(user: Any) -> bool:
    """Anyone with a place in the network."""
    return access_of(user).belongs
