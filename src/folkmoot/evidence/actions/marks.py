"""Marks: how each factor moved in a study, and what chance decided."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from folkmoot.audit.actions import action, record, save_part
from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.evidence.changes import watched
from folkmoot.evidence.models import Change, Mark, Study
from folkmoot.mechanisms.models import Factor
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import owner_of
from folkmoot.organisations.policies import require_edit
from folkmoot.organisations.visibility import visible


@dataclass(frozen=True, slots=True)
class MarkDraft:
    """One mark as somebody writes it down."""

    factor: Factor
    sign: str
    horizon: str = ""
    horizon_days: int | None = None
    population: str = ""
    outcome: str = ""
    randomised: bool = False
    manipulated: bool = False
    delivered: bool = False
    association: bool = False
    direct: bool = True
    fading: bool = False
    in_conflict: bool = False
    note: str = ""
    figure: str = ""


# how far a row is shown; what stands in a study is shown as far as the study
REACH = {"own": 0, "team": 0, "network": 1, "public": 2}


@action
def mark_factor(
    study: Study,
    *,
    factor: Factor,
    sign: str,
    horizon: str = "",
    horizon_days: int | None = None,
    population: str = "",
    outcome: str = "",
    randomised: bool = False,
    because: str = "",
    expected: int | None = None,
    by: User,
    **details: Any,
) -> Mark:
    """Say how one factor moved in a study, at one horizon, for one population and outcome.

    “±” is no sign: split it by horizon, population or outcome until each part has one. A mark that
    replaces another is a correction, and ``because`` its reason. ``expected`` is the study's version
    that was looked at, if one was.
    """
    require_edit(by, study)
    given: dict[str, Any] = {"horizon": horizon, "horizon_days": horizon_days, "population": population}
    draft = MarkDraft(factor, sign, outcome=outcome, randomised=randomised, **given, **details)
    with _correcting(study, [draft], because=because, by=by):
        save_part(study, expected=expected, by=by)
        return _mark(study, **_parts(draft), by=by)


@action
def _mark(study: Study, *, factor: Factor, sign: str, randomised: bool, by: User, **details: Any) -> Mark:
    if sign not in Mark.Sign.values:
        raise FolkmootError(
            "A mark is one of ▲ ▼ = ○ –. Where it went both ways, split it until each part has one."
        )
    if study.kind == Study.Kind.QUALITATIVE:
        raise FolkmootError("A qualitative study explains; record its findings instead of marks.")
    if not Factor.objects.filter(visible(by), pk=factor.pk).exists():
        raise NotAllowed("You cannot mark this factor.")
    if REACH[factor.visibility] < REACH[study.visibility]:
        raise FolkmootError(
            "This factor is shared less far than the study, and its wording would be shown with it. Share the chain that it is in first."
        )
    if details.get("manipulated") and bool(details.get("delivered")) != (sign == Mark.Sign.UP):
        raise FolkmootError("What was really delivered is marked ▲; what was not delivered cannot be.")
    mark, _ = Mark.objects.update_or_create(
        study=study,
        factor=factor,
        **{name: details.pop(name).strip() for name in ("horizon", "population", "outcome")},
        defaults={"sign": sign, **details},
    )
    if randomised:
        study.randomised_at.add(factor)
    record("marked a factor", by=by, on=mark, **owner_of(study), sign=sign, study=study.pk)
    return mark


@action
def remove_mark(mark: Mark, *, because: str = "", expected: int | None = None, by: User) -> None:
    """Take a mark back, for a reason. What it said stays in the log."""
    require_edit(by, mark.study)
    reason = because.strip() or f"The mark “{mark}” was taken back."
    with watched(mark.study, what=Change.What.CORRECTED, because=reason, by=by, factors=[mark.factor_id]):
        save_part(mark.study, expected=expected, by=by)
        record("removed a mark", by=by, on=mark, **owner_of(mark.study), sign=mark.sign, study=mark.study_id)
        mark.delete()


@action
def mark_factors(
    study: Study,
    *,
    drafts: Sequence[MarkDraft],
    because: str = "",
    expected: int | None = None,
    by: User,
) -> list[Mark]:
    """Several marks at once, all or none of them. One that replaces another is a correction, with its reason."""
    if not drafts:
        raise FolkmootError("Mark at least one factor.")
    require_edit(by, study)
    with _correcting(study, drafts, because=because, by=by):
        save_part(study, expected=expected, by=by)
        return [_mark(study, **_parts(draft), by=by) for draft in drafts]


def _parts(draft: MarkDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in MarkDraft.__slots__}


# a note or a figure beside a mark may be put right without anything having changed
SAID = ("sign", "horizon_days", "manipulated", "delivered", "association", "direct", "in_conflict", "figure")


def _correcting(
    study: Study, drafts: Sequence[MarkDraft], *, because: str, by: User
) -> AbstractContextManager[None]:
    """A watch over marks that say something else than those they replace; nothing where none does."""
    kept = {
        (one.factor_id, one.horizon, one.population, one.outcome): one
        for one in Mark.objects.filter(study=study).select_related("factor")
    }
    replaced = [
        str(old)
        for one in drafts
        if (
            old := kept.get((one.factor.pk, one.horizon.strip(), one.population.strip(), one.outcome.strip()))
        )
        and any(getattr(old, name) != getattr(one, name) for name in SAID)
    ]
    reason = because.strip() or f"A mark was corrected; it had been: {'; '.join(replaced)}."
    return watched(study, what=Change.What.CORRECTED, because=reason, by=by, when=bool(replaced))


@action
def set_randomised(
    study: Study, *, factors: Sequence[Factor], expected: int | None = None, by: User
) -> Study:
    """Say which of the factors chance decided; an empty list takes it all back."""
    require_edit(by, study)
    if Factor.objects.filter(visible(by), pk__in=[one.pk for one in factors]).count() != len(set(factors)):
        raise NotAllowed("You cannot mark one of these factors.")
    with watched(
        study,
        what=Change.What.CORRECTED,
        because="What chance decided in it was corrected.",
        by=by,
        when=study.created_at.date() < timezone.now().date(),
        only_if_moved=True,
    ):
        save_part(study, expected=expected, by=by)
        study.randomised_at.set(factors)
    record("said what chance decided", by=by, on=study, factors=sorted(one.pk for one in factors))
    return study
