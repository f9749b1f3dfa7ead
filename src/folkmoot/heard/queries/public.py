"""What everybody may read without an account: concerns, priorities and results, by place and by initiative.

Only what was published, only words that people agreed to be quoted with, and no count of people that has not
passed ``public_counts``. What does not belong here: anything that names a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from folkmoot.communities.models import Lies
from folkmoot.heard.elections import votes_without_frozen, without_frozen
from folkmoot.heard.models import (
    Concern,
    Contribution,
    Conversation,
    Correction,
    Decision,
    Priority,
    Promise,
    Reply,
    Telling,
)
from folkmoot.heard.public_counts import in_words, said_of
from folkmoot.heard.states import CONCERN
from folkmoot.organisations.visibility import Visibility

QUOTES = 30


@dataclass(frozen=True, slots=True)
class Quote:
    """Words as they were said, where and in which month. Nothing about who said them."""

    words: str
    origin: str
    month: date


@dataclass(frozen=True, slots=True)
class Beside:
    """A reply or correction: its words, or why they are not shown; and the organisation's answer."""

    said: str
    words: str
    shown: bool
    because: str
    came: date
    answer: str
    by_the_person: bool


@dataclass(frozen=True, slots=True)
class Published:
    """One concern as the public page and the API show it."""

    concern: Concern
    state: str
    people: str
    people_on: date | None
    quotes: Sequence[Quote]
    decisions: Sequence[Decision]
    done: Sequence[Promise]
    not_done: Sequence[Promise]
    open: Sequence[Promise]
    late: Sequence[Promise]
    tellings: Sequence[Telling]
    replies: Sequence[Beside]
    corrections: Sequence[Beside]
    waiting_since: date | None
    priorities: Sequence[Priority]
    conversations: Sequence[Conversation]


@dataclass(frozen=True, slots=True)
class Front:
    """The list: concerns, and the places and initiatives to choose from."""

    concerns: QuerySet[Concern]
    places: Sequence[tuple[int, str]]
    initiatives: Sequence[tuple[int, str]]
    priorities: Sequence[Priority]
    conversations: Sequence[Conversation]


def public_concerns(*, on: date) -> QuerySet[Concern]:
    """The concerns that stand in public on that day; near an election what promotes an office holder does not."""
    rows = Concern.objects.filter(visibility=Visibility.PUBLIC).select_related(
        "place", "initiative", "organisation"
    )
    return without_frozen(rows, on=on)


def front(*, place: int | None, initiative: int | None, state: str, on: date) -> Front:
    """What the public list shows."""
    standing = public_concerns(on=on)
    places = (
        standing.exclude(place=None).order_by("place__name").values_list("place", "place__name").distinct()
    )
    strands = (
        standing.exclude(initiative=None)
        .order_by("initiative__name")
        .values_list("initiative", "initiative__name")
        .distinct()
    )
    rows = standing
    priorities = Priority.objects.filter(visibility=Visibility.PUBLIC, ended_on=None)
    conversations = _released(on)
    if place is not None:
        # whoever asks for a district means what lies in it as well
        here = Q(place=place) | Q(place__in=Lies.objects.filter(inside=place).values("place"))
        rows, priorities = rows.filter(here), priorities.filter(here)
        conversations = conversations.filter(here)
    if initiative is not None:
        rows, priorities = rows.filter(initiative=initiative), priorities.none()
        conversations = conversations.filter(initiative=initiative)
    if state:
        rows = rows.filter(state=state)
    return Front(
        concerns=rows.order_by("-changed_at", "-pk"),
        places=list(places),
        initiatives=list(strands),
        priorities=list(
            priorities.filter(Q(concern=None) | Q(concern__in=standing))
            .select_related("place", "organisation")
            .prefetch_related("statements")[:20]
        ),
        conversations=list(conversations[:20]),
    )


def published(pk: int, *, on: date) -> Published | None:
    """One concern with everything that may stand beside it; None where it is not in public."""
    concern = public_concerns(on=on).filter(pk=pk).first()
    return None if concern is None else published_of(concern, on=on)


def published_of(concern: Concern, *, on: date) -> Published:
    """The public form of a concern, in eight queries."""
    words = Contribution.objects.filter(concerns=concern, state="read", may_be_quoted=True)
    promises = list(concern.promises.all())
    replies = list(concern.replies.exclude(state="withdrawn"))
    corrections = list(concern.corrections.exclude(state="withdrawn").order_by("pk"))
    waiting = [one.created_at.date() for one in (*replies, *corrections) if one.state == "waiting"]
    return Published(
        concern=concern,
        state=CONCERN.label(concern.state),
        people=in_words(said_of(concern.released_people)),
        people_on=concern.released_on,
        quotes=[
            Quote(one.text, one.get_origin_display(), one.said_on)
            for one in words.order_by("-said_on", "-pk")[:QUOTES]
        ],
        decisions=list(concern.decisions.all()),
        done=[one for one in promises if one.state == "kept"],
        not_done=[one for one in promises if one.state == "broken"],
        open=[one for one in promises if one.state == "open"],
        late=[one for one in promises if one.state == "open" and one.due < on],
        tellings=list(concern.tellings.all()),
        replies=[_beside(one, one.get_agrees_display()) for one in replies if one.state != "waiting"],
        corrections=[_beside(one, one.get_about_display()) for one in corrections if one.state != "waiting"],
        waiting_since=min(waiting, default=None),
        priorities=list(
            concern.priorities.filter(visibility=Visibility.PUBLIC, ended_on=None).prefetch_related(
                "statements"
            )
        ),
        conversations=list(_released(on).filter(concern=concern)),
    )


def _beside(one: Reply | Correction, said: str) -> Beside:
    shown = one.state == "shown"
    return Beside(
        said=said,
        words=one.words if shown else "",
        shown=shown,
        because=one.because,
        came=one.created_at.date(),
        answer=one.answer,
        by_the_person=isinstance(one, Correction) and one.contribution_id is not None,
    )


def _released(on: date) -> QuerySet[Conversation]:
    """The conversations with a result that may stand in public on that day; the votes stay in the database."""
    rows = Conversation.objects.filter(visibility=Visibility.PUBLIC).exclude(released={}).defer("box")
    return votes_without_frozen(rows, on=on)


def public_conversation(pk: int, *, on: date) -> Conversation | None:
    """A conversation whose result was released, with its statements."""
    found: Conversation | None = (
        _released(on)
        .select_related("place", "initiative", "concern", "organisation")
        .prefetch_related(Prefetch("statements"))
        .filter(pk=pk)
        .first()
    )
    return found


def result_rows(conversation: Conversation) -> list[dict[str, Any]]:
    """The released statements with their words; the shown counts only."""
    words = {one.number: one.text for one in conversation.statements.all()}
    return [row | {"text": words.get(row["number"], "")} for row in conversation.released["statements"]]
