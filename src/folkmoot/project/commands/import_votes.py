"""``folkmoot import votes``: a Pol.is export or a plain table, for an organisation."""

from __future__ import annotations

from collections.abc import Sequence

from folkmoot.core.errors import FolkmootError
from folkmoot.heard.actions import import_conversation
from folkmoot.heard.policies import require_keep
from folkmoot.heard.votes.reading import read_votes
from folkmoot.project.commands.importers import Asked, Outcome
from folkmoot.sources.intake import Incoming


def import_votes(files: Sequence[Incoming], asked: Asked) -> Outcome:
    """All files together are one conversation; every row is used or set aside with its reason."""
    if asked.organisation is None:
        raise FolkmootError("Say for whom, with --organisation.")
    require_keep(asked.by, organisation_id=asked.organisation.pk)
    handed = []
    for place, one in enumerate(files):
        asked.progress(one.name, place, len(files))
        handed.append((one.name, one.read()))
    taken = read_votes(handed)
    aside = [{"file": file, "row": row, "reason": reason} for file, row, reason in taken.set_aside]
    notes = list(taken.notes)
    if not asked.dry_run:
        made = import_conversation(handed, organisation=asked.organisation, by=asked.by)
        notes.append(f"“{made.title}”: {made.people} people, {made.cast} votes.")
    asked.progress("", len(files), len(files))
    return Outcome(taken.read, taken.used, aside, notes=notes)
