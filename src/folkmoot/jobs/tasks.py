"""The one task of the queue: do the job with this number."""

from __future__ import annotations

from django_tasks import task


@task()
def run_job(job_id: int) -> None:
    """Do the job, unless another worker has begun it or it was cancelled."""
    from folkmoot.jobs.running import run

    run(job_id)
