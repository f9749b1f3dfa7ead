"""Commitments, and claims that an objective serves organisation and community both."""

from __future__ import annotations

from datetime import date

from folkmoot.audit.actions import action, made, record, save_version
from folkmoot.core.errors import FolkmootError
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.sources.models import Passage
from folkmoot.strategies.actions.documents import judge_passage
from folkmoot.strategies.models import Commitment, DualBenefit, Objective, PassageVerdict


@action
def create_commitment(
    text: str,
    *,
    organisation: Organisation,
    passage: Passage | None = None,
    objective: Objective | None = None,
    owner_role: str = "",
    due: date | None = None,
    visibility: str = "own",
    by: User,
) -> Commitment:
    """Record something that a document promises to do."""
    require_edit_for(by, organisation_id=organisation.pk)
    if not text.strip():
        raise FolkmootError("Say what is promised.")
    if passage is not None:
        require_edit(by, passage.source)
        judge_passage(passage, verdict=PassageVerdict.Verdict.COMMITMENT, by=by)
    commitment = Commitment.objects.create(
        text=text.strip(),
        organisation=organisation,
        visibility=visibility,
        passage=passage,
        objective=objective,
        owner_role=owner_role.strip(),
        due=due,
        **made(by),
    )
    record("recorded a commitment", by=by, on=commitment)
    return commitment


@action
def settle_commitment(
    commitment: Commitment, *, state: str, why: str = "", expected: int, by: User
) -> Commitment:
    """Say whether a commitment was kept; where it was not, say why."""
    require_edit(by, commitment)
    if state not in Commitment.State.values:
        raise FolkmootError("A commitment is open, kept or not kept.")
    if state == Commitment.State.NOT_KEPT and not why.strip():
        raise FolkmootError("Say why it was not kept.")
    commitment.state, commitment.why = state, why.strip()
    save_version(commitment, expected=expected, by=by)
    record("settled a commitment", by=by, on=commitment, state=state)
    return commitment


@action
def claim_dual_benefit(
    objective: Objective,
    *,
    organisation_gains: str,
    community_gains: str,
    through: str,
    who_may_lose: str = "",
    by: User,
) -> DualBenefit:
    """Claim that an objective serves both. It stands as untested until somebody shows otherwise (R3)."""
    require_edit(by, objective)
    for words, missing in (
        (organisation_gains, "what the organisation gains"),
        (community_gains, "what the community gains"),
        (through, "by which step the one brings the other"),
    ):
        if not words.strip():
            raise FolkmootError(f"Say {missing}.")
    claim = DualBenefit.objects.create(
        objective=objective,
        organisation=objective.organisation,
        team=objective.team,
        visibility=objective.visibility,
        organisation_gains=organisation_gains.strip(),
        community_gains=community_gains.strip(),
        through=through.strip(),
        who_may_lose=who_may_lose.strip(),
        **made(by),
    )
    record("claimed a dual benefit", by=by, on=claim)
    return claim


@action
def test_dual_benefit(claim: DualBenefit, *, status: str, why: str, expected: int, by: User) -> DualBenefit:
    """Say that a dual-benefit claim was supported or challenged, and by what."""
    require_edit(by, claim)
    if status not in DualBenefit.Status.values:
        raise FolkmootError("A claim is untested, supported or challenged.")
    if status != DualBenefit.Status.UNTESTED and not why.strip():
        raise FolkmootError("Say what supports or challenges it.")
    claim.status, claim.why = status, why.strip()
    save_version(claim, expected=expected, by=by)
    record("tested a dual-benefit claim", by=by, on=claim, status=status)
    return claim
