"""A whole instance in one file, and back. A restore never brings back what somebody withdrew.

The file is a gzipped tar: ``manifest.json`` first, then the database, then the originals. A SQLite
database is copied through SQLite itself, so it is whole while others write; PostgreSQL's rows go as
JSON lines. What does not belong here: exports for other programs (``exporters``).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import pathlib
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from folkmoot import __version__
from folkmoot.audit.actions import TheInstance
from folkmoot.core.errors import FolkmootError
from folkmoot.heard import withdrawal
from folkmoot.sources import wishes
from folkmoot.sources.actions import set_consent, withdraw_source
from folkmoot.sources.models import Source

FORMAT = 1
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.jsonl"}
# what a restore makes itself, or what belongs to a session and not to the instance
NOT_SAVED = {"contenttypes.contenttype", "auth.permission", "sessions.session"}


@dataclass(frozen=True, slots=True)
class Saved:
    vendor: str
    originals: int
    size: int


@dataclass(frozen=True, slots=True)
class BroughtBack:
    made_at: str
    originals: int
    withdrawn_again: int
    narrowed_again: int
    knew_of_withdrawals: bool


def save(target: pathlib.Path) -> Saved:
    """Write the backup; it appears under its name only when it is whole."""
    vendor = connection.vendor
    with contextlib.suppress(FolkmootError):
        _write_down()  # a line to be mended stops the restore, never a backup
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        place = pathlib.Path(folder)
        database = place / DATABASE[vendor]
        _copy_database(database)
        originals = sorted(
            path
            for path in pathlib.Path(settings.ORIGINALS).rglob("*")
            if path.is_file() and not path.name.startswith(".")  # locks, and files still being written
        )
        manifest = {
            "format": FORMAT,
            "folkmoot": __version__,
            "vendor": vendor,
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "database_sha256": _digest(database),
            "originals": len(originals),
        }
        (place / "manifest.json").write_text(json.dumps(manifest, indent=1))
        whole = place / "whole.tar.gz"
        with tarfile.open(whole, "w:gz") as archive:
            archive.add(place / "manifest.json", "manifest.json")
            archive.add(database, database.name)
            for path in originals:
                archive.add(path, f"originals/{path.relative_to(settings.ORIGINALS)}")
        whole.replace(target)
    target.chmod(0o600)
    return Saved(vendor, len(originals), target.stat().st_size)


def bring_back(backup: pathlib.Path, *, replace: bool) -> BroughtBack:
    """Put a backup in place of what this instance holds, then withdraw again what had been withdrawn."""
    manifest = _manifest(backup)
    if manifest["vendor"] != connection.vendor:
        raise FolkmootError(
            f"This backup holds a {manifest['vendor']} database and this instance uses {connection.vendor}. "
            "Restore it to an instance of the same kind."
        )
    if _holds_something() and not replace:
        raise FolkmootError(
            "This instance holds records already. Add --replace to put the backup in their place."
        )
    known = _write_down()
    with tempfile.TemporaryDirectory(dir=settings.DIR, prefix=".restore-") as folder:
        place = pathlib.Path(folder)
        with tarfile.open(backup) as archive:
            archive.extractall(place, filter="data")
        database = place / DATABASE[connection.vendor]
        if _digest(database) != manifest["database_sha256"]:
            raise FolkmootError(
                "The backup is damaged: its database is not what was saved. Nothing was changed."
            )
        _put_database(database)
        kept = pathlib.Path(settings.ORIGINALS)
        shutil.rmtree(kept, ignore_errors=True)
        if (place / "originals").is_dir():
            (place / "originals").replace(kept)
    call_command("migrate", verbosity=0, interactive=False)
    again, narrowed = _carry_out(known)
    again += withdrawal.carry_out(known.others)
    knew = bool(known.withdrawn or known.others)
    return BroughtBack(manifest["made_at"], manifest["originals"], again, narrowed, knew)


def _carry_out(known: wishes.Wishes) -> tuple[int, int]:
    """Withdraw again, and narrow consent again, whatever the backup is too old to know of."""
    again = narrowed = 0
    numbers = {pk for pk, _ in (*known.withdrawn, *known.consents)}
    for source in list(Source.objects.filter(state=Source.State.LIVE)):
        if source.pk not in numbers:
            continue
        key = wishes.key_of(source.pk, source.created_at)
        if key in known.withdrawn:
            withdraw_source(source, reason="Withdrawn before this backup was brought back.", by=TheInstance())
            again += 1
        elif wishes.narrower(known.consents.get(key, source.consent), source.consent):
            set_consent(source, consent=known.consents[key], expected=source.version, by=TheInstance())
            narrowed += 1
    return again, narrowed


def _manifest(backup: pathlib.Path) -> dict[str, Any]:
    if not backup.is_file():
        raise FolkmootError(f"There is no file {backup.name}.")
    try:
        with tarfile.open(backup) as archive:
            member = archive.extractfile("manifest.json")
            manifest: dict[str, Any] = json.loads(member.read()) if member else {}
    except (tarfile.TarError, KeyError, OSError, ValueError):
        raise FolkmootError(f"{backup.name} is no backup that folkmoot made.") from None
    if manifest.get("format") != FORMAT:
        raise FolkmootError(f"{backup.name} was made by another version of folkmoot.")
    return manifest


def _copy_database(target: pathlib.Path) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("vacuum into %s", [str(target)])
        return
    from django.apps import apps

    with transaction.atomic(), target.open("w", encoding="utf-8") as file:
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read read only")
        for model in serializers.sort_dependencies([(one, None) for one in apps.get_app_configs()]):
            if model._meta.label_lower not in NOT_SAVED and not model._meta.proxy:
                serializers.serialize("jsonl", model._default_manager.order_by("pk").iterator(), stream=file)


def _put_database(source: pathlib.Path) -> None:
    if connection.vendor == "sqlite":
        name = pathlib.Path(str(connection.settings_dict["NAME"]))
        connection.close()
        for ending in ("-wal", "-shm"):
            name.with_name(name.name + ending).unlink(missing_ok=True)
        source.replace(name)
        return
    call_command("migrate", verbosity=0, interactive=False)
    call_command("flush", verbosity=0, interactive=False)
    call_command("loaddata", str(source), verbosity=0)


def _holds_something() -> bool:
    try:
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
        return "audit_event" in tables and _rows_in("audit_event") > 0
    except DatabaseError:
        return False


def _rows_in(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {connection.ops.quote_name(table)}")
        return int(cursor.fetchone()[0])


def _write_down() -> wishes.Wishes:
    """What the file and this database know together; the file has all of it when this returns."""
    kept = wishes.read()
    withdrawn: set[wishes.Key] = set()
    consents: dict[wishes.Key, str] = {}
    others: set[wishes.Other] = set()
    try:
        for pk, made, state, consent in Source.objects.values_list("pk", "created_at", "state", "consent"):
            key = wishes.key_of(pk, made)
            if state == Source.State.WITHDRAWN:
                withdrawn.add(key)
            elif wishes.narrower(consent, kept.consents.get(key, Source.Consent.QUOTE)):
                consents[key] = consent
        others.update(withdrawal.known())
    except DatabaseError:
        pass  # a folder without a database yet: the file alone knows
    wishes.add(
        wishes.Wishes(frozenset(withdrawn - kept.withdrawn), consents, frozenset(others - kept.others))
    )
    return wishes.Wishes(kept.withdrawn | withdrawn, {**kept.consents, **consents}, kept.others | others)


def _digest(path: pathlib.Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
