"""Writing mechanisms: stating, revising, adopting, retiring. A change makes the next version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from folkmoot.audit.actions import action, record, save_version
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.mechanisms.drafts import BackfireDraft, StepDraft, require_sound, words_of
from folkmoot.mechanisms.models import (
    Assumption,
    Backfire,
    Factor,
    Mechanism,
    MechanismVersion,
    Method,
    Step,
)
from folkmoot.organisations.models import Organisation, ResearchTeam, User
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.strategies.models import Aim, Objective

Owner = Organisation | ResearchTeam


@action
def create_mechanism(
    name: str,
    *,
    owner: Owner,
    steps: Sequence[StepDraft],
    objective: Objective | None = None,
    aims: Sequence[Aim] = (),
    method: Method | None = None,
    summary: str = "",
    context: str = "",
    backfires: Sequence[BackfireDraft] = (),
    adopted_from: Mechanism | None = None,
    visibility: str = "own",
    by: User,
) -> Mechanism:
    """State why something should work, as a chain of assumptions beginning in the speakers' words."""
    owned = _owned(owner, visibility)
    require_edit_for(by, organisation_id=_pk(owned.get("organisation")), team_id=_pk(owned.get("team")))
    if not name.strip():
        raise FolkmootError("Give the chain a name.")
    if objective is not None:
        require_edit(by, objective)
    require_sound(steps)
    mechanism = Mechanism.objects.create(
        name=name.strip(),
        summary=summary.strip(),
        objective=objective,
        method=method,
        adopted_from=adopted_from,
        **owned,
        **_made(by),
    )
    mechanism.aims.set(aims or ([objective.aim] if objective else []))
    _write_version(mechanism, number=1, steps=steps, backfires=backfires, context=context, note="", by=by)
    record("adopted a mechanism" if adopted_from else "stated a mechanism", by=by, on=mechanism)
    return mechanism


@action
def revise_mechanism(
    mechanism: Mechanism,
    *,
    steps: Sequence[StepDraft],
    context: str,
    backfires: Sequence[BackfireDraft],
    note: str,
    expected: int,
    by: User,
) -> MechanismVersion:
    """Change a chain. The version before stays; an assumption with another cause or effect is another one."""
    require_edit(by, mechanism)
    if mechanism.retired_at is not None:
        raise NotYet("This chain is retired; state a new one.")
    if not note.strip():
        raise FolkmootError("Say in a few words what changed and why.")
    require_sound(steps)
    last = mechanism.versions.get(is_current=True)
    save_version(mechanism, expected=expected, by=by)
    mechanism.versions.filter(is_current=True).update(is_current=False)
    version = _write_version(
        mechanism,
        number=last.number + 1,
        steps=steps,
        backfires=backfires,
        context=context,
        note=note.strip(),
        by=by,
    )
    record("revised a mechanism", by=by, on=mechanism, number=version.number)
    return version


@action
def adopt_mechanism(
    library: Mechanism,
    *,
    objective: Objective,
    owner: Owner,
    name: str = "",
    steps: Sequence[StepDraft] | None = None,
    visibility: str = "own",
    by: User,
) -> Mechanism:
    """Take a mechanism of the library for one's own objective, as it is or changed.

    Steps that keep an assumption keep its evidence; a step with another cause or effect starts anew.
    """
    if not library.is_network and library.visibility not in {"network", "public"}:
        raise NotAllowed("This chain is not shared.")
    current = library.versions.get(is_current=True)
    kept = steps if steps is not None else drafts_of(current)
    backfires = [
        BackfireDraft(one.wording, one.from_factor.wording if one.from_factor else "")
        for one in current.backfires.select_related("from_factor")
    ]
    return create_mechanism(
        name or library.name,
        owner=owner,
        steps=kept,
        objective=objective,
        aims=[objective.aim],
        method=library.method,
        summary=library.summary,
        context=current.context,
        backfires=backfires,
        adopted_from=library,
        visibility=visibility,
        by=by,
    )


@action
def retire_mechanism(mechanism: Mechanism, *, expected: int, by: User) -> Mechanism:
    """Stop relying on a chain. It stays readable with all its versions."""
    require_edit(by, mechanism)
    mechanism.retired_at = timezone.now()
    save_version(mechanism, expected=expected, by=by)
    record("retired a mechanism", by=by, on=mechanism)
    return mechanism


