"""Which room reads which kind of file. A kind's importer is named here and loaded when it is asked for.

An importer is ``importer(files, asked) -> Outcome``. It refuses with a ``FolkmootError``, checks
what the person may do, stores everything or nothing, and stores nothing where ``asked.dry_run``.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from folkmoot.core.errors import FolkmootError

if TYPE_CHECKING:
    from folkmoot.organisations.models import Organisation, User
    from folkmoot.sources.intake import Incoming


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, for whom, and with which options of the command line."""

    kind: str
    by: User
    organisation: Organisation | None
    dry_run: bool
    options: argparse.Namespace
    progress: Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was read, used and set aside ({file, row, reason}); ``refused`` names files that were not read."""

    read: int
    used: int
    set_aside: Sequence[dict[str, Any]]
    refused: Sequence[str] = ()
    notes: Sequence[str] = field(default=())


Importer = Callable[[Sequence["Incoming"], Asked], Outcome]

IMPORTERS = {
    "transcript": "folkmoot.project.commands.import_documents:import_transcripts",
    "strategy": "folkmoot.project.commands.import_documents:import_documents",
    "action-plan": "folkmoot.project.commands.import_documents:import_documents",
    "policy": "folkmoot.project.commands.import_documents:import_documents",
    "minute": "folkmoot.project.commands.import_documents:import_documents",
    "comments": "folkmoot.project.commands.import_documents:import_documents",
    "literature": "folkmoot.project.commands.import_documents:import_documents",
    "activities": "folkmoot.project.commands.import_activities:import_activities",
    "study": "folkmoot.project.commands.import_studies:import_studies",
    "survey": "folkmoot.project.commands.import_surveys:import_survey",
    "series": "folkmoot.project.commands.import_surveys:import_series",
    "places": "folkmoot.project.commands.import_places:import_places",
    "population": "folkmoot.project.commands.import_places:import_places",
    "votes": "folkmoot.project.commands.import_votes:import_votes",
}


def importer_of(kind: str) -> Importer:
    """The importer of a kind; refuses where this version has none."""
    room, _, name = IMPORTERS[kind].partition(":")
    found: Importer | None = None
    if find_spec(room):
        found = getattr(importlib.import_module(room), name, None)
    if found is None:
        raise FolkmootError(f"This version cannot import files of kind “{kind}” yet.")
    return found
