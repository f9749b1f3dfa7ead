"""Marks: how each factor moved in a study, and what chance decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from folkmoot.audit.actions import action, record, save_part
from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.evidence.models import Mark, Study
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
    expected: int | None = None,
    by: User,
    **details: Any,
) -> Mark:
    """Say how one factor moved in a study, at one horizon, for one population and outcome.

    “±” is no sign: split it by horizon, population or outcome until each part has one.
    ``expected`` is the study's version that was looked at, if one was.
    """
    require_edit(by, study)
    save_part(study, expected=expected, by=by)
    given = {"horizon": horizon, "population": population, "outcome": outcome}
    return _mark(
        study,
        factor=factor,
        sign=sign,
        randomised=randomised,
        by=by,
        horizon_days=horizon_days,
        **given,
        **details,
    )


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
def remove_mark(mark: Mark, *, expected: int | None = None, by: User) -> None:
    """Take a mark back. What it said stays in the log."""
    require_edit(by, mark.study)
    save_part(mark.study, expected=expected, by=by)
    record("removed a mark", by=by, on=mark, **owner_of(mark.study), sign=mark.sign, study=mark.study_id)
    mark.delete()


@action
def mark_factors(
    study: Study, *, drafts: Sequence[MarkDraft], expected: int | None = None, by: User
) -> list[Mark]:
    """Several marks at once, all or none of them."""
    if not drafts:
        raise FolkmootError("Mark at least one factor.")
    require_edit(by, study)
    save_part(study, expected=expected, by=by)
    return [
        _mark(study, **{name: getattr(draft, name) for name in MarkDraft.__slots__}, by=by)
        for draft in drafts
    ]


@action
def set_randomised(
    study: Study, *, factors: Sequence[Factor], expected: int | None = None, by: User
) -> Study:
    """Say which of the factors chance decided; an empty list takes it all back."""
    require_edit(by, study)
    if Factor.objects.filter(visible(by), pk__in=[one.pk for one in factors]).count() != len(set(factors)):
        raise NotAllowed("You cannot mark one of these factors.")
    save_part(study, expected=expected, by=by)
    study.randomised_at.set(factors)
    record("said what chance decided", by=by, on=study, factors=sorted(one.pk for one in factors))
    return study
