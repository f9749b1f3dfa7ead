"""How far a job is, and that it should stop, while the job itself holds the database: two small files beside it.

SQLite lets one process write at a time. Work that stores much at one go would else neither tell how far it is nor hear
that it should stop until it is over. What does not belong here: everything that the job's own row says.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import tempfile
from dataclasses import dataclass

from django.conf import settings
from django.db import connection


@dataclass(frozen=True, slots=True)
class Aside:
    """What a job last said beside the database."""

    done: int
    total: int | None
    step: str


def needed() -> bool:
    """Is this a database to which nobody else can write meanwhile?"""
    return bool(connection.vendor == "sqlite")


def tell(job_id: int, *, done: int, total: int | None, step: str) -> None:
    """Say how far the job is; whoever looks sees the whole sentence or the one before."""
    target = _path(job_id, "told")
    with contextlib.suppress(OSError):  # a full disk ends the work by itself, not by what it tells
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=target.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"done": done, "total": total, "step": step}, file)
        pathlib.Path(temporary).replace(target)


def told(job_id: int) -> Aside | None:
    """What the job said last, if it said anything here."""
    try:
        found = json.loads(_path(job_id, "told").read_text(encoding="utf-8"))
        total = found["total"]
        return Aside(int(found["done"]), None if total is None else int(total), str(found["step"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def ask_to_stop(job_id: int) -> None:
    """Leave word that the job should stop at its next step."""
    target = _path(job_id, "stop")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch()


def stop_asked(job_id: int) -> bool:
    """Has anybody left word?"""
    return _path(job_id, "stop").exists()


def forget(job_id: int) -> None:
    """Remove both files: the job has ended, or begins anew."""
    for what in ("told", "stop"):
        with contextlib.suppress(OSError):
            _path(job_id, what).unlink()


def _path(job_id: int, what: str) -> pathlib.Path:
    return pathlib.Path(settings.DIR) / "jobs" / f"{job_id}.{what}"
