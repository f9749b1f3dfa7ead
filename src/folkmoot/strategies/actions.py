"""Writing strategies, objectives, commitments, dual-benefit claims and who runs which arrangement."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from folkmoot.audit.actions import action, record, save_version
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.sources.models import Passage, Source
from folkmoot.strategies.models import (
    Aim,
    Arrangement,
    ArrangementOwner,
    Commitment,
    DualBenefit,
    Objective,
    ObjectiveVersion,
    PassageVerdict,
    Strategy,
    StrategyVersion,
)

# what an objective has to say before it is one (R60a), each with the words of the refusal
NEEDED = {
    "who": "who is to change or gain",
    "what_change": "what is to change",
    "by_when": "by when",
    "how_known": "how anyone will know",
}
DETAILS = (
    "title",
    "who",
    "what_change",
    "by_when",
    "how_known",
    "stated",
    "who_says",
    "checked",
    "influence",
    "receiving_agency",
    "receiving_capacity",
    "receiving_agreement",
    "promotes_office_holder",
)


@action
def create_strategy(
    title: str, *, kind: str, organisation: Organisation, visibility: str = "own", by: User
) -> Strategy:
    """Enter a strategy, action plan or policy; its words come with its first version."""
    require_edit_for(by, organisation_id=organisation.pk)
    if not title.strip():
        raise FolkmootError("Give the document a title.")
    strategy = Strategy.objects.create(
        title=title.strip(), kind=kind, organisation=organisation, visibility=visibility, **_made(by)
    )
    record("created a strategy", by=by, on=strategy)
    return strategy


@action
def add_strategy_version(
    strategy: Strategy,
    *,
    source: Source,
    in_force_from: date | None = None,
    in_force_until: date | None = None,
    note: str = "",
    by: User,
) -> StrategyVersion:
    """Add the document's next version; the source that holds its words belongs to the same organisation."""
    require_edit(by, strategy)
    if source.organisation_id != strategy.organisation_id:
        raise FolkmootError("The document's words belong to another organisation.")
    if in_force_from and in_force_until and in_force_until <= in_force_from:
        raise FolkmootError("A version ends after it came into force.")
    number = (strategy.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = StrategyVersion.objects.create(
        strategy=strategy,
        number=number,
        source=source,
        in_force_from=in_force_from,
        in_force_until=in_force_until,
        note=note,
        **_made(by),
    )
    record("added a version of a strategy", by=by, on=version, organisation_id=strategy.organisation_id)
    return version


@action
def judge_passage(passage: Passage, *, verdict: str, why: str = "", by: User) -> PassageVerdict:
    """Say what a marked passage of a strategy is. It can be said again; the last word stands."""
    require_edit(by, passage.source)
    if verdict not in PassageVerdict.Verdict.values:
        raise FolkmootError("A passage is an objective, a commitment or neither.")
    judged, _ = PassageVerdict.objects.update_or_create(
        passage=passage, defaults={"verdict": verdict, "why": why.strip(), **_made(by)}
    )
    record(
        "judged a passage", by=by, on=judged, organisation_id=passage.source.organisation_id, verdict=verdict
    )
    return judged


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
        **_made(by),
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
    objective.aim = aim or objective.aim
    objective.benefits = _benefit(objective.aim, benefits or objective.benefits)
    for name, value in _details(details).items():
        setattr(objective, name, value)
    save_version(objective, expected=expected, by=by)
    _keep_version(objective, by=by)
    record("revised an objective", by=by, on=objective, number=objective.version)
    return objective


@action
def share_objective(objective: Objective, *, visibility: str, by: User) -> Objective:
    """Say how far an objective is shown."""
    require_edit(by, objective)
    objective.visibility = visibility
    objective.save(update_fields=["visibility"])
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
        **_made(by),
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
        **_made(by),
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


@action
def record_arrangement(
    name: str,
    *,
    organisation: Organisation,
    owner: Organisation,
    since: date,
    about: str = "",
    visibility: str = "network",
    by: User,
) -> Arrangement:
    """Record a standing way of engaging, such as an advisory group, and who runs it since when (R19)."""
    require_edit_for(by, organisation_id=organisation.pk)
    if not name.strip():
        raise FolkmootError("Give the arrangement its name.")
    arrangement = Arrangement.objects.create(
        name=name.strip(), about=about.strip(), organisation=organisation, visibility=visibility, **_made(by)
    )
    ArrangementOwner.objects.create(arrangement=arrangement, owner=owner, since=since, **_made(by))
    record("recorded an arrangement", by=by, on=arrangement)
    return arrangement


@action
def pass_arrangement(
    arrangement: Arrangement, *, to: Organisation, since: date, note: str = "", by: User
) -> ArrangementOwner:
    """Record that an arrangement passed to another body on a date. The earlier ownership ends then."""
    require_edit(by, arrangement)
    current = arrangement.owners.filter(until=None).order_by("-since").first()
    if current is not None:
        if current.owner_id == to.pk:
            raise NotYet(f"{to} runs it already.")
        if since <= current.since:
            raise FolkmootError(
                f"{current.owner} took it on only on {current.since:%d %B %Y}: give a later date."
            )
        current.until = since
        current.save()
    owner = ArrangementOwner.objects.create(
        arrangement=arrangement, owner=to, since=since, note=note, **_made(by)
    )
    record("passed an arrangement on", by=by, on=owner, organisation_id=arrangement.organisation_id)
    return owner


def _made(by: User) -> dict[str, Any]:
    return {"created_at": timezone.now(), "created_by": by.label}


def _require_complete(details: dict[str, Any]) -> None:
    missing = [
        words
        for name, words in NEEDED.items()
        if not str(details.get(name) if details.get(name) else "").strip()
    ]
    if not str(details.get("title") or "").strip():
        missing.insert(0, "a short title")
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
    content |= {"aim": objective.aim.code, "benefits": objective.benefits, "state": objective.state}
    ObjectiveVersion.objects.create(
        objective=objective, number=objective.version, content=content, **_made(by)
    )
