"""The server's worker: gunicorn's own with threads, but that connections spread over the workers.

All workers hear the same door, and the one that waited last is woken first: left alone it takes every connection of a
quiet moment, and one of two cores then does all the work. Named in ``folkmoot serve``.
"""

from __future__ import annotations

import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

HESITATION = 0.0005  # seconds for each connection that this worker has already
MOST = 0.003


class Worker(ThreadWorker):
    """A worker that lets one with fewer connections go first."""

    def accept(self, listener: Any) -> None:
        """Take a new connection, if no other worker took it meanwhile."""
        if self.nr_conns:
            time.sleep(min(self.nr_conns * HESITATION, MOST))
        super().accept(listener)
