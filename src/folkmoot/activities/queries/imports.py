"""Imports of activities as their pages show them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from folkmoot.activities.importing.carrying import SHOWN
from folkmoot.activities.importing.fields import BY_KEY, VALUED
from folkmoot.activities.importing.planning import generally
from folkmoot.activities.models import ActivityImport
from folkmoot.jobs.models import Job
from folkmoot.jobs.queries import jobs_of
from folkmoot.organisations.policies import may_edit


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import with what may be done with it. ``looked``: the counts say what would happen, or happened."""

    import_: ActivityImport
    state: str
    looked: bool
    over: bool
    done: bool
    may_edit: bool
    job: Job | None
    valued: tuple[tuple[str, str], ...]
    headings: tuple[str, ...]
    first: tuple[tuple[Any, ...], ...]
    noticed: tuple[tuple[int, str], ...]
    reasons: tuple[tuple[int, str], ...]
    priorities: tuple[dict[str, str], ...]
    notes: tuple[str, ...]


def imports_of(viewer: Any) -> QuerySet[ActivityImport]:
    """The imports that this person may see, the newest first, without their long lists."""
    found: QuerySet[ActivityImport] = (
        ActivityImport.objects.visible_to(viewer)
        .select_related("organisation")
        .defer("matching", "reasons", "noticed", "shown")
    )
    return found


def import_view(import_: ActivityImport, *, viewer: Any) -> ImportView:
    """What the page of an import shows."""
    state = ActivityImport.State(import_.state)
    over = state in {ActivityImport.State.DONE, ActivityImport.State.UNDONE}
    counts = Counter(generally(reason) for _, reason in import_.reasons)
    job = jobs_of(viewer).filter(pk=import_.shown.get("job", 0)).first()
    return ImportView(
        import_=import_,
        state=state.label,
        looked=over or "first" in import_.shown,
        over=over,
        done=state == ActivityImport.State.DONE,
        may_edit=may_edit(viewer, import_),
        job=job
        if job is not None and (not job.is_over or (job.state != Job.State.DONE and not over))
        else None,
        valued=tuple(
            (one.key, one.label)
            for one in VALUED
            if one.key in import_.matching.get("columns", {})
            and one.key not in import_.matching.get("always", {})
        ),
        headings=("Row", *(BY_KEY[key].label for key in SHOWN)),
        first=tuple(tuple(row) for row in import_.shown.get("first", [])),
        noticed=tuple((len(rows), what) for what, rows in import_.noticed),
        reasons=tuple((number, reason) for reason, number in counts.most_common()),
        priorities=tuple(import_.shown.get("priorities", [])),
        notes=tuple(import_.shown.get("notes", [])),
    )
