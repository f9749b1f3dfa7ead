"""What one occasion becomes: values that fit and rows that may be used, put together with their audit row, written.

Used by whatever records one occasion: a form or file (``actions.occasions``), a device (``capturing``). What does not
belong here: who may record (``policies``), the limits of a single value (``checking``).
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
from folkmoot.activities.policies import is_specialist
from folkmoot.activities.tallying import tallies_of
from folkmoot.audit.actions import action, made, new_row, record_new, write_new
from folkmoot.audit.inserting import Ready
from folkmoot.communities.models import Category, Grouping, Place
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Organisation, User


@dataclass(frozen=True, slots=True)
class New:
    """An activity of checked values with what is written beside it, not yet written."""

    activity: Activity
    rows: Ready
    counts: Mapping[int, int]


def put_together(
    fields: dict[str, Any],
    *,
    organisation: Organisation,
    uuid: identifiers.UUID | None,
    brought_by: ActivityImport | None = None,
    beside: Sequence[tuple[Model, str]] = (),
    by: User,
) -> New:
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
    return New(activity, new_row("logged an activity", by=by, on=activity, beside=beside), counts)


def write(new: New) -> Activity:
    """The activity, on the disk when the action around it ends."""
    record_new(new.rows)
    if new.counts:
        Tally.objects.bulk_create(tallies_of(new.activity, new.counts))
    return new.activity


def write_whole(new: New, *, by: User) -> Activity:
    """The activity, on the disk when this returns: an action by itself that holds the database for the writing alone."""
    if new.counts:
        return _write_counted(new, by=by)
    write_new(new.rows)
    return new.activity


@action
def _write_counted(new: New, *, by: User) -> Activity:
    return write(new)


def fitting(
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
