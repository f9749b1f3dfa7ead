"""How much rests on each assumption. Until activities are recorded: the number of objectives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, F, Value

from folkmoot.mechanisms.models import Step
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import visible
from folkmoot.strategies.models import Objective


@dataclass(frozen=True, slots=True)
class Relying:
    """Which active objectives rest on which assumptions, through the chains in force."""

    by_assumption: Mapping[int, frozenset[int]]
    objectives: frozenset[int]
    with_chain: frozenset[int]
    organisations: frozenset[int]

    def on(self, assumption_id: int) -> int:
        """The number of distinct objectives that rest on an assumption."""
        return len(self.by_assumption.get(assumption_id, ()))


def relying(viewer: Any, *, organisation: Organisation | None = None) -> Relying:
    """One query: the objectives seen (of one organisation, or all), and the steps of their chains."""
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
    )
