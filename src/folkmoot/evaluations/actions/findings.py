"""Findings: recorded factor by factor, confirmed, disputed, superseded, shared, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from folkmoot.audit.actions import action, made, record, save_part, save_version
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.core.standing.marks import Mark
from folkmoot.evaluations import recording
from folkmoot.evaluations.commands import is_randomised
from folkmoot.evaluations.departing import limits_of
from folkmoot.evaluations.limits import require_reach_of_plan
from folkmoot.evaluations.models import Finding, FindingMark, Plan, Run
from folkmoot.evaluations.saying import figure_of, frozen_figures, proposal_of, sentence_of
from folkmoot.mechanisms.models import Factor
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import owned_by, owner_of
from folkmoot.organisations.policies import require_edit
from folkmoot.organisations.visibility import visible

Sign = FindingMark.Sign
State = Finding.State
REACH = {"own": 0, "team": 0, "network": 1, "public": 2}
STATES = {
    # what a person may make of it; superseded is what a later finding makes of it
    State.PROVISIONAL: {State.CONFIRMED, State.DISPUTED},
    State.CONFIRMED: {State.DISPUTED},
    State.DISPUTED: {State.CONFIRMED, State.PROVISIONAL},
    State.SUPERSEDED: set(),
}


@dataclass(frozen=True, slots=True)
class MarkDraft:
    """How one factor moved, as somebody writes it down.

    With a ``run`` the sign is what the rule makes of its interval; another ``sign`` needs ``because``. Without one the
    person says the sign, and how it is known in ``figure`` or ``note``.
    """

    factor: Factor
    sign: str = ""
    run: Run | None = None
    because: str = ""
    horizon: str = ""
    horizon_days: int | None = None
    population: str = ""
    outcome: str = ""
    figure: str = ""
    note: str = ""


@action
def record_finding(
    run: Run,
    *,
    manipulated: Factor,
    delivered: bool,
    how_known: str,
    marks: Sequence[MarkDraft] = (),
    words: str = "",
    evaluators: str,
    sample: str,
    visibility: str,
    supersedes: bool = False,
    because: str = "",
    sign: str = "",
    by: User,
) -> Finding:
    """Record what a run of the plan's own outcome found, factor by factor like any study.

    ``manipulated`` is what the work set out to move, ``delivered`` whether it really came about and ``how_known`` by
    what that is known. ``marks`` are the factors between and beyond. The outcome's mark follows by rule; ``sign`` says
    otherwise, with ``because``.
    """
    plan = run.plan
    require_edit(by, plan)
    _require_ready(run)
    _require_far_enough(plan, visibility)
    if not evaluators.strip() or not sample.strip():
        raise FolkmootError("Say who evaluated, and which people and places it rests on.")
    if not how_known.strip():
        raise FolkmootError("Say how it is known whether the work was delivered.")
    earlier = _earlier(plan, supersedes, visibility)
    effect = plan.assumption.effect
    if manipulated.pk == effect.pk:
        raise FolkmootError(
            "The outcome cannot be what was done: choose the factor that the work set out to move."
        )
    finding: Finding = Finding.objects.create(
        plan=plan,
        run=run,
        sentence=sentence_of(run),
        words=words.strip(),
        limits=limits_of(run),
        figures=frozen_figures(run),
        evaluators=evaluators.strip()[:120],
        sample=sample.strip()[:120],
        visibility=visibility,
        **owned_by(plan.organisation or plan.team),
        **made(by),
    )
    outcome = MarkDraft(
        effect,
        sign=sign,
        run=run,
        because=because,
        horizon=plan.horizon,
        horizon_days=plan.horizon_days,
        outcome=plan.outcome[:200],
    )
    chance = is_randomised(plan.design, worked_out=run.design)
    _mark_work(finding, manipulated, delivered, how_known, chance)
    for draft in (*marks, outcome):
        if draft.factor.pk == manipulated.pk:
            raise FolkmootError("What was done is marked once, by whether it was delivered.")
        _mark(finding, draft, by)
    if earlier is not None:
        earlier.superseded_by, earlier.state = finding, State.SUPERSEDED
        save_version(earlier, expected=earlier.version, by=by)
        recording.tell_superseded(earlier, by=by)
    save_part(plan, expected=None, by=by, state=Plan.State.FOUND)
    record(
        "recorded a finding",
        by=by,
        on=finding,
        run=run.pk,
        as_planned=run.as_planned,
        supersedes=earlier.pk if earlier else None,
        **owner_of(plan),
    )
    recording.tell_found(finding, by=by)
    return finding


def _require_ready(run: Run) -> None:
    if run.state != Run.State.DONE:
        raise NotYet("A finding needs a run that is done.")
    if run.factor_id is not None:
        raise NotYet(
            "A finding is made from a run of the plan's own outcome; this one measures another factor."
        )
    if Finding.objects.filter(run=run).exists():
        raise NotYet("This run has its finding already.")
    if run.plan.state not in {Plan.State.REGISTERED, Plan.State.FOUND}:
        raise NotYet("Only a registered plan comes to a finding.")


def _require_far_enough(plan: Plan, visibility: str) -> None:
    require_reach_of_plan(plan.organisation or plan.team, visibility)
    if REACH[visibility] > REACH[plan.visibility]:
        raise FolkmootError(
            "A finding is shared no further than its plan, which it stands on. Share the plan first."
        )


def _earlier(plan: Plan, supersedes: bool, visibility: str) -> Finding | None:
    standing = Finding.objects.filter(plan=plan, withdrawn_at=None).exclude(state=State.SUPERSEDED).first()
    if standing is not None and not supersedes:
        raise NotYet(
            "This plan has a finding already. Say that the new one supersedes it, or withdraw it first."
        )
    if standing is not None and REACH[visibility] < REACH[standing.visibility]:
        raise FolkmootError(
            "A finding that takes another's place is shared as far as that one: whoever read the first reads this one."
        )
    return standing


def _mark_work(finding: Finding, factor: Factor, delivered: bool, how_known: str, chance: bool) -> None:
    # work that was not delivered did not move what it set out to move: everything after it is silent
    FindingMark.objects.create(
        finding=finding,
        factor=factor,
        horizon_days=0,
        sign=Sign.UP if delivered else Sign.SAME,
        manipulated=True,
        delivered=delivered,
        randomised=chance,
        note=how_known.strip()[:300],
    )


def _mark(finding: Finding, draft: MarkDraft, by: User) -> None:
    if not Factor.objects.filter(visible(by), pk=draft.factor.pk).exists():
        raise NotAllowed("One of these factors is not here for you.")
    by_rule, figure = "", draft.figure.strip()
    if draft.run is not None:
        by_rule = _by_rule(finding, draft)
        figure = figure or figure_of(draft.run)
    sign = draft.sign or by_rule
    if sign not in Sign.values:
        raise FolkmootError(f"Say how “{draft.factor}” moved: ▲ ▼ = ○ or –.")
    if by_rule and sign != by_rule and not draft.because.strip():
        raise FolkmootError(
            f"By the rule “{draft.factor}” is {Mark(by_rule).sign}. Say why it should be read otherwise, or leave it."
        )
    if not by_rule and sign != Sign.NOT_MEASURED and not (figure or draft.note.strip()):
        raise FolkmootError(
            f"Say how it is known that “{draft.factor}” moved so, or mark it as not measured."
        )
    if FindingMark.objects.filter(
        finding=finding, factor=draft.factor, horizon=draft.horizon.strip(), outcome=draft.outcome.strip()
    ).exists():
        raise FolkmootError(f"“{draft.factor}” is marked twice at the same horizon: keep one.")
    FindingMark.objects.create(
        finding=finding,
        factor=draft.factor,
        run=draft.run,
        horizon=draft.horizon.strip()[:80],
        horizon_days=draft.horizon_days,
        population=draft.population.strip()[:200],
        outcome=draft.outcome.strip()[:200],
        sign=sign,
        by_rule=by_rule,
        because=draft.because.strip()[:300] if by_rule and sign != by_rule else "",
        figure=figure[:200],
        note=draft.note.strip()[:300],
    )


def _by_rule(finding: Finding, draft: MarkDraft) -> str:
    run = draft.run
    assert run is not None  # the caller has one
    measures = run.factor_id or run.plan.assumption.effect_id
    if run.plan_id != finding.plan_id or run.state != Run.State.DONE or measures != draft.factor.pk:
        raise FolkmootError(f"That run does not measure “{draft.factor}” for this plan.")
    return proposal_of(run).mark.value


@action
def set_finding_state(
    finding: Finding, *, state: str, why: str, expected: int | None = None, by: Any
) -> Finding:
    """Confirm or dispute a finding, with the reason. Whoever recorded it does not confirm it."""
    if finding.withdrawn_at is not None:
        raise NotYet("This finding was withdrawn.")
    if state not in STATES[State(finding.state)]:
        raise NotYet(f"A finding that is {finding.get_state_display().lower()} cannot become that.")
    if not why.strip():
        raise FolkmootError("Say why.")
    if state == State.CONFIRMED and by.label == finding.created_by:
        raise NotAllowed("Somebody other than who recorded it confirms a finding.")
    save_part(finding, expected=expected, by=by, state=state)
    record(
        "changed the state of a finding",
        by=by,
        on=finding,
        state=state,
        why=why.strip()[:300],
        **owner_of(finding),
    )
    return finding


@action
def judge_finding(finding: Finding, *, state: str, why: str, expected: int, by: User) -> Finding:
    """The same by a person who edits for its owner. Everybody else says in a comment what is wrong with it."""
    require_edit(by, finding)
    return set_finding_state(finding, state=state, why=why, expected=expected, by=by)


@action
def withdraw_finding(finding: Finding, *, because: str, expected: int, by: User) -> Finding:
    """Withdraw a finding: it stays to be read, with the reason, and no longer counts anywhere."""
    require_edit(by, finding)
    if finding.withdrawn_at is not None:
        raise NotYet("This finding was withdrawn already.")
    if not because.strip():
        raise FolkmootError("Say why it is withdrawn.")
    finding.withdrawn_at, finding.withdrawn_because = timezone.now(), because.strip()[:300]
    save_version(finding, expected=expected, by=by)
    standing = Finding.objects.filter(plan_id=finding.plan_id, withdrawn_at=None)
    if not standing.exclude(state=State.SUPERSEDED).exists():
        save_part(finding.plan, expected=None, by=by, state=Plan.State.REGISTERED)
    record("withdrew a finding", by=by, on=finding, because=finding.withdrawn_because, **owner_of(finding))
    recording.tell_withdrawn(finding, by=by)
    return finding


@action
def share_finding(finding: Finding, *, visibility: str, expected: int, by: User) -> Finding:
    """Say how far a finding is shared, whichever way it went."""
    require_edit(by, finding)
    _require_far_enough(finding.plan, visibility)
    save_part(finding, expected=expected, by=by, visibility=visibility)
    record("shared a finding", by=by, on=finding, visibility=visibility, **owner_of(finding))
    recording.tell_shared(finding, by=by)
    return finding


def hear_member_check(finding_id: int, *, answer: str, who: str, by: Any = None) -> None:
    """Somebody asked whether it is fair says that it is not: it is disputed. “Fair” confirms nothing by itself."""
    finding = Finding.objects.filter(pk=finding_id, withdrawn_at=None).first()
    if finding is None or answer == "fair" or finding.state not in {State.PROVISIONAL, State.CONFIRMED}:
        return
    set_finding_state(finding, state=State.DISPUTED, why=f"member check: {answer}", by=by or _Somebody(who))


# the write is set_finding_state's, framed there; without a change there is nothing to record
hear_member_check.is_action = True  # type: ignore[attr-defined]


class _Somebody:
    """Whoever answered, known by what the question called them."""

    pk = None

    def __init__(self, label: str) -> None:
        self.label = label
