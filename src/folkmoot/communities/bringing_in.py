"""An import by page or as background work: what would happen, and doing it, from the same answers.

What does not belong here: reading (``importing``) and storing (``actions``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.urls import reverse

from folkmoot.communities import keeping
from folkmoot.communities.actions.bringing_in import bring_in_counts, bring_in_places
from folkmoot.communities.counting import Said, already_here, plan_counts
from folkmoot.communities.importing.counted import read_counts
from folkmoot.communities.models import Import
from folkmoot.communities.planning import plan_places, read_places
from folkmoot.communities.policies import require_bring_in
from folkmoot.core.errors import FolkmootError
from folkmoot.jobs.models import Job
from folkmoot.jobs.registry import Progress
from folkmoot.organisations.models import Organisation, User

KIND = "communities.bring_in"
LONG = 30_000  # rows to be written: more than a few seconds


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would happen to a file: sentences, how its rows fare, and how much would be written."""

    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    reasons: tuple[tuple[str, int], ...]
    read: int
    used: int
    set_aside: tuple[tuple[int, str], ...]
    writes: int

    @property
    def is_long(self) -> bool:
        return self.writes > LONG


@dataclass(frozen=True, slots=True)
class Asked:
    """One file with everything that was said of it; plain values, so that they can wait in a job."""

    what: str
    filename: str
    organisation_id: int | None
    visibility: str
    source: str = ""
    vintage: int | None = None
    read_as: int | None = None
    counted_on: str = ""
    off_by: int | None = None
    characteristic: str = ""
    special: bool = False

    @property
    def organisation(self) -> Organisation | None:
        return None if self.organisation_id is None else Organisation.objects.get(pk=self.organisation_id)

    @property
    def said(self) -> Said:
        return Said(
            source=self.source,
            counted_on=date.fromisoformat(self.counted_on) if self.counted_on else None,
            off_by=self.off_by,
            vintage=self.vintage,
            read_as=self.read_as,
            characteristic=self.characteristic,
            special=self.special,
        )


def foresee(asked: Asked, content: bytes, *, by: User) -> Foreseen:
    """Read the file and work out what it would do; writes nothing. Refuses as the import itself would."""
    owner = asked.organisation
    require_bring_in(by, organisation=owner)
    known = already_here(sha256(content).hexdigest(), owner=owner)
    if known is not None:
        raise FolkmootError(
            f"{asked.filename} is here already: it was brought in on {known.created_at:%d %B %Y}."
        )
    plan: Any
    taken: Any
    if asked.what == "places":
        taken = read_places(asked.filename, content, vintage=asked.vintage)
        plan = plan_places(taken, owner=owner)
        writes = len(plan.new) + len(plan.links) + len(plan.outlines)
    else:
        taken = read_counts(asked.filename, content, vintage=asked.vintage)
        plan = plan_counts(taken, said=asked.said, owner=owner, by=by)
        writes = plan.cells
    reasons: dict[str, int] = {}
    for _, reason in taken.set_aside:
        reasons[reason] = reasons.get(reason, 0) + 1
    return Foreseen(
        tuple(plan.sentences),
        (*taken.notes, *plan.notes),
        tuple(sorted(reasons.items(), key=lambda one: -one[1])),
        taken.read,
        taken.used,
        tuple(taken.set_aside),
        writes,
    )


def carry_out(asked: Asked, content: bytes, *, by: User) -> Import:
    """Do it, in one transaction."""
    owner = asked.organisation
    if asked.what == "places":
        return bring_in_places(
            asked.filename,
            content,
            organisation=owner,
            visibility=asked.visibility,
            source=asked.source,
            vintage=asked.vintage,
            by=by,
        )
    return bring_in_counts(
        asked.filename, content, organisation=owner, visibility=asked.visibility, said=asked.said, by=by
    )


def work(job: Job, progress: Progress) -> dict[str, Any]:
    """The same as background work; a second beginning finds the file here and says so."""
    if job.asked_by is None:
        raise FolkmootError("Whoever asked for this has no account any more.")
    arguments = dict(job.arguments)
    kept = arguments.pop("kept")
    asked = Asked(**arguments)
    progress(0, 2, "Reading the file")
    content = keeping.kept(kept)
    progress(1, 2, "Storing")
    brought = carry_out(asked, content, by=job.asked_by)
    keeping.let_go(kept)
    return {
        "sentence": f"Read {brought.read:,}, used {brought.used:,}, set aside {brought.set_aside:,}.",
        "url": reverse("places_imported", args=[brought.pk]),
        "link": "See what came in",
    }
