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

    def refuse(self, part: str, reason: str) -> None:
        self.refused.append(Refusal(part=part, reason=reason))
