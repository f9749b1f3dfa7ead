"""Priorities: one issue as the police and as residents state it, each dated, with the day of the next look."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from folkmoot.audit.actions import action, made, record, save_part
from folkmoot.communities.models import Place
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.heard.letting_in import let_in
from folkmoot.heard.models import Concern, Priority, PriorityWords
from folkmoot.heard.policies import require_keep
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.visibility import Visibility


@action
def set_priority(
    issue: str,
    *,
    organisation: Organisation,
    review_on: date,
    place: Place | None = None,
    concern: Concern | None = None,
    visibility: str = Visibility.OWN,
    by: User,
) -> Priority:
    """Put an issue first in a place, and say when that is looked at again."""
    require_keep(by, organisation_id=organisation.pk)
    if visibility not in (Visibility.OWN, Visibility.NETWORK, Visibility.PUBLIC):
        raise FolkmootError("Choose who may see it.")
    _ahead(review_on)
    priority: Priority = Priority.objects.create(
        organisation=organisation,
        visibility=visibility,
        issue=let_in(issue, what="The issue", longest=160),
        place=place,
        concern=concern,
        review_on=review_on,
        **made(by),
    )
    record("heard.priority set", by=by, on=priority)
    return priority


@action
def state_priority(
    priority: Priority, *, side: str, words: str, basis: str, stated_on: date, by: User
) -> PriorityWords:
    """How one side states the issue. An earlier statement of that side stays, with its date."""
    require_keep(by, organisation_id=priority.organisation_id)
    if side not in PriorityWords.Side.values:
        raise FolkmootError("Say whose statement it is.")
    if stated_on > timezone.localdate():
        raise FolkmootError("Stated on: today or before.")
    if priority.ended_on is not None:
        raise NotYet("This is no longer a priority.")
    said: PriorityWords = PriorityWords.objects.create(
        priority=priority,
        side=side,
        words=let_in(words, what="How they state it"),
        basis=let_in(basis, what="Who says so and how it is known", longest=300),
        stated_on=stated_on,
        **made(by),
    )
    record("heard.priority stated", by=by, on=priority, side=side)
    return said


@action
def review_priority(priority: Priority, *, review_on: date, expected: int, by: User) -> Priority:
    """It was looked at and stays first, until the next look."""
    require_keep(by, organisation_id=priority.organisation_id)
    _ahead(review_on)
    save_part(priority, expected=expected, by=by, review_on=review_on)
    record("heard.priority reviewed", by=by, on=priority)
    return priority


@action
def end_priority(priority: Priority, *, because: str, expected: int, by: User) -> Priority:
    """It no longer comes first, and why."""
    require_keep(by, organisation_id=priority.organisation_id)
    reason = let_in(because, what="Why it ends", longest=300)
    save_part(priority, expected=expected, by=by, ended_on=timezone.localdate(), ended_because=reason)
    record("heard.priority ended", by=by, on=priority)
    return priority


def _ahead(day: date) -> None:
    if day <= timezone.localdate():
        raise FolkmootError("Look at it again on a day that is still to come.")
