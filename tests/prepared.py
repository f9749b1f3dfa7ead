"""What many tests begin from, made once in a run: an empty instance, with all its tables.

Whoever asks first makes it, in a process of its own; the others wait and take a copy. A test that is
about making tables, or about the command of a newcomer, asks for nothing here.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

FILE = "folkmoot.sqlite3"
MIGRATE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
"""


def empty_file() -> pathlib.Path:
    """A database of SQLite in one file that nobody has open; to be copied, never to be written."""
    with _alone() as folder:
        done = folder / "instance" / FILE
        if not done.is_file():
            making = folder / "making"
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            _migrate({"FOLKMOOT_DIR": str(making)})
            with closing(sqlite3.connect(making / FILE)) as database:
                database.execute("pragma wal_checkpoint(truncate)")
            making.rename(folder / "instance")
    return done


def fill(instance: pathlib.Path) -> None:
    """Put the empty database of SQLite into that instance's folder."""
    shutil.copyfile(empty_file(), instance / FILE)


def empty_on_server(url: str) -> str:
    """The name of a database on that PostgreSQL server, for ``CREATE DATABASE … TEMPLATE …``."""
    import psycopg

    name = "folkmoot_prepared_" + hashlib.sha256(os.environ["FOLKMOOT_PREPARED"].encode()).hexdigest()[:12]
    with _alone() as folder:
        mark = folder / name
        if not mark.exists():
            with psycopg.connect(url, autocommit=True) as server:
                server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                server.execute(f'CREATE DATABASE "{name}"')
            instance = folder / "server"
            instance.mkdir(exist_ok=True)
            _migrate({"FOLKMOOT_DIR": str(instance), "DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"})
            mark.touch()
    return name


def clear(folder: pathlib.Path, url: str) -> None:
    """At the run's end: nothing stays, neither here nor on the server."""
    if url.startswith("postgres"):
        for mark in folder.glob("folkmoot_prepared_*"):
            import psycopg

            with psycopg.connect(url, autocommit=True) as server:
                server.execute(f'DROP DATABASE IF EXISTS "{mark.name}" WITH (FORCE)')
    shutil.rmtree(folder, ignore_errors=True)


def _migrate(where: dict[str, str]) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    surroundings = {**kept, "DJANGO_SETTINGS_MODULE": "folkmoot.project.settings", **where}
    subprocess.run([sys.executable, "-c", MIGRATE], env=surroundings, check=True)


@contextmanager
def _alone() -> Iterator[pathlib.Path]:
    """The run's folder, which no other process of the run is in."""
    folder = pathlib.Path(os.environ["FOLKMOOT_PREPARED"])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
