"""What is asked of a plan: its design with its sizes, and what each number is called."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from folkmoot.core.errors import FolkmootError
from folkmoot.evaluations.models import Plan

BY_PERSON = frozenset({"trial", "holdout"})
ALONE = frozenset({"series", "before-after"})
WINDOW = 8  # figures before and after where a plan names none


@dataclass(frozen=True, slots=True)
class Size:
    """A number that a plan may name: its label, and between what it lies."""

    label: str
    low: float
    high: float
    whole: bool = True
    hint: str = ""


SIZES: dict[str, Size] = {
    "treated": Size("How many areas or teams get it?", 1, 100_000),
    "compared": Size(
        "With how many others are they compared?", 1, 100_000, hint="Empty: all the others of the past figures"
    ),
    "steps": Size("In how many steps does it begin?", 1, 500, hint="For a stepped roll-out"),
    "periods_before": Size("How many figures before it begins?", 1, 1_000),
    "periods_after": Size("How many figures after it has begun?", 1, 1_000),
    "per_arm": Size("How many people in each group?", 2, 10_000_000, hint="For a trial or a hold-out"),
    "interviews": Size("How many people are asked each time?", 2, 10_000_000, hint="For a panel"),
    "correlation": Size(
        "How alike are the two answers of one person?", 0, 0.99, whole=False,
        hint="From 0 to 0.99; 0.5 is usual for attitudes over a year",
    ),
    "cluster_size": Size("How many people are asked in each area or team?", 1, 1_000_000),
    "clusters_per_arm": Size("How many areas or teams in each group?", 2, 100_000, hint="For a trial by groups"),
    "icc": Size(
        "How alike are people of one area or team?", 0, 0.99, whole=False,
        hint="The intracluster correlation; 0.01 to 0.05 is usual for attitudes",
    ),
    "cac": Size(
        "How alike is an area to itself a period later?", 0, 1, whole=False,
        hint="For a stepped roll-out; 0.8 is cautious",
    ),
    "baseline": Size(
        "What share is it now?", 0, 100, whole=False, hint="In a hundred. Empty: the last of the past figures"
    ),
    "spread": Size(
        "How far do people’s answers lie apart?", 0, 1e9, whole=False,
        hint="The standard deviation, for a mean; for areas without past figures, that of an area’s figure",
    ),
    "autocorrelation": Size(
        "How alike are two figures of one area that follow each other?", 0, 0.99, whole=False,
        hint="Only where there are no past figures",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sight answers. ``change`` is in the unit of the scale, a share as 0.05."""

    design: str
    scale: str
    change: float
    sizes: dict[str, float]
    history: int | None

    def number(self, name: str) -> float | None:
        return self.sizes.get(name)

    def count(self, name: str) -> int | None:
        found = self.sizes.get(name)
        return None if found is None else int(found)

    def as_json(self) -> dict[str, Any]:
        return {
            "design": self.design,
            "scale": self.scale,
            "change": self.change,
            "sizes": dict(sorted(self.sizes.items())),
            "history": self.history,
        }


def asked_of(plan: Plan) -> Asked:
    """The question that this plan puts as it stands."""
    return Asked(
        design=plan.design,
        scale=plan.scale,
        change=plan.smallest_change,
        sizes={name: float(value) for name, value in plan.sizes.items()},
        history=plan.history_id,
    )


def sound_sizes(given: Mapping[str, Any]) -> dict[str, float]:
    """The numbers of a plan, without those left empty; refuses one that cannot be."""
    found: dict[str, float] = {}
    for name, value in given.items():
        if name not in SIZES:
            raise FolkmootError(f"A plan has no number called “{name}”.")
        if value is None:
            continue
        size, number = SIZES[name], float(value)
        most = 1.0 if name == "baseline" else size.high
        if not math.isfinite(number) or not size.low <= number <= most or (size.whole and number % 1):
            kind = "a whole number" if size.whole else "a number"
            raise FolkmootError(f"“{size.label}” takes {kind} from {size.low:g} to {most:g}.")
        found[name] = number
    return found
