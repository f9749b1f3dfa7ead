"""Logging, correcting and deleting one activity.

What was not recorded stays empty. What does not belong here: what fits and how it is written (``recording``), bulk
writing for imports (``bulk``), what a device sends (``capturing``), whole strands of work (``initiatives``).
"""

from __future__ import annotations

import uuid as identifiers
from collections.abc import Mapping
from datetime import date
from typing import Any

from folkmoot.activities.models import Activity, ActivityImport, Initiative, Tally
from folkmoot.activities.policies import require_change, require_log
from folkmoot.activities.recording import fitting, put_together, write
from folkmoot.activities.tallying import copied, tallies_of
from folkmoot.audit.actions import action, record, save_version
from folkmoot.communities.models import Place
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Organisation, User

LATER = frozenset(
    [
        "begins_at",
        "ends_at",
        "hosting",
        "host",
        "uniform",
        "trigger",
        "participant_level",
        "counterpart",
        "demand",
    ]
)
CORRECTABLE = (
    frozenset(
        [
            "initiative",
            "method",
            "title",
            "happened_on",
            "place",
            "place_words",
            "people",
            "counted",
            "level",
            "hours",
            "remark",
            "tallies",
        ]
    )
    | LATER
)


@action
def log_activity(
    *,
    organisation: Organisation,
    initiative: Initiative | None = None,
    method: Method | None = None,
    title: str = "",
    happened_on: date,
    place: Place | None = None,
    place_words: str = "",
    people: int | None = None,
    counted: str = "people",
    level: str = "",
    hours: Any = None,
    remark: str = "",
    tallies: Mapping[int, int] | None = None,
    by_specialist: bool | None = None,
    uuid: identifiers.UUID | None = None,
    brought_by: ActivityImport | None = None,
    by: User,
    **later: Any,
) -> Activity:
    """Record one occasion for an organisation; the reason in force for its initiative is kept with it.

    ``tallies`` holds people by category (its number). ``later`` takes the optional fields (``LATER``).
    Without a word on it, whether a specialist recorded it follows from the role of ``by`` today; of imported
    rows it stays unknown. Raises NotAllowed, or Unfit with a sentence for each field at fault.
    """
    require_log(by, organisation_id=organisation.pk)
    _known_fields(later, LATER)
    given = {
        "initiative": initiative,
        "method": method,
        "title": title,
        "happened_on": happened_on,
        "place": place,
        "place_words": place_words,
        "people": people,
        "counted": counted,
        "level": level,
        "hours": hours,
        "remark": remark,
        "tallies": tallies or {},
        "by_specialist": by_specialist,
        **later,
    }
    fields = fitting(given, organisation_id=organisation.pk, by=by)
    return write(put_together(fields, organisation=organisation, uuid=uuid, brought_by=brought_by, by=by))


@action
def correct_activity(activity: Activity, *, expected: int, by: User, **changes: Any) -> Activity:
    """Change what was recorded of an occasion; what is not named stays.

    With another initiative the activity takes the reason that is in force for that one now. ``tallies``
    replaces all of them. Raises NotAllowed, Stale, or Unfit.
    """
    require_change(by, activity)
    _known_fields(changes, CORRECTABLE)
    whole = {name: getattr(activity, name) for name in CORRECTABLE if name != "tallies"}
    whole["tallies"] = dict(activity.tallies.values_list("category_id", "people"))
    before = dict(whole)
    fields = fitting(whole | changes, organisation_id=activity.organisation_id, by=by, before=before)
    counts = fields.pop("tallies")
    if fields["initiative"] != before["initiative"]:
        initiative = fields["initiative"]
        activity.mechanism_version_id = None if initiative is None else initiative.mechanism_version_id
    for name, value in fields.items():
        setattr(activity, name, value)
    save_version(activity, expected=expected, by=by)
    if counts != before["tallies"]:
        activity.tallies.all().delete()
        Tally.objects.bulk_create(tallies_of(activity, counts))
    elif counts:
        activity.tallies.update(**copied(activity))
    altered = sorted(name for name, value in {**fields, "tallies": counts}.items() if value != before[name])
    # what it said before is not repeated: a remark must not live on in the log
    record("corrected an activity", by=by, on=activity, fields=altered)
    return activity


@action
def delete_activity(activity: Activity, *, expected: int | None = None, by: User) -> None:
    """Take an activity out for good, with its tallies; the log keeps that it was there, not what it said."""
    require_change(by, activity)
    if expected is not None:
        save_version(activity, expected=expected, by=by)
    record("deleted an activity", by=by, on=activity, happened_on=activity.happened_on.isoformat())
    activity.delete()


def _known_fields(given: Mapping[str, Any], known: frozenset[str]) -> None:
    unknown = set(given) - known
    if unknown:
        raise TypeError(f"an activity has no {', '.join(sorted(unknown))}")
