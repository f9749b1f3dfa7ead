"""What a change to a study does to standings: looked at before and after, and kept as history.

What does not belong here: the change itself (``actions``), and what rooms above make of it (``retraction``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.models import AnonymousUser

from folkmoot.audit.actions import Actor, made
from folkmoot.coding.queries import Scope
from folkmoot.evidence import retraction
from folkmoot.evidence.models import Change, Mark, StandingChange, Study
from folkmoot.evidence.queries.standings import standings
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.readers import Reader
from folkmoot.organisations.visibility import Access, Visibility, visible

Words = dict[tuple[str, int], str]
_watching: ContextVar[bool] = ContextVar("watching", default=False)
LONGEST = 400


@contextmanager
def watched(
    study: Study,
    *,
    what: str,
    because: str,
    by: Actor,
    factors: Collection[int] = (),
    when: bool = True,
    only_if_moved: bool = False,
) -> Iterator[None]:
    """Whatever happens to the study inside is one change: which standings it moved is kept with the reason.

    The words are those of the circles that the study is shared with: everybody, the network, or its owner
    alone. ``factors`` are looked at besides those that the study marks (a mark that comes or goes). Inside
    another watch nothing is kept twice. Without ``when`` nothing is watched; with ``only_if_moved`` a change
    that moved no standing is not kept.
    """
    if not when or _watching.get():
        yield
        return
    token = _watching.set(True)
    try:
        seen = {*factors, *_factors_of(study)}
        before = _words(study, seen)
        yield
        after = _words(study, {*seen, *_factors_of(study)})
    finally:
        _watching.reset(token)
    moved = {key: (before[key], new) for key, new in after.items() if before.get(key, new) != new}
    if only_if_moved and not moved:
        return
    change = Change.objects.create(study=study, what=what, because=because[:LONGEST], **made(by))
    StandingChange.objects.bulk_create(
        StandingChange(change=change, assumption_id=assumption, reach=reach, before=old, after=new)
        for (reach, assumption), (old, new) in moved.items()
    )
    retraction.tell_changed(change, by=by)


def _factors_of(study: Study) -> set[int]:
    return set(Mark.objects.filter(study=study).values_list("factor_id", flat=True))


def _words(study: Study, factors: Collection[int]) -> Words:
    """The word with its leaning for each assumption that the study can speak to, by whose evidence."""
    return {
        (reach, key): one.judgement.label
        for reach, reader, scope in _circles(study)
        for key, one in _judged(factors, reader, scope).items()
    }


def _judged(factors: Collection[int], reader: Any, scope: Scope) -> dict[int, Any]:
    wanted = Assumption.objects.filter(visible(reader), effect__in=list(factors))
    ids = list(wanted.values_list("pk", flat=True))
    return standings(ids, viewer=reader, scope=scope) if ids else {}


def _circles(study: Study) -> list[tuple[str, Any, Scope]]:
    if study.visibility == Visibility.PUBLIC:
        return [
            (Visibility.PUBLIC.value, AnonymousUser(), "network"),
            (Visibility.NETWORK.value, Reader.of_network(), "network"),
        ]
    if study.visibility == Visibility.NETWORK:
        return [(Visibility.NETWORK.value, Reader.of_network(), "network")]
    owner = Reader(
        Access(
            {study.organisation_id: ""} if study.organisation_id else {},
            {study.team_id: ""} if study.team_id else {},
        )
    )
    return [(study.visibility, owner, "ours")]
