"""Who may keep concerns, who may bring in what was said, and who may read the words.

What does not belong here: who sees a concern (``organisations.visibility``), what its state allows (``states``).
"""

from __future__ import annotations

from typing import Any

from folkmoot.activities.policies import may_log
from folkmoot.activities.policies import may_read_remarks as _may_read
from folkmoot.core.errors import NotAllowed
from folkmoot.organisations.policies import may_edit_for
from folkmoot.organisations.visibility import access_of


def may_keep(user: Any, *, organisation_id: int | None) -> bool:
    """Open concerns, set contributions aside, decide on themes, say what was decided."""
    return organisation_id is not None and may_edit_for(user, organisation_id=organisation_id)


def require_keep(user: Any, *, organisation_id: int | None) -> None:
    if not may_keep(user, organisation_id=organisation_id):
        raise NotAllowed("Concerns are kept by the people who edit for the organisation.")


def may_bring_in(user: Any, *, organisation_id: int | None) -> bool:
    """Any colleague who meets people may bring in what they said, and what they answered."""
    return may_log(user, organisation_id=organisation_id)


def require_bring_in(user: Any, *, organisation_id: int | None) -> None:
    if not may_bring_in(user, organisation_id=organisation_id):
        raise NotAllowed("What people said is brought in by the people of the organisation they said it to.")


def may_read_words(user: Any, *, organisation_id: int | None) -> bool:
    """People's words stay among those who do the work; an adviser reads what the public page shows."""
    return _may_read(user, organisation_id=organisation_id)


def organisations_read(user: Any) -> list[int]:
    """The organisations whose contributions this person reads."""
    return [pk for pk in access_of(user).organisations if may_read_words(user, organisation_id=pk)]


def may_settle(user: Any, promise: Any) -> bool:
    """Whoever promised it themselves, and those who keep the concern."""
    own = promise.owner_id is not None and promise.owner_id == getattr(user, "pk", None)
    organisation_id = promise.concern.organisation_id
    if own and organisation_id in access_of(user).organisations:
        return True
    return may_keep(user, organisation_id=organisation_id)


def require_settle(user: Any, promise: Any) -> None:
    if not may_settle(user, promise):
        raise NotAllowed("How a promise stands is said by whoever gave it, or by those who keep the concern.")
