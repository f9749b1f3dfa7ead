"""Whom people mean by a community, and who drew the line. No field here says what anybody thinks."""

from __future__ import annotations

from datetime import date
from typing import Any

from folkmoot.audit.actions import action, made, record, save_version
from folkmoot.communities.models import Grouping
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.policies import require_edit, require_edit_for

PARTS = (
    "name",
    "basis",
    "boundary",
    "defined_by",
    "self_defined",
    "place",
    "category",
    "denominator",
    "overlap",
    "said_label",
    "said_by",
    "barrier",
    "counterpart",
    "powers",
    "segmentation",
)


@action
def create_grouping(
    name: str, *, organisation: Organisation, visibility: str = "own", by: User, **parts: Any
) -> Grouping:
    """Describe people together on a stated basis. Says who drew the line (``defined_by``).

    A label such as "hard to reach" is kept only with who said it and the barrier that the
    organisation presents; delegated capacity only with the powers handed over.
    """
    require_edit_for(by, organisation_id=organisation.pk)
    grouping = Grouping(organisation=organisation, visibility=visibility, **made(by))
    _take(grouping, {"name": name, **parts})
    grouping.save()
    record("described a grouping", by=by, on=grouping, basis=grouping.basis)
    return grouping


@action
def revise_grouping(grouping: Grouping, *, expected: int, by: User, **parts: Any) -> Grouping:
    """Change how people are described together. Whoever is meant may answer on its page."""
    require_edit(by, grouping)
    if grouping.ended_on is not None:
        raise NotYet("This grouping has ended: describe a new one.")
    before = {part: getattr(grouping, part) for part in PARTS}
    _take(grouping, parts)
    changed = sorted(part for part in PARTS if getattr(grouping, part) != before[part])
    save_version(grouping, expected=expected, by=by)
    record("changed a grouping", by=by, on=grouping, parts=changed)
    return grouping


@action
def share_grouping(grouping: Grouping, *, visibility: str, expected: int, by: User) -> Grouping:
    """Say who may see a grouping: only those who see it can answer what is said of them."""
    require_edit(by, grouping)
    grouping.visibility = visibility
    save_version(grouping, expected=expected, by=by)
    # whoever speaks for them is seen by whoever sees the grouping; names stay hidden as they were
    grouping.representatives.update(visibility=visibility)
    record("shared a grouping", by=by, on=grouping, visibility=visibility)
    return grouping


@action
def end_grouping(grouping: Grouping, *, expected: int, on: date, by: User) -> Grouping:
    """Nobody is described so any more. What was recorded about it stays."""
    require_edit(by, grouping)
    if grouping.ended_on is not None:
        raise NotYet(f"It ended on {grouping.ended_on:%d %B %Y} already.")
    grouping.ended_on = on
    save_version(grouping, expected=expected, by=by)
    record("ended a grouping", by=by, on=grouping, day=on.isoformat())
    return grouping


def _take(grouping: Grouping, parts: dict[str, Any]) -> None:
    unknown = sorted(set(parts) - set(PARTS))
    if unknown:
        raise FolkmootError(f"A grouping has nothing called {', '.join(unknown)}.")
    for part, value in parts.items():
        setattr(grouping, part, value.strip() if isinstance(value, str) else value)
    if not grouping.name:
        raise FolkmootError("Give the grouping a name that the people in it would use.")
    if grouping.basis not in Grouping.Basis.values:
        raise FolkmootError("Say on what basis these people are described together.")
    if not grouping.defined_by:
        raise FolkmootError("Say who drew the line: a role, not a name.")
    if grouping.said_label and not (grouping.said_by and grouping.barrier):
        raise FolkmootError(
            f"“{grouping.said_label}” is somebody's word. Say who used it, as a role, and say the same as a barrier "
            "that your organisation presents."
        )
    if (grouping.said_by or grouping.barrier) and not grouping.said_label:
        raise FolkmootError(
            "Who said it and the barrier belong to a label: give the label, or leave both out."
        )
    if grouping.counterpart == Grouping.Counterpart.DELEGATED and not grouping.powers:
        raise FolkmootError("Name the powers that were handed over, and by whom.")
    if grouping.counterpart != Grouping.Counterpart.DELEGATED and grouping.powers:
        raise FolkmootError("Only delegated capacity holds powers: say that it is, or leave the powers out.")
    if grouping.basis == Grouping.Basis.PARTNER and grouping.counterpart == Grouping.Counterpart.PUBLIC:
        grouping.counterpart = Grouping.Counterpart.PARTNER
