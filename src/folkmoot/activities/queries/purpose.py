"""What the work is for: objectives that nobody works on, and work that serves no objective (R13).

What does not belong here: whether an objective was reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from folkmoot.activities.models import Initiative
from folkmoot.activities.queries.sums import (
    Sums,
    activities_of,
    merged,
    own_ids,
    rates_of,
    sums_by,
    year_before,
)
from folkmoot.organisations.models import Organisation
from folkmoot.strategies.models import Objective

SHORTEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Purpose:
    """``idle`` holds objectives without activity for twelve months, ``young`` those that are not that old yet
    and have none; ``aimless`` adds up the work of these months that serves no objective, of which
    ``alone`` belongs to no initiative. ``untold`` are open initiatives that do not say what participants
    are told; ``unreasoned`` those that do not say why they should work."""

    since: date
    until: date
    idle: tuple[Objective, ...]
    young: tuple[Objective, ...]
    aimless: Sums
    alone: int
    aimless_initiatives: tuple[Initiative, ...]
    untold: tuple[Initiative, ...]
    unreasoned: tuple[Initiative, ...]


def purpose_of(
    viewer: Any,
    organisation: Organisation,
    *,
    today: date,
    work: Mapping[int | None, Sums] | None = None,
) -> Purpose:
    """What an organisation's work of the last twelve months is for. Few queries whatever the amount.

    ``work`` holds the sums of these months by initiative, where whoever asks has them already. An initiative serves an objective that it names, or that its chain leads to.
    """
    since = year_before(today)
    if not own_ids(viewer, [organisation]):
        return Purpose(since, today, (), (), Sums(), 0, (), (), ())
    if work is None:
        found = activities_of(viewer, organisations=[organisation], since=since, until=today)
        work = sums_by(found, rates=rates_of([organisation.pk]), by="initiative_id")
    active = Objective.objects.filter(organisation=organisation, state=Objective.State.ACTIVE)
    worked_on = [key for key in work if key is not None]
    served = Q(initiatives__in=worked_on) | Q(mechanisms__versions__initiatives__in=worked_on)
    unworked = list(active.exclude(pk__in=active.filter(served).values("pk")).select_related("aim"))
    initiatives = list(
        Initiative.objects.filter(organisation=organisation)
        .annotate(named=Exists(Objective.objects.filter(initiatives=OuterRef("pk"))))
        .select_related("mechanism_version__mechanism")
    )
    aimless = [one for one in initiatives if not _serves(one)]
    without = {None, *(one.pk for one in aimless)}
    open_ones = [one for one in initiatives if one.state == Initiative.State.OPEN]
    return Purpose(
        since=since,
        until=today,
        idle=tuple(one for one in unworked if today - one.created_at.date() >= SHORTEST),
        young=tuple(one for one in unworked if today - one.created_at.date() < SHORTEST),
        aimless=merged(sums for key, sums in work.items() if key in without),
        alone=work.get(None, Sums()).activities,
        aimless_initiatives=tuple(one for one in aimless if one.state == Initiative.State.OPEN),
        untold=tuple(one for one in open_ones if not one.purpose),
        unreasoned=tuple(one for one in open_ones if one.mechanism_version_id is None),
    )


def _serves(initiative: Any) -> bool:
    version = initiative.mechanism_version
    return bool(initiative.named or (version is not None and version.mechanism.objective_id is not None))
