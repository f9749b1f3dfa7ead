"""Reading passages as claims, revising, joining and sharing them."""

from __future__ import annotations

from typing import Any

from folkmoot.audit.actions import action, made, record, save_version
from folkmoot.coding.actions.beginning import begin_assumption, keep_origin
from folkmoot.coding.models import Claim
from folkmoot.coding.policies import require_reader, require_sight
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.discussion.models import MemberCheck
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.models import User
from folkmoot.organisations.visibility import Visibility
from folkmoot.sources.models import Passage, Source
from folkmoot.sources.policies import require_withdraw


@action
def make_claim(
    passage: Passage,
    *,
    cause: str,
    effect: str,
    stance: str,
    modality: str = Claim.Modality.SAID,
    claimant_role: str = Claim.Role.OTHER,
    note: str = "",
    assumption: Assumption | None = None,
    visibility: str = "",
    by: User,
) -> Claim:
    """Read a passage as a claim that one thing leads to another. It is provisional until checked.

    ``visibility`` is the source's owner's own where it is not said; wider takes whoever may share it.
    """
    require_reader(passage.source, by)
    _require_reach(passage.source, visibility or _own(passage.source), now=_own(passage.source), by=by)
    return _read(
        passage,
        cause=cause,
        effect=effect,
        stance=stance,
        modality=modality,
        claimant_role=claimant_role,
        note=note,
        assumption=assumption,
        visibility=visibility,
        by=by,
    )


@action
def _read(
    passage: Passage,
    *,
    cause: str,
    effect: str,
    stance: str,
    modality: str,
    claimant_role: str,
    note: str,
    assumption: Assumption | None,
    visibility: str,
    by: User,
) -> Claim:
    source = passage.source
    _require_choices(stance, modality, claimant_role)
    if not cause.strip() or not effect.strip():
        raise FolkmootError("Say both what is supposed to lead and what it is supposed to lead to.")
    if assumption is not None:
        require_sight(assumption, by)
    claim = Claim.objects.create(
        passage=passage,
        cause=" ".join(cause.split())[:300],
        effect=" ".join(effect.split())[:300],
        stance=stance,
        modality=modality,
        claimant_role=claimant_role,
        note=note.strip(),
        assumption=assumption,
        coder=by,
        organisation=source.organisation,
        team=source.team,
        visibility=visibility or _own(source),
        **made(by),
    )
    record("made a claim", by=by, on=claim, stance=stance)
    return claim


@action
def revise_claim(claim: Claim, *, expected: int, by: User, **changes: Any) -> Claim:
    """Read it again: the earlier reading stays as superseded, the new one begins as provisional.

    The new reading is shared as far as the earlier one; further takes whoever may share it.
    """
    require_reader(claim.passage.source, by)
    if claim.state == Claim.State.SUPERSEDED:
        raise NotYet("This reading is superseded already; revise the one that took its place.")
    given = {
        name: changes.pop(name, getattr(claim, name))
        for name in (
            "cause",
            "effect",
            "stance",
            "modality",
            "claimant_role",
            "note",
            "assumption",
            "visibility",
        )
    }
    if changes:
        raise TypeError(f"a claim has no {', '.join(sorted(changes))}")
    _require_reach(claim.passage.source, given["visibility"], now=claim.visibility, by=by)
    successor = _read(claim.passage, **given, by=by)
    claim.state, claim.superseded_by = Claim.State.SUPERSEDED, successor
    save_version(claim, expected=expected, by=by)
    record("superseded a claim", by=by, on=claim)
    return successor


@action
def join_claim(claim: Claim, *, assumption: Assumption | None, expected: int, by: User) -> Claim:
    """Say which assumption a claim speaks to, or that it speaks to none that is stated."""
    require_reader(claim.passage.source, by)
    if assumption is not None:
        require_sight(assumption, by)
    claim.assumption = assumption
    save_version(claim, expected=expected, by=by)
    record(
        "joined a claim to an assumption", by=by, on=claim, assumption=assumption.pk if assumption else None
    )
    return claim


