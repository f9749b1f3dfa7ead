"""What a run's result says as one estimate, and what it rests on. Plain numbers from plain JSON.

What does not belong here: words and pictures (``core.wording``, ``plots``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate

SMALLEST_ARM = 8  # people: a result of fewer could point at one of them
PEOPLE = ("rows", "used", "set_aside", "treated", "untreated")


def estimate_of(result: Mapping[str, Any]) -> Estimate:
    """The one estimate of a result of ``effect`` or ``estimate``; refuses one without an interval."""
    found: Mapping[str, Any] = result
    if result.get("verb") == "estimate":
        found = _term(result)
    interval = found.get("interval")
    if "estimate" not in found:
        raise CannotAnalyse("There is no estimate in what came out.")
    low, high = interval if interval else (-math.inf, math.inf)
    return Estimate(
        estimate=float(found["estimate"]),
        standard_error=found.get("standard_error"),
        low=float(low),
        high=float(high),
        level=float(found.get("level", 0.95)),
        degrees_of_freedom=found.get("degrees_of_freedom"),
        p_value=found.get("p_value"),
    )


def _term(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first term of a regression after its intercept: who had it."""
    for one in result.get("estimates", []):
        if one.get("term") not in (None, "intercept"):
            found: Mapping[str, Any] = one
            return found
    raise CannotAnalyse("The column of who had it is no term of what came out.")


def counts_of(result: Mapping[str, Any]) -> dict[str, int]:
    """The counts of a result by name."""
    found = result.get("n", {})
    return {
        str(name): int(value)
        for name, value in (found if isinstance(found, Mapping) else {"used": found}).items()
    }


def require_enough(result: Mapping[str, Any]) -> None:
    """Refuse a comparison of so few people that it could point at one of them."""
    counts = counts_of(result)
    for arm in ("treated", "untreated"):
        if arm in counts and counts[arm] < SMALLEST_ARM:
            raise CannotAnalyse(
                f"One side has fewer than {SMALLEST_ARM} rows, so the figures could point at single people: nothing is worked out."
            )
