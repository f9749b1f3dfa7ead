"""How much rests on each assumption: the hours of the last twelve months, and the number of objectives.

Where nobody has recorded an hour yet, the number of objectives stands alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, F, Value

from folkmoot.activities.queries.relied import Relied, Rests, relied_on
from folkmoot.mechanisms.models import Step
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import visible
from folkmoot.strategies.models import Objective

NOTHING = Rests(Decimal(0), 1, 0)


@dataclass(frozen=True, slots=True)
class Relying:
    """Which active objectives rest on which assumptions, through the chains in force; and the work that does."""

    by_assumption: Mapping[int, frozenset[int]]
    objectives: frozenset[int]
    with_chain: frozenset[int]
    organisations: frozenset[int]
    work: Relied

    @property
    def in_hours(self) -> bool:
        """Whether there is work to measure by; otherwise objectives are counted."""
        return bool(self.work)

    @property
    def assumptions(self) -> frozenset[int]:
        """Everything that an objective or somebody's hour rests on."""
        return frozenset(self.by_assumption) | frozenset(self.work.on)

    def hours_on(self, assumption_id: int) -> Decimal | None:
        """The hours that rest on an assumption; None where occasions do and none says how long it was."""
        return self.work.on.get(assumption_id, NOTHING).known

    def height(self, assumption_id: int) -> float | None:
        """How high its mark stands: in hours where there are any, else in objectives."""
        if not self.in_hours:
            return float(self.on(assumption_id))
        hours = self.hours_on(assumption_id)
        return None if hours is None else float(hours)

    def rank(self, assumption_id: int) -> tuple[float, int]:
        """Most rests on the first of those sorted by this."""
        return (-(self.height(assumption_id) or 0.0), -self.on(assumption_id))

    def on(self, assumption_id: int) -> int:
        """The number of distinct objectives that rest on an assumption."""
        return len(self.by_assumption.get(assumption_id, ()))


def relying(viewer: Any, *, today: date, organisation: Organisation | None = None) -> Relying:
    """Two queries: the objectives seen (of one organisation, or all) with the steps of their chains; the work."""
    wanted = Objective.objects.filter(visible(viewer), state=Objective.State.ACTIVE)
    if organisation is not None:
        wanted = wanted.filter(organisation=organisation)
    rests: dict[int, set[int]] = defaultdict(set)
    with_chain: set[int] = set()
    rows = Step.objects.filter(
        visible(viewer, through="version__mechanism"),
        version__is_current=True,
        version__mechanism__retired_at=None,
        version__mechanism__objective__isnull=False,
    )
    # one query for both: an objective by itself stands with no assumption
    nothing = Value(None, output_field=BigIntegerField())
    parts = ("rest", "on", "owner")
    alone = wanted.order_by().annotate(rest=nothing, on=F("pk"), owner=F("organisation_id"))
    resting = rows.order_by().annotate(
        rest=F("assumption_id"), on=F("version__mechanism__objective_id"), owner=nothing
    )
    listed = list(alone.values_list(*parts).union(resting.values_list(*parts), all=True))
    owners = {objective: owner for assumption, objective, owner in listed if assumption is None}
    objectives = frozenset(owners)
    for assumption, objective, _ in listed:
        if assumption is not None and objective in objectives:
            rests[assumption].add(objective)
            with_chain.add(objective)
    return Relying(
        {key: frozenset(values) for key, values in rests.items()},
        objectives,
        frozenset(with_chain),
        frozenset(owners[one] for one in with_chain if owners[one] is not None),
        relied_on(viewer, organisation=organisation, today=today),
    )
