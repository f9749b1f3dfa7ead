"""Who may record work, and who may change what was recorded. Nothing here asks who recorded how much.

What does not belong here: who may see it; that is ``organisations.visibility``.
"""

from __future__ import annotations

from typing import Any

from folkmoot.activities.models import Activity
from folkmoot.core.errors import NotAllowed
from folkmoot.organisations.models import Membership
from folkmoot.organisations.policies import EDITORS, may_edit_for
from folkmoot.organisations.visibility import access_of

# an advisory group member advises an organisation and does none of its work
RECORDERS = set(Membership.Role) - {Membership.Role.ADVISER}
SPECIALISTS = EDITORS


def role_in(user: Any, *, organisation_id: int | None) -> str | None:
    """The person's role in an organisation; None where they have none."""
    return None if organisation_id is None else access_of(user).organisations.get(organisation_id)


def may_log(user: Any, *, organisation_id: int | None) -> bool:
    """Any colleague may record work: it needs no specialist (R14)."""
    return role_in(user, organisation_id=organisation_id) in RECORDERS


def require_log(user: Any, *, organisation_id: int | None) -> None:
    if not may_log(user, organisation_id=organisation_id):
        raise NotAllowed("Work is recorded by the people of the organisation that did it.")


def may_change(user: Any, activity: Activity) -> bool:
    """Whoever recorded it themselves, and those who edit for the organisation."""
    own = activity.logged_by_id is not None and activity.logged_by_id == getattr(user, "pk", None)
    if own and may_log(user, organisation_id=activity.organisation_id):
        return True
    return activity.organisation_id is not None and may_edit_for(
        user, organisation_id=activity.organisation_id
    )


def require_change(user: Any, activity: Activity) -> None:
    if not may_change(user, activity):
        raise NotAllowed(
            "This can be changed by whoever recorded it and by those who edit for the organisation."
        )


def may_read_remarks(user: Any, *, organisation_id: int | None) -> bool:
    """A remark stays among those who do the work."""
    return may_log(user, organisation_id=organisation_id)


def is_specialist(user: Any, *, organisation_id: int | None) -> bool | None:
    """Is engagement this person's trade here? Kept with the record, as it was on the day of recording (R14)."""
    role = role_in(user, organisation_id=organisation_id)
    return None if role is None else role in SPECIALISTS
