"""One objective: what it says, its chains with their weakest links, its work, promises and briefings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from folkmoot.activities.models import SharedHours
from folkmoot.activities.queries.reliance import ObjectiveWork, work_of_objective
from folkmoot.activities.queries.sums import year_before
from folkmoot.briefings.models import Briefing
from folkmoot.briefings.queries import briefings_on
from folkmoot.coding.queries import Scope
from folkmoot.core.standing import Weakest, weakest
from folkmoot.evidence.queries import Judged, standings
from folkmoot.mechanisms.models import Mechanism, Step
from folkmoot.organisations.visibility import visible
from folkmoot.sources.queries import Words, words_of
from folkmoot.strategies.models import Commitment, DualBenefit, Objective, ObjectiveVersion


@dataclass(frozen=True, slots=True)
class ChainShort:
    """A chain of the objective with its steps' standings and what it is only as strong as."""

    mechanism: Mechanism
    steps: tuple[Judged, ...]
    weakest: Weakest | None

    @property
    def weakest_steps(self) -> tuple[Judged, ...]:
        if self.weakest is None:
            return ()
        return tuple(one for one in self.steps if str(one.assumption.pk) in self.weakest.assumptions)


@dataclass(frozen=True, slots=True)
class ObjectivePage:
    """Everything the page of one objective shows."""

    objective: Objective
    words: Words | None
    chains: tuple[ChainShort, ...]
    commitments: tuple[Commitment, ...]
    dual_benefits: tuple[DualBenefit, ...]
    briefings: tuple[Briefing, ...]
    work: tuple[ObjectiveWork, ...]
    shared_hours: tuple[SharedHours, ...]
    history: tuple[ObjectiveVersion, ...]


def objective_page(objective: Objective, *, viewer: Any, scope: Scope, today: date) -> ObjectivePage:
    """Read all there is on one objective for this viewer in one scope; work of the twelve months to ``today``."""
    mechanisms = list(
        Mechanism.objects.filter(visible(viewer), objective=objective, retired_at=None).select_related(
            "adopted_from"
        )
    )
    told = words_of([objective.passage_id], viewer=viewer) if objective.passage_id else {}
    work = work_of_objective(objective, viewer, since=year_before(today), until=today)
    return ObjectivePage(
        objective=objective,
        words=told.get(objective.passage_id) if objective.passage_id else None,
        chains=chains_short(mechanisms, viewer=viewer, scope=scope),
        commitments=tuple(Commitment.objects.filter(visible(viewer), objective=objective)),
        dual_benefits=tuple(DualBenefit.objects.filter(visible(viewer), objective=objective)),
        briefings=briefings_on(objective, viewer=viewer),
        work=work,
        shared_hours=() if work else _shared_hours(mechanisms, viewer=viewer, today=today),
        history=tuple(objective.history.all()[:10]),
    )


def _shared_hours(mechanisms: list[Mechanism], *, viewer: Any, today: date) -> tuple[SharedHours, ...]:
    """The totals that organisations share of these chains, for somebody who may not see the work itself."""
    found = SharedHours.objects.filter(
        visible(viewer), mechanism_version__mechanism__in=mechanisms, until__gt=year_before(today)
    )
    return tuple(found.select_related("organisation", "mechanism_version__mechanism").order_by("pk"))


def chains_short(mechanisms: list[Mechanism], *, viewer: Any, scope: Scope) -> tuple[ChainShort, ...]:
    """Chains with their steps' standings, in order."""
    steps: dict[int, list[int]] = {one.pk: [] for one in mechanisms}
    rows = (
        Step.objects.filter(version__is_current=True, version__mechanism__in=steps)
        .order_by("position")
        .values_list("version__mechanism_id", "assumption_id")
    )
    for owner, assumption in rows:
        steps[owner].append(assumption)
    wanted = {assumption for listed in steps.values() for assumption in listed}
    judged = standings(wanted, viewer=viewer, scope=scope)
    found = []
    for mechanism in mechanisms:
        own = tuple(judged[key] for key in steps[mechanism.pk] if key in judged)
        words = {str(one.assumption.pk): one.judgement for one in own}
        found.append(ChainShort(mechanism, own, weakest(words) if words else None))
    return tuple(found)
