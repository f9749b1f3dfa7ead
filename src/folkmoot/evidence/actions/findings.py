"""Qualitative findings, and clues registered before anyone looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from folkmoot.audit.actions import action, made, record, save_part, save_version
from folkmoot.coding.models import Claim
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.evidence.limits import require_reach
from folkmoot.evidence.models import HoopClue, HoopVerdict, QualitativeFinding, Study
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import Owner, ids_of, owned_by
from folkmoot.organisations.policies import may_comment, require_edit, require_edit_for
from folkmoot.organisations.visibility import visible


@action
def record_finding(
    assumption: Assumption,
    *,
    statement: str,
    direction: str,
    components: Mapping[str, str],
    confidence: str,
    why: str,
    owner: Owner | None,
    visibility: str,
    study: Study | None = None,
    claims: Sequence[Claim] = (),
    by: User,
) -> QualitativeFinding:
    """Record what qualitative material says of how or when an assumption holds, by CERQual's four parts."""
    require_edit_for(by, **ids_of(owner))
    require_reach(owner, visibility)
    _require_sight(assumption, by)
    if not statement.strip() or not why.strip():
        raise FolkmootError("A finding needs its statement, and why one may be so confident of it.")
    names = ("methodological_limits", "coherence", "adequacy", "relevance")
    missing = [name.replace("_", " ") for name in names if not components.get(name, "").strip()]
    if missing:
        raise FolkmootError(f"Say something of {', '.join(missing)}: confidence rests on all four parts.")
    if study is None and not claims:
        raise FolkmootError("A finding rests on a study or on claims; name them.")
    if study is not None:
        _require_sight(study, by)
    readable = Claim.objects.filter(visible(by), pk__in=[claim.pk for claim in claims])
    if len(readable) != len(set(claims)):
        raise NotAllowed("One of these claims is not yours to use.")
    finding = QualitativeFinding.objects.create(
        assumption=assumption,
        statement=statement.strip(),
        direction=direction,
        study=study,
        confidence=confidence,
        why=why.strip(),
        visibility=visibility,
        **{name: components[name].strip() for name in names},
        **owned_by(owner),
        **made(by),
    )
    finding.claims.set(readable)
    record("recorded a qualitative finding", by=by, on=finding)
    return finding


@action
def share_finding(
    finding: QualitativeFinding, *, visibility: str, expected: int | None = None, by: User
) -> QualitativeFinding:
    """Say how far a finding is shared. Taken back, it leaves the editions that told it at once."""
    require_edit(by, finding)
    require_reach(finding.organisation or finding.team, visibility)
    save_part(finding, expected=expected, by=by, visibility=visibility)
    record("shared a finding", by=by, on=finding, visibility=visibility)
    return finding


@action
def set_finding_state(finding: QualitativeFinding, *, state: str, why: str, by: Any) -> QualitativeFinding:
    """Change a finding's state, as a member check or its keepers say."""
    if state not in Claim.State.values:
        raise FolkmootError("There is no such state.")
    finding.state = state
    save_version(finding, expected=finding.version, by=by)
    record("changed the state of a finding", by=by, on=finding, state=state, why=why)
    return finding


@action
def register_hoop(
    assumption: Assumption,
    *,
    clue: str,
    where_to_look: str,
    owner: Owner | None,
    visibility: str,
    by: User,
) -> HoopClue:
    """Register, before looking, a clue that must be there if the assumption holds."""
    require_edit_for(by, **ids_of(owner))
    require_reach(owner, visibility)
    _require_sight(assumption, by)
    if not clue.strip() or not where_to_look.strip():
        raise FolkmootError("Say what has to be found, and where you will look.")
    hoop = HoopClue.objects.create(
        assumption=assumption,
        clue=clue.strip(),
        where_to_look=where_to_look.strip(),
        registered_at=timezone.now(),
        visibility=visibility,
        **owned_by(owner),
        **made(by),
    )
    record("registered a clue", by=by, on=hoop)
    return hoop


@action
def judge_hoop(
    clue: HoopClue, *, verdict: str, why: str, at: datetime | None = None, by: User
) -> HoopVerdict:
    """One coder's verdict. It takes two different coders who say “not found” for the clue to count."""
    if not may_comment(by) or not HoopClue.objects.filter(visible(by), pk=clue.pk).exists():
        raise NotAllowed("You cannot judge this clue.")
    if verdict not in HoopClue.Verdict.values:
        raise FolkmootError("A clue is found, or was looked for and not found.")
    if not why.strip():
        raise FolkmootError("Say what you looked at.")
    if clue.verdicts.filter(coder=by).exists():
        raise NotYet("You have judged this clue already.")
    verdict_row = HoopVerdict.objects.create(
        clue=clue, coder=by, verdict=verdict, why=why.strip(), **made(by)
    )
    clue.looked_at = at or timezone.now()
    save_version(clue, expected=clue.version, by=by)
    # the log does not say which verdict: the second coder must not know the first one's
    record("judged a clue", by=by, on=clue)
    return verdict_row


def hear_member_check(finding_id: int, *, answer: str, who: str, team_id: int | None, by: Any = None) -> None:
    """A person interviewed answered whether a finding is fair: it is confirmed, or disputed.

    Only the answer to a question of the finding's own team changes it; one that was superseded stays
    so, and a later "fair" does not outvote somebody who disputes.
    """
    finding = QualitativeFinding.objects.filter(pk=finding_id).first()
    if finding is None or finding.state == Claim.State.SUPERSEDED:
        return
    if finding.team_id is not None and finding.team_id != team_id:
        return
    fair = answer == "fair"
    if fair and finding.state == Claim.State.DISPUTED:
        return
    state = Claim.State.CONFIRMED if fair else Claim.State.DISPUTED
    set_finding_state(finding, state=state, why=f"member check: {answer}", by=by or _Interviewee(who))


# the write is set_finding_state's, framed there; without a change there is nothing to record
hear_member_check.is_action = True  # type: ignore[attr-defined]


class _Interviewee:
    """Whoever answered, known by pseudonym only."""

    pk = None

    def __init__(self, label: str) -> None:
        self.label = label


def _require_sight(row: Any, by: User) -> None:
    if not type(row).objects.filter(visible(by), pk=row.pk).exists():
        raise NotAllowed("You cannot use this here.")
