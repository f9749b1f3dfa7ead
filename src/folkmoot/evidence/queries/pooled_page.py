"""The page of pooled estimates of one assumption: every scale, the plan, what stays out and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from folkmoot.coding.queries import Scope
from folkmoot.evidence.models import PoolPlan
from folkmoot.evidence.queries.pooled import Entry, Pool, Scale, by_plan, entries_of, together_of
from folkmoot.evidence.queries.shelf import gather
from folkmoot.evidence.queries.standings import judge_one
from folkmoot.mechanisms.models import Assumption


@dataclass(frozen=True, slots=True)
class PooledView:
    """Everything the page of pooled estimates shows of one assumption in one scope."""

    assumption: Assumption
    scope: Scope
    pools: tuple[Pool, ...]
    planned: Pool | None
    outcomes: tuple[str, ...]
    left_out: tuple[Entry, ...]
    plans: tuple[PoolPlan, ...]
    word: str
    leaning: str
    sentence: str
    replaces: bool
    why_it_does_not: str


def pooled_view(assumption: Assumption, *, viewer: Any, scope: Scope, outcome: str = "") -> PooledView:
    """The sizes of effects on one assumption as this viewer may use them; ``outcome`` asks for one measure of it."""
    shelf = gather([assumption.pk], viewer=viewer, scope=scope, effects_on=[assumption.effect_id])
    listed = entries_of(shelf, assumption)
    fit = [one for one in listed if not one.why_not]
    judged = judge_one(shelf, assumption)
    plan = shelf.plans.get(assumption.pk)
    planned = by_plan(plan, listed, leaving_out=True) if plan else None
    view = planned.as_pooled() if planned else None
    return PooledView(
        assumption=assumption,
        scope=scope,
        # what the plan pools already is not shown a second time
        pools=tuple(one for one in _pools(fit, outcome) if planned is None or one.entries != planned.entries),
        planned=planned,
        outcomes=tuple(sorted({one.effect.outcome for one in fit if one.effect.outcome}, key=str.casefold)),
        left_out=tuple(one for one in listed if one.why_not),
        plans=tuple(
            PoolPlan.objects.visible_to(viewer)
            .filter(assumption=assumption)
            .select_related("organisation", "team")
        ),
        word=judged.word,
        leaning=judged.leaning,
        sentence=judged.sentence,
        replaces=judged.judgement.row.startswith("pooled"),
        why_it_does_not=view.why_not() if view else "",
    )


def _pools(fit: list[Entry], outcome: str) -> list[Pool]:
    """A pool for each scale, the one with most samples first."""
    scales: dict[Scale, list[Entry]] = defaultdict(list)
    for one in fit:
        if not outcome or one.effect.outcome == outcome:
            scales[one.scale].append(one)
    pools = [
        together_of(listed[0].effect.measure, listed[0].effect.unit, outcome, listed, leaving_out=True)
        for listed in scales.values()
    ]
    return sorted(pools, key=lambda one: (-one.samples, one.measure, one.unit))
