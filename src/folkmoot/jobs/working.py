"""The worker: a small process that waits for jobs and does each in a child of its own.

A child that was killed is noticed at once, and whatever memory a job took goes back when it ends.
The worker is forked from a process that has loaded the site, so both share its memory.
What does not belong here: what a job is (``running``).
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from socket import socket
from types import FrameType
from typing import Any

from django.db import DatabaseError, close_old_connections, connections
from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max
from django_tasks_db.utils import exclusive_transaction

from folkmoot.jobs.models import Job
from folkmoot.jobs.running import bury, notice_dead, put_in_queue, run
from folkmoot.jobs.tasks import run_job

logger = logging.getLogger(__name__)
EVERY = 1.0  # seconds between two looks at the queue
LOOK_FOR_DEAD = 30.0
PR_SET_PDEATHSIG = 1


class Worker:
    """Takes jobs from the queue until it is told to stop."""

    def __init__(self, *, every: float = EVERY) -> None:
        self._every = every
        self._stopping = False
        self._child = 0

    def stop(self, number: int, frame: FrameType | None) -> None:
        """A signal to end: the job under way is ended too, and waits for the next worker."""
        self._stopping = True
        if self._child:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)

    def run(self) -> None:
        """Work until told to stop."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, self.stop)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        parent, looked = os.getppid(), float("-inf")
        while not self._stopping and os.getppid() == parent:
            if time.monotonic() - looked > LOOK_FOR_DEAD:
                looked = time.monotonic()
                self._quietly(notice_dead)
                self._quietly(put_in_queue)
            job_id = self._quietly(take_next)
            if job_id:
                self._in_a_child(job_id)
            elif not self._stopping:
                time.sleep(self._every)
        connections.close_all()

    def _quietly(self, step: Callable[[], Any]) -> Any:
        """A database that is busy or restarting is waited for, not died of."""
        close_old_connections()
        try:
            return step()
        except DatabaseError as error:
            logger.warning("The worker waits for the database: %s", str(error).splitlines()[:1])
            connections.close_all()
            return None

    def _in_a_child(self, job_id: int) -> None:
        connections.close_all()  # a connection belongs to one process
        gc.freeze()  # what is frozen is not written to by the collector, so it stays shared
        self._child = os.fork()
        if not self._child:
            _as_child(lambda: run(job_id))
        if self._stopping:  # told while the child was being made
            self.stop(0, None)
        _, status = os.waitpid(self._child, 0)
        self._child = 0
        if os.waitstatus_to_exitcode(status):
            self._quietly(lambda: bury(job_id, blameless=self._stopping))


def take_next() -> int | None:
    """Take the next job from the queue. Looks before it locks: an idle worker disturbs nobody."""
    ready = DBTaskResult.objects.filter(status="READY", task_path=run_job.module_path).filter(
        Q(run_after=get_date_max()) | Q(run_after__lte=timezone.now())
    )
    if not ready.exists():
        return None
    with exclusive_transaction():
        task = ready.get_locked()
        if task is None:
            return None
        job_id = int(task.args_kwargs["args"][0])
        # the job's own row says how it ended; its place in the queue has served
        task.delete()
    return job_id if Job.objects.filter(pk=job_id, state=Job.State.WAITING).exists() else None


def _as_child(work: Callable[[], Any]) -> None:
    """Do the work in this forked process and leave without the parent's endings."""
    status = 1
    try:
        die_with_parent()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        work()
        connections.close_all()
        status = 0
    except BaseException:
        logger.exception("A job's process failed")
    finally:
        sys.stderr.flush()
        os._exit(status)


def die_with_parent() -> None:
    """Have the kernel end this process when its parent ends, where the kernel can."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def fork_worker(*, leave: Sequence[socket] = ()) -> int:
    """Begin a worker as a child of this process, which has loaded the site; gives its process number.

    ``leave``: sockets that the child must not hold open, or nobody else could take the port.
    """
    connections.close_all()
    child = os.fork()
    if not child:
        for one in leave:
            one.close()
        _as_child(Worker().run)
    return child
