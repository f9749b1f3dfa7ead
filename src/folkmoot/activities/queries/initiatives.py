"""Strands of work: the list, one of them with what was done in it, and counts that look made up.

What does not belong here: whom it reached (``reach``), whether it did any good (``evidence``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from folkmoot.activities.models import Activity, Initiative, Output, Trigger
from folkmoot.activities.queries.log import Filters, Levels, levels_from, levels_reached, planned_for
from folkmoot.activities.queries.sums import Sums, activities_of, merged, rates_of, sums_by, sums_by_each
from folkmoot.mechanisms.models import MechanismVersion
from folkmoot.organisations.models import Organisation

FEWEST_JUDGED = 20  # fewer counts say nothing about how they came about
ROUND_EXPECTED = 0.2  # of counts taken one by one, about one in five ends in 0 or 5
NOTHING = Levels(0, 0, 0, 0, 0, 0, 0, ())


@dataclass(frozen=True, slots=True)
class InitiativeRow:
    """An initiative in the list, with its work in the period."""

    initiative: Initiative
    sums: Sums
    levels: Levels


@dataclass(frozen=True, slots=True)
class RoundNumbers:
    """Counts of people of 10 or more: how many end in 0 or 5, out of how many. ``suspicious`` where chance
    alone would hardly bring so many: somebody may be estimating, or counting up to a number (RL9)."""

    round: int
    counts: int

    @property
    def suspicious(self) -> bool:
        if self.counts < FEWEST_JUDGED:
            return False
        expected = ROUND_EXPECTED * self.counts
        # three standard deviations above one in five, and at least half of them
        spread = (self.counts * ROUND_EXPECTED * (1 - ROUND_EXPECTED)) ** 0.5
        return self.round > expected + 3 * spread and 2 * self.round >= self.counts


@dataclass(frozen=True, slots=True)
class InitiativePage:
    """All that the page of one initiative shows. ``newer`` is a later version of its chain, if there is one."""

    initiative: Initiative
    ever: Sums
    levels: Levels
    outputs: tuple[Output, ...]
    newer: MechanismVersion | None
    before: RoundNumbers
    lately: RoundNumbers

    @property
    def reactive(self) -> bool:
        return bool(self.initiative.trigger == Trigger.REACTIVE)

    @property
    def suddenly_round(self) -> bool:
        """Round numbers of late that were not there before."""
        return self.lately.suspicious and not self.before.suspicious


def initiatives_of(
    viewer: Any, organisation: Organisation, *, since: date, until: date
) -> tuple[InitiativeRow, ...]:
    """An organisation's initiatives, open ones first, with the work of the period in each. Few queries."""
    found = activities_of(viewer, organisations=[organisation], since=since, until=until)
    parts = sums_by_each(found, rates=rates_of([organisation.pk]), by=("initiative_id", "level"))
    sums: dict[int | None, list[Sums]] = {}
    for (initiative, _), one in parts.items():
        sums.setdefault(initiative, []).append(one)
    levels = levels_from(
        ((initiative, level, one.activities) for (initiative, level), one in parts.items()),
        planned_for(sums),
        by_initiative=True,
    )
    listed = Initiative.objects.filter(organisation=organisation).visible_to(viewer)
    return tuple(
        InitiativeRow(one, merged(sums.get(one.pk, ())), levels.get(one.pk, NOTHING))
        for one in listed.select_related("method", "place").order_by("-state", "name", "pk")
    )


def initiative_page(viewer: Any, initiative: Initiative, *, today: date) -> InitiativePage:
    """One initiative with all its work; the viewer may see it already."""
    found = activities_of(viewer).filter(initiative=initiative)
    owner = initiative.organisation
    own = [] if owner is None else [owner]
    sums = sums_by(found, rates=rates_of([one.pk for one in own]), by="initiative_id")
    levels = levels_reached(viewer, organisations=own, filters=Filters(initiative=initiative))
    version = initiative.mechanism_version
    newer = None
    if version is not None and not version.is_current:
        newer = MechanismVersion.objects.filter(mechanism=version.mechanism_id, is_current=True).first()
    counted = found.filter(people__gte=10).order_by("-happened_on", "-pk")
    counts = [one or 0 for one in counted.values_list("people", flat=True)[:400]]
    lately = counts[: max(FEWEST_JUDGED, len(counts) // 4)]
    return InitiativePage(
        initiative=initiative,
        ever=sums.get(initiative.pk, Sums()),
        levels=levels.get(None, NOTHING),
        outputs=tuple(initiative.outputs.all()),
        newer=newer,
        before=round_numbers(counts[len(lately) :]),
        lately=round_numbers(lately),
    )


def round_numbers(counts: Sequence[int]) -> RoundNumbers:
    """How many of these counts end in 0 or 5."""
    return RoundNumbers(sum(1 for one in counts if one % 5 == 0), len(counts))


def in_use(organisation: Organisation) -> dict[int, int]:
    """How many activities of an organisation went by each method (its number)."""
    found = Activity.objects.filter(organisation=organisation, method__isnull=False).order_by()
    return dict(found.values_list("method_id").annotate(n=Count("pk")))
