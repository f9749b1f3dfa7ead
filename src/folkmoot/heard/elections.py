"""What raises the profile of an office holder is kept apart, and stands still before an election (RL10).

What does not belong here: who may enter election periods (``actions``).
"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from folkmoot.core.errors import NotYet
from folkmoot.heard.models import Concern, Conversation, ElectionPeriod

PROMOTES = Q(promotes_office_holder=True) | Q(initiative__objectives__promotes_office_holder=True)


def promotes(concern: Concern) -> bool:
    """Does it raise somebody's profile, by its own word or by an objective of its initiative?"""
    if concern.promotes_office_holder:
        return True
    initiative = concern.initiative
    return initiative is not None and initiative.objectives.filter(promotes_office_holder=True).exists()


def period_of(organisation_id: int | None, *, on: date) -> ElectionPeriod | None:
    """The election period that this organisation is in on that day."""
    if organisation_id is None:
        return None
    return (
        ElectionPeriod.objects.filter(organisation_id=organisation_id, begins__lte=on, ends__gte=on)
        .order_by("-ends")
        .first()
    )


def require_not_frozen(concern: Concern, *, on: date) -> None:
    """Refuse to publish or to tell anything that promotes an office holder while an election is near."""
    _require(promotes(concern), concern.organisation_id, on=on)


def votes_promote(conversation: Conversation) -> bool:
    """Votes raise somebody's profile where their concern or their initiative does."""
    concern, initiative = conversation.concern, conversation.initiative
    return (concern is not None and promotes(concern)) or (
        initiative is not None and initiative.objectives.filter(promotes_office_holder=True).exists()
    )


def require_conversation_not_frozen(conversation: Conversation, *, on: date) -> None:
    """The same of votes."""
    _require(votes_promote(conversation), conversation.organisation_id, on=on)


def require_still_apart(*, raised: bool, raises: bool, organisation_id: int | None, on: date) -> None:
    """Refuse to take the mark off while an election is near: what was kept apart would go out under another word."""
    period = period_of(organisation_id, on=on) if raised and not raises else None
    if period is not None:
        raise NotYet(
            f"That this raises the profile of somebody in or seeking office cannot be taken back while {period.what} is "
            f"near; it can after {period.ends:%-d %B %Y}."
        )


def _require(raises: bool, organisation_id: int | None, *, on: date) -> None:
    period = period_of(organisation_id, on=on) if raises else None
    if period is not None:
        raise NotYet(
            f"This raises the profile of somebody in or seeking office, and {period.what} is near: nothing of it is "
            f"published or told until {period.ends:%-d %B %Y} is over."
        )


def without_frozen(concerns: QuerySet[Concern], *, on: date) -> QuerySet[Concern]:
    """The concerns that may stand in public on that day."""
    raised = Concern.objects.filter(PROMOTES, pk=OuterRef("pk"))
    return concerns.exclude(Exists(_near(on)) & Exists(raised))


def votes_without_frozen(conversations: QuerySet[Conversation], *, on: date) -> QuerySet[Conversation]:
    """The conversations that may stand in public on that day."""
    raised = Conversation.objects.filter(
        Q(concern__promotes_office_holder=True)
        | Q(concern__initiative__objectives__promotes_office_holder=True)
        | Q(initiative__objectives__promotes_office_holder=True),
        pk=OuterRef("pk"),
    )
    return conversations.exclude(Exists(_near(on)) & Exists(raised))


def _near(on: date) -> QuerySet[ElectionPeriod]:
    return ElectionPeriod.objects.filter(
        organisation_id=OuterRef("organisation_id"), begins__lte=on, ends__gte=on
    )
