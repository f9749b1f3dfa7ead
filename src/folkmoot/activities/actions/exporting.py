"""Taking activities out leaves a trace, too."""

from __future__ import annotations

from folkmoot.audit.actions import action, record
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.policies import require_edit_for


@action
def note_export(organisation: Organisation, *, ending: str, by: User) -> None:
    """Check that this person may take the organisation's activities out, and write down that they did."""
    require_edit_for(by, organisation_id=organisation.pk)
    record(
        "export.made",
        by=by,
        on=organisation,
        organisation_id=organisation.pk,
        kind="activities",
        ending=ending,
    )
