"""References from several files at once, as the command line brings them in: all or nothing.

What looks like one that is here comes in all the same, and is joined or kept apart by somebody on its page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from folkmoot.core.errors import BadImport
from folkmoot.evidence import actions
from folkmoot.evidence.models import Reference
from folkmoot.evidence.references.reading import LARGEST
from folkmoot.evidence.references.waiting import alike_of
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import Owner

File = tuple[str, int, Callable[[], bytes]]
# a table of studies names the study and its factor; a reference manager's has neither
OF_STUDIES = {"study", "factor"}
OF_REFERENCES = {"title", "document title", "article title"}


@dataclass(slots=True)
class Brought:
    """The account: references read = used + set aside."""

    read: int = 0
    used: int = 0
    set_aside: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _DryRun(Exception):
    """Takes back what a dry run stored."""


def holds_references(name: str, size: int, read: Callable[[], bytes]) -> bool:
    """Whether a file holds references rather than studies with their marks; told by its content."""
    if size > LARGEST:
        return False  # refused in its own words by whoever reads tables of studies
    start = read()[:4096].decode("utf-8-sig", errors="replace").lstrip()
    if re.search(r"^TY {1,2}-", start, re.MULTILINE) or re.match(r"[@%]", start):
        return True
    head = start.splitlines()[0].casefold() if start else ""
    columns = {one.strip() for one in re.split(r"[,;\t\"]+", head)}
    return bool(columns & OF_REFERENCES) and not columns & OF_STUDIES


def take_in_references(
    files: Sequence[File], *, owner: Owner | None, visibility: str, dry_run: bool = False, by: User
) -> Brought:
    """Put the references of these files on the waiting list; with ``dry_run`` only the account is kept."""
    brought = Brought()
    try:
        with transaction.atomic():
            for name, size, read in files:
                if size > LARGEST:
                    raise BadImport(f"{name} is larger than 20 MB. Export fewer references at a time.")
                _one(name, read(), brought, owner=owner, visibility=visibility, by=by)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return brought


def _one(
    name: str, content: bytes, brought: Brought, *, owner: Owner | None, visibility: str, by: User
) -> None:
    looked = actions.look_at_references(name, content=content, owner=owner, visibility=visibility, by=by)
    done = actions.bring_in_references(looked, leave_out_same=False, expected=looked.version, by=by)
    brought.read += done.read
    brought.used += done.used
    brought.set_aside += [{"file": name, **one} for one in done.set_aside]
    alike = len(alike_of(Reference.objects.filter(came_in=done).defer("abstract"), viewer=by))
    brought.notes.append(f"{done.used} references wait to be read")
    if alike:
        brought.notes.append(
            f"{alike} of them look like one that is here: say on the page of each whether it is the same"
        )
