"""Originals on disk: written whole or not at all, one copy per owner, swept when nobody refers to them.

A file's place says whose it is, so two owners of equal content share nothing that either could
notice. The database decides what exists: a file without its row is an orphan, left by an import
that was stopped, and goes at the next sweep. What does not belong here: who may fetch a file.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pathlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings
from django.db import transaction

from folkmoot.organisations.models import ResearchTeam
from folkmoot.organisations.ownership import Owner
from folkmoot.sources.models import Original


def digest_of(content: bytes) -> str:
    """The content hash under which a file is known."""
    return hashlib.sha256(content).hexdigest()


def place_of(owner: Owner, sha256: str) -> str:
    """Where an owner's file lies below the originals folder."""
    kind = "team" if isinstance(owner, ResearchTeam) else "organisation"
    return f"{kind}-{owner.pk}/{sha256[:2]}/{sha256}"


def path_of(original: Original) -> pathlib.Path:
    """The file on disk."""
    return pathlib.Path(settings.ORIGINALS) / original.stored_as


def write(stored_as: str, content: bytes) -> None:
    """Write the file so that it is whole on the disk, or absent, whenever the machine stops."""
    target = pathlib.Path(settings.ORIGINALS) / stored_as
    made = [folder for folder in (target.parent, *target.parent.parents) if not folder.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        pathlib.Path(temporary).replace(target)
    except BaseException:
        pathlib.Path(temporary).unlink(missing_ok=True)
        raise
    for folder in (target.parent, *(one.parent for one in made)):
        _keep_folder(folder)


def _keep_folder(folder: pathlib.Path) -> None:
    """A new name is on the disk only once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(stored_as: str) -> None:
    """Remove a file; one that is gone already is no fault."""
    if stored_as:
        (pathlib.Path(settings.ORIGINALS) / stored_as).unlink(missing_ok=True)


@contextmanager
def writing() -> Iterator[None]:
    """Hold off every sweep until the files written inside belong to committed rows.

    The lock ends with the transaction: after the commit, or when a rollback drops the callback
    that holds it, or when the process dies.
    """
    lock = _lock_file()
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield
    except BaseException:
        lock.close()
        raise
    transaction.on_commit(lock.close)


_keepers: list[Callable[[], Iterable[str]]] = []


def keep_also(named: Callable[[], Iterable[str]]) -> None:
    """A room above keeps files below the same folder: ``named`` gives those that its rows still name."""
    if named not in _keepers:
        _keepers.append(named)


def sweep() -> int:
    """Remove files without a row; returns how many. Does nothing while an import is under way."""
    folder = pathlib.Path(settings.ORIGINALS)
    if not folder.is_dir():
        return 0
    with _lock_file() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        kept = set(Original.objects.filter(erased_at=None).values_list("stored_as", flat=True))
        for named in _keepers:
            kept |= set(named())
        gone = 0
        for path in folder.rglob("*"):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and name != _LOCK and name not in kept:
                path.unlink(missing_ok=True)
                gone += 1
        return gone


_LOCK = ".import.lock"


def _lock_file() -> IO[bytes]:
    folder = pathlib.Path(settings.ORIGINALS)
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / _LOCK).open("ab")
