"""An owner as the columns of an owned row: an organisation, a research team or (None) the network.

What does not belong here: who may see a row (``visibility``) or change it (``policies``).
"""

from __future__ import annotations

from typing import Any

from folkmoot.organisations.models import Organisation, ResearchTeam

Owner = Organisation | ResearchTeam


def owned_by(owner: Owner | None) -> dict[str, Any]:
    """``organisation`` and ``team`` of a row that belongs to this owner; both None for the network's."""
    return {
        "organisation": owner if isinstance(owner, Organisation) else None,
        "team": owner if isinstance(owner, ResearchTeam) else None,
    }


def ids_of(owner: Owner | None) -> dict[str, int | None]:
    """The same by number: what ``policies.require_edit_for`` asks."""
    return {
        "organisation_id": owner.pk if isinstance(owner, Organisation) else None,
        "team_id": owner.pk if isinstance(owner, ResearchTeam) else None,
    }


def owner_of(row: Any) -> dict[str, int | None]:
    """The owner of a row as an audit row names it."""
    return {"organisation_id": row.organisation_id, "team_id": row.team_id}
