"""What gunicorn does beside answering: one worker for long work, forked once the site is loaded.

Read by ``folkmoot serve`` as gunicorn's own settings; the names below are gunicorn's.
"""

from __future__ import annotations

import contextlib
import os
import signal
from typing import Any

from folkmoot.project.memory import settle

_worker = 0
_PATIENCE = 5.0  # seconds that the worker has to end


def when_ready(server: Any) -> None:
    """The site is loaded: begin the worker. Its memory is the server's own until either writes to it."""
    global _worker
    settle()
    if os.environ.get("FOLKMOOT_NO_WORKER") == "1":
        return
    from folkmoot.jobs.working import fork_worker

    _worker = fork_worker(leave=[listener.sock for listener in server.LISTENERS])


def on_exit(server: Any) -> None:
    """End the worker with the server. Work under way is put back and goes on with the next one."""
    if not _worker or os.getpid() != server.pid:
        return
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(_worker, signal.SIGTERM)
        _wait()


def _wait() -> None:
    import time

    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        ended, _ = os.waitpid(_worker, os.WNOHANG)
        if ended:
            return
        time.sleep(0.05)
    os.kill(_worker, signal.SIGKILL)
