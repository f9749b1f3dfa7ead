"""Studies with their marks from the command line."""

from __future__ import annotations

from collections.abc import Sequence

from folkmoot.evidence.importing import take_in_studies
from folkmoot.organisations.models import Organisation, ResearchTeam
from folkmoot.project.commands.importers import Asked, Outcome
from folkmoot.project.commands.people import team_for
from folkmoot.sources.intake import Incoming


def import_studies(files: Sequence[Incoming], asked: Asked) -> Outcome:
    """Studies for an organisation, or for a team that is named; everything or nothing."""
    owner: Organisation | ResearchTeam | None = asked.organisation
    if asked.options.team:
        owner = team_for(asked.by, slug=asked.options.team)
    own = "team" if isinstance(owner, ResearchTeam) else "own"
    said = asked.options.visibility
    asked.progress(files[0].name if files else "", 0, len(files))
    taken = take_in_studies(
        [(one.name, one.size, one.read) for one in files],
        owner=owner,
        visibility=own if said in {None, "own", "team"} else said,
        dry_run=asked.dry_run,
        by=asked.by,
    )
    asked.progress("", len(files), len(files))
    return Outcome(taken.read, taken.used, taken.set_aside, notes=[f"{taken.studies} studies"])
