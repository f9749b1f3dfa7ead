"""Stating, revising, sharing and retiring objectives. What one said before is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from folkmoot.audit.actions import action, made, record, save_part, save_version
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.organisations.visibility import Visibility
from folkmoot.sources.models import Passage
from folkmoot.strategies.actions.documents import judge_passage
from folkmoot.strategies.models import Aim, DualBenefit, Objective, ObjectiveVersion, PassageVerdict
from folkmoot.strategies.parts import DETAILS, missing_from


@action
def create_objective(
    aim: Aim,
    *,
    organisation: Organisation,
    benefits: str = "",
    passage: Passage | None = None,
    visibility: str = "own",
    by: User,
    **details: Any,
) -> Objective:
    """State an objective. Refused, naming what is missing, without who, what change, by when, how known."""
    require_edit_for(by, organisation_id=organisation.pk)
    _require_complete(details)
    objective = Objective(
        aim=aim,
        organisation=organisation,
        visibility=visibility,
        benefits=_benefit(aim, benefits),
        passage=passage,
        **made(by),
        **_details(details),
    )
    if passage is not None:
        require_edit(by, passage.source)
        judge_passage(passage, verdict=PassageVerdict.Verdict.OBJECTIVE, by=by)
    objective.save()
    _keep_version(objective, by=by)
    record("stated an objective", by=by, on=objective)
    return objective


@action
def revise_objective(
    objective: Objective,
    *,
    expected: int,
    aim: Aim | None = None,
    benefits: str = "",
    by: User,
    **details: Any,
) -> Objective:
    """Change an objective; what it said before is kept as a version."""
    require_edit(by, objective)
    if objective.state == Objective.State.RETIRED:
        raise NotYet("This objective is retired; state a new one.")
    merged = {name: getattr(objective, name) for name in DETAILS} | details
    _require_complete(merged)
    # under another aim, whom it benefits has to be said anew
    kept = objective.benefits if aim is None or aim.pk == objective.aim_id else ""
    objective.aim = aim or objective.aim
    objective.benefits = _benefit(objective.aim, benefits or kept)
    for name, value in _details(details).items():
        setattr(objective, name, value)
    save_version(objective, expected=expected, by=by)
    _keep_version(objective, by=by)
    record("revised an objective", by=by, on=objective, number=objective.version)
    return objective


@action
def share_objective(
    objective: Objective, *, visibility: str, expected: int | None = None, by: User
) -> Objective:
    """Say how far an objective is shown, and with it what is claimed of its benefits."""
    require_edit(by, objective)
    if visibility not in {Visibility.OWN, Visibility.NETWORK, Visibility.PUBLIC}:
        raise FolkmootError("An objective is your organisation's own, shared with the network, or public.")
    save_part(objective, expected=expected, by=by, visibility=visibility)
    _keep_version(objective, by=by)
    DualBenefit.objects.filter(objective=objective).update(visibility=visibility)
    record("shared an objective", by=by, on=objective, visibility=visibility)
    return objective


@action
def retire_objective(objective: Objective, *, expected: int, by: User) -> Objective:
    """Stop pursuing an objective. It stays, with everything that was said under it."""
    require_edit(by, objective)
    objective.state = Objective.State.RETIRED
    save_version(objective, expected=expected, by=by)
    _keep_version(objective, by=by)
    record("retired an objective", by=by, on=objective)
    return objective


def _require_complete(details: Mapping[str, Any]) -> None:
    missing = list(missing_from(details).values())
    if missing:
        listed = missing[0] if len(missing) == 1 else ", ".join(missing[:-1]) + " and " + missing[-1]
        raise FolkmootError(f"This is no objective yet: it does not say {listed}.")


def _details(details: dict[str, Any]) -> dict[str, Any]:
    unknown = set(details) - set(DETAILS)
    if unknown:
        raise TypeError(f"an objective has no {', '.join(sorted(unknown))}")
    return {name: value.strip() if isinstance(value, str) else value for name, value in details.items()}


def _benefit(aim: Aim, declared: str) -> str:
    """Whom an objective benefits: its aim says so, or it has to be declared. “Both” is no answer (R2)."""
    if aim.benefit != Aim.Benefit.DECLARE:
        return str(aim.benefit)
    if declared not in Objective.Benefit.values:
        raise FolkmootError(
            f"Under “{aim.name}” say whom this benefits: the organisation or the community. "
            "If you think both, state one and claim the other as a dual benefit."
        )
    return declared


def _keep_version(objective: Objective, *, by: User) -> None:
    content = {name: getattr(objective, name) for name in DETAILS}
    content["by_when"] = objective.by_when.isoformat()
    content |= {name: getattr(objective, name) for name in ("benefits", "state", "visibility")}
    content["aim"] = objective.aim.code
    ObjectiveVersion.objects.create(
        objective=objective, number=objective.version, content=content, **made(by)
    )
