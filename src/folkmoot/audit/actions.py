"""The frame of every write: one transaction, an audit row inside it, a stale save refused.

Every function in an app's ``actions`` module wears ``@action``. It takes ``by=`` (the person acting)
and calls ``record`` at least once; the frame refuses to commit a change that left no trace.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast

from django.db import models, transaction
from django.utils import timezone

from folkmoot.audit.inserting import Ready, insert, insert_ready, insert_whole, ready
from folkmoot.audit.models import Event, Versioned
from folkmoot.core.errors import Stale

Wrapped = TypeVar("Wrapped", bound=Callable[..., Any])
_recorded: ContextVar[list[int] | None] = ContextVar("recorded", default=None)


class Actor(Protocol):
    """Whoever acts: an account, or the instance itself."""

    @property
    def pk(self) -> Any: ...

    @property
    def label(self) -> str: ...


class TheInstance:
    """The actor of set-up and housekeeping, where no person acts."""

    pk = None
    label = "the instance"


@contextmanager
def _trace() -> Iterator[list[int]]:
    written: list[int] = []
    token = _recorded.set(written)
    try:
        yield written
    finally:
        _recorded.reset(token)
    outer = _recorded.get()
    if outer is not None:
        outer.extend(written)


def action(function: Wrapped) -> Wrapped:
    """Run the function in one transaction and refuse to commit unless it recorded what it did."""

    @functools.wraps(function)
    def run(*arguments: Any, **options: Any) -> Any:
        with transaction.atomic(), _trace() as written:
            result = function(*arguments, **options)
            if not written:
                raise RuntimeError(f"{function.__qualname__} changed something and wrote no audit row")
            return result

    run.is_action = True  # type: ignore[attr-defined]
    return cast(Wrapped, run)


def record(
    what: str,
    *,
    by: Actor,
    on: models.Model,
    organisation_id: int | None = None,
    team_id: int | None = None,
    **detail: Any,
) -> Event:
    """Write the audit row of an action, in the action's own transaction.

    ``organisation_id`` and ``team_id`` default to the row's own. ``detail`` is plain JSON and never
    holds the words of a source.
    """
    written = _trace_here()
    event = _event(what, by=by, on=on, organisation_id=organisation_id, team_id=team_id, detail=detail)
    insert(event)
    written.append(event.pk)
    return event


def new_row(
    what: str, *, by: Actor, on: models.Model, beside: Sequence[tuple[models.Model, str]] = (), **detail: Any
) -> Ready:
    """A new row, rows that hold its number (each with the name of that field) and the audit row, not yet written.

    For what is written often: everything is put together before the transaction, which then holds the database for
    the writing alone. ``record_new`` writes it inside an action, ``write_new`` as one by itself.
    """
    event = _event(what, by=by, on=on, organisation_id=None, team_id=None, detail=detail)
    return ready(on, [*beside, (event, "object_id")])


def record_new(new: Ready) -> None:
    """Write what ``new_row`` put together, its audit row with it."""
    written = _trace_here()
    insert_ready(new)
    written.append(new.rows[-1].row.pk)


def write_new(new: Ready) -> None:
    """Write what ``new_row`` put together in a transaction of its own: an action that has its audit row already."""
    insert_whole(new)


def _trace_here() -> list[int]:
    written = _recorded.get()
    if written is None:
        raise RuntimeError("record() is called from inside an action")
    return written


def _event(
    what: str,
    *,
    by: Actor,
    on: models.Model,
    organisation_id: int | None,
    team_id: int | None,
    detail: dict[str, Any],
) -> Event:
    return Event(
        at=timezone.now(),
        actor_id=by.pk,
        actor_label=by.label[:200],
        action=what,
        object_kind=on._meta.label_lower,
        object_id=str(on.pk),
        object_label=str(on)[:200],
        organisation_id=organisation_id or getattr(on, "organisation_id", None),
        team_id=team_id or getattr(on, "team_id", None),
        detail=detail,
    )


def made(by: Actor) -> dict[str, Any]:
    """``created_at`` and ``created_by`` of a row that this person makes now."""
    return {"created_at": timezone.now(), "created_by": by.label[:200]}


def save_version(row: Versioned, *, expected: int, by: Actor) -> None:
    """Save the row as its next version, unless somebody saved another since ``expected`` was read.

    Raises Stale, which names who changed it and when; nothing is written then.
    """
    row.version, row.changed_at, row.changed_by = _won(row, expected, by)
    row.save()


def save_part(row: Versioned, *, expected: int | None, by: Actor, **columns: Any) -> None:
    """Save these columns alone as the row's next version; what else changed meanwhile stays as it is.

    Without ``expected`` whoever calls has looked at nothing that could be stale. Raises Stale as
    ``save_version`` does.
    """
    kind = type(row)
    if expected is None:
        expected = kind._default_manager.values_list("version", flat=True).get(pk=row.pk)
    version, changed_at, changed_by = _won(row, expected, by)
    columns |= {"changed_at": changed_at, "changed_by": changed_by}
    kind._default_manager.filter(pk=row.pk).update(**columns)
    for name, value in {**columns, "version": version}.items():
        setattr(row, name, value)


def _won(row: Versioned, expected: int, by: Actor) -> tuple[int, datetime, str]:
    """Take the next version of the row, or be told who took it first."""
    kind = type(row)
    won = kind._default_manager.filter(pk=row.pk, version=expected).update(version=expected + 1)
    if not won:
        current = kind._default_manager.filter(pk=row.pk).first()
        who = (current.changed_by or "somebody else") if current else "somebody"
        what = "removed" if current is None else "changed"
        raise Stale(
            f"{who} {what} this since you opened it, so your change was not saved. "
            "Your words are still in the form: compare them with the present version, then save again.",
            present=current.version if current else None,
        )
    return expected + 1, timezone.now(), by.label[:200]
