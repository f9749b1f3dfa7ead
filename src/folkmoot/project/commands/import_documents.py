"""Interviews and documents from the command line."""

from __future__ import annotations

import argparse
import pathlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from folkmoot.core.errors import BadImport, FolkmootError
from folkmoot.organisations.ownership import Owner, owned_by
from folkmoot.organisations.policies import require_edit_for
from folkmoot.project.commands.importers import Asked, Outcome
from folkmoot.project.commands.people import team_for
from folkmoot.sources.actions import import_sources
from folkmoot.sources.intake import Incoming, account_of, take_in
from folkmoot.sources.known import known_file
from folkmoot.sources.models import Import, ProtectedName


def import_transcripts(files: Sequence[Incoming], asked: Asked) -> Outcome:
    """Interviews, for the research team of the person: one team's own, never an employer's."""
    team = team_for(asked.by, slug=asked.options.team)
    return _import(files, asked, kind="transcript", owner=team, consent=asked.options.consent or "count")


def import_documents(files: Sequence[Incoming], asked: Asked) -> Outcome:
    """Strategies and other documents, for an organisation, or for a team that is named."""
    owner: Owner | None = asked.organisation
    if asked.options.team:
        owner = team_for(asked.by, slug=asked.options.team)
    if owner is None:
        raise FolkmootError("Say whose document it is, with --organisation.")
    kind = asked.kind.replace("-", " ")
    return _import(files, asked, kind=kind, owner=owner, consent=asked.options.consent or "quote")


def _import(files: Sequence[Incoming], asked: Asked, *, kind: str, owner: Owner, consent: str) -> Outcome:
    said = asked.options
    names = _names(said)
    if asked.dry_run:
        return _try(files, asked, owner=owner, names=names)
    imported = import_sources(
        files,
        kind=kind,
        owner=owner,
        visibility="" if said.visibility in {None, "own", "team"} else said.visibility,
        consent=consent,
        recruitment=said.recruitment,
        missing_people=said.missing_people,
        setting=said.setting,
        held_on=_day(said.held_on),
        names=names,
        published=said.published,
        progress=asked.progress,
        by=asked.by,
    )
    return _outcome(imported)


def _outcome(imported: Import) -> Outcome:
    refused = [
        f"{one['name']}: {one['refused']}" for one in imported.files if one["refused"] and not one["known"]
    ]
    met = [f"{one['name']}: {one['refused']}" for one in imported.files if one["known"]]
    return Outcome(
        imported.read, imported.used, imported.set_aside, refused=refused, notes=[*met, *imported.notes]
    )


def _try(files: Sequence[Incoming], asked: Asked, *, owner: Owner, names: list[str]) -> Outcome:
    """What an import would do, without doing it."""
    columns: dict[str, Any] = owned_by(owner)
    require_edit_for(asked.by, **{f"{name}_id": row.pk if row else None for name, row in columns.items()})
    listed = ProtectedName.objects.filter(team=columns["team"]) if columns["team"] else ()
    taken = take_in(
        files,
        names=[*(row.name for row in listed), *names],
        known=lambda sha256: known_file(owner, sha256),
        progress=asked.progress,
    )
    if all(one.refused and not one.known for one in taken):
        raise BadImport(" ".join(f"{one.name}: {one.refused}" for one in taken))
    account = account_of(taken)
    return Outcome(
        account.read,
        account.used,
        account.set_aside,
        refused=[f"{one.name}: {one.refused}" for one in taken if one.refused and not one.known],
        notes=[f"{one.name}: {one.refused}" for one in taken if one.known],
    )


def _names(said: argparse.Namespace) -> list[str]:
    if not said.names:
        return []
    try:
        lines = pathlib.Path(said.names).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise FolkmootError(
            "The list of names cannot be read: it is text in UTF-8, one name on a line."
        ) from None
    return [line.strip() for line in lines if line.strip()]


def _day(words: str | None) -> date | None:
    if not words:
        return None
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise FolkmootError(f"“{words}” is no day: write it as 2026-11-23.") from None
