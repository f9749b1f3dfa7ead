"""What plans and the board give to an export: their rows as they are, for their owner alone.

Runs, tables and findings go with the plans they belong to. What does not belong here: who may export
(``project.commands.export_`` asks the policies first).
"""

from __future__ import annotations

import pathlib
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Model, Q

from folkmoot.evaluations.models import (
    Dataset,
    Departure,
    Finding,
    FindingMark,
    Offer,
    Plan,
    Request,
    Rival,
    Run,
    Sight,
)

Part = tuple[str, Iterable[dict[str, Any]] | bytes]
# each kind of row with the path to the row that has an owner
KINDS: tuple[tuple[str, type[Model], str], ...] = (
    ("plans", Plan, ""),
    ("rivals", Rival, "plan__"),
    ("departures", Departure, "plan__"),
    ("sights", Sight, "plan__"),
    ("evaluation-requests", Request, ""),
    ("evaluation-offers", Offer, ""),
    ("evaluation-tables", Dataset, "plan__"),
    ("evaluation-runs", Run, "plan__"),
    ("evaluation-findings", Finding, ""),
    ("evaluation-finding-marks", FindingMark, "finding__"),
)


def parts(*, organisation_ids: Collection[int], team_ids: Collection[int]) -> Iterator[Part]:
    """Named parts of the export: rows for files of JSON lines, then the tables as they were brought."""
    for name, kind, path in KINDS:
        yield f"{name}.jsonl", _rows(kind, _own(path, organisation_ids, team_ids))
    tables = Dataset.objects.filter(_own("plan__", organisation_ids, team_ids), erased_at=None)
    for pk, name, kept_as in tables.values_list("pk", "name", "kept_as"):
        path_ = pathlib.Path(settings.ORIGINALS) / kept_as
        if kept_as and path_.is_file():
            yield f"evaluation-tables/{pk}/{pathlib.PurePath(name).name or 'table'}", path_.read_bytes()


def _own(path: str, organisation_ids: Collection[int], team_ids: Collection[int]) -> Q:
    return Q(**{f"{path}organisation__in": list(organisation_ids)}) | Q(**{f"{path}team__in": list(team_ids)})


def _rows(kind: type[Model], own: Q) -> Iterator[dict[str, Any]]:
    yield from kind._default_manager.filter(own).order_by("pk").values().iterator(chunk_size=2000)
