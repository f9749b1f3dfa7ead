"""Asking for long work, and asking it to stop.

What does not belong here: doing it (``running``). The room that offers the work checks who may ask.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from folkmoot.audit.actions import action, made, record
from folkmoot.core.errors import NotAllowed, NotYet
from folkmoot.jobs import aside
from folkmoot.jobs.models import Job
from folkmoot.jobs.policies import require_cancel
from folkmoot.jobs.registry import work_of
from folkmoot.jobs.tasks import run_job
from folkmoot.organisations.models import Organisation, ResearchTeam, User
from folkmoot.organisations.ownership import ids_of, owned_by
from folkmoot.organisations.visibility import access_of


@action
def ask(
    kind: str,
    *,
    title: str,
    arguments: dict[str, Any],
    organisation: Organisation | None = None,
    team: ResearchTeam | None = None,
    by: User,
) -> Job:
    """Put long work in the queue. It begins once this transaction is committed, and not without it."""
    owner = organisation or team
    if owner is None:
        raise NotAllowed("Long work is done for an organisation or a research team.")
    access, ids = access_of(by), ids_of(owner)
    if ids["organisation_id"] not in access.organisations and ids["team_id"] not in access.teams:
        raise NotAllowed(f"You do not belong to {owner}.")
    work_of(kind)
    job: Job = Job.objects.create(
        kind=kind,
        title=title[:200],
        arguments=arguments,
        asked_by=by,
        visibility="team" if organisation is None else "own",
        **owned_by(owner),
        **made(by),
    )
    # the queue is in the same database: the job and its place in the queue are there together or not at all
    run_job.enqueue(job.pk)
    record("job.asked", by=by, on=job, kind=kind)
    return job


def cancel(job: Job, *, by: User) -> Job:
    """Ask for the work to stop. What waits ends now; what is under way ends at its next step."""
    require_cancel(by, job)
    if job.state == Job.State.RUNNING and aside.needed():
        # first beside the database: the job may hold it, and this very request would wait for its end
        aside.ask_to_stop(job.pk)
    return _cancel(job, by=by)


cancel.is_action = True  # type: ignore[attr-defined]  # its one write is ``_cancel``


@action
def _cancel(job: Job, *, by: User) -> Job:
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.WAITING)
    stopped = waiting.update(
        state=Job.State.CANCELLED,
        cancel_asked=True,
        ended_at=timezone.now(),
        message=f"{by.label} stopped it before it began. Nothing was changed.",
    )
    if not stopped:
        # it may have heard of it already and ended while this waited for the database
        heard = Q(state=Job.State.RUNNING) | Q(state=Job.State.CANCELLED, cancel_asked=False)
        asked = Job.objects.filter(heard, pk=job.pk).update(cancel_asked=True)
        if not asked:
            aside.forget(job.pk)
            raise NotYet("This has ended already, so there is nothing left to stop.")
    record("job.cancelled", by=by, on=job)
    job.refresh_from_db()
    return job
