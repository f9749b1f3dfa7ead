"""Activities from the command line: spreadsheets, and neighbourhood JSON of data.police.uk."""

from __future__ import annotations

import json
import pathlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from folkmoot.activities.actions.importing import begin_import, store_import
from folkmoot.activities.importing.carrying import account_of, plan_of, used
from folkmoot.activities.importing.keeping import sheet_in
from folkmoot.activities.importing.known import known_to
from folkmoot.activities.importing.laying import laid_out
from folkmoot.activities.importing.matching import Matching, first_guess, read_matching, what_is_open
from folkmoot.activities.importing.planning import Plan, generally
from folkmoot.activities.importing.sheets import Sheet, require_size
from folkmoot.core.errors import BadImport, FolkmootError
from folkmoot.organisations.policies import require_edit_for
from folkmoot.project.commands.importers import Asked, Outcome
from folkmoot.sources.intake import Incoming


class _DryRun(Exception):
    """Takes back what a dry run stored."""


def import_activities(files: Sequence[Incoming], asked: Asked) -> Outcome:
    """Every file or none. Spellings that nobody has matched are left empty, and the notes say how many."""
    organisation = asked.organisation
    if organisation is None:
        raise FolkmootError("Activities belong to an organisation: name it with --organisation SLUG.")
    require_edit_for(asked.by, organisation_id=organisation.pk)
    given = _given(asked.options.matching)
    read: list[tuple[str, bytes, Sheet]] = []
    for number, one in enumerate(files):
        asked.progress(one.name, number, len(files))
        try:
            require_size(one.name, one.size)
            content = one.read()
            read.append((one.name, content, sheet_in(one.name, content)))
        except BadImport as error:
            raise FolkmootError(f"{one.name}: {error}" if len(files) > 1 else str(error)) from None
    account = Outcome(0, 0, [])
    suggestions: dict[str, Any] = {}
    try:
        # what one file brings is here already for the next, so they go in one after the other
        with transaction.atomic():
            for name, content, sheet in read:
                account = _join(
                    account, _take(name, content, sheet, asked=asked, given=given, suggestions=suggestions)
                )
            asked.progress("", len(files), len(files))
            if asked.dry_run:
                raise _DryRun
    except _DryRun:
        pass
    if asked.options.suggest:
        _write(pathlib.Path(asked.options.suggest), suggestions)
    return account


def _take(
    name: str,
    content: bytes,
    sheet: Sheet,
    *,
    asked: Asked,
    given: Any,
    suggestions: dict[str, Any],
) -> Outcome:
    organisation, by = asked.organisation, asked.by
    if organisation is None:
        raise FolkmootError("Activities belong to an organisation.")
    known = known_to(organisation, by=by)
    matching = first_guess(sheet, known)
    if given is not None:
        matching = read_matching(given, known, matching)
    if asked.options.suggest:
        _suggest(suggestions, sheet, matching, known)
    plan = plan_of(sheet, matching, known)
    import_ = begin_import(
        name, content=content, sheet=sheet, organisation=organisation, matching=matching, by=by
    )
    laid = laid_out(plan.rows, import_=import_, by=by)
    store_import(import_, laid=laid, account=account_of(plan, sheet), by=by)
    aside = [{"file": name, "row": number, "reason": reason} for number, reason in plan.aside]
    return Outcome(plan.read, used(plan, sheet), aside, notes=_notes(sheet, plan))


def _notes(sheet: Sheet, plan: Plan) -> list[str]:
    said = list(sheet.notes)
    said += [
        f"{len(rows):,} rows: {what}"
        for what, rows in sorted(plan.noticed.items(), key=lambda one: -len(one[1]))
    ]
    reasons = Counter(generally(reason) for _, reason in plan.aside)
    said += [f"{number:,} set aside: {reason}" for reason, number in reasons.most_common()]
    return said


def _join(first: Outcome, second: Outcome) -> Outcome:
    return Outcome(
        first.read + second.read,
        first.used + second.used,
        [*first.set_aside, *second.set_aside],
        notes=[*first.notes, *second.notes],
    )


def _given(name: str | None) -> Any:
    if not name:
        return None
    path = pathlib.Path(name)
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise FolkmootError(f"The matching {path.name} cannot be read.") from None
    except ValueError:
        raise FolkmootError(f"The matching {path.name} is no JSON.") from None


def _suggest(suggestions: dict[str, Any], sheet: Sheet, matching: Matching, known: Any) -> None:
    """A matching to edit: every spelling that waits for a word, the likely ones together."""
    suggestions.update({"columns": matching.columns, "settled": matching.settled, "days": matching.days})
    suggestions["tallies"] = {head: known.categories[pk] for head, pk in matching.tallies.items()}
    values = suggestions.setdefault("values", {})
    for one in what_is_open(sheet, matching, known) if sheet.rows else []:
        answers = values.setdefault(one.key, {})
        for group, suggestion in one.groups:
            answers |= {spelling.written: suggestion or "empty" for spelling in group.spellings}


def _write(path: pathlib.Path, suggestions: dict[str, Any]) -> None:
    try:
        path.write_text(json.dumps(suggestions, indent=1, ensure_ascii=False), encoding="utf-8")
    except OSError:
        raise FolkmootError(f"{path.name} cannot be written there.") from None
