"""Strands of work: opening, changing, closing and opening again. What one stands for is told to participants.

What does not belong here: single occasions (``occasions``), what came out (``outputs``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from folkmoot.activities.models import Initiative, Level, Trigger
from folkmoot.audit.actions import action, made, record, save_version
from folkmoot.communities.models import Grouping, Place
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.mechanisms.models import MechanismVersion, Method
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.organisations.visibility import visible
from folkmoot.strategies.models import Objective

CHANGEABLE = frozenset(
    ["name", "method", "purpose", "mechanism_version", "place", "planned_level", "trigger", "begins", "ends"]
)


@action
def open_initiative(
    name: str,
    *,
    organisation: Organisation,
    method: Method,
    objectives: Collection[Objective] = (),
    groupings: Collection[Grouping] = (),
    by: User,
    **details: Any,
) -> Initiative:
    """Begin a strand of work: one method, one purpose as participants are told it, one reason why it should
    work. ``details`` are the other fields (``CHANGEABLE``). Raises NotAllowed or FolkmootError."""
    require_edit_for(by, organisation_id=organisation.pk)
    fields = _fields({"name": name, "method": method, **details}, organisation_id=organisation.pk, by=by)
    initiative = Initiative(organisation=organisation, visibility="own", **fields, **made(by))
    initiative.save()
    _link(initiative, objectives=objectives, groupings=groupings, by=by)
    record("opened an initiative", by=by, on=initiative)
    return initiative


@action
def change_initiative(
    initiative: Initiative,
    *,
    expected: int,
    objectives: Collection[Objective] | None = None,
    groupings: Collection[Grouping] | None = None,
    by: User,
    **changes: Any,
) -> Initiative:
    """Change what an initiative says. Activities that are recorded already keep the reason that they had."""
    require_edit(by, initiative)
    before = {name: getattr(initiative, name) for name in CHANGEABLE}
    fields = _fields(before | changes, organisation_id=initiative.organisation_id, by=by)
    if initiative.state == Initiative.State.CLOSED and not fields["purpose"]:
        raise FolkmootError("A closed initiative keeps the purpose that participants were told.")
    for name, value in fields.items():
        setattr(initiative, name, value)
    save_version(initiative, expected=expected, by=by)
    _link(initiative, objectives=objectives, groupings=groupings, by=by)
    altered = sorted(name for name, value in fields.items() if value != before[name])
    record("changed an initiative", by=by, on=initiative, fields=altered)
    return initiative


@action
def close_initiative(
    initiative: Initiative, *, expected: int, purpose: str = "", ends: date | None = None, by: User
) -> Initiative:
    """End a strand of work. Refused until it says the purpose as participants were told it (RL3)."""
    require_edit(by, initiative)
    if initiative.state == Initiative.State.CLOSED:
        raise NotYet("This initiative is closed already.")
    told = (purpose or initiative.purpose).strip()
    if not told:
        raise NotYet(
            "Before it closes, write down its purpose in the words in which the people who took part were told it."
        )
    end = ends or initiative.ends or timezone.localdate()
    end = min(end, timezone.localdate())
    if initiative.begins is not None and end < initiative.begins:
        raise FolkmootError("It cannot end before it began.")
    initiative.purpose, initiative.ends, initiative.state = told, end, Initiative.State.CLOSED
    save_version(initiative, expected=expected, by=by)
    record("closed an initiative", by=by, on=initiative, ends=end.isoformat())
    return initiative


@action
def reopen_initiative(initiative: Initiative, *, expected: int, by: User) -> Initiative:
    """Take up a closed strand of work again."""
    require_edit(by, initiative)
    if initiative.state == Initiative.State.OPEN:
        raise NotYet("This initiative is open.")
    initiative.state, initiative.ends = Initiative.State.OPEN, None
    save_version(initiative, expected=expected, by=by)
    record("reopened an initiative", by=by, on=initiative)
    return initiative


def _fields(given: Mapping[str, Any], *, organisation_id: int | None, by: User) -> dict[str, Any]:
    unknown = set(given) - CHANGEABLE
    if unknown:
        raise TypeError(f"an initiative has no {', '.join(sorted(unknown))}")
    found = dict(given)
    for name in ("name", "purpose"):
        found[name] = str(found.get(name) or "").strip()
    if not found["name"]:
        raise FolkmootError("Give the initiative a name.")
    if len(found["name"]) > 160:
        raise FolkmootError("The name of an initiative can be 160 characters long.")
    found["planned_level"] = found.get("planned_level") or ""
    found["trigger"] = found.get("trigger") or Trigger.PROACTIVE
    if found["planned_level"] and found["planned_level"] not in Level.values:
        raise FolkmootError("Choose one of the levels.")
    if found["trigger"] not in Trigger.values:
        raise FolkmootError("Say what set it off with one of the three words.")
    begins, ends = found.get("begins"), found.get("ends")
    if begins and ends and ends < begins:
        raise FolkmootError("It cannot end before it began.")
    _require_known(found, organisation_id=organisation_id, by=by)
    return found


def _require_known(given: Mapping[str, Any], *, organisation_id: int | None, by: User) -> None:
    method: Method = given["method"]
    if method.organisation_id not in (None, organisation_id):
        raise FolkmootError("This method is not your organisation's.")
    version: MechanismVersion | None = given.get("mechanism_version")
    if (
        version is not None
        and not MechanismVersion.objects.filter(visible(by, through="mechanism"), pk=version.pk).exists()
    ):
        raise FolkmootError("This chain is not known here.")
    place: Place | None = given.get("place")
    if place is not None and not Place.objects.visible_to(by).filter(pk=place.pk).exists():
        raise FolkmootError("This place is not known here.")


def _link(
    initiative: Initiative,
    *,
    objectives: Collection[Objective] | None,
    groupings: Collection[Grouping] | None,
    by: User,
) -> None:
    if objectives is not None:
        if any(one.organisation_id != initiative.organisation_id for one in objectives):
            raise FolkmootError("An initiative serves objectives of its own organisation.")
        initiative.objectives.set(objectives)
    if groupings is not None:
        ids = {one.pk for one in groupings}
        if Grouping.objects.visible_to(by).filter(pk__in=ids).count() != len(ids):
            raise FolkmootError("One of the groupings is not known here.")
        initiative.groupings.set(groupings)
