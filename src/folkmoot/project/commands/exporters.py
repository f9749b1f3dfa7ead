"""Which room writes which export. Named here, loaded when asked for.

An exporter of one kind is ``exporter(path, asked) -> int`` (rows written). A room's part of
``everything`` is ``parts(*, organisation_ids, team_ids)``: names with rows or bytes.
"""

from __future__ import annotations

import importlib
import pathlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from folkmoot.core.errors import FolkmootError

if TYPE_CHECKING:
    from folkmoot.organisations.models import Organisation, User


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, for which organisation, and for which of the person's research teams."""

    by: User
    organisation: Organisation
    team_ids: tuple[int, ...]


Exporter = Callable[[pathlib.Path, Asked], int]

EXPORTERS = {
    "everything": "folkmoot.project.commands.export_everything:export_everything",
    "activities": "folkmoot.activities.exporting:export_activities",
    "claims": "folkmoot.coding.exporting:export_claims",
    "evidence": "folkmoot.evidence.exporting:export_evidence",
    "concerns": "folkmoot.heard.exporting:export_concerns",
    "votes": "folkmoot.heard.exporting:export_votes",
}
# the kinds of file that each is written as: another ending would promise what the file is not
ENDINGS = {
    "everything": ("zip",),
    "activities": ("csv", "xlsx"),
    "claims": ("csv", "xlsx"),
    "evidence": ("csv",),
    "concerns": ("csv",),
    "votes": ("zip",),
}
# every room that owns rows; one that has no such module yet has nothing to add
PARTS = (
    "folkmoot.sources.exporting",
    "folkmoot.strategies.exporting",
    "folkmoot.mechanisms.exporting",
    "folkmoot.coding.exporting",
    "folkmoot.activities.exporting",
    "folkmoot.surveys.exporting",
    "folkmoot.heard.exporting",
    "folkmoot.evaluations.exporting",
    "folkmoot.evidence.exporting",
    "folkmoot.briefings.exporting",
)


def exporter_of(kind: str) -> Exporter:
    """The exporter of a kind; refuses where this version has none."""
    room, _, name = EXPORTERS[kind].partition(":")
    found: Exporter | None = None
    if find_spec(room):
        found = getattr(importlib.import_module(room), name, None)
    if found is None:
        raise FolkmootError(f"This version cannot export “{kind}” yet.")
    return found


def require_ending(kind: str, *, path: pathlib.Path) -> None:
    """Refuse a file whose ending is not one that this kind is written as."""
    endings = [f".{one}" for one in ENDINGS[kind]]
    if path.suffix.lower() not in endings:
        asked = f"not as “{path.suffix}”" if path.suffix else "and the name says neither"
        if len(endings) == 1 and not path.suffix:
            asked = "and the name does not say so"
        raise FolkmootError(f"“{kind}” is written as {' or '.join(endings)}, {asked}: nothing was written.")


def rooms() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Each room with something to add to ``everything``, by its name."""
    for path in PARTS:
        if find_spec(path):
            parts = getattr(importlib.import_module(path), "parts", None)
            if parts is not None:
                yield path.split(".")[1], parts
