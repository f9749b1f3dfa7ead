"""An import from its kept file to its end: looked through, brought in, and what its page shows of it.

The reading and reckoning happen outside any transaction; what is stored is stored by ``actions.importing``.
"""

from __future__ import annotations

import datetime as dt
import uuid as identifiers
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from folkmoot.activities.importing.keeping import kept_sheet
from folkmoot.activities.importing.known import Known, known_to, owner_of
from folkmoot.activities.importing.laying import laid_out
from folkmoot.activities.importing.matching import Matching, require_fit
from folkmoot.activities.importing.planning import Here, Plan, Tell, planned, stored_as
from folkmoot.activities.importing.sheets import Sheet
from folkmoot.activities.models import Activity, ActivityImport
from folkmoot.organisations.models import User

FIRST = 10  # rows that the page shows
AT_ONCE = 400  # identifiers in one question
SHOWN = ("happened_on", "begins_at", "ends_at", "title", "place_words", "people", "hours", "level")
PRIORITY = "It is a priority, not an activity; it is kept as a note with this import."


def _quiet(done: int, total: int | None, step: str) -> None:
    return None


def plan_of(sheet: Sheet, matching: Matching, known: Known, *, tell: Tell = _quiet) -> Plan:
    """What the rows of this file would become for the organisation, beside what it has already."""
    if not sheet.rows:
        plan = Plan()  # priorities alone
    else:
        require_fit(matching, sheet, known)
        plan = planned(
            sheet,
            matching,
            known,
            here=lambda days, uuids: here_already(known.organisation_id, days, uuids),
            today=timezone.localdate(),
            tell=tell,
        )
    if sheet.said:
        plan.read += len(sheet.said)
        plan.noticed[PRIORITY] = list(range(1, len(sheet.said) + 1))
    return plan


def used(plan: Plan, sheet: Sheet) -> int:
    """Rows that become activities, and priorities that are kept as notes."""
    return len(plan.rows) + len(sheet.said)


def here_already(organisation_id: int, days: set[dt.date], uuids: Iterable[identifiers.UUID]) -> Here:
    """What the organisation recorded in the days from the first to the last of these, and which of these
    identifiers are taken, by anybody."""
    rows: Iterable[tuple[Any, ...]] = []
    if days:
        rows = (
            Activity.objects.filter(
                organisation_id=organisation_id, happened_on__gte=min(days), happened_on__lte=max(days)
            )
            .order_by()
            .values_list(
                "uuid", "happened_on", "begins_at", "title", "place_words", "initiative_id", "method_id",
                "people", "hours",
            )
            .iterator(chunk_size=5000)
        )  # fmt: skip
    found = stored_as(row for row in rows if row[1] in days)
    asked = list(uuids)
    taken = set(found.uuids)
    for start in range(0, len(asked), AT_ONCE):
        taken.update(
            Activity.objects.filter(uuid__in=asked[start : start + AT_ONCE]).values_list("uuid", flat=True)
        )
    return Here(frozenset(taken), found.same)


def look_through(import_: ActivityImport, *, by: User, tell: Tell = _quiet) -> ActivityImport:
    """Reckon what would happen and keep it with the import; nothing else is stored."""
    from folkmoot.activities.actions.importing import note_outlook

    account, _ = _reckoned(import_, by=by, tell=tell)
    return note_outlook(import_, account=account, by=by)


def bring_in(import_: ActivityImport, *, by: User, tell: Tell = _quiet) -> ActivityImport:
    """Bring the file in, all of it or nothing. One that is in already is given back as it is."""
    from folkmoot.activities.actions.importing import store_import

    import_.refresh_from_db()
    if import_.state == ActivityImport.State.DONE:
        return import_
    account, rows = _reckoned(import_, by=by, tell=tell)
    total = len(rows)
    laid = laid_out(_given_up(rows), import_=import_, by=by, total=total, tell=tell)
    return store_import(import_, laid=laid, account=account, by=by, tell=tell)


def _reckoned(
    import_: ActivityImport, *, by: User, tell: Tell
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    tell(0, None, "Opening the file")
    sheet = kept_sheet(import_)
    known = known_to(owner_of(import_), by=by)
    plan = plan_of(sheet, Matching.of_json(import_.matching), known, tell=tell)
    return account_of(plan, sheet), plan.rows


def _given_up(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows in order, each let go of once it was used: a large file is in memory once, not twice."""
    rows.reverse()
    while rows:
        yield rows.pop()


def account_of(plan: Plan, sheet: Sheet) -> dict[str, Any]:
    """The account of every row as it is kept: counts, reasons, what was noticed, and the first rows."""
    return {
        "read": plan.read,
        "used": used(plan, sheet),
        "set_aside": len(plan.aside),
        "reasons": [[number, reason] for number, reason in plan.aside],
        "noticed": [
            [what, numbers]
            for what, numbers in sorted(plan.noticed.items(), key=lambda one: (-len(one[1]), one[0]))
        ],
        "first": [[row["row"], *(_shown(row[name]) for name in SHOWN)] for row in plan.rows[:FIRST]],
    }


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value.strftime("%H:%M") if isinstance(value, dt.time) else str(value)
