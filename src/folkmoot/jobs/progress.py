"""How a job tells how far it is, and learns that it should stop: in short transactions beside its work.

What does not belong here: beginning and ending a job (``running``).
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import DatabaseError, connection
from django.utils import timezone

from folkmoot.jobs import aside
from folkmoot.jobs.models import Job
from folkmoot.jobs.registry import Cancelled

EVERY = 0.5  # seconds between two savings of progress
SIGN_OF_LIFE = 10.0  # seconds between two signs of life


class Told:
    """The ``progress`` handed to a job's work. Saves at most twice a second; always looks before it saves.

    Inside a transaction of the work the row is written by another connection, so that everybody sees it
    at once. SQLite lets only one write at a time: there it is told, and asked, beside the database (``aside``).
    """

    def __init__(self, job_id: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._job_id, self._clock = job_id, clock
        self._saved = float("-inf")
        self.total: int | None = None
        self._step = ""
        self._apart: ThreadPoolExecutor | None = None

    def __call__(self, done: int, total: int | None = None, step: str = "") -> None:
        self.total = self.total if total is None else total
        new = bool(step) and step != self._step
        self._step = step[:200] or self._step
        now = self._clock()
        if now - self._saved < EVERY and not new:
            return
        self._saved = now
        if not connection.in_atomic_block:
            stop = self._save(done)
        elif aside.needed():
            aside.tell(self._job_id, done=done, total=self.total, step=self._step)
            stop = aside.stop_asked(self._job_id)
        else:
            stop = self._beside(done)
        if stop:
            raise Cancelled

    def _save(self, done: int) -> bool:
        rows = Job.objects.filter(pk=self._job_id)
        rows.update(done=done, total=self.total, step=self._step, alive_at=timezone.now())
        return bool(rows.values_list("cancel_asked", flat=True).first())

    def _beside(self, done: int) -> bool:
        if self._apart is None:
            self._apart = ThreadPoolExecutor(max_workers=1)
        return self._apart.submit(self._save, done).result()

    def close(self) -> None:
        """End the connection beside the work, where there is one."""
        if self._apart is not None:
            # the connection of that thread: asked for there, since here it would be our own
            self._apart.submit(lambda: connection.close()).result()
            self._apart.shutdown()
            self._apart = None


@contextmanager
def signs_of_life(job_id: int) -> Iterator[None]:
    """Say every few seconds that the worker lives, even while its work says nothing."""
    over = threading.Event()

    def say() -> None:
        try:
            while not over.wait(SIGN_OF_LIFE):
                # a busy database is no reason to end the work; the next sign comes soon
                with contextlib.suppress(DatabaseError):
                    Job.objects.filter(pk=job_id).update(alive_at=timezone.now())
        finally:
            connection.close()

    speaker = threading.Thread(target=say, name=f"job {job_id} is alive", daemon=True)
    speaker.start()
    try:
        yield
    finally:
        over.set()
        speaker.join()
