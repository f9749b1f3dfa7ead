"""What one design of ``folkmoot analyse effect`` found, before it is laid out as JSON.

What does not belong here: reading, numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from folkmoot.core.effects.placebo import PlaceboRate
from folkmoot.core.effects.staggered import EventTime
from folkmoot.core.results import Estimate, Refusal


@dataclass(slots=True)
class Laid:
    """What a design found, ready to be laid out."""

    estimate: Estimate
    method: str
    n: dict[str, int]
    caveats: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    events: tuple[EventTime, ...] = ()
    refused: list[Refusal] = field(default_factory=list)
    placebo: PlaceboRate | None = None
    is_effect: bool = True  # False where only a change is seen, with nobody to compare with

    def give_for_comparison(self, why: str) -> None:
        """Say that interval and p-value are left out, and what to ask for instead."""
        self.refuse("interval", why)
        self.refuse("p_value", why)

    def refuse(self, part: str, reason: str) -> None:
        self.refused.append(Refusal(part=part, reason=reason))
