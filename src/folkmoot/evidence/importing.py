"""Bringing in studies with their marks from a table: every row used, or set aside with its reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from folkmoot.core.errors import BadImport, FolkmootError, NotAllowed
from folkmoot.core.letters import letters_of
from folkmoot.evidence import actions
from folkmoot.evidence.limits import require_reach
from folkmoot.evidence.models import Mark, Study
from folkmoot.evidence.table import COLUMNS, NEEDED, day_in, mark_details, study_details
from folkmoot.mechanisms.models import Factor
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import Owner, ids_of, owned_by
from folkmoot.organisations.policies import require_edit_for
from folkmoot.organisations.visibility import visible

LARGEST = 20_000_000
MOST_ROWS = 50_000


@dataclass(slots=True)
class Taken:
    """The account of an import: rows read = rows used + rows set aside."""

    read: int = 0
    used: int = 0
    set_aside: list[dict[str, Any]] = field(default_factory=list)
    studies: int = 0

    def aside(self, file: str, row: int, reason: str) -> None:
        self.set_aside.append({"file": file, "row": row, "reason": reason})


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file with its number as a spreadsheet shows it."""

    file: str
    number: int
    cells: dict[str, str]


class _DryRun(Exception):
    """Takes back what a dry run stored."""


def take_in_studies(
    files: Sequence[tuple[str, int, Callable[[], bytes]]],
    *,
    owner: Owner | None,
    visibility: str,
    dry_run: bool = False,
    by: User,
) -> Taken:
    """Store the studies of these tables, all in one transaction; with ``dry_run`` only the account is kept."""
    require_edit_for(by, **ids_of(owner))
    require_reach(owner, visibility)
    lines = [line for name, size, read in files for line in _lines(name, size, read)]
    taken = Taken(read=len(lines))
    try:
        with transaction.atomic():
            _store(lines, taken, owner=owner, visibility=visibility, by=by)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    taken.set_aside.sort(key=lambda one: (one["file"], one["row"]))
    return taken


def _lines(name: str, size: int, read: Callable[[], bytes]) -> list[Line]:
    if size > LARGEST:
        raise BadImport(f"{name} is larger than {LARGEST // 1_000_000} MB; no table of studies is.")
    found = letters_of(read())
    if found is None or "\x00" in found.text:
        raise BadImport(f"{name} is no table of text. Save it as “CSV UTF-8” first.")
    try:
        rows = list(csv.reader(io.StringIO(found.text, newline=""), strict=True))
    except csv.Error as error:
        raise BadImport(f"{name} cannot be read as a table: {error}.") from None
    head = [cell.strip().casefold() for cell in rows[0]] if rows else []
    missing = [column for column in (*NEEDED, "factor", "sign") if column not in head]
    if missing:
        raise BadImport(f"{name} has no column {', '.join(missing)}. The columns are: {', '.join(COLUMNS)}.")
    if len(set(head)) != len(head):
        raise BadImport(f"{name} has a column twice.")
    if len(rows) > MOST_ROWS:
        raise BadImport(f"{name} has more than {MOST_ROWS:,} rows.")
    return [
        Line(name, number, {column: _plain(cell) for column, cell in zip(head, row, strict=False)})
        for number, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]


