"""What may be spoken about. Apps above register their kinds; discussion itself knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Target:
    """How to find an object of one kind as somebody sees it, where it lives and what it is called.

    ``find(user, id)`` gives None where the person may not see it. ``on_answer(id, check)`` is told
    when a person interviewed has answered a member check about it, inside the answer's transaction.
    """

    kind: str
    find: Callable[[Any, int], Any]
    url: Callable[[Any], str]
    label: Callable[[Any], str]
    on_answer: Callable[[int, Any], None] | None = None


_targets: dict[str, Target] = {}


def register(
    kind: str,
    *,
    find: Callable[[Any, int], Any],
    url: Callable[[Any], str],
    label: Callable[[Any], str] = str,
    on_answer: Callable[[int, Any], None] | None = None,
) -> None:
    """Make objects of ``kind`` (``app.model``) something that members can discuss."""
    _targets[kind] = Target(kind, find, url, label, on_answer)


def kind_of(thing: Model) -> str:
    return thing._meta.label_lower


def target(kind: str) -> Target | None:
    return _targets.get(kind)


def find(user: Any, *, kind: str, pk: int) -> Any:
    """The object, or None where there is no such kind, no such object, or none this person may see."""
    known = _targets.get(kind)
    return known.find(user, pk) if known else None


def keeps(owner: Model, thing: Any) -> bool:
    """Does this team or organisation keep the object? What is the network's, every team helps to keep."""
    team, organisation = getattr(thing, "team_id", None), getattr(thing, "organisation_id", None)
    if team is None and organisation is None:
        return owner._meta.model_name == "researchteam"
    return owner.pk == (team if owner._meta.model_name == "researchteam" else organisation)


def visible_kinds() -> list[str]:
    return sorted(_targets)


Answered = Callable[[str, int, Any], None]
_answered: list[Answered] = []


def when_answered(callback: Answered) -> None:
    """Call ``callback(kind, pk, check)`` after whoever keeps the object heard an answer, in its transaction."""
    if callback not in _answered:
        _answered.append(callback)


def tell_answered(*, kind: str, pk: int, check: Any) -> None:
    for callback in _answered:
        callback(kind, pk, check)
