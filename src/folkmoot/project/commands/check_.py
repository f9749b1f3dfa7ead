"""``folkmoot check``: is this instance fit to run?"""

from __future__ import annotations

import argparse
import os
import shutil

from folkmoot.project.commands import start

SUMMARY = "Check settings, database, migrations and storage; exit 1 if anything is unfit."


def add_options(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(options: argparse.Namespace) -> int:
    start()
    findings = list(_findings())
    for fit, sentence in findings:
        print(("fit    " if fit else "UNFIT  ") + sentence)
    return 0 if all(fit for fit, _ in findings) else 1


def _findings() -> list[tuple[bool, str]]:
    from django.conf import settings
    from django.core.checks import ERROR, run_checks
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    found: list[tuple[bool, str]] = []
    waiting: list[object] = [None]
    faults = [message for message in run_checks() if message.level >= ERROR]
    found.append((not faults, "settings" if not faults else f"settings: {faults[0].msg}"))
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        found.append((True, f"database ({connection.vendor}) answers"))
        executor = MigrationExecutor(connection)
        waiting = list(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        sentence = (
            "the tables are up to date"
            if not waiting
            else (f"{len(waiting)} migrations wait: run folkmoot manage migrate")
        )
        found.append((not waiting, sentence))
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("pragma quick_check(1)")
                verdict = cursor.fetchone()[0]
                cursor.execute("pragma synchronous")
                durable = cursor.fetchone()[0] == 2
            found.append((verdict == "ok", f"the database file is whole: {verdict}"))
            found.append((durable, "an acknowledged write is on the disk (synchronous=FULL)"))
    except DatabaseError as error:
        found.append((False, f"database: {str(error).splitlines()[0]}"))
    folder = settings.DIR
    writable = folder.is_dir() and os.access(folder, os.W_OK)
    found.append((writable, "the instance's folder can be written to"))
    if writable:
        free = shutil.disk_usage(folder).free // 1_000_000
        found.append((free > 500, f"{free:,} MB of disk are free"))
        if not waiting:
            found.append(_originals())
    found.append((not settings.DEBUG, "debugging is off" if not settings.DEBUG else "FOLKMOOT_DEBUG is on"))
    return found


def _originals() -> tuple[bool, str]:
    """Every original that the database knows is on the disk; what an interrupted import left is swept."""
    from folkmoot.sources import storage
    from folkmoot.sources.models import Original

    swept = storage.sweep()
    missing = sum(
        not storage.path_of(one).is_file() for one in Original.objects.filter(erased_at=None).iterator()
    )
    if missing:
        return False, f"{missing} originals are missing from the disk: bring a backup back"
    return True, f"the originals are on the disk ({swept} left over by interrupted imports removed)"