def _plain(cell: str) -> str:
    """The cell without the apostrophe that keeps a spreadsheet from running it."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@" and len(text) > 1 else text


def _store(lines: list[Line], taken: Taken, *, owner: Owner | None, visibility: str, by: User) -> None:
    grouped: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        name = line.cells.get("study", "")
        if name:
            grouped.setdefault((line.file, name), []).append(line)
        else:
            taken.aside(line.file, line.number, "There is nothing under study.")
    factors = _Factors(by)
    made: dict[str, Study] = {}
    for (_, name), rows in grouped.items():
        study = _study(rows, taken, owner=owner, visibility=visibility, by=by)
        if study is not None:
            made[name] = study
            _marks(study, rows, taken, factors=factors, by=by)
            _aftermath(study, rows, taken, by=by)
    for (_, name), rows in grouped.items():
        if name in made:
            _pools(made[name], rows[0], taken, made=made, by=by)
    taken.studies = len(made)


def _study(rows: list[Line], taken: Taken, *, owner: Owner | None, visibility: str, by: User) -> Study | None:
    first = rows[0]
    try:
        details = study_details(first.cells)
        day_in(first.cells, "retracted_on")
        _require_new(details, owner)
        return actions.record_study(**details, owner=owner, visibility=visibility, by=by)
    except NotAllowed:
        raise
    except FolkmootError as error:
        for line in rows:
            what = "" if line is first else f"Its study was set aside in row {first.number}: "
            taken.aside(line.file, line.number, f"{what}{error}")
        return None


def _require_new(details: dict[str, Any], owner: Owner | None) -> None:
    if details["key"] and Study.objects.filter(key=details["key"]).exists():
        raise FolkmootError(f"A study with the key {details['key']} is here already.")
    same = Study.objects.filter(
        **owned_by(owner), authors=details["authors"], year=details["year"], title=details["title"]
    )
    if same.exists():
        raise FolkmootError("This study is here already.")


def _marks(study: Study, rows: list[Line], taken: Taken, *, factors: _Factors, by: User) -> None:
    seen: set[tuple[Any, ...]] = set()
    for line in rows:
        if not line.cells.get("factor"):
            if line.cells.get("sign"):
                taken.aside(line.file, line.number, "It has a sign and no factor.")
            else:
                taken.used += 1
            continue
        try:
            details = mark_details(line.cells)
            factor = factors.named(line.cells["factor"])
            place = (factor.pk, details["horizon"], details["population"], details["outcome"])
            if place in seen:
                raise FolkmootError("The same factor, time, people and measure stand in an earlier row.")
            actions.mark_factor(study, factor=factor, **details, by=by)
        except FolkmootError as error:
            taken.aside(line.file, line.number, str(error))
        else:
            seen.add(place)
            taken.used += 1


def _aftermath(study: Study, rows: list[Line], taken: Taken, *, by: User) -> None:
    cells = rows[0].cells
    if cells.get("conflict"):
        marks = list(Mark.objects.filter(study=study, in_conflict=True))
        actions.note_conflict(study, conflict=cells["conflict"], marks=marks, expected=study.version, by=by)
    day = day_in(cells, "retracted_on")
    if day is not None:
        note = cells.get("retraction_note") or "as the imported table says"
        actions.retract_study(study, on=day, note=note[:300], expected=study.version, by=by)


def _pools(study: Study, line: Line, taken: Taken, *, made: dict[str, Study], by: User) -> None:
    named = [one.strip() for one in line.cells.get("pools", "").split(";") if one.strip()]
    if not named:
        return
    library = {one.key: one for one in Study.objects.filter(visible(by), key__in=named)}
    pooled = [made.get(one) or library.get(one) for one in named]
    known = [one for one in pooled if one is not None]
    try:
        if len(known) != len(named):
            lost = [one for one, found in zip(named, pooled, strict=True) if found is None]
            raise FolkmootError(f"It pools {', '.join(lost)}, which is neither in the file nor here.")
        actions.set_pools(study, pooled=known, by=by)
    except FolkmootError as error:
        raise BadImport(f"{line.file}, row {line.number}: {error} Nothing was stored.") from None


class _Factors:
    """Finds factors by their key, else by their exact wording."""

    def __init__(self, by: User) -> None:
        rows = list(Factor.objects.filter(visible(by)).order_by("pk"))
        self.by_key = {one.key: one for one in rows if one.key}
        self.by_wording: dict[str, list[Factor]] = {}
        for one in rows:
            self.by_wording.setdefault(one.wording.casefold(), []).append(one)

    def named(self, name: str) -> Factor:
        if name in self.by_key:
            return self.by_key[name]
        found = self.by_wording.get(name.casefold(), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise FolkmootError(f"{len(found)} factors are worded “{name[:80]}”; name it by its key.")
        raise FolkmootError(f"There is no factor “{name[:80]}” here; state it in a chain first.")
