"""Writing comments, answers and member checks."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone

from folkmoot.audit.actions import Actor, action, made, record
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.discussion import targets
from folkmoot.discussion.models import Comment, MemberCheck
from folkmoot.discussion.secrecy import digest_of
from folkmoot.organisations.models import Organisation, ResearchTeam, User
from folkmoot.organisations.policies import may_comment, may_edit_for, require_edit_for


@action
def add_comment(target: models.Model, *, text: str, by: User) -> Comment:
    """Say something about an object that this person may see."""
    _require_sight(target, by)
    return _written(target, text=text, answers=None, by=by)


@action
def answer_comment(comment: Comment, *, text: str, by: User) -> Comment:
    """Answer a comment; an answer to an answer joins the same thread."""
    target = targets.find(by, kind=comment.target_kind, pk=comment.target_id)
    if target is None:
        raise NotAllowed("You cannot answer here.")
    return _written(target, text=text, answers=comment.answers or comment, by=by)


@action
def resolve_comment(comment: Comment, *, resolution: str, by: User) -> Comment:
    """Close a thread, saying what came of it."""
    target = targets.find(by, kind=comment.target_kind, pk=comment.target_id)
    if target is None or not may_comment(by):
        raise NotAllowed("You cannot close this thread.")
    owner_edits = may_edit_for(
        by, organisation_id=getattr(target, "organisation_id", None), team_id=getattr(target, "team_id", None)
    )
    if comment.author_id != by.pk and not owner_edits:
        raise NotAllowed("A thread is closed by whoever opened it, or by those who keep what it is about.")
    if comment.answers_id is not None:
        raise FolkmootError("Close the comment that began the thread.")
    if comment.state == Comment.State.RESOLVED:
        raise NotYet("This thread is closed already.")
    if not resolution.strip():
        raise FolkmootError("Say in a few words what came of it.")
    comment.state = Comment.State.RESOLVED
    comment.resolved_at, comment.resolved_by = timezone.now(), by.label
    comment.resolution = resolution.strip()
    comment.save()
    record("resolved a comment", by=by, on=comment)
    return comment


@action
def withdraw_comment(comment: Comment, *, by: User) -> Comment:
    """Take back one's own words; the place stays, so that answers still make sense."""
    if comment.author_id != by.pk:
        raise NotAllowed("Only whoever wrote a comment can take it back.")
    comment.text, comment.withdrawn_at = "", timezone.now()
    comment.save()
    record("withdrew a comment", by=by, on=comment)
    return comment


@action
def ask_member_check(
    target: models.Model, *, question: str, asked_of: str, team: ResearchTeam | Organisation, by: User
) -> tuple[MemberCheck, str]:
    """Ask somebody who was interviewed whether a reading of their words is fair.

    Returns the check and the secret for its private address. The secret is shown once: only its
    digest is stored.
    """
    _require_sight(target, by)
    is_team = isinstance(team, ResearchTeam)
    owner = {"team": team} if is_team else {"organisation": team}
    require_edit_for(by, **{("team_id" if is_team else "organisation_id"): team.pk})
    if not targets.keeps(team, target):
        raise NotAllowed("Only whoever keeps a reading asks whether it is fair.")
    if not question.strip():
        raise FolkmootError("Write the question that the person will read.")
    if not asked_of.strip():
        raise FolkmootError("Say whom you ask, by pseudonym or role.")
    secret = secrets.token_urlsafe(18)
    check = MemberCheck.objects.create(
        **owner,
        visibility="team" if is_team else "own",
        target_kind=targets.kind_of(target),
        target_id=target.pk,
        target_label=_called(target),
        question=question.strip(),
        asked_of=asked_of.strip(),
        secret_digest=digest_of(secret),
        **made(by),
    )
    record("asked a member check", by=by, on=check)
    return check, secret


@action
def answer_member_check(
    check: MemberCheck, *, answer: str, words: str, may_be_shown: bool, by: Actor
) -> MemberCheck:
    """Record what the person interviewed says, and tell whoever keeps the reading."""
    if check.withdrawn_at is not None:
        raise NotYet("This question was taken back.")
    if check.answer:
        raise NotYet("This question was answered already. Thank you; write to the team to change the answer.")
    if answer not in MemberCheck.Answer.values:
        raise FolkmootError("Choose one of the three answers.")
    if answer != MemberCheck.Answer.FAIR and not words.strip():
        raise FolkmootError("Say in a few words what was meant instead, so that it can be put right.")
    check.answer, check.words, check.may_be_shown = answer, words.strip(), may_be_shown
    check.answered_at = timezone.now()
    check.save()
    record("answered a member check", by=by, on=check, answer=answer)
    known = targets.target(check.target_kind)
    if known and known.on_answer:
        known.on_answer(check.target_id, check)
    targets.tell_answered(kind=check.target_kind, pk=check.target_id, check=check)
    return check


@action
def withdraw_member_check(check: MemberCheck, *, by: User) -> MemberCheck:
    """Take a question back before it was answered."""
    require_edit_for(by, organisation_id=check.organisation_id, team_id=check.team_id)
    if check.answer:
        raise NotYet("It was answered already; an answer is kept.")
    check.withdrawn_at = timezone.now()
    check.save()
    record("withdrew a member check", by=by, on=check)
    return check


def _called(target: models.Model) -> str:
    """What the target is called where others read it: its room's word for it, never simply its title."""
    known = targets.target(targets.kind_of(target))
    return (known.label(target) if known else str(target))[:200]


def _require_sight(target: models.Model, by: User) -> None:
    if targets.find(by, kind=targets.kind_of(target), pk=target.pk) is None:
        raise NotAllowed("You cannot speak about this.")


def _written(target: models.Model, *, text: str, answers: Comment | None, by: User) -> Comment:
    if not may_comment(by):
        raise NotAllowed("Only members of the network can comment.")
    words = text.strip()
    if not words:
        raise FolkmootError("Write something first.")
    if len(words) > 5000:
        raise FolkmootError("A comment may have 5,000 characters at most.")
    comment = Comment.objects.create(
        target_kind=targets.kind_of(target),
        target_id=target.pk,
        target_label=_called(target),
        author=by,
        answers=answers,
        text=words,
        **made(by),
    )
    record("answered a comment" if answers else "commented", by=by, on=comment)
    return comment
