"""What this person sent, and what waits for somebody to pick. Never a list of what others sent, or how much.

What does not belong here: the log of the organisation (``queries``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from folkmoot.activities.capturing import reading
from folkmoot.activities.checking import Unfit
from folkmoot.activities.models import Activity, Capture, Initiative, Level
from folkmoot.communities.models import Place
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.policies import may_edit_for

SHOWN = 100


def sent_by(viewer: Any, *, organisation: Organisation) -> list[Capture]:
    """One's own last records from a device or the capture page, newest first."""
    rows = Capture.objects.filter(sent_by=viewer, organisation=organisation, state=Capture.State.RECORDED)
    return list(
        rows.select_related(
            "activity", "activity__initiative", "activity__place", "activity__method"
        ).order_by("-pk")[:SHOWN]
    )


def differing(viewer: Any, *, organisation: Organisation) -> QuerySet[Capture]:
    """Sendings that wait for this person to pick: their own, and all of them for those who edit."""
    rows = Capture.objects.filter(organisation=organisation, state=Capture.State.DIFFERS)
    if not may_edit_for(viewer, organisation_id=organisation.pk):
        rows = rows.filter(Q(sent_by=viewer) | Q(activity__logged_by=viewer))
    return rows.select_related("activity", "organisation").order_by("pk")


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of the record beside the same field of the second sending."""

    label: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class Difference:
    capture: Capture
    activity: Activity | None
    rows: tuple[Compared, ...]


def difference(capture: Capture) -> Difference:
    """Both contents side by side, in words. The remark is not compared: that of the second was not kept."""
    activity = capture.activity
    try:
        sent = reading.read(capture.content)
    except Unfit:
        return Difference(capture, activity, ())
    day = reading.happened(sent, sent_at=None, now=capture.received_at).day
    initiative = Initiative.objects.filter(pk=sent.initiative or 0, organisation=capture.organisation).first()
    place = Place.objects.filter(pk=sent.place or 0).first()
    second = {
        "Day": f"{day:%-d %B %Y}",
        "Initiative": str(initiative or ""),
        "Place": str(place or sent.values["place_words"]),
        "People": _number(sent.values["people"]),
        "Level reached": dict(Level.choices).get(sent.values["level"], ""),
        "Hours": _number(sent.values["hours"]),
    }
    first = dict.fromkeys(second, "")
    if activity is not None:
        first = {
            "Day": f"{activity.happened_on:%-d %B %Y}",
            "Initiative": str(activity.initiative or ""),
            "Place": str(activity.place or activity.place_words),
            "People": _number(activity.people),
            "Level reached": activity.get_level_display(),
            "Hours": _number(activity.hours),
        }
    rows = tuple(Compared(label, first[label], second[label]) for label in second)
    return Difference(capture, activity, rows)


def _number(value: Any) -> str:
    """The number without a tail of zeros; nothing for nothing."""
    if value is None or value == "":
        return ""
    try:
        return f"{float(value):g}"
    except (TypeError, ValueError):
        return str(value)