@action
def start_from_claim(claim: Claim, *, expected: int, by: User) -> Claim:
    """Begin an assumption of the claim's owner from its cause and effect, and join the claim to it."""
    require_reader(claim.passage.source, by)
    owner = claim.team or claim.organisation
    if owner is None:
        raise FolkmootError("This claim belongs to nobody, so nobody can begin an assumption from it.")
    assumption, taken = begin_assumption(claim.cause, effect=claim.effect, owner=owner, by=by)
    keep_origin(claim, taken, by=by)
    return join_claim(claim, assumption=assumption, expected=expected, by=by)


@action
def share_claim(claim: Claim, *, visibility: str, expected: int | None = None, by: User) -> Claim:
    """Say how far a reading is shared. Its words go only as far as the person's consent.

    Beyond its owner it opens words of the source, so that takes whoever may share the source itself;
    taking it back does not. ``expected`` is the version that was looked at, the row's own if not given.
    """
    require_reader(claim.passage.source, by)
    _require_reach(claim.passage.source, visibility, now=claim.visibility, by=by)
    claim.visibility = visibility
    save_version(claim, expected=claim.version if expected is None else expected, by=by)
    record("shared a claim", by=by, on=claim, visibility=visibility)
    return claim


@action
def set_claim_state(claim: Claim, *, state: str, why: str, by: Any) -> Claim:
    """Change a reading's state, as a member check or its keepers say."""
    if state not in Claim.State.values:
        raise FolkmootError("There is no such state.")
    claim.state = state
    save_version(claim, expected=claim.version, by=by)
    record("changed the state of a claim", by=by, on=claim, state=state, why=why)
    return claim


def hear_member_check(claim_id: int, *, answer: str, who: str, by: Any = None) -> None:
    """A person interviewed answered whether a reading is fair: it is confirmed, or disputed.

    A reading that was superseded meanwhile stays so. In a group one person's "fair" does not outvote
    another's dispute: the claim stays disputed until that person finds it fair, too.
    """
    claim = Claim.objects.filter(pk=claim_id).first()
    if claim is None or claim.state == Claim.State.SUPERSEDED:
        return
    fair = answer == MemberCheck.Answer.FAIR
    if fair and _disputed_by_others(claim, who):
        return
    state = Claim.State.CONFIRMED if fair else Claim.State.DISPUTED
    set_claim_state(claim, state=state, why=f"member check: {answer}", by=by or _Interviewee(who))


def _disputed_by_others(claim: Claim, who: str) -> bool:
    """Is the last word of anybody else who was asked that it is not fair?"""
    answered = MemberCheck.objects.filter(
        target_kind="coding.claim", target_id=claim.pk, answered_at__isnull=False, withdrawn_at=None
    )
    last = dict(answered.exclude(asked_of=who).order_by("answered_at").values_list("asked_of", "answer"))
    return any(answer != MemberCheck.Answer.FAIR for answer in last.values())


# the write is set_claim_state's, framed there; without a change there is nothing to record
hear_member_check.is_action = True  # type: ignore[attr-defined]


class _Interviewee:
    """Whoever answered, known by pseudonym only."""

    pk = None

    def __init__(self, label: str) -> None:
        self.label = label


def _own(source: Source) -> Visibility:
    """As far as a reading of this source goes by itself: to the source's owner."""
    return Visibility.TEAM if source.team_id else Visibility.OWN


def _require_reach(source: Source, visibility: str, *, now: str, by: User) -> None:
    if visibility not in (_own(source), Visibility.NETWORK, Visibility.PUBLIC):
        raise FolkmootError("Choose how far it is shared from the list.")
    if visibility not in (_own(source), now):
        require_withdraw(by, source)


def _require_choices(stance: str, modality: str, role: str) -> None:
    for value, choices, what in (
        (stance, Claim.Stance, "stance"),
        (modality, Claim.Modality, "way of knowing"),
        (role, Claim.Role, "post"),
    ):
        if value not in choices.values:
            raise FolkmootError(f"Choose a {what} from the list.")
