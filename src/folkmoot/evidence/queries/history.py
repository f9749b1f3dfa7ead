"""What changed since something was recorded: corrections and retractions, and the standings that they moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from folkmoot.coding.queries import Scope, in_scope
from folkmoot.evidence.models import Change, StandingChange, Study
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.visibility import Visibility, access_of, visible

MOST = 20
BECAUSE = {
    Change.What.CORRECTED: "was corrected",
    Change.What.RETRACTED: "was retracted",
    Change.What.REINSTATED: "counts again, since its retraction was recorded by mistake",
    Change.What.CONFLICT: "has reports that conflict",
    Change.What.RESOLVED: "had its conflicting reports resolved",
    Change.What.FIGURE: "had a printed figure corrected",
    Change.What.POOLED: "gave a figure that is pooled under the registered plan",
}


@dataclass(frozen=True, slots=True)
class Moved:
    """A standing that changed: when, from what to what, because of which study, and why."""

    at: datetime
    assumption_id: int
    before: str
    after: str
    study: Study
    what: str
    because: str

    @property
    def what_happened(self) -> str:
        """What became of the study: “was retracted”."""
        return BECAUSE[Change.What(self.what)]


def seen_by(viewer: Any, scope: Scope) -> Q:
    """The standing changes that speak of the words this viewer sees in a scope."""
    access = access_of(viewer)
    seen = Q(reach=Visibility.NETWORK if access.belongs else Visibility.PUBLIC)
    if scope == "ours":
        # what moved while a study was its owner's alone stays the owner's, however far it is shared since
        seen |= Q(reach=Visibility.OWN, change__study__organisation__in=list(access.organisations))
        seen |= Q(reach=Visibility.TEAM, change__study__team__in=list(access.teams))
    return seen & in_scope(viewer, scope, through="change__study")


def moved_for(assumption_ids: Collection[int], *, viewer: Any, scope: Scope) -> dict[int, tuple[Moved, ...]]:
    """For each assumption how its standing changed after corrections and retractions, the latest first; one query."""
    found: dict[int, list[Moved]] = defaultdict(list)
    rows: QuerySet[StandingChange] = (
        StandingChange.objects.filter(seen_by(viewer, scope), assumption__in=list(assumption_ids))
        .select_related("change__study")
        .order_by("-change_id")
    )
    for one in rows[: MOST * max(1, len(assumption_ids))]:
        change = one.change
        found[one.assumption_id].append(
            Moved(
                change.created_at,
                one.assumption_id,
                one.before,
                one.after,
                change.study,
                change.what,
                change.because,
            )
        )
    return {key: tuple(moves[:MOST]) for key, moves in found.items()}


def changes_of_assumption(assumption: Assumption, *, viewer: Any, scope: Scope) -> tuple[Moved, ...]:
    """How the standing of one assumption changed, the latest first."""
    return moved_for([assumption.pk], viewer=viewer, scope=scope).get(assumption.pk, ())


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One change to a study, with the standings that it moved as this viewer sees them."""

    change: Change
    moved: tuple[StandingChange, ...]


def changes_of_study(study: Study, *, viewer: Any, scope: Scope) -> tuple[ChangeShown, ...]:
    """What happened to a study since it was recorded, the latest first; two queries."""
    changes = list(Change.objects.filter(study=study).order_by("-created_at", "-pk")[:100])
    return tuple(_shown(changes, viewer=viewer, scope=scope).values())


def told_changes(ids: Collection[int], *, viewer: Any, scope: Scope) -> dict[int, ChangeShown]:
    """Some changes by their numbers, with why and with what they moved; two queries, none for none."""
    changes = list(Change.objects.filter(pk__in=list(ids)).select_related("study")) if ids else []
    return _shown(changes, viewer=viewer, scope=scope)


def _shown(changes: list[Change], *, viewer: Any, scope: Scope) -> dict[int, ChangeShown]:
    moved: dict[int, list[StandingChange]] = defaultdict(list)
    if changes:
        rows = StandingChange.objects.filter(
            seen_by(viewer, scope), visible(viewer, through="assumption"), change__in=changes
        )
        for one in rows.select_related("assumption__cause", "assumption__effect").order_by(
            "assumption__code", "pk"
        ):
            moved[one.change_id].append(one)
    return {one.pk: ChangeShown(one, tuple(moved[one.pk])) for one in changes}
