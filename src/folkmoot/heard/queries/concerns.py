"""Concerns as members see them: the list, and one with everything that came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from folkmoot.heard.elections import PROMOTES, period_of, promotes
from folkmoot.heard.models import (
    Concern,
    Contribution,
    Conversation,
    Correction,
    Decision,
    ElectionPeriod,
    Priority,
    Promise,
    Reply,
    Telling,
)
from folkmoot.heard.policies import may_read_words
from folkmoot.heard.queries.contributions import Account, account_of
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import Visibility

FIRST = 50  # contributions on a concern's page; the rest are one click away


@dataclass(frozen=True, slots=True)
class Filters:
    """Which concerns to list; empty means all."""

    state: str = ""
    place: int | None = None
    initiative: int | None = None
    theme: int | None = None
    influence: str = ""
    late: str = ""

    @property
    def given(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Whole:
    """One concern with all that belongs to it. ``words`` is None for somebody who may not read them; they
    are given what may be ``quoted``, once the concern is shared."""

    concern: Concern
    account: Account
    people: int
    words: Sequence[Contribution] | None
    quoted: Sequence[str]
    more_words: int
    decisions: Sequence[Decision]
    promises: Sequence[Promise]
    tellings: Sequence[Telling]
    replies: Sequence[Reply]
    corrections: Sequence[Correction]
    priorities: Sequence[Priority]
    conversations: Sequence[Conversation]
    promotes: bool
    period: ElectionPeriod | None


def listed(viewer: Any, filters: Filters, *, today: date) -> QuerySet[Concern]:
    """The concerns that fit, newest first. Counts are added to a page of them only (``with_counts``)."""
    rows = Concern.objects.visible_to(viewer)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.place is not None:
        rows = rows.filter(place=filters.place)
    if filters.initiative is not None:
        rows = rows.filter(initiative=filters.initiative)
    if filters.theme is not None:
        rows = rows.filter(themes=filters.theme)
    if filters.influence:
        rows = rows.filter(influence="" if filters.influence == "unsaid" else filters.influence)
    if filters.late:
        rows = rows.filter(
            Exists(Promise.objects.filter(concern=OuterRef("pk"), state="open", due__lt=today))
        )
    found: QuerySet[Concern] = rows.order_by("-pk")
    return found


def with_counts(concerns: Sequence[Concern], *, today: date, viewer: Any) -> list[dict[str, Any]]:
    """Rows for a page of the list: people who spoke, open and late promises, whether it is kept apart. Four queries."""
    numbers = [one.pk for one in concerns]
    rows = {
        one.pk: one
        for one in Concern.objects.filter(pk__in=numbers).select_related(
            "place", "initiative", "organisation"
        )
    }
    people = dict(
        Contribution.objects.filter(concerns__in=numbers, state="read")
        .order_by()
        .values_list("concerns")
        .annotate(people=Sum("people"))
    )
    promised = {
        number: (open_, late)
        for number, open_, late in Promise.objects.filter(concern__in=numbers, state="open")
        .order_by()
        .values_list("concern")
        .annotate(open=Count("pk"), late=Count("pk", filter=Q(due__lt=today)))
    }
    apart = set(Concern.objects.filter(PROMOTES, pk__in=numbers).values_list("pk", flat=True))
    return [
        {
            "concern": rows[number],
            "people": people.get(number, 0)
            if may_read_words(viewer, organisation_id=rows[number].organisation_id)
            else None,
            "open": promised.get(number, (0, 0))[0],
            "late": promised.get(number, (0, 0))[1],
            "apart": number in apart,
        }
        for number in numbers
        if number in rows
    ]


def by_state(organisation: Organisation | None) -> dict[str, int]:
    """How many concerns there are in each state; what promotes an office holder is not among them (RL10)."""
    rows = Concern.objects.filter(organisation=organisation)
    apart = Concern.objects.filter(PROMOTES, pk=OuterRef("pk"))
    return dict(rows.exclude(Exists(apart)).order_by().values_list("state").annotate(number=Count("pk")))


def whole(concern: Concern, *, viewer: Any, today: date) -> Whole:
    """Everything on one concern, in a fixed number of queries."""
    reads = may_read_words(viewer, organisation_id=concern.organisation_id)
    under = Contribution.objects.filter(concerns=concern)
    account = account_of(concern.organisation, on=under)
    words = list(under.order_by("-said_on", "-pk")[:FIRST]) if reads else None
    shared = concern.visibility in (Visibility.NETWORK, Visibility.PUBLIC)
    # whoever works here without reading the words reads no less than everybody beyond
    quotable = under.filter(state="read", may_be_quoted=True) if shared and not reads else under.none()
    return Whole(
        concern=concern,
        account=account,
        people=under.filter(state="read").aggregate(people=Sum("people"))["people"] or 0,
        words=words,
        quoted=tuple(one.text for one in quotable.order_by("-said_on", "-pk")[:FIRST]),
        more_words=max(account.all - FIRST, 0) if reads else 0,
        decisions=list(concern.decisions.all()),
        promises=list(concern.promises.select_related("place")),
        tellings=list(concern.tellings.all()),
        replies=list(concern.replies.all()[:FIRST]),
        corrections=list(concern.corrections.all()[:FIRST]),
        priorities=list(concern.priorities.prefetch_related("statements")),
        conversations=list(Conversation.objects.visible_to(viewer).filter(concern=concern).defer("box")),
        promotes=promotes(concern),
        period=period_of(concern.organisation_id, on=today),
    )
