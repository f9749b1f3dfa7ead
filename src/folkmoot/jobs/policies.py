"""Who may ask for long work, and who may stop it."""

from __future__ import annotations

from typing import Any

from folkmoot.core.errors import NotAllowed
from folkmoot.jobs.models import Job
from folkmoot.organisations.policies import may_edit


def may_cancel(user: Any, job: Job) -> bool:
    """Whoever asked for it, and whoever edits for its owner."""
    return (job.asked_by_id is not None and job.asked_by_id == user.pk) or may_edit(user, job)


def require_cancel(user: Any, job: Job) -> None:
    if not may_cancel(user, job):
        raise NotAllowed(
            "Only the person who asked for this, or somebody who edits for its owner, can stop it."
        )
