"""Bringing in votes, saying which statements describe people, keeping and publishing results."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone

from folkmoot.activities.models import Initiative
from folkmoot.audit.actions import action, made, record, save_part
from folkmoot.communities.models import Place
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.heard.elections import require_conversation_not_frozen, require_still_apart, votes_promote
from folkmoot.heard.letting_in import cleaned, let_in
from folkmoot.heard.models import Concern, Conversation, Result, Statement
from folkmoot.heard.policies import require_keep
from folkmoot.heard.votes.alike import same_people, same_statements
from folkmoot.heard.votes.boxes import Ballots, opened, packed
from folkmoot.heard.votes.public import Counts, public_result, telling
from folkmoot.heard.votes.reading import NOT_SHOWN, Taken, read_votes
from folkmoot.heard.votes.screening import fit_to_store
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.visibility import Visibility

CREDIT = "Where the votes come from"
DESCRIBED = ("title", "about", "credit", "held_from", "held_until", "initiative", "place", "concern")


@action
def import_conversation(
    files: Sequence[tuple[str, bytes]],
    *,
    organisation: Organisation,
    title: str = "",
    about: str = "",
    credit: str = "",
    held_from: Any = None,
    held_until: Any = None,
    initiative: Initiative | None = None,
    place: Place | None = None,
    concern: Concern | None = None,
    by: User,
) -> Conversation:
    """Store the votes of a Pol.is export or a plain table. Every row is used or set aside, and the page says which.

    A statement that reads like a report about somebody is not stored, nor are its votes (RL1).
    """
    require_keep(by, organisation_id=organisation.pk)
    if not files:
        raise FolkmootError("Choose the files with the votes.")
    for one in (initiative, concern):
        if one is not None and one.organisation_id != organisation.pk:
            raise FolkmootError("Choose an initiative and a concern of the same organisation.")
    digest = _digest(files)
    if Conversation.objects.filter(organisation=organisation, sha256=digest).exists():
        raise FolkmootError("These votes were brought in already.")
    taken = read_votes(files)
    ballots = fit_to_store(taken)
    name = let_in(title or taken.title or files[0][0], what="Title", longest=200)
    conversation = Conversation(
        organisation=organisation,
        visibility=Visibility.OWN,
        title=name,
        about=let_in(about, what="What people were asked", needed=False),
        credit=let_in(credit or taken.credit, what=CREDIT, longest=300, needed=False),
        held_from=held_from,
        held_until=held_until,
        initiative=initiative,
        place=place,
        concern=concern,
        filename=cleaned(", ".join(file for file, _ in files))[:200],
        sha256=digest,
        people=ballots.people,
        cast=ballots.cast,
        box=packed(ballots),
        notes=_account(taken),
        **made(by),
    )
    conversation.save(force_insert=True)
    Statement.objects.bulk_create(
        [
            Statement(
                conversation=conversation,
                number=number,
                text=taken.texts[number],
                moderated=taken.moderated.get(number),
            )
            for number in ballots.numbers
        ],
        batch_size=1_000,
    )
    record(
        "heard.votes brought in",
        by=by,
        on=conversation,
        read=taken.read,
        used=taken.used,
        set_aside=len(taken.set_aside),
    )
    return conversation


@action
def bring_votes_again(
    conversation: Conversation, *, files: Sequence[tuple[str, bytes]], expected: int, by: User
) -> Conversation:
    """A later export of the same conversation takes the place of the earlier one.

    What is published stays as it is until the result is released again: then both are compared.
    """
    require_keep(by, organisation_id=conversation.organisation_id)
    taken = read_votes(files)
    ballots = fit_to_store(taken)
    before = set(conversation.statements.values_list("number", flat=True))
    if not before <= set(ballots.numbers):
        raise FolkmootError(
            "These files lack statements that this conversation has: they belong to another one."
        )
    save_part(
        conversation,
        expected=expected,
        by=by,
        people=ballots.people,
        cast=ballots.cast,
        box=packed(ballots),
        filename=cleaned(", ".join(file for file, _ in files))[:200],
        sha256=_digest(files),
        notes=_account(taken),
    )
    Statement.objects.bulk_create(
        [
            Statement(
                conversation=conversation,
                number=number,
                text=taken.texts[number],
                moderated=taken.moderated.get(number),
            )
            for number in ballots.numbers
            if number not in before
        ]
    )
    conversation.results.all().delete()
    record("heard.votes brought in again", by=by, on=conversation, read=taken.read, used=taken.used)
    return conversation


@action
def describe_conversation(
    conversation: Conversation, *, expected: int, by: User, **changes: Any
) -> Conversation:
    """Say anew what it was about and to what it belongs."""
    require_keep(by, organisation_id=conversation.organisation_id)
    unknown = set(changes) - set(DESCRIBED)
    if unknown:
        raise TypeError(f"a conversation has no {sorted(unknown)}")
    for name in ("initiative", "concern"):
        one = changes.get(name)
        if one is not None and one.organisation_id != conversation.organisation_id:
            raise FolkmootError("Choose an initiative and a concern of the same organisation.")
    if "title" in changes:
        changes["title"] = let_in(changes["title"], what="Title", longest=200)
    if "about" in changes:
        changes["about"] = let_in(changes["about"], what="What people were asked", needed=False)
    if "credit" in changes:
        changes["credit"] = let_in(changes["credit"], what=CREDIT, longest=300, needed=False)
    raised = votes_promote(conversation)
    for name, value in changes.items():
        setattr(conversation, name, value)
    require_still_apart(
        raised=raised,
        raises=votes_promote(conversation),
        organisation_id=conversation.organisation_id,
        on=timezone.localdate(),
    )
    save_part(conversation, expected=expected, by=by, **changes)
    record("heard.conversation described", by=by, on=conversation, fields=sorted(changes))
    return conversation


@action
def describe_statements(
    conversation: Conversation,
    *,
    describe_people: Iterable[int],
    not_special: Iterable[int] = (),
    expected: int,
    by: User,
) -> Conversation:
    """Say which statements describe the person who answers: characteristics, not opinions.

    Each counts as specially protected unless it is named in ``not_special``. What was reckoned before no longer
    counts, and what was published is taken back: it may have shown such a statement as an opinion.
    """
    require_keep(by, organisation_id=conversation.organisation_id)
    chosen, plain = set(describe_people), set(not_special)
    numbers = set(conversation.statements.values_list("number", flat=True))
    if not chosen <= numbers:
        raise FolkmootError("Choose among the statements of this conversation.")
    if chosen == numbers:
        raise FolkmootError("If every statement describes the person, there is no opinion left to count.")
    save_part(conversation, expected=expected, by=by, released={}, released_at=None)
    for one in conversation.statements.all():
        one.describes_people, one.special = one.number in chosen, one.number not in plain
        one.save(update_fields=["describes_people", "special"])
    conversation.results.all().delete()
    record("heard.statements described", by=by, on=conversation, number=len(chosen))
    return conversation


@action
def keep_result(conversation: Conversation, *, content: dict[str, Any], seed: int, by: User) -> Result:
    """Keep what was reckoned. The newest counts."""
    require_keep(by, organisation_id=conversation.organisation_id)
    result: Result = Result.objects.create(conversation=conversation, content=content, seed=seed, **made(by))
    record("heard.votes reckoned", by=by, on=conversation, result=result.pk)
    return result


@action
def share_conversation(
    conversation: Conversation, *, visibility: str, expected: int, by: User
) -> Conversation:
    """Say who may see it. The public sees the released result and nothing else."""
    require_keep(by, organisation_id=conversation.organisation_id)
    if visibility not in (Visibility.OWN, Visibility.NETWORK, Visibility.PUBLIC):
        raise FolkmootError("Choose who may see it.")
    if visibility == Visibility.PUBLIC and not conversation.released:
        raise NotYet("Release the result first: the public page shows nothing else.")
    if visibility == Visibility.PUBLIC:
        require_conversation_not_frozen(conversation, on=timezone.localdate())
    save_part(conversation, expected=expected, by=by, visibility=visibility)
    record("heard.conversation shared", by=by, on=conversation, visibility=visibility)
    return conversation


@action
def release_result(conversation: Conversation, *, expected: int, by: User) -> Conversation:
    """Put the newest result into its public form, small counts hidden, and share it with everybody.

    Refused where the new numbers beside those released before would tell of a few people.
    """
    require_keep(by, organisation_id=conversation.organisation_id)
    result = conversation.results.first()
    if result is None:
        raise NotYet("Work out the results first.")
    require_conversation_not_frozen(conversation, on=timezone.localdate())
    ballots = opened(conversation.box)
    left_out = set(
        conversation.statements.filter(Q(describes_people=True) | Q(moderated=NOT_SHOWN)).values_list(
            "number", flat=True
        )
    )
    shown, counts = public_result(result.content, ballots, left_out=left_out)
    _refuse_a_second_release(conversation, ballots, counts)
    if telling(conversation.released_counts, counts):
        raise FolkmootError(
            "The new numbers, laid beside those released before, would tell how a few people voted. Nothing was "
            "changed: release again when more people have voted."
        )
    save_part(
        conversation,
        expected=expected,
        by=by,
        released=shown,
        released_counts=counts,
        released_at=timezone.now(),
        visibility=Visibility.PUBLIC,
    )
    record("heard.result released", by=by, on=conversation, result=result.pk)
    return conversation


def _refuse_a_second_release(conversation: Conversation, ballots: Ballots, counts: Counts) -> None:
    """The votes of the same people under another title are a second release as well."""
    ours = dict(conversation.statements.values_list("number", "text"))
    others = Conversation.objects.exclude(pk=conversation.pk).exclude(released_counts={})
    for other in others.filter(organisation=conversation.organisation):
        pairs = same_statements(ours, dict(other.statements.values_list("number", "text")))
        if not same_people(ballots, opened(other.box), pairs=pairs):
            continue
        before = {
            str(mine): other.released_counts[str(theirs)]
            for mine, theirs in pairs
            if str(theirs) in other.released_counts
        }
        if telling(before, counts):
            raise FolkmootError(
                f"“{other.title}” holds votes of the same people and was released before. Laid side by side the two "
                "would tell how a few people voted. Bring these files in there, as a later export of it."
            )


def _digest(files: Sequence[tuple[str, bytes]]) -> str:
    each = sorted(hashlib.sha256(content).hexdigest() for _, content in files)
    return hashlib.sha256("".join(each).encode()).hexdigest()


def _account(taken: Taken) -> list[str]:
    """What the page says of the file: rows read, used and set aside, and what was noticed."""
    said = [f"{taken.read:,} rows read, {taken.used:,} used, {len(taken.set_aside):,} set aside."]
    said += [f"{cleaned(file)}, row {row}: {reason}" for file, row, reason in taken.set_aside[:50]]
    if len(taken.set_aside) > 50:
        said.append(f"… and {len(taken.set_aside) - 50:,} more.")
    return said + taken.notes
