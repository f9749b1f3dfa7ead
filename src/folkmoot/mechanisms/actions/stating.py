"""Stating chains, revising, adopting and retiring them. A change makes the next version."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from folkmoot.audit.actions import action, made, record, save_version
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.mechanisms.drafts import BackfireDraft, StepDraft, backfires_of, drafts_of, require_sound
from folkmoot.mechanisms.models import Mechanism, MechanismVersion, Method
from folkmoot.mechanisms.writing import shown_as, write_version
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import Owner, ids_of
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.strategies.models import Aim, Objective


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
    require_edit_for(by, **ids_of(owner))
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
        **shown_as(owner, visibility),
        **made(by),
    )
    mechanism.aims.set(aims or ([objective.aim] if objective else []))
    write_version(mechanism, number=1, steps=steps, backfires=backfires, context=context, note="", by=by)
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
    version = write_version(
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
    context: str | None = None,
    backfires: Sequence[BackfireDraft] | None = None,
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
    return create_mechanism(
        name or library.name,
        owner=owner,
        steps=kept,
        objective=objective,
        aims=[objective.aim],
        method=library.method,
        summary=library.summary,
        context=current.context if context is None else context,
        backfires=backfires_of(current) if backfires is None else backfires,
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
