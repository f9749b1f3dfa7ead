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
from datetime import datetime
from typing import Any, Literal

from django.db import IntegrityError
from django.utils import timezone

from folkmoot.activities.actions.occasions import log_activity
from folkmoot.activities.capturing import reading
from folkmoot.activities.checking import Unfit
from folkmoot.activities.models import Activity, Capture, Initiative
from folkmoot.activities.policies import may_log
from folkmoot.audit.actions import action, record
from folkmoot.communities.models import Place
from folkmoot.core.errors import NotAllowed
from folkmoot.core.screening import Kind, Screened, screen
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.visibility import access_of

Outcome = Literal["recorded", "already here", "differs", "unfit"]
STATUS: dict[Outcome, int] = {"recorded": 201, "already here": 200, "differs": 409, "unfit": 422}
NO_PLACE: set[Kind] = {"report", "phone", "email", "plate", "birth"}
# inside the one action there is no second one to frame: the transaction and the trace are this one's
_log = log_activity.__wrapped__  # type: ignore[attr-defined]


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
    organisation = _organisation(sent.organisation, by=by)
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
        activity = _record(sent, stamp, day=moment.day, identifier=identifier, by=by)
    except IntegrityError:
        return _sent_before(stamp, seen, by=by)
    except Unfit as error:
        # what was recorded stays recorded, even where its initiative could not be chosen today
        if Capture.objects.filter(uuid=identifier, content_hash=mark).exists():
            return _sent_before(stamp, seen, by=by)
        return Answer("unfit", str(error), faults=error.faults)
    sentence = " ".join(part for part in ("Recorded.", moment.note) if part)
    return Answer("recorded", sentence, activity.pk, moment.day.isoformat(), {}, seen.kind, seen.sentence)


@action
def _record(
    sent: reading.Sent,
    stamp: dict[str, Any],
    *,
    day: Any,
    identifier: identifiers.UUID,
    by: User,
) -> Activity:
    organisation = stamp["organisation"]
    initiative, place = _rows(sent, organisation)
    activity: Activity = _log(
        organisation=organisation,
        initiative=initiative,
        place=place,
        happened_on=day,
        remark=sent.remark,
        uuid=identifier,
        by=by,
        **sent.values,
    )
    Capture(state=Capture.State.RECORDED, activity=activity, **stamp).save(force_insert=True)
    return activity


@action
def _keep_difference(stamp: dict[str, Any], first: Capture, *, by: User) -> None:
    row = Capture(state=Capture.State.DIFFERS, activity=first.activity, **stamp)
    row.save(force_insert=True)
    record("kept a sending that differs from the first", by=by, on=row)


def _sent_before(stamp: dict[str, Any], seen: Screened, *, by: User) -> Answer:
    """Something is there under this identifier: the same, or another content that a person has to look at."""
    rows = list(Capture.objects.filter(uuid=stamp["uuid"]).select_related("activity").order_by("pk"))
    first = next((one for one in rows if one.state != Capture.State.DIFFERS), None)
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
    place = screen(sent.values["place_words"])
    if {one.kind for one in place.spans} & NO_PLACE:
        sent = replace(sent, values=sent.values | {"place_words": ""})
        seen = place if seen.clear else seen
    return sent, seen


def _organisation(slug: str, *, by: User) -> Organisation:
    """The organisation that the record is for. Raises NotAllowed where this person records nothing for it."""
    found = Organisation.objects.filter(slug=slug, pk__in=access_of(by).organisations).first()
    if found is None or not may_log(by, organisation_id=found.pk):
        raise NotAllowed("Work is recorded by the people of the organisation that did it.")
    return found


def _rows(sent: reading.Sent, organisation: Organisation) -> tuple[Initiative | None, Place | None]:
    faults: dict[str, str] = {}
    initiative = place = None
    if sent.initiative is not None:
        # a colleague's device never learns whether the number is somebody else's
        initiative = (
            Initiative.objects.select_related("method")
            .filter(pk=sent.initiative, organisation=organisation)
            .first()
        )
        if initiative is None:
            faults["initiative"] = "This initiative is not known here."
    if sent.place is not None:
        place = Place.objects.filter(pk=sent.place).first()
        if place is None:
            faults["place"] = "This place is not known here."
    if faults:
        raise Unfit(faults)
    return initiative, place
