"""Who may do what with briefings. Who may see a published one is ``organisations.visibility``."""

from __future__ import annotations

from typing import Any

from folkmoot.briefings.models import Briefing, Edition
from folkmoot.core.errors import NotAllowed, NotYet
from folkmoot.organisations.policies import may_edit, require_edit
from folkmoot.organisations.visibility import access_of


def may_see_drafts(user: Any, briefing: Briefing) -> bool:
    """Whoever belongs to the owner, in any role; the network's drafts are its curators' own."""
    access = access_of(user)
    if briefing.is_network:
        return may_edit(user, briefing)
    return briefing.organisation_id in access.organisations or briefing.team_id in access.teams


def require_sight_of_draft(user: Any, briefing: Briefing) -> None:
    if not may_see_drafts(user, briefing):
        raise NotAllowed(f"Only people of {briefing.owner_label} can read and review a draft.")


def require_draft(edition: Edition, user: Any) -> None:
    """Changing a draft: people who edit for its owner, and only while it is a draft."""
    require_edit(user, edition.briefing)
    if edition.state != Edition.State.DRAFT:
        raise NotYet(
            f"Edition {edition.number} is published, and a published edition never changes. "
            "Begin the next one, or add a notice."
        )
