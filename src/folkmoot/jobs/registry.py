"""What kinds of long work there are. A room names its own in its AppConfig.ready(); this room knows none.

What does not belong here: when work is done and by which process (``running``, ``working``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from folkmoot.core.errors import FolkmootError
from folkmoot.jobs.models import Job


class Cancelled(Exception):
    """The person asked to stop. Let it pass: the work's own transaction is then taken back."""


class Progress(Protocol):
    """Tells how far the work is. Raises Cancelled where the person has asked to stop."""

    def __call__(self, done: int, total: int | None = None, step: str = "") -> None: ...


# Gives what the job's page says at the end: {"sentence": …, "url": …, "link": …}, each if there is one.
# Work does its reading and reckoning first and writes in one transaction at the end. It may be begun
# again after a worker died, so that transaction also marks, in its own rows, that it was done.
Work = Callable[[Job, Progress], "dict[str, Any] | None"]

_KINDS: dict[str, Work] = {}


def register(kind: str, work: Work) -> None:
    """Make a kind of long work known under its name."""
    _KINDS[kind] = work


def work_of(kind: str) -> Work:
    """The work of a kind; refuses where this version has none such."""
    if kind not in _KINDS:
        raise FolkmootError(f"This version does not know the work “{kind}”.")
    return _KINDS[kind]
