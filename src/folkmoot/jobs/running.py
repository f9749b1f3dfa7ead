"""Doing a job: begun by one worker only, ended in one of three ways, and noticed when its worker died.

What does not belong here: the processes (``working``), the work itself (the room that registered it).
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from folkmoot.core.errors import FolkmootError
from folkmoot.jobs import aside
from folkmoot.jobs.models import Job
from folkmoot.jobs.progress import Told, signs_of_life
from folkmoot.jobs.registry import Cancelled, work_of
from folkmoot.jobs.tasks import run_job

logger = logging.getLogger(__name__)
SILENT = timedelta(seconds=90)  # a worker that said nothing for so long is dead: it speaks every ten
MOST_ATTEMPTS = 2
FAULT = (
    "It stopped because of a fault in the program, and nothing was stored. "
    "The fault is in the server's log; please tell whoever runs it."
)
DIED = "Its worker was ended twice before it was done, perhaps for lack of memory. Nothing was stored."


def run(job_id: int, *, apart: bool = True) -> Job | None:
    """Do the job now. Gives it back as it ended; None where it is gone, begun by another, or over.

    ``apart`` False is for tests: no thread of its own beside the work.
    """
    now = timezone.now()
    begun = Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, started_at=now, alive_at=now, attempts=F("attempts") + 1
    )
    if not begun:
        return None
    aside.forget(job_id)
    job = Job.objects.select_related("asked_by", "organisation", "team").get(pk=job_id)
    beside: AbstractContextManager[None] = signs_of_life(job_id) if apart else nullcontext()
    progress = Told(job_id)
    try:
        with beside:
            _require_somebody(job)
            found = work_of(job.kind)(job, progress) or {}
        sentence = str(found.get("sentence", "Done."))
        return _end(job, Job.State.DONE, sentence, result=found, total=progress.total)
    except Cancelled:
        return _end(job, Job.State.CANCELLED, "It was stopped. Nothing was changed.")
    except FolkmootError as error:
        return _end(job, Job.State.REFUSED, str(error))
    except Exception:
        logger.exception("Job %s (%s) failed", job.pk, job.kind)
        return _end(job, Job.State.REFUSED, FAULT)
    finally:
        progress.close()
        aside.forget(job_id)


def _require_somebody(job: Job) -> None:
    """Whoever asked must still be here: what one may do is judged when it is done."""
    if job.asked_by is None or not job.asked_by.is_active:
        raise FolkmootError("Whoever asked for this has no account any more, so it was not done.")


def _end(
    job: Job, state: str, sentence: str, *, result: dict[str, Any] | None = None, total: int | None = None
) -> Job:
    ended: dict[str, Any] = {
        "state": state,
        "ended_at": timezone.now(),
        "message": sentence[:500],
        "step": "",
    }
    if result is not None:
        ended["result"] = {key: value for key, value in result.items() if key != "sentence"}
        # what is done is done whole, whatever the last saving of progress said
        ended |= {"done": total, "total": total} if total is not None else {}
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(**ended)
    job.refresh_from_db()
    return job


def notice_dead(*, now: Any = None) -> int:
    """Put back the jobs whose worker has died, or refuse those that it died of twice; gives how many."""
    since = (now or timezone.now()) - SILENT
    found = list(Job.objects.filter(state=Job.State.RUNNING, alive_at__lt=since).values_list("pk", flat=True))
    return sum(bury(pk, silent_since=since) for pk in found)


def bury(job_id: int, *, silent_since: Any = None, blameless: bool = False) -> bool:
    """The worker of this job is dead: the job waits again, or is refused if that happened before.

    ``blameless``: the worker was told to end, so this beginning does not count.
    """
    rows = Job.objects.filter(pk=job_id, state=Job.State.RUNNING)
    if silent_since is not None:
        rows = rows.filter(alive_at__lt=silent_since)
    with transaction.atomic():
        job = rows.select_for_update().first()
        if job is None:
            return False
        if job.cancel_asked:
            rows.update(
                state=Job.State.CANCELLED,
                ended_at=timezone.now(),
                message="It was stopped. Nothing was changed.",
            )
        elif job.attempts >= MOST_ATTEMPTS and not blameless:
            rows.update(state=Job.State.REFUSED, ended_at=timezone.now(), message=DIED)
        else:
            rows.update(
                state=Job.State.WAITING,
                done=0,
                step="Put back: its worker was ended, and nothing was stored",
                attempts=F("attempts") - (1 if blameless else 0),
            )
            run_job.enqueue(job.pk)
    aside.forget(job_id)
    return True


def put_in_queue() -> int:
    """Give a place in the queue to jobs that wait without one, as after a restored backup; gives how many."""
    queued: set[int] = set()
    for task in DBTaskResult.objects.filter(status="READY", task_path=run_job.module_path):
        queued.update(task.args_kwargs["args"])
    lost = Job.objects.filter(state=Job.State.WAITING).exclude(pk__in=queued).values_list("pk", flat=True)
    for pk in list(lost):
        run_job.enqueue(pk)
    return len(lost)


def run_waiting() -> list[Job]:
    """Do everything that waits, here and now: for tests and for the command line."""
    done = []
    while (job := Job.objects.filter(state=Job.State.WAITING).order_by("pk").first()) is not None:
        ended = run(job.pk, apart=False)
        if ended is not None:
            done.append(ended)
    return done
