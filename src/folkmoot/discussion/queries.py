"""Reading threads and member checks. Whoever may see a target may read what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

from folkmoot.discussion import targets
from folkmoot.discussion.models import Comment, MemberCheck
from folkmoot.organisations.models import Organisation, ResearchTeam
from folkmoot.organisations.policies import may_edit_for
from folkmoot.organisations.visibility import access_of, visible


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and the answers to it, in the order in which they were written."""

    comment: Comment
    answers: tuple[Comment, ...]


@dataclass(frozen=True, slots=True)
class CheckShown:
    """A member check as this viewer may see it: outside its team only what the person agreed to show."""

    check: MemberCheck
    answer: str
    words: str
    mine: bool


def threads_about(thing: models.Model, *, viewer: Any) -> list[Thread]:
    """The threads about an object, open ones first; members of the network only."""
    if not access_of(viewer).belongs:
        return []
    found = list(
        Comment.objects.filter(target_kind=targets.kind_of(thing), target_id=thing.pk).order_by(
            "created_at", "id"
        )
    )
    answers: dict[int, list[Comment]] = {}
    for comment in found:
        if comment.answers_id is not None:
            answers.setdefault(comment.answers_id, []).append(comment)
    heads = [comment for comment in found if comment.answers_id is None]
    heads.sort(key=lambda comment: comment.state != Comment.State.OPEN)
    return [Thread(comment, tuple(answers.get(comment.pk, []))) for comment in heads]


def checks_about(thing: models.Model, *, viewer: Any) -> list[CheckShown]:
    """The member checks about an object: whole for its team, the agreed words for others."""
    found = MemberCheck.objects.filter(
        target_kind=targets.kind_of(thing), target_id=thing.pk, withdrawn_at=None
    ).order_by("created_at")
    own = set(found.filter(visible(viewer)).values_list("pk", flat=True))
    shown = []
    for check in found:
        mine = check.pk in own
        if not mine and not check.answer:
            continue
        words = check.words if mine or check.may_be_shown else ""
        shown.append(CheckShown(check, check.get_answer_display() if check.answer else "", words, mine))
    return shown


def check_by_digest(digest: str) -> MemberCheck | None:
    """The check that a private address belongs to."""
    return MemberCheck.objects.filter(secret_digest=digest, withdrawn_at=None).first()


@dataclass(frozen=True, slots=True)
class Said:
    """A recent comment with the address of what it is about."""

    comment: Comment
    url: str


def recent_comments(viewer: Any, *, limit: int = 50) -> list[Said]:
    """The newest comments on objects that this person may see."""
    if not access_of(viewer).belongs:
        return []
    said: list[Said] = []
    seen: dict[tuple[str, int], Any] = {}
    for comment in Comment.objects.filter(withdrawn_at=None).order_by("-created_at", "-id")[: limit * 4]:
        key = (comment.target_kind, comment.target_id)
        if key not in seen:
            seen[key] = targets.find(viewer, kind=key[0], pk=key[1])
        known = targets.target(comment.target_kind)
        if seen[key] is not None and known is not None:
            said.append(Said(comment, known.url(seen[key])))
        if len(said) == limit:
            break
    return said


def asking_owner(thing: models.Model, *, viewer: Any) -> ResearchTeam | Organisation | None:
    """In whose name this person may ask whether a reading is fair: the owner's they edit for, else nobody's."""
    access = access_of(viewer)
    team, organisation = getattr(thing, "team_id", None), getattr(thing, "organisation_id", None)
    if organisation is not None:
        edits = may_edit_for(viewer, organisation_id=organisation)
        return Organisation.objects.get(pk=organisation) if edits else None
    if team is None:
        team = next((key for key in access.teams if may_edit_for(viewer, team_id=key)), None)
    return (
        ResearchTeam.objects.get(pk=team) if team is not None and may_edit_for(viewer, team_id=team) else None
    )
