"""Two contents under one identifier: a person says which is right. And the words that should never have been kept.

Both are actions: one transaction, one audit row, no word of what was there.
"""

from __future__ import annotations

from typing import Any, Literal

from django.utils import timezone

from folkmoot.activities.actions.occasions import correct_activity
from folkmoot.activities.capturing import reading
from folkmoot.activities.capturing.known import known_here
from folkmoot.activities.models import Activity, ActivityImport, Capture
from folkmoot.activities.policies import may_change
from folkmoot.audit.actions import action, record
from folkmoot.audit.models import Event
from folkmoot.core.errors import NotAllowed, NotYet
from folkmoot.organisations.models import Membership, User
from folkmoot.organisations.visibility import access_of

# the free texts of an activity: whatever somebody typed may hold what belongs elsewhere
FREE_TEXTS = ("remark", "title", "place_words", "demand")


def may_settle(user: Any, capture: Capture) -> bool:
    """Whoever sent it, and those who may change the record."""
    if capture.sent_by_id is not None and capture.sent_by_id == getattr(user, "pk", None):
        return capture.organisation_id in access_of(user).organisations
    return capture.activity is not None and may_change(user, capture.activity)


@action
def settle_difference(capture: Capture, *, keep: Literal["first", "second"], by: User) -> Capture:
    """Say which of two sendings is right: the record stays, or takes the values of the second.

    The remark of the record stays as it is: that of the second was never kept. Raises NotAllowed, NotYet where it
    is settled already or the record is gone, Stale where somebody changed the record meanwhile, or Unfit.
    """
    if not may_settle(by, capture):
        raise NotAllowed("This is settled by whoever sent it, or by those who edit for the organisation.")
    # one of two people who settle it at once comes second
    won = Capture.objects.filter(pk=capture.pk, state=Capture.State.DIFFERS).update(
        state=Capture.State.SETTLED
    )
    if not won:
        raise NotYet("Somebody has settled this already.")
    activity = capture.activity
    if keep == "second":
        if activity is None:
            raise NotYet("The record was deleted since. Enter it again if it should stand.")
        sent = reading.read(capture.content)
        known = known_here(sent, by=by)
        day = reading.happened(sent, sent_at=None, now=capture.received_at).day
        correct_activity(
            activity,
            expected=activity.version,
            initiative=known.initiative,
            place=known.place,
            happened_on=day,
            by=by,
            **sent.values,
        )
    record("settled two sendings of one record", by=by, on=capture, kept=keep)
    capture.refresh_from_db()
    return capture


def may_purge(user: Any, activity: Activity) -> bool:
    """Those who may change the record, and the data protection officer."""
    role = access_of(user).organisations.get(activity.organisation_id or 0)
    return role == Membership.Role.PROTECTION or may_change(user, activity)


@action
def purge_remark(
    activity: Activity, *, reason: str, texts: tuple[str, ...] = ("remark",), by: User
) -> Activity:
    """Erase what slipped through, wherever it is: the activity, what devices sent, the reasons of its import, the log.

    ``texts`` names the free texts to empty; ``reason`` is one of a few words, never the words themselves. Erased
    means gone: no version of it is kept. The audit row says who, when, which fields and why. Raises NotAllowed.
    """
    if not may_purge(by, activity):
        raise NotAllowed(
            "This is erased by whoever recorded it, by those who edit for the organisation, or by its data "
            "protection officer."
        )
    fields = [name for name in texts if name in FREE_TEXTS]
    words = [getattr(activity, name) for name in fields if getattr(activity, name)]
    stamp = {"version": activity.version + 1, "changed_at": timezone.now(), "changed_by": by.label[:200]}
    Activity.objects.filter(pk=activity.pk).update(**dict.fromkeys(fields, ""), **stamp)
    activity.refresh_from_db()
    for capture in Capture.objects.filter(uuid=activity.uuid):
        kept = {name: "" if name in fields else value for name, value in capture.content.items()}
        if kept != capture.content:
            Capture.objects.filter(pk=capture.pk).update(content=kept)
    _erase_from_imports(activity, words)
    _erase_from_log(activity, words)
    record("erased words from an activity", by=by, on=activity, fields=fields, reason=reason[:80])
    return activity


def _erase_from_imports(activity: Activity, words: list[str]) -> None:
    """The reasons for which rows of a file were set aside may quote a cell."""
    if not words or activity.brought_by_id is None:
        return
    brought = ActivityImport.objects.get(pk=activity.brought_by_id)
    cleaned = _without(brought.reasons, words)
    if cleaned != brought.reasons:
        ActivityImport.objects.filter(pk=brought.pk).update(reasons=cleaned)


def _erase_from_log(activity: Activity, words: list[str]) -> None:
    """The log is append only, but for this: it shows an activity by its title."""
    about = Event.objects.filter(object_kind=activity._meta.label_lower, object_id=str(activity.pk))
    for event in about:
        label = _without(event.object_label, words)
        detail = _without(event.detail, words)
        if (label, detail) != (event.object_label, event.detail):
            Event.objects.filter(pk=event.pk).update(object_label=label, detail=detail)


def _without(value: Any, words: list[str]) -> Any:
    """The value with these words taken out of every text in it."""
    if isinstance(value, str):
        for one in words:
            value = value.replace(one, "[erased]")
        return value
    if isinstance(value, list):
        return [_without(one, words) for one in value]
    if isinstance(value, dict):
        return {key: _without(one, words) for key, one in value.items()}
    return value
