"""What people took back, kept in a file beside the database, because a backup of the database may be older.

``withdrawals.jsonl`` in the instance's folder has one line for each withdrawal and each change of consent:
a source's number, the moment it was made (the two together name it in every backup) and when it was
said; never a title or a name. Rooms above have lines of their own, with the kind of row. It is only ever added to. What does not belong here: carrying it out.
"""

from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from folkmoot.core.errors import FolkmootError
from folkmoot.sources.models import Source

Key = tuple[int, str]
Other = tuple[str, int, str]  # a row of a room above: its kind, its number, when it was made
# how much others may be told, from least to most
ORDER = (Source.Consent.COUNT, Source.Consent.PARAPHRASE, Source.Consent.QUOTE)


@dataclass(frozen=True, slots=True)
class Wishes:
    """Which sources and which rows of other rooms were withdrawn, and the consent last said of other sources."""

    withdrawn: frozenset[Key] = frozenset()
    consents: Mapping[Key, str] = field(default_factory=dict)
    others: frozenset[Other] = frozenset()


def place() -> pathlib.Path:
    return pathlib.Path(settings.DIR) / "withdrawals.jsonl"


def key_of(pk: int, created_at: datetime) -> Key:
    """The name of a source in every backup. To the millisecond: a backup of PostgreSQL keeps no more."""
    return pk, created_at.astimezone(UTC).isoformat(timespec="milliseconds")


def remember_withdrawal(source: Source) -> None:
    """Write it down once it is committed."""
    key = key_of(source.pk, source.created_at)
    transaction.on_commit(lambda: add(Wishes(frozenset({key}), {})))


def remember_consent(source: Source) -> None:
    """Write down what was agreed to last, once it is committed."""
    key, consent = key_of(source.pk, source.created_at), source.consent
    transaction.on_commit(lambda: add(Wishes(frozenset(), {key: consent})))


def narrower(one: str, other: str) -> bool:
    return ORDER.index(Source.Consent(one)) < ORDER.index(Source.Consent(other))


def read() -> Wishes:
    """Everything the file says. Refuses a file with a line that cannot be read: it may be a withdrawal."""
    try:
        lines = place().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return Wishes()
    withdrawn: set[Key] = set()
    consents: dict[Key, str] = {}
    others: set[Other] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            if said["wish"] == "withdrawn" and "of" in said:
                others.add((str(said["of"]), int(said["number"]), str(said["created_at"])))
                continue
            key = int(said["source"]), str(said["created_at"])
            if said["wish"] == "withdrawn":
                withdrawn.add(key)
            else:
                consents[key] = Source.Consent(said["consent"]).value
        except (ValueError, KeyError, TypeError):
            raise FolkmootError(
                f"Line {number} of {place().name} cannot be read, and it may be a withdrawal. Mend that line first."
            ) from None
    return Wishes(frozenset(withdrawn), consents, frozenset(others))


def add(wishes: Wishes) -> None:
    """Add these lines; they are on the disk when this returns."""
    when = timezone.now().isoformat(timespec="seconds")
    rows: list[dict[str, object]] = [
        {"wish": "withdrawn", "source": pk, "created_at": made, "when": when}
        for pk, made in sorted(wishes.withdrawn)
    ]
    rows += [
        {"wish": "consent", "consent": str(consent), "source": pk, "created_at": made, "when": when}
        for (pk, made), consent in sorted(wishes.consents.items())
    ]
    rows += [
        {"wish": "withdrawn", "of": kind, "number": pk, "created_at": made, "when": when}
        for kind, pk, made in sorted(wishes.others)
    ]
    if not rows:
        return
    text = "".join(json.dumps(row) + "\n" for row in rows)
    place().parent.mkdir(parents=True, exist_ok=True)
    with place().open("a+b") as file:
        if file.tell() and not _ends_whole(file.fileno(), file.tell()):
            text = "\n" + text  # a machine that stopped in the middle of a line must not swallow the next
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    place().chmod(0o600)


def _ends_whole(handle: int, size: int) -> bool:
    return os.pread(handle, 1, size - 1) == b"\n"
