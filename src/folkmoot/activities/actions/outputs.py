"""What came out of an initiative: leaflets, sign-ups, meetings held. Numbers, and no target for any (RL9).

What does not belong here: what changed for anybody; an output is no outcome (R52).
"""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from folkmoot.activities.models import Initiative, Output
from folkmoot.audit.actions import action, made, record
from folkmoot.core.errors import FolkmootError
from folkmoot.organisations.models import User
from folkmoot.organisations.policies import require_edit

MOST = 1_000_000_000


@action
def record_output(initiative: Initiative, *, what: str, number: int, counted_on: date, by: User) -> Output:
    """Write down how many of something there were on a day."""
    require_edit(by, initiative)
    words = what.strip()
    if not words or len(words) > 120:
        raise FolkmootError("Say what was counted, in 120 characters or fewer.")
    if not 0 <= number <= MOST:
        raise FolkmootError(f"A number of things lies between 0 and {MOST:,}.")
    if counted_on > timezone.localdate():
        raise FolkmootError("What came out is counted once it is there: this day is yet to come.")
    output = Output.objects.create(
        initiative=initiative, what=words, number=number, counted_on=counted_on, **made(by)
    )
    record("recorded an output", by=by, on=output, organisation_id=initiative.organisation_id)
    return output


@action
def remove_output(output: Output, *, by: User) -> None:
    """Take out a count that was written down by mistake."""
    require_edit(by, output.initiative)
    record("removed an output", by=by, on=output, organisation_id=output.initiative.organisation_id)
    output.delete()
