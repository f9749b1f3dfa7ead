"""Studies with their marks from the command line, and references that wait to be read.

Which of the two a file is follows from what is in it: a table with a column “study” holds studies; RIS,
BibTeX and other tables with a column “title” hold references.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from folkmoot.core.errors import FolkmootError
from folkmoot.evidence.importing import take_in_studies
from folkmoot.evidence.references.bringing import holds_references, take_in_references
from folkmoot.organisations.models import Organisation, ResearchTeam
from folkmoot.project.commands.importers import Asked, Outcome
from folkmoot.project.commands.people import team_for
from folkmoot.sources.intake import Incoming


def import_studies(files: Sequence[Incoming], asked: Asked) -> Outcome:
    """Studies, or references, for an organisation, or for a team that is named; everything or nothing."""
    owner: Organisation | ResearchTeam | None = asked.organisation
    if asked.options.team:
        owner = team_for(asked.by, slug=asked.options.team)
    own = "team" if isinstance(owner, ResearchTeam) else "own"
    said = asked.options.visibility
    visibility = own if said in {None, "own", "team"} else said
    listed = [(one.name, one.size, one.read) for one in files]
    kinds = {holds_references(name, size, read) for name, size, read in listed}
    if len(kinds) > 1:
        raise FolkmootError("Some of these files hold studies and some references: bring them in apart.")
    asked.progress(files[0].name if files else "", 0, len(files))
    given: dict[str, Any] = {
        "owner": owner,
        "visibility": visibility,
        "dry_run": asked.dry_run,
        "by": asked.by,
    }
    if kinds == {True}:
        brought = take_in_references(listed, **given)
        outcome = Outcome(brought.read, brought.used, brought.set_aside, notes=brought.notes)
    else:
        taken = take_in_studies(listed, **given)
        outcome = Outcome(taken.read, taken.used, taken.set_aside, notes=[f"{taken.studies} studies"])
    asked.progress("", len(files), len(files))
    return outcome
