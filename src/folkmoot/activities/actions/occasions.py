"""Logging, correcting and deleting one activity.

What was not recorded stays empty. What does not belong here: bulk writing for imports (``bulk``), what a
device sends (``capturing``), whole strands of work (``initiatives``).
"""

from __future__ import annotations

import uuid as identifiers
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model

from folkmoot.activities.checking import Unfit, checked
from folkmoot.activities.models import Activity, ActivityImport, Initiative, Tally
from folkmoot.activities.policies import is_specialist, require_change, require_log
from folkmoot.activities.tallying import copied, tallies_of
from folkmoot.audit.actions import action, made, new_row, record, record_new, save_version
from folkmoot.audit.inserting import Ready
from folkmoot.communities.models import Category, Grouping, Place
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
    fields = _checked(given, organisation_id=organisation.pk, by=by)
    return _written(_put_together(fields, organisation=organisation, uuid=uuid, brought_by=brought_by, by=by))


@dataclass(frozen=True, slots=True)
class _New:
    """An activity of checked values with what is written beside it, not yet written."""

    activity: Activity
    rows: Ready
    counts: Mapping[int, int]


def _put_together(
    fields: dict[str, Any],
    *,
    organisation: Organisation,
    uuid: identifiers.UUID | None,
    brought_by: ActivityImport | None = None,
    beside: Sequence[tuple[Model, str]] = (),
    by: User,
) -> _New:
    """The activity of checked values, with its tallies and its audit row.

    ``beside`` are new rows that hold its number, each with the name of that field.
    """
    counts = fields.pop("tallies")
    initiative: Initiative | None = fields["initiative"]
    if fields["by_specialist"] is None and brought_by is None:
        fields["by_specialist"] = is_specialist(by, organisation_id=organisation.pk)
    activity = Activity(
        uuid=uuid or identifiers.uuid4(),
        organisation=organisation,
        visibility="own",
        mechanism_version_id=None if initiative is None else initiative.mechanism_version_id,
        brought_by=brought_by,
        logged_by=None if brought_by is not None else by,
        **fields,
        **made(by),
    )
    return _New(activity, new_row("logged an activity", by=by, on=activity, beside=beside), counts)


def _written(new: _New) -> Activity:
    """The activity, on the disk when the action around it ends."""
    record_new(new.rows)
    if new.counts:
        Tally.objects.bulk_create(tallies_of(new.activity, new.counts))
    return new.activity


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
    fields = _checked(whole | changes, organisation_id=activity.organisation_id, by=by, before=before)
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


def _checked(
    given: dict[str, Any],
    *,
    organisation_id: int | None,
    by: User,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Values that fit, and rows that this person may use for this organisation."""
    faults: dict[str, str] = {}
    categories = [int(one) for one in given["tallies"]]
    characteristic_of: dict[int, int] = {}
    if categories:
        known = Category.objects.filter(pk__in=categories)
        characteristic_of = dict(known.values_list("pk", "characteristic_id"))
    if set(categories) - set(characteristic_of):
        faults["tallies"] = "One of the groups is not known here."
    try:
        given = checked(given, characteristic_of=characteristic_of)
    except Unfit as error:
        faults = error.faults | faults
    rows = {name: given.get(name) for name in ("initiative", "method", "place", "host")}
    # what stood there before may stay, even where it could not be chosen today
    news = {name: row for name, row in rows.items() if before is None or row != before.get(name)}
    faults |= _wrong_rows(news, given=given, organisation_id=organisation_id, by=by)
    if faults:
        raise Unfit(faults)
    if given["method"] is None and given["initiative"] is not None:
        given["method"] = given["initiative"].method
    return given


def _wrong_rows(
    rows: Mapping[str, Any], *, given: Mapping[str, Any], organisation_id: int | None, by: User
) -> dict[str, str]:
    faults: dict[str, str] = {}
    initiative: Initiative | None = rows.get("initiative")
    if initiative is not None:
        day = given["happened_on"]
        if initiative.organisation_id != organisation_id:
            faults["initiative"] = "This initiative is not your organisation's."
        elif initiative.state == Initiative.State.CLOSED and _after(day, initiative.ends):
            faults["initiative"] = f"“{initiative}” was closed before that day."
    method: Method | None = rows.get("method")
    if method is not None and method.organisation_id not in (None, organisation_id):
        faults["method"] = "This method is not your organisation's."
    for name, kind in (("place", Place), ("host", Grouping)):
        row = rows.get(name)
        if row is not None and not kind.objects.visible_to(by).filter(pk=row.pk).exists():
            faults[name] = f"This {'place' if name == 'place' else 'host'} is not known here."
    return faults


def _after(day: Any, end: date | None) -> bool:
    return isinstance(day, date) and end is not None and day > end
