"""Effects as studies print them, and the plans by which they are pooled."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from folkmoot.audit.actions import action, made, record, save_part, save_version
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.core.standing import RULES
from folkmoot.evidence.actions.marks import REACH
from folkmoot.evidence.changes import watched
from folkmoot.evidence.limits import require_reach
from folkmoot.evidence.models import Change, PoolPlan, PrintedEffect, Study
from folkmoot.evidence.models.effects import RULE, Measure
from folkmoot.evidence.printing import NUMBERS, worked_out
from folkmoot.evidence.queries.pooled import comparable_on_record, governing
from folkmoot.mechanisms.models import Assumption, Factor
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import Owner, ids_of, owned_by, owner_of
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.organisations.visibility import visible

WORDS = ("outcome", "horizon", "population", "unit", "place")
PLACE = ("factor", "outcome", "horizon_days", "population", "measure", "unit")


@action
def record_effect(
    study: Study,
    *,
    factor: Factor,
    measure: str,
    printed: Mapping[str, Any],
    place: str,
    read_in_study: bool,
    unit: str = "",
    outcome: str = "",
    horizon: str = "",
    horizon_days: int | None = None,
    population: str = "",
    expected_is_more: bool = True,
    expected: int | None = None,
    by: User,
) -> PrintedEffect:
    """Record the size of an effect as a study prints it; the estimate and its error are worked out from that.

    ``printed`` is {kind, and the numbers of that kind} (``evidence.printing.WAYS``); an estimate with its
    error is {"kind": "error", "estimate": …, "standard_error": …}. ``read_in_study`` says that the person
    read it in the study itself: without, it is kept and neither shown to others nor pooled.
    """
    require_edit(by, study)
    effect = PrintedEffect(study=study, factor=factor, expected_is_more=expected_is_more)
    given = {"measure": measure, "printed": printed, "place": place, "unit": unit, "outcome": outcome}
    _fill(effect, given | {"horizon": horizon, "horizon_days": horizon_days, "population": population}, by=by)
    if read_in_study:
        effect.verified_by, effect.verified_at = by.label[:200], timezone.now()
    for name, value in made(by).items():
        setattr(effect, name, value)
    with _moving(study, factor, what=Change.What.POOLED, because="A figure of it came in.", by=by):
        save_part(study, expected=expected, by=by)
        effect.save()
    record(
        "recorded a printed effect", by=by, on=effect, **owner_of(study), study=study.pk, read=read_in_study
    )
    return effect


@action
def verify_effect(effect: PrintedEffect, *, place: str, expected: int, by: User) -> PrintedEffect:
    """Say that one has read this figure in the study itself, and where it stands. From then on it is pooled."""
    require_edit(by, effect.study)
    if effect.is_verified:
        raise NotYet(f"{effect.verified_by} has read it in the study already.")
    if not place.strip():
        raise FolkmootError("Say on which page or in which table it stands.")
    because = "A figure of it was read in the study itself."
    with _moving(effect.study, effect.factor, what=Change.What.POOLED, because=because, by=by):
        effect.place = place.strip()
        effect.verified_by, effect.verified_at = by.label[:200], timezone.now()
        save_version(effect, expected=expected, by=by)
    record(
        "read a figure in the study itself", by=by, on=effect, **owner_of(effect.study), study=effect.study_id
    )
    return effect


@action
def revise_effect(
    effect: PrintedEffect, *, expected: int, because: str, read_in_study: bool, by: User, **details: Any
) -> PrintedEffect:
    """Correct a figure, for a reason. Every pooled estimate that used it follows at once."""
    require_edit(by, effect.study)
    if not because.strip():
        raise FolkmootError("Say why the figure changes: a misreading, or a correction that was published.")
    with watched(effect.study, what=Change.What.FIGURE, because=because.strip(), by=by):
        _fill(effect, details, by=by)
        effect.verified_by, effect.verified_at = "", None
        if read_in_study:
            effect.verified_by, effect.verified_at = by.label[:200], timezone.now()
        save_version(effect, expected=expected, by=by)
    record("corrected a printed effect", by=by, on=effect, **owner_of(effect.study), study=effect.study_id)
    return effect


@action
def remove_effect(effect: PrintedEffect, *, because: str, expected: int, by: User) -> None:
    """Take a figure back, for a reason."""
    require_edit(by, effect.study)
    if not because.strip():
        raise FolkmootError("Say why the figure is taken back.")
    with watched(effect.study, what=Change.What.FIGURE, because=because.strip(), by=by):
        save_version(effect, expected=expected, by=by)
        record(
            "took back a printed effect", by=by, on=effect, **owner_of(effect.study), study=effect.study_id
        )
        effect.delete()


@action
def register_pool_plan(
    assumption: Assumption,
    *,
    measure: str,
    rule: str,
    smallest_change: float,
    because: str,
    owner: Owner | None,
    visibility: str,
    unit: str = "",
    outcome: str = "",
    lowest_level: int = RULES.counted_level,
    only_here: bool = False,
    by: User,
) -> PoolPlan:
    """Register by which rule the effects on an assumption are pooled. It never changes from then on.

    How many comparable estimates stand here already is kept with it: a plan that was registered when the
    result could be reckoned does not replace the counts.
    """
    require_edit_for(by, **ids_of(owner))
    require_reach(owner, visibility)
    if not Assumption.objects.filter(visible(by), pk=assumption.pk).exists():
        raise NotAllowed("You cannot plan for this assumption.")
    if REACH[assumption.visibility] < REACH[visibility]:
        raise FolkmootError("The assumption is shared less far than this plan would be.")
    if measure not in Measure.values:
        raise FolkmootError("Choose the scale on which the effects are put.")
    if measure == Measure.MEAN and not unit.strip():
        raise FolkmootError("A difference of means has a unit: say which.")
    if not rule.strip() or not because.strip():
        raise FolkmootError("Say which studies go in and why the smallest change matters.")
    if not (math.isfinite(smallest_change) and smallest_change > 0):
        raise FolkmootError("The smallest change that matters is a number above zero, on the scale chosen.")
    if not RULES.counted_level <= lowest_level <= 5:
        raise FolkmootError(f"The lowest level lies between {RULES.counted_level}, which counts, and 5.")
    if governing(assumption, **ids_of(owner)) is not None:
        raise NotYet("A plan is registered for it already. Give that one up first, with a reason.")
    plan = PoolPlan(
        assumption=assumption,
        measure=measure,
        unit=unit.strip(),
        outcome=outcome.strip(),
        lowest_level=lowest_level,
        only_here=only_here,
        rule=rule.strip(),
        smallest_change=smallest_change,
        because=because.strip(),
        registered_at=timezone.now(),
        registered_by=by.label[:200],
        visibility=visibility,
        **owned_by(owner),
        **made(by),
    )
    plan.known = comparable_on_record(plan, viewer=by)
    frozen = {name: getattr(plan, name) for name in RULE} | {"registered_at": plan.registered_at.isoformat()}
    plan.sha256 = hashlib.sha256(json.dumps(frozen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    plan.save()
    record("registered a pooling plan", by=by, on=plan, assumption=assumption.pk, known=plan.known)
    return plan


@action
def give_up_pool_plan(plan: PoolPlan, *, because: str, by: User) -> PoolPlan:
    """Give a plan up, for a reason. Refused once enough is pooled under it: its result is known by then."""
    require_edit(by, plan)
    if plan.withdrawn_at is not None:
        raise NotYet("This plan was given up already.")
    if not because.strip():
        raise FolkmootError("Say why the plan is given up.")
    if comparable_on_record(plan, viewer=by) >= RULES.pooled_from:
        raise NotYet(
            "Enough estimates are pooled under this plan for its result to be known, so it can no longer be given "
            "up. If a figure is wrong, correct the figure."
        )
    plan.withdrawn_at, plan.withdrawn_because = timezone.now(), because.strip()[:300]
    plan.save()
    record("gave up a pooling plan", by=by, on=plan, assumption=plan.assumption_id)
    return plan


def _fill(effect: PrintedEffect, details: Mapping[str, Any], *, by: User) -> None:
    """Put what was given into the effect and work out its estimate; refuse what makes no sense."""
    for name, value in details.items():
        setattr(effect, name, value.strip() if name in WORDS else value)
    study, factor = effect.study, effect.factor
    if study.kind == Study.Kind.QUALITATIVE:
        raise FolkmootError("A qualitative study explains; it prints no effect.")
    if not Factor.objects.filter(visible(by), pk=factor.pk).exists():
        raise NotAllowed("You cannot use this factor.")
    if REACH[factor.visibility] < REACH[study.visibility]:
        raise FolkmootError(
            "This factor is shared less far than the study. Share the chain that it is in first."
        )
    if effect.measure not in Measure.values:
        raise FolkmootError("Choose the scale on which the effect is put.")
    if effect.measure == Measure.MEAN and not effect.unit:
        raise FolkmootError(
            "A difference of means has a unit: say which, such as “points on a scale from 1 to 5”."
        )
    if effect.measure != Measure.MEAN:
        effect.unit = ""
    if not effect.place:
        raise FolkmootError("Say on which page or in which table it stands.")
    kept = {"kind": str(effect.printed.get("kind", ""))}
    # 0 is a number like any other; only what was left empty, or not ticked, goes
    given = {name: effect.printed.get(name) for name in NUMBERS}
    kept |= {name: one for name, one in given.items() if one is not None and one is not False}
    numbers = [one for name, one in kept.items() if name != "kind"]
    if not all(isinstance(one, (int, float)) and math.isfinite(one) for one in numbers):
        raise FolkmootError("What is printed are numbers: look at them again.")
    effect.printed = kept
    found = worked_out(kept, measure=effect.measure, expected_is_more=effect.expected_is_more)
    if not (
        math.isfinite(found.estimate) and math.isfinite(found.standard_error) and found.standard_error > 0
    ):
        raise FolkmootError("No error above zero comes out of these numbers: look at them again.")
    effect.estimate, effect.standard_error = found.estimate, found.standard_error
    effect.formula, effect.caveats = found.formula[:200], list(found.caveats)
    same = PrintedEffect.objects.filter(study=study, **{name: getattr(effect, name) for name in PLACE})
    if same.exclude(pk=effect.pk).exists():
        raise FolkmootError(
            "This effect stands here already, at the same time and measured the same way. Correct that one."
        )


def _moving(study: Study, factor: Factor, *, what: str, because: str, by: User) -> Any:
    """A watch where a registered plan lets the figure move a standing."""
    planned = PoolPlan.objects.filter(assumption__effect=factor, withdrawn_at=None).exists()
    return watched(study, what=what, because=because, by=by, when=planned, only_if_moved=True)
