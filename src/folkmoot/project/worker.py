"""The server's worker: gunicorn's own with threads, with two things that it does better when many phones send at once.

Connections spread over the workers: all hear the same door, and the one that waited last is woken first, so that left
alone it takes every connection of a quiet moment and one of two cores then does all the work. And a thread that has
answered stays with its connection for a moment: whoever sends what waited, one after another, sends the next within a
millisecond, and giving the connection back to be watched and taken up again costs as much as a small answer.
Named in ``folkmoot serve``.
"""

from __future__ import annotations

import select
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

HESITATION = 0.0005  # seconds for each connection that this worker has already
MOST = 0.003
A_MOMENT = 3  # milliseconds


class Worker(ThreadWorker):
    """A worker that lets one with fewer connections go first, and hears a connection out."""

    def accept(self, listener: Any) -> None:
        """Take a new connection, if no other worker took it meanwhile."""
        if self.nr_conns:
            time.sleep(min(self.nr_conns * HESITATION, MOST))
        super().accept(listener)

    def handle(self, conn: Any) -> Any:
        """Answer, and go on with what comes over the same connection at once."""
        stays = super().handle(conn)
        while stays is True and self.alive and not self._others_wait() and _says_more(conn):
            stays = super().handle(conn)
        return stays

    def _others_wait(self) -> bool:
        """Does a connection wait for a thread? Then nobody is waited for."""
        idle = len(self.keepalived_conns) + len(self.pending_conns)
        return bool(self.nr_conns - idle > self.cfg.threads)


def _says_more(conn: Any) -> bool:
    heard = select.poll()
    heard.register(conn.sock, select.POLLIN)
    return bool(heard.poll(A_MOMENT))
