"""Who may bring files in, and how far what they bring in is shared."""

from __future__ import annotations

from typing import Any

from folkmoot.core.errors import NotAllowed
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.policies import may_edit_for


def may_bring_in(user: Any, *, organisation: Organisation | None) -> bool:
    """Editors bring in for their organisation; what everybody shares is kept by the network's curators."""
    return may_edit_for(user, organisation_id=organisation.pk if organisation else None)


def require_bring_in(user: Any, *, organisation: Organisation | None) -> None:
    if may_bring_in(user, organisation=organisation):
        return
    if organisation is None:
        raise NotAllowed(
            "Places and counts that everybody shares are brought in by a curator of the network: "
            "somebody who leads a research team."
        )
    raise NotAllowed(f"Only people who edit for {organisation} can bring places and counts in for it.")
