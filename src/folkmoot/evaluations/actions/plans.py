"""Plans: drawn up, revised, tried on past figures, registered; then only departed from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from folkmoot import __version__
from folkmoot.audit.actions import action, made, record, save_part, save_version
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.evaluations.freezing import frozen_of, sum_of
from folkmoot.evaluations.limits import (
    RivalDraft,
    require_assumption_as_far,
    require_outcome,
    require_reach_of_plan,
    require_registrable,
    require_rivals,
    require_sound_plan,
)
from folkmoot.evaluations.models import Departure, Plan, Rival, Sight
from folkmoot.evaluations.sight.asking import asked_of, sound_sizes
from folkmoot.evaluations.sight.past import past_of
from folkmoot.evaluations.sight.reckoning import SEED
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import Owner, ids_of, owned_by, owner_of
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.organisations.visibility import visible
from folkmoot.surveys.models import Indicator, Series

DETAILS = (
    "title", "design", "ready_design", "activity", "population", "comparison", "indicator", "outcome", "scale",
    "horizon", "horizon_days", "smallest_change", "if_for", "if_against", "if_unclear", "history", "sizes", "cost",
    "analysis",
)  # fmt: skip
EMPTY: dict[str, Any] = {
    "ready_design": None, "activity": "", "comparison": "", "indicator": None, "horizon": "", "horizon_days": None,
    "if_for": "", "if_against": "", "if_unclear": "", "history": None, "sizes": {}, "cost": "",
    "analysis": "",
}  # fmt: skip


@action
def create_plan(
    assumption: Assumption,
    *,
    owner: Owner | None,
    visibility: str,
    rivals: Sequence[RivalDraft] = (),
    by: User,
    **details: Any,
) -> Plan:
    """Draw up a plan for one assumption. What is still open may stay open until it is registered."""
    require_edit_for(by, **ids_of(owner))
    whose = require_reach_of_plan(owner, visibility)
    _require_known(details)
    if not Assumption.objects.filter(visible(by), pk=assumption.pk).exists():
        raise FolkmootError("There is no such assumption.")
    require_assumption_as_far(assumption, owner=whose, visibility=visibility)
    values = {**EMPTY, "scale": Plan.Scale.SHARE, **details}
    values["sizes"] = sound_sizes(values["sizes"])
    require_sound_plan(values)
    _require_seen(values, by)
    plan: Plan = Plan.objects.create(
        assumption=assumption, visibility=visibility, **owned_by(whose), **values, **made(by)
    )
    _set_rivals(plan, rivals)
    record("drew up a plan", by=by, on=plan, design=plan.design, assumption=assumption.pk)
    return plan


@action
def revise_plan(
    plan: Plan, *, expected: int, rivals: Sequence[RivalDraft] | None = None, by: User, **details: Any
) -> Plan:
    """Change a plan that is still being drawn up. What is registered is departed from, never changed."""
    require_edit(by, plan)
    if plan.state != Plan.State.DRAFT or plan.registered_at is not None:
        raise NotYet("Only a plan that is being drawn up can be changed. Record a departure instead.")
    _require_known(details)
    values = {name: details.get(name, getattr(plan, name)) for name in DETAILS}
    values["sizes"] = sound_sizes(values["sizes"])
    require_sound_plan(values)
    _require_seen({name: values[name] for name in details if name in values}, by)
    for name, value in values.items():
        setattr(plan, name, value)
    save_version(plan, expected=expected, by=by)
    if rivals is not None:
        _set_rivals(plan, rivals)
    record("revised a plan", by=by, on=plan, changed=sorted(details))
    return plan


@action
def share_plan(plan: Plan, *, visibility: str, expected: int, by: User) -> Plan:
    """Say who may see a plan; a registered one too, for that changes nothing of what it says."""
    require_edit(by, plan)
    whose = require_reach_of_plan(plan.organisation or plan.team, visibility)
    require_assumption_as_far(plan.assumption, owner=whose, visibility=visibility)
    save_part(plan, expected=expected, by=by, visibility=visibility)
    record("shared a plan", by=by, on=plan, visibility=visibility)
    return plan


@action
def store_sight(
    plan: Plan, *, asked: dict[str, Any], answer: dict[str, Any], figures_sha256: str, by: User
) -> Sight:
    """Keep an answer to “could this see it?” with what was asked. Earlier answers stay."""
    require_edit(by, plan)
    if plan.registered_at is not None:
        raise NotYet("A registered plan keeps the answer that it was registered with.")
    sight: Sight = Sight.objects.create(
        plan=plan,
        asked=asked,
        answer=answer,
        figures_sha256=figures_sha256,
        code_version=__version__,
        seed=SEED,
        **made(by),
    )
    record("asked whether a plan could see it", by=by, on=sight, verdict=answer["verdict"], **owner_of(plan))
    return sight


@action
def register_plan(plan: Plan, *, expected: int, by: User) -> Plan:
    """Freeze the plan with a time stamp, before anything is looked at. Refuses with the missing part named."""
    require_edit(by, plan)
    if plan.state != Plan.State.DRAFT or plan.registered_at is not None:
        raise NotYet("Only a plan that is being drawn up can be registered.")
    rivals = list(plan.rivals.all())
    sight = plan.sights.first()
    asked = asked_of(plan)
    current = sight is not None and sight.asked == asked.as_json()
    require_registrable(plan, rivals=len(rivals), sight=sight, current=current)
    assert sight is not None  # else it was refused above
    if asked.history is not None and sight.figures_sha256:
        past = past_of(asked.history, scale=asked.scale, viewer=by)
        if past.sha256 != sight.figures_sha256:
            raise NotYet(
                "The past figures have changed since they were asked: ask again whether this could see it."
            )
    plan.registered_at = timezone.now()
    plan.registered_by = by.label[:200]
    plan.frozen = frozen_of(
        plan, rivals=rivals, sight=sight, at=plan.registered_at.isoformat(), by=plan.registered_by
    )
    plan.frozen_sha256 = sum_of(plan.frozen)
    plan.state = Plan.State.REGISTERED
    save_version(plan, expected=expected, by=by)
    record("registered a plan", by=by, on=plan, sha256=plan.frozen_sha256)
    return plan


@action
def record_departure(plan: Plan, *, what: str, why: str, field: str = "", by: User) -> Departure:
    """Say what is done otherwise than registered, and why. It stands beside the plan for good."""
    require_edit(by, plan)
    if plan.registered_at is None:
        raise NotYet("A plan that is not registered is simply changed.")
    if field and field not in DETAILS:
        raise FolkmootError("Choose the part of the plan that it departs from, or none.")
    if not what.strip() or not why.strip():
        raise FolkmootError("Say what is done otherwise, and why.")
    departure: Departure = Departure.objects.create(
        plan=plan, field=field, what=what.strip(), why=why.strip(), **made(by)
    )
    record("departed from a plan", by=by, on=departure, field=field, **owner_of(plan))
    return departure


@action
def say_cannot(plan: Plan, *, because: str, expected: int, by: User) -> Plan:
    """A verdict like any other: it cannot be measured, because … ."""
    _close(plan, Plan.State.CANNOT, because, by)
    save_version(plan, expected=expected, by=by)
    record("said it cannot be measured", by=by, on=plan, because=plan.because)
    return plan


@action
def stop_plan(plan: Plan, *, because: str, expected: int, by: User) -> Plan:
    """Give a plan up. It stays, with the reason: studies that end quietly bend what is known."""
    _close(plan, Plan.State.STOPPED, because, by)
    save_version(plan, expected=expected, by=by)
    record("gave a plan up", by=by, on=plan, because=plan.because)
    return plan


@action
def take_back_verdict(plan: Plan, *, why: str, expected: int, by: User) -> Plan:
    """It can be measured after all, or goes on: the plan is again what it was before."""
    require_edit(by, plan)
    if plan.state not in {Plan.State.CANNOT, Plan.State.STOPPED}:
        raise NotYet("There is no verdict here to take back.")
    if not why.strip():
        raise FolkmootError("Say why it is taken back.")
    was, said = plan.get_state_display().lower(), plan.because
    plan.state = Plan.State.DRAFT if plan.registered_at is None else Plan.State.REGISTERED
    plan.because = ""
    save_version(plan, expected=expected, by=by)
    Departure.objects.create(
        plan=plan, what=f"Taken back: {was}, because {said}", why=why.strip(), **made(by)
    )
    record("took a verdict back", by=by, on=plan, was=was, why=why.strip())
    return plan


def _close(plan: Plan, state: str, because: str, by: User) -> None:
    require_edit(by, plan)
    if plan.state not in {Plan.State.DRAFT, Plan.State.REGISTERED}:
        raise NotYet("Only a plan that is being drawn up or registered can end so.")
    if not because.strip():
        raise FolkmootError("Say because of what.")
    plan.state, plan.because = state, because.strip()


def _set_rivals(plan: Plan, rivals: Sequence[RivalDraft]) -> None:
    require_rivals(rivals)
    plan.rivals.all().delete()
    Rival.objects.bulk_create(
        Rival(
            plan=plan,
            words=one.words.strip()[:300],
            told_apart_by=one.told_apart_by.strip()[:300],
            position=place,
        )
        for place, one in enumerate(rivals)
    )


def _require_known(details: dict[str, Any]) -> None:
    unknown = sorted(set(details) - set(DETAILS))
    if unknown:
        raise TypeError(f"a plan has no {', '.join(unknown)}")


def _require_seen(values: dict[str, Any], by: User) -> None:
    """What a plan names must be there for whoever names it."""
    indicator, series = values.get("indicator"), values.get("history")
    if indicator is not None and not Indicator.objects.filter(visible(by), pk=indicator.pk).exists():
        raise FolkmootError("There is no such indicator.")
    if series is not None and not Series.objects.filter(visible(by), pk=series.pk).exists():
        raise FolkmootError("There is no such series of past figures.")
    require_outcome(indicator)


__all__ = [
    "RivalDraft",
    "create_plan",
    "record_departure",
    "register_plan",
    "revise_plan",
    "say_cannot",
    "share_plan",
    "stop_plan",
    "store_sight",
    "take_back_verdict",
]
