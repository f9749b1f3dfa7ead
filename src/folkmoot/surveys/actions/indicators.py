"""Indicators: what is measured, at which end of which assumption."""

from __future__ import annotations

from datetime import date
from typing import Any

from folkmoot.audit.actions import action, made, record, save_version
from folkmoot.core.errors import FolkmootError
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import Owner, ids_of, owned_by
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.organisations.visibility import visible
from folkmoot.surveys.limits import require_reach, require_sound_indicator
from folkmoot.surveys.models import Indicator

DETAILS = (
    "name", "kind", "measured_as", "assumption", "end", "judged_by", "unit", "better", "smallest_change",
    "visibility",
)  # fmt: skip


@action
def create_indicator(*, owner: Owner | None, visibility: str, by: User, **details: Any) -> Indicator:
    """Say what is measured. An outcome needs its assumption; a count takes no smallest change."""
    require_edit_for(by, **ids_of(owner))
    require_reach(owner, visibility)
    _require_known(details)
    values = {"end": "", "assumption": None, "smallest_change": None, **details}
    require_sound_indicator(values)
    _require_seen(values["assumption"], by)
    indicator: Indicator = Indicator.objects.create(
        visibility=visibility, **owned_by(owner), **values, **made(by)
    )
    record("made an indicator", by=by, on=indicator, kind=indicator.kind)
    return indicator


@action
def revise_indicator(indicator: Indicator, *, expected: int, by: User, **details: Any) -> Indicator:
    """Change what is said of an indicator. What kind it is cannot change: that would be another one."""
    require_edit(by, indicator)
    _require_known(details)
    if details.get("kind", indicator.kind) != indicator.kind:
        raise FolkmootError("An indicator keeps its kind: make another one, and end this one.")
    if "visibility" in details:
        require_reach(indicator.organisation or indicator.team, details["visibility"])
    values = {name: details.get(name, getattr(indicator, name)) for name in DETAILS}
    require_sound_indicator(values)
    if values["assumption"] != indicator.assumption:
        _require_seen(values["assumption"], by)
    for name, value in details.items():
        setattr(indicator, name, value)
    save_version(indicator, expected=expected, by=by)
    record("revised an indicator", by=by, on=indicator, changed=sorted(details))
    return indicator


@action
def end_indicator(indicator: Indicator, *, on: date, expected: int, by: User) -> Indicator:
    """It is measured no longer; what was measured stays."""
    require_edit(by, indicator)
    indicator.ended_on = on
    save_version(indicator, expected=expected, by=by)
    record("ended an indicator", by=by, on=indicator)
    return indicator


def _require_known(details: dict[str, Any]) -> None:
    unknown = sorted(set(details) - set(DETAILS))
    if unknown:
        raise TypeError(f"an indicator has no {', '.join(unknown)}")


def _require_seen(assumption: Assumption | None, by: User) -> None:
    if assumption is not None and not Assumption.objects.filter(visible(by), pk=assumption.pk).exists():
        raise FolkmootError("There is no such assumption.")