@action
def share_mechanism(mechanism: Mechanism, *, visibility: str, by: User) -> Mechanism:
    """Say how far a chain and the assumptions it owns are shown."""
    require_edit(by, mechanism)
    mechanism.visibility = visibility
    mechanism.save(update_fields=["visibility"])
    own = {"organisation": mechanism.organisation, "team": mechanism.team}
    if not mechanism.is_network:
        kept = Assumption.objects.filter(steps__version__mechanism=mechanism, **own)
        Factor.objects.filter(
            pk__in=[*kept.values_list("cause", flat=True), *kept.values_list("effect", flat=True)], **own
        ).update(visibility=visibility)
        Assumption.objects.filter(pk__in=list(kept.values_list("pk", flat=True))).update(
            visibility=visibility
        )
    record("shared a mechanism", by=by, on=mechanism, visibility=visibility)
    return mechanism


@action
def start_assumption(
    cause: str, *, effect: str, owner: Owner, visibility: str = "own", by: User, **details: Any
) -> Assumption:
    """Begin an assumption outside any chain, as a coder does who finds one nobody has stated."""
    owned = _owned(owner, visibility)
    require_edit_for(by, organisation_id=_pk(owned.get("organisation")), team_id=_pk(owned.get("team")))
    step = StepDraft(cause=cause, effect=effect, **details)
    require_sound([step])
    assumption = _assumption(step, owned, by)
    record("started an assumption", by=by, on=assumption)
    return assumption


def drafts_of(version: MechanismVersion) -> list[StepDraft]:
    """A version's steps as drafts, each keeping its assumption."""
    return [
        StepDraft(
            assumption=step.assumption,
            own_words=step.own_words,
            population=step.population,
            context=step.context,
        )
        for step in version.steps.select_related("assumption__cause", "assumption__effect").order_by(
            "position"
        )
    ]


def _write_version(
    mechanism: Mechanism,
    *,
    number: int,
    steps: Sequence[StepDraft],
    backfires: Sequence[BackfireDraft],
    context: str,
    note: str,
    by: User,
) -> MechanismVersion:
    version = MechanismVersion.objects.create(
        mechanism=mechanism, number=number, context=context.strip(), note=note, is_current=True, **_made(by)
    )
    owned = {
        "organisation": mechanism.organisation,
        "team": mechanism.team,
        "visibility": mechanism.visibility,
    }
    factors: dict[str, Factor] = {}
    made: list[Step] = []
    for position, step in enumerate(steps, start=1):
        assumption = step.assumption or _assumption(step, owned, by)
        for factor in (assumption.cause, assumption.effect):
            factors[factor.wording.casefold()] = factor
        made.append(
            Step(
                version=version,
                assumption=assumption,
                position=position,
                own_words=step.own_words.strip(),
                population=step.population.strip() if step.assumption else "",
                context=step.context.strip(),
            )
        )
    Step.objects.bulk_create(made)
    Backfire.objects.bulk_create(
        Backfire(
            version=version,
            wording=one.wording.strip(),
            from_factor=factors.get(words_of(one.from_words).casefold()),
            position=position,
        )
        for position, one in enumerate(backfires)
        if one.wording.strip()
    )
    return version


def _assumption(step: StepDraft, owned: dict[str, Any], by: User) -> Assumption:
    """The owner's assumption with this cause and effect: the one it has, else a new one."""
    cause, effect = _factor(step.cause, owned, by), _factor(step.effect, owned, by)
    owner = {"organisation": owned["organisation"], "team": owned["team"]}
    known = Assumption.objects.filter(cause=cause, effect=effect, **owner).first()
    if known is not None:
        return known
    return Assumption.objects.create(
        cause=cause,
        effect=effect,
        population=step.population.strip(),
        horizon=step.horizon.strip(),
        horizon_days=step.horizon_days,
        smallest_change=step.smallest_change.strip(),
        smallest_change_value=step.smallest_change_value,
        **owned,
        **_made(by),
    )


def _factor(given: str | Factor, owned: dict[str, Any], by: User) -> Factor:
    if isinstance(given, Factor):
        return given
    wording = words_of(given)
    owner = {"organisation": owned["organisation"], "team": owned["team"]}
    known = Factor.objects.filter(wording__iexact=wording, **owner).first()
    return known or Factor.objects.create(wording=wording, **owned, **_made(by))


def _owned(owner: Owner, visibility: str) -> dict[str, Any]:
    is_team = isinstance(owner, ResearchTeam)
    return {
        "organisation": None if is_team else owner,
        "team": owner if is_team else None,
        "visibility": "team" if is_team and visibility == "own" else visibility,
    }


def _pk(owner: Any) -> int | None:
    return None if owner is None else int(owner.pk)


def _made(by: User) -> dict[str, Any]:
    return {"created_at": timezone.now(), "created_by": by.label}
