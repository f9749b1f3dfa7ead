"""Places, outlines and counts of people from the command line: each file by itself, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from folkmoot.communities.bringing_in import Asked as File
from folkmoot.communities.bringing_in import carry_out, foresee
from folkmoot.core.errors import FolkmootError
from folkmoot.project.commands.importers import Asked, Outcome
from folkmoot.sources.intake import Incoming


def import_places(files: Sequence[Incoming], asked: Asked) -> Outcome:
    """Lookups, outlines and counts for an organisation, or (shared with the network or the public) for all."""
    options = asked.options
    visibility = options.visibility or "own"
    if visibility == "team":
        raise FolkmootError("Places and counts belong to an organisation or to the network, not to a team.")
    if visibility == "own" and asked.organisation is None:
        raise FolkmootError(
            "Say for which organisation, with --organisation SLUG, or share it with --visibility network."
        )
    _day(options.counted_on)
    read = used = 0
    set_aside, refused, notes = [], [], []
    for number, incoming in enumerate(files):
        asked.progress(incoming.name, number, len(files))
        one = File(
            what=options.kind,
            filename=incoming.name,
            organisation_id=asked.organisation.pk if visibility == "own" and asked.organisation else None,
            visibility=visibility,
            source=options.source,
            vintage=options.vintage,
            read_as=options.read_as,
            counted_on=options.counted_on or "",
            off_by=options.off_by,
            characteristic=options.characteristic,
            special=options.special,
        )
        try:
            content = incoming.read()
            foreseen = foresee(one, content, by=asked.by)
            if not asked.dry_run:
                carry_out(one, content, by=asked.by)
        except FolkmootError as error:
            said = str(error)
            refused.append(said if incoming.name in said else f"{incoming.name}: {said}")
            continue
        read, used = read + foreseen.read, used + foreseen.used
        set_aside += [{"file": incoming.name, "row": row, "reason": why} for row, why in foreseen.set_aside]
        told = foreseen.sentences if asked.dry_run else ()
        notes += [f"{incoming.name}: {sentence}" for sentence in (*told, *foreseen.notes)]
    asked.progress("", len(files), len(files))
    return Outcome(read, used, set_aside, refused=refused, notes=notes)


def _day(text: str | None) -> None:
    try:
        if text:
            date.fromisoformat(text)
    except ValueError:
        raise FolkmootError(f"“{text}” is no day: write it as 2021-03-21.") from None
