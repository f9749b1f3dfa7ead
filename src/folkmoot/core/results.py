"""The shapes every result shares: an estimate with its uncertainty, and a refusal with its reason."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number with what is known of its error.

    ``low`` and ``high`` bound the interval at ``level`` (0.95 unless said otherwise) in the unit
    of ``estimate``; they are infinite where the method bounds nothing, or gives an error that keeps no promise.
    ``standard_error`` is None where the method has none (an exact interval).
    """

    estimate: float
    standard_error: float | None
    low: float
    high: float
    level: float = 0.95
    degrees_of_freedom: float | None = None
    p_value: float | None = None

    @property
    def is_bounded(self) -> bool:
        return math.isfinite(self.low) and math.isfinite(self.high)

    def as_json(self) -> dict[str, Any]:
        """The form that interfaces.md fixes; optional parts, and an interval without ends, appear only where they exist."""
        result: dict[str, Any] = {
            "estimate": self.estimate,
            "standard_error": self.standard_error,
            "interval": [self.low, self.high],
            "level": self.level,
        }
        if self.standard_error is None:
            del result["standard_error"]
        if not self.is_bounded:
            del result["interval"]
        if self.degrees_of_freedom is not None:
            result["degrees_of_freedom"] = self.degrees_of_freedom
        if self.p_value is not None:
            result["p_value"] = self.p_value
        return result


@dataclass(frozen=True, slots=True)
class Refusal:
    """A part of an analysis that could not be done, and why, in a sentence."""

    part: str
    reason: str

    def as_json(self) -> dict[str, str]:
        return {"part": self.part, "reason": self.reason}
