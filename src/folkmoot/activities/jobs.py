"""The long work of this room, as the worker does it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from folkmoot.activities.actions.importing import BRING, LOOK, UNDO, undo_import
from folkmoot.activities.importing.carrying import bring_in, look_through
from folkmoot.activities.models import ActivityImport
from folkmoot.core.errors import FolkmootError
from folkmoot.jobs.models import Job
from folkmoot.jobs.registry import Progress, register
from folkmoot.organisations.models import User


def look(job: Job, progress: Progress) -> dict[str, Any]:
    """Look an import through."""
    found = look_through(_import_of(job), by=_person(job), tell=progress)
    return _account("It would bring in", found, "See what would happen")


def bring(job: Job, progress: Progress) -> dict[str, Any]:
    """Bring an import in."""
    found = bring_in(_import_of(job), by=_person(job), tell=progress)
    return _account("Brought in", found, "See the import")


def undo(job: Job, progress: Progress) -> dict[str, Any]:
    """Take out what an import brought in."""
    import_ = _import_of(job)
    if import_.state == ActivityImport.State.UNDONE:  # a worker died once it was done
        number = import_.used
    else:
        corrected = bool(job.arguments["even_corrected"])
        number = undo_import(import_, even_corrected=corrected, by=_person(job), tell=progress)
    return {
        "sentence": f"{number:,} activities were taken out again.",
        "url": reverse("activity_import", args=[import_.pk]),
        "link": "See the import",
    }


def _person(job: Job) -> User:
    if job.asked_by is None:
        raise FolkmootError("Whoever asked for this has no account any more, so it was not done.")
    person: User = job.asked_by
    return person


def _import_of(job: Job) -> ActivityImport:
    found = ActivityImport.objects.filter(pk=job.arguments["import"], organisation=job.organisation).first()
    if found is None:
        raise FolkmootError("The import was dropped meanwhile, so there is nothing to do.")
    import_: ActivityImport = found
    return import_


def _account(verb: str, found: ActivityImport, link: str) -> dict[str, Any]:
    return {
        "sentence": f"{verb} {found.used:,} of {found.read:,} rows; {found.set_aside:,} set aside.",
        "url": reverse("activity_import", args=[found.pk]),
        "link": link,
    }


def make_known() -> None:
    """Name this room's work to the worker."""
    register(LOOK, look)
    register(BRING, bring)
    register(UNDO, undo)
