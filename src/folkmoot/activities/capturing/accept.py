"""A sending becomes one activity, once. Acknowledged means on the disk.

The whole is one short transaction: the activity, the sending by which a second one is recognised, the audit row. It
tries to write first and looks only where that failed: nearly everything sent is new. What does not belong here:
how a sending is read (``reading``), who settles a difference (``settling``).
"""

from __future__ import annotations

import contextlib
import uuid as identifiers
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from django.db import IntegrityError
from django.utils import timezone

from folkmoot.activities import recording
from folkmoot.activities.capturing import reading
from folkmoot.activities.capturing.known import Known, known_here
from folkmoot.activities.checking import Unfit
from folkmoot.activities.models import Activity, Capture
from folkmoot.audit.actions import action, record
from folkmoot.core.screening import Kind, Screened, screen
from folkmoot.organisations.models import User

Outcome = Literal["recorded", "already here", "differs", "unfit"]
STATUS: dict[Outcome, int] = {"recorded": 201, "already here": 200, "differs": 409, "unfit": 422}
NO_PLACE: set[Kind] = {"report", "phone", "email", "plate", "birth"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a sending. ``left_out`` says what the remark looked like where it was not kept."""

    outcome: Outcome
    sentence: str
    activity: int | None = None
    happened_on: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    left_out: Kind = ""
    why_left_out: str = ""

    @property
    def status(self) -> int:
        return STATUS[self.outcome]


def accept(
    identifier: identifiers.UUID,
    *,
    content: Mapping[str, Any],
    sent_at: datetime | None = None,
    by: User,
    now: datetime | None = None,
) -> Answer:
    """Record what a device sent under this identifier, or say why not.

    New → recorded; the same content again → already here, and nothing changes; another content under the identifier
    → kept beside the first until a person picks one; unfit → nothing is kept, and a sentence for each field. A remark
    that the screen stops is never stored: the rest is recorded and the answer says so. Raises NotAllowed where
    the person records for no such organisation, NotYet for a form newer than this server.
    """
    now = now or timezone.now()
    try:
        mark = reading.fingerprint(content, identifier=identifier)
        sent = reading.read(content)
    except Unfit as error:
        return Answer("unfit", str(error), faults=error.faults)
    try:
        known = known_here(sent, by=by)
    except Unfit as error:
        # what was recorded stays recorded, even where its initiative is gone today
        if Capture.objects.filter(uuid=identifier, content_hash=mark).exists():
            known = known_here(replace(sent, initiative=None, place=None), by=by)
        else:
            return Answer("unfit", str(error), faults=error.faults)
    organisation = known.organisation
    sent, seen = _screened(sent)
    moment = reading.happened(sent, sent_at=sent_at, now=now)
    stamp = {
        "uuid": identifier,
        "organisation": organisation,
        "sent_by": by,
        "received_at": now,
        "saved_at": sent.saved_at,
        "schema": sent.schema,
        "content": reading.kept(sent, content),
        "content_hash": mark,
    }
    try:
        # all reading comes before the transaction: the database is held for three inserts and no longer
        fields = _fitting(sent, known, day=moment.day, by=by)
        activity = _record(fields, stamp, by=by)
    except IntegrityError:
        return _sent_before(stamp, seen, by=by)
    except Unfit as error:
        # what was recorded stays recorded, even where its initiative could not be chosen today
        if Capture.objects.filter(uuid=identifier, content_hash=mark).exists():
            return _sent_before(stamp, seen, by=by)
        return Answer("unfit", str(error), faults=error.faults)
    sentence = " ".join(part for part in ("Recorded.", moment.note) if part)
    return Answer("recorded", sentence, activity.pk, moment.day.isoformat(), {}, seen.kind, seen.sentence)


def _fitting(sent: reading.Sent, known: Known, *, day: date, by: User) -> dict[str, Any]:
    """The values of the activity. Raises Unfit with a sentence for each field at fault."""
    place = known.place
    given = {
        "title": "",
        "method": None,
        "initiative": known.initiative,
        "place": place,
        "happened_on": day,
        "remark": sent.remark,
        "by_specialist": None,
        **sent.values,
    }
    # the place was looked for among those that this person may pick
    return recording.fitting(given, organisation_id=known.organisation.pk, by=by, before={"place": place})


def _record(fields: dict[str, Any], stamp: dict[str, Any], *, by: User) -> Activity:
    sending = Capture(state=Capture.State.RECORDED, **stamp)
    new = recording.put_together(
        fields,
        organisation=stamp["organisation"],
        uuid=stamp["uuid"],
        beside=[(sending, "activity")],
        by=by,
    )
    return recording.write_whole(new, by=by)


@action
def _keep_difference(stamp: dict[str, Any], first: Capture, *, by: User) -> None:
    row = Capture(state=Capture.State.DIFFERS, activity=first.activity, **stamp)
    row.save(force_insert=True)
    record("kept a sending that differs from the first", by=by, on=row)


def _sent_before(stamp: dict[str, Any], seen: Screened, *, by: User) -> Answer:
    """Something is there under this identifier: the same, or another content that a person has to look at."""
    rows = list(Capture.objects.filter(uuid=stamp["uuid"]).select_related("activity").order_by("pk"))
    first = next((one for one in rows if one.state != Capture.State.DIFFERS), None)
    if not rows and not Activity.objects.filter(uuid=stamp["uuid"]).exists():
        # nothing stands in the way but a row that was taken out of the lists a moment ago
        return Answer(
            "unfit", "This place or initiative was removed. Pick another.", faults={"place": "Pick another."}
        )
    if first is None or first.organisation_id != stamp["organisation"].pk:
        # somebody else's identifier, or an activity that no device sent: nothing is told of it
        return Answer("differs", "This identifier is in use. Export this record and enter it again.")
    same = next((one for one in rows if one.content_hash == stamp["content_hash"]), None)
    if same is not None and same.state != Capture.State.DIFFERS:
        day = same.activity.happened_on.isoformat() if same.activity is not None else ""
        return Answer("already here", "Recorded before.", same.activity_id, day, {}, seen.kind, seen.sentence)
    if same is None:
        # refused where the very same was sent twice at once
        with contextlib.suppress(IntegrityError):
            _keep_difference(stamp, first, by=by)
    return Answer(
        "differs",
        "This was sent before with other values. Both are kept; pick the right one in “Sent twice”.",
        first.activity_id,
        left_out=seen.kind,
        why_left_out=seen.sentence,
    )


def _screened(sent: reading.Sent) -> tuple[reading.Sent, Screened]:
    """The sending without the words that are not kept here, and what they looked like."""
    seen = screen(sent.remark)
    if not seen.clear:
        sent = replace(sent, remark="")
    # a hall may bear a person's name and stand at an address; it has no telephone and commits no crime
    if not sent.values["place_words"]:
        return sent, seen
    place = screen(sent.values["place_words"])
    if {one.kind for one in place.spans} & NO_PLACE:
        sent = replace(sent, values=sent.values | {"place_words": ""})
        seen = place if seen.clear else seen
    return sent, seen
