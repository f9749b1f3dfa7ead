"""Long work as its pages show it. Only what the person may see, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from folkmoot.jobs import aside
from folkmoot.jobs.models import Job
from folkmoot.jobs.policies import may_cancel

SLOW_TO_BEGIN = timedelta(minutes=1)
COLOURS = {
    Job.State.WAITING: "grey",
    Job.State.RUNNING: "blue",
    Job.State.DONE: "green",
    Job.State.REFUSED: "red",
    Job.State.CANCELLED: "yellow",
}


@dataclass(frozen=True, slots=True)
class JobView:
    """One job in words. ``share`` is whole percent done, None where the whole is not known."""

    job: Job
    state: str
    colour: str
    sentence: str
    share: int | None
    url: str
    link: str
    may_cancel: bool


def jobs_of(viewer: Any) -> QuerySet[Job]:
    """The jobs that this person may see."""
    found: QuerySet[Job] = Job.objects.visible_to(viewer).select_related("organisation", "team", "asked_by")
    return found


def shown(job: Job, *, viewer: Any) -> JobView:
    """How far it is, how it ended, where its result is, and whether this person may stop it."""
    _as_told_aside(job)
    share = None
    if job.total:
        share = min(100, 100 * job.done // job.total)
        # only what has ended is whole
        share = share if job.state == Job.State.DONE else min(99, share)
    return JobView(
        job=job,
        state=Job.State(job.state).label,
        colour=COLOURS[Job.State(job.state)],
        sentence=_sentence(job),
        share=share,
        url=str(job.result.get("url", "")),
        link=str(job.result.get("link", "See the result")),
        may_cancel=not job.is_over and not job.cancel_asked and may_cancel(viewer, job),
    )


def _as_told_aside(job: Job) -> None:
    """While a job holds the database its own row says what was true before."""
    if job.state != Job.State.RUNNING or not aside.needed():
        return
    said = aside.told(job.pk)
    if said is not None:
        job.done, job.total, job.step = said.done, said.total, said.step
    job.cancel_asked = job.cancel_asked or aside.stop_asked(job.pk)


def _sentence(job: Job) -> str:
    if job.is_over:
        return job.message
    if job.cancel_asked:
        return "It will stop at its next step."
    if job.state == Job.State.WAITING:
        if timezone.now() - job.created_at > SLOW_TO_BEGIN:
            return (
                "It is still waiting. If nothing else is under way, no worker is running: "
                "ask whoever runs this instance."
            )
        return job.step or "It begins as soon as what came before is done."
    step = job.step or "It is under way"
    if job.total:
        return f"{step}: {job.done:,} of {job.total:,}."
    return f"{step}: {job.done:,} so far." if job.done else f"{step}."
