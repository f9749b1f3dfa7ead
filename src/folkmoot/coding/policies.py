"""Who may read, code and change what, and whether the state of things allows it."""

from __future__ import annotations

from typing import Any

from folkmoot.coding.models import Code, Codebook
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.models import User
from folkmoot.organisations.policies import require_edit
from folkmoot.organisations.visibility import Owned, Visibility, access_of, visible
from folkmoot.sources.models import Source


def may_see(user: Any, row: Owned) -> bool:
    """``visibility.visible`` for one row that is in memory already."""
    access = access_of(user)
    return (
        row.visibility == Visibility.PUBLIC
        or (row.visibility == Visibility.NETWORK and access.belongs)
        or row.organisation_id in access.organisations
        or row.team_id in access.teams
    )


def require_reader(source: Source, by: User) -> None:
    """Only the source's own people read for claims, and only while it is live."""
    require_edit(by, source)
    if source.is_withdrawn:
        raise NotYet("This source was withdrawn; there is nothing left to read.")


def require_sight(assumption: Assumption, by: User) -> None:
    if not Assumption.objects.filter(visible(by), pk=assumption.pk).exists():
        raise NotAllowed("You cannot join a claim to this assumption.")


def require_active(code: Code, by: User, *, edit: bool = True) -> None:
    if edit:
        require_edit(by, code.codebook)
    elif not may_see(by, code.codebook):
        raise NotAllowed("This code belongs to somebody else's codebook.")
    if code.state != Code.State.ACTIVE:
        raise NotYet(f"“{code.name}” is no longer in use ({code.get_state_display().lower()}).")


def require_name(codebook: Codebook, name: str) -> None:
    if not name.strip():
        raise FolkmootError("Give the code a name.")
    if codebook.codes.filter(name__iexact=name.strip(), state=Code.State.ACTIVE).exists():
        raise FolkmootError(f"There is a code “{name.strip()}” in this codebook already.")
