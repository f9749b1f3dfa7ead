"""A plan word for word as it is registered, and the sum that shows nobody has touched it since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from folkmoot.evaluations.models import Plan, Rival, Sight

WORDS = (
    "title", "activity", "population", "comparison", "outcome", "horizon", "if_for", "if_against", "if_unclear",
    "cost", "analysis",
)  # fmt: skip


def frozen_of(plan: Plan, *, rivals: Iterable[Rival], sight: Sight, at: str, by: str) -> dict[str, Any]:
    """Everything that a reader needs to hold the finding against, as plain JSON."""
    indicator, series = plan.indicator, plan.history
    return {
        "registered_at": at,
        "registered_by": by,
        "owner": plan.owner_label,
        "assumption": {
            "id": plan.assumption_id,
            "code": plan.assumption.code,
            "cause": str(plan.assumption.cause),
            "effect": str(plan.assumption.effect),
        },
        "design": plan.design,
        **{name: getattr(plan, name) for name in WORDS},
        "indicator": None
        if indicator is None
        else {
            "id": indicator.pk,
            "name": indicator.name,
            "kind": indicator.kind,
            "measured_as": indicator.measured_as,
            "judged_by": indicator.judged_by,
            "unit": indicator.unit,
            "better": indicator.better,
        },
        "scale": plan.scale,
        "horizon_days": plan.horizon_days,
        "smallest_change": plan.smallest_change,
        "sizes": dict(sorted(plan.sizes.items())),
        "history": None if series is None else {"id": series.pk, "title": series.title},
        "rivals": [{"words": one.words, "told_apart_by": one.told_apart_by} for one in rivals],
        "sight": {
            "asked": sight.asked,
            "answer": sight.answer,
            "figures_sha256": sight.figures_sha256,
            "seed": sight.seed,
            "code_version": sight.code_version,
        },
    }


def sum_of(frozen: dict[str, Any]) -> str:
    """The sha256 of the frozen plan in one fixed writing."""
    text = json.dumps(frozen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
