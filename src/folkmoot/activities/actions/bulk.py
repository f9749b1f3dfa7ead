"""Writing many activities at once, for imports. One row in the log for all of them.

What does not belong here: what the rows are (``importing``), single occasions (``occasions``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from folkmoot.activities.importing.laying import ACTIVITY_AT, Laid, laid_out
from folkmoot.activities.importing.planning import Tell
from folkmoot.activities.models import Activity, ActivityImport
from folkmoot.audit.actions import action, record
from folkmoot.organisations.models import User
from folkmoot.organisations.policies import require_edit_for

SLICE = 2_000
STORING = "Storing rows and counts, all or none"


@action
def write_many(rows: Iterable[Mapping[str, Any]], *, import_: ActivityImport, by: User) -> int:
    """Store rows that passed ``checking``, all or none of them; gives how many. Their columns go by the names
    of the model (``initiative_id``, …), with ``tallies`` as people by category."""
    return write_laid(laid_out(rows, import_=import_, by=by), import_=import_, by=by)


def _quiet(done: int, total: int | None, step: str) -> None:
    return None


@action
def write_laid(laid: Laid, *, import_: ActivityImport, by: User, tell: Tell = _quiet) -> int:
    """Store what was laid out before the transaction began; gives how many activities.

    ``tell`` hears after each slice how many rows and counts are stored; what it raises takes all of them back.
    """
    require_edit_for(by, organisation_id=import_.organisation_id)
    whole = len(laid.activities) + len(laid.tallies)
    with connection.cursor() as cursor:
        for start in range(0, len(laid.activities), SLICE):
            tell(start, whole, STORING)
            cursor.executemany(laid.activity_sql, laid.activities[start : start + SLICE])
        if laid.tallies:
            # numbers are the database's to give; they are asked for once all are given
            pk_of = dict(Activity.objects.filter(brought_by=import_).values_list("uuid", "pk"))
            tallies = [
                (*values[:ACTIVITY_AT], pk_of[key], *values[ACTIVITY_AT + 1 :])
                for key, values in laid.tallies
            ]
            for start in range(0, len(tallies), SLICE):
                tell(len(laid.activities) + start, whole, STORING)
                cursor.executemany(laid.tally_sql, tallies[start : start + SLICE])
    number = len(laid.activities)
    record("brought activities in", by=by, on=import_, activities=number, tallies=len(laid.tallies))
    return number
