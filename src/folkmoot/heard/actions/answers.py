"""What was decided and why, what is promised, who was told.

What does not belong here: what people answer to it (``public``).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from folkmoot.audit.actions import action, made, record, save_part
from folkmoot.communities.models import Grouping, Place
from folkmoot.core.errors import FolkmootError
from folkmoot.heard.elections import require_not_frozen
from folkmoot.heard.letting_in import let_in
from folkmoot.heard.models import Concern, Decision, Promise, Telling
from folkmoot.heard.policies import require_bring_in, require_keep, require_settle
from folkmoot.heard.states import CONCERN, PROMISE
from folkmoot.organisations.models import User
from folkmoot.organisations.visibility import access_of


@action
def decide(
    concern: Concern,
    *,
    who: str,
    decided_on: date,
    outcome: str,
    what: str,
    because: str,
    expected: int,
    by: User,
) -> Decision:
    """Record a decision with its reason. “No” needs one as much as “yes”; an earlier decision stays readable."""
    require_keep(by, organisation_id=concern.organisation_id)
    if outcome not in Decision.Outcome.values:
        raise FolkmootError("Say what was decided: yes, in part, no, or passed on to others.")
    _past(decided_on, what="Decided on")
    decision = Decision(
        concern=concern,
        who=let_in(who, what="Who decided", longest=160),
        decided_on=decided_on,
        outcome=outcome,
        what=let_in(what, what="What was decided"),
        because=let_in(because, what="Why"),
        **made(by),
    )
    _step(concern, "decide", expected=expected, by=by)
    decision.save(force_insert=True)
    record("heard.decided", by=by, on=concern, decision=decision.pk, outcome=outcome)
    return decision


@action
def promise(
    concern: Concern,
    *,
    text: str,
    owner_role: str,
    due: date,
    owner: User | None = None,
    place: Place | None = None,
    by: User,
) -> Promise:
    """Record what will be done, by which post, by when. ``owner`` is told when it is overdue."""
    require_keep(by, organisation_id=concern.organisation_id)
    if not date(1990, 1, 1) <= due <= date(2100, 1, 1):
        raise FolkmootError("By when: a day that can come.")
    if owner is not None and concern.organisation_id not in access_of(owner).organisations:
        raise FolkmootError("Whoever sees to it has an account at the same organisation.")
    made_now: Promise = Promise.objects.create(
        concern=concern,
        text=let_in(text, what="What is promised", longest=300),
        owner_role=let_in(owner_role, what="Who sees to it", longest=120),
        owner=owner,
        place=place or concern.place,
        due=due,
        first_due=due,
        **made(by),
    )
    record("heard.promised", by=by, on=concern, promise=made_now.pk)
    return made_now


@action
def move_promise(given: Promise, *, due: date, expected: int, by: User) -> Promise:
    """Another day. The day promised first stays readable."""
    require_settle(by, given)
    PROMISE.after(given.state, "move")
    if due < timezone.localdate():
        raise FolkmootError("Move it to a day that is still to come.")
    save_part(given, expected=expected, by=by, due=due)
    record("heard.promise moved", by=by, on=given.concern, promise=given.pk)
    return given


@action
def settle_promise(
    given: Promise, *, kept: bool, settlement: str, settled_on: date, expected: int, by: User
) -> Promise:
    """Say that it was done and how, or that it was not and why."""
    require_settle(by, given)
    state = PROMISE.after(given.state, "keep" if kept else "break")
    _past(settled_on, what="On")
    words = let_in(settlement, what="What was done" if kept else "Why it was not done")
    save_part(given, expected=expected, by=by, state=state, settled_on=settled_on, settlement=words)
    record(
        "heard.promise kept" if kept else "heard.promise broken", by=by, on=given.concern, promise=given.pk
    )
    return given


@action
def keep_promise_open(given: Promise, *, expected: int, by: User) -> Promise:
    """It was settled by mistake: it is open again."""
    require_settle(by, given)
    state = PROMISE.after(given.state, "open again")
    save_part(given, expected=expected, by=by, state=state, settled_on=None, settlement="")
    record("heard.promise opened again", by=by, on=given.concern, promise=given.pk)
    return given


@action
def tell_people(
    concern: Concern,
    *,
    whom: str,
    how: str,
    told_on: date,
    said: str,
    grouping: Grouping | None = None,
    expected: int,
    by: User,
) -> Telling:
    """Record who was told what came of it. Near an election, nothing that promotes an office holder is told."""
    require_bring_in(by, organisation_id=concern.organisation_id)
    require_not_frozen(concern, on=timezone.localdate())
    if how not in Telling.How.values:
        raise FolkmootError("Say how they were told.")
    _past(told_on, what="Told on")
    telling = Telling(
        concern=concern,
        whom=let_in(whom, what="Who was told", longest=200),
        grouping=grouping,
        how=how,
        told_on=told_on,
        said=let_in(said, what="What they were told"),
        **made(by),
    )
    _step(concern, "tell", expected=expected, by=by)
    telling.save(force_insert=True)
    record("heard.told", by=by, on=concern, telling=telling.pk, how=how)
    return telling


def _step(concern: Concern, act: str, *, expected: int, by: Any) -> None:
    state = CONCERN.after(concern.state, act)
    save_part(concern, expected=expected, by=by, state=state)


def _past(day: date, *, what: str) -> None:
    if not date(1990, 1, 1) <= day <= timezone.localdate():
        raise FolkmootError(f"{what}: a day between 1990 and today.")
