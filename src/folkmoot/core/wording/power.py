"""What a design could see, as careful sentences and as chart data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from folkmoot.core.wording.estimate import shown


def power_sentence(
    *, power: float | None, effect: float | None, minimum_detectable_effect: float, wanted_power: float
) -> str:
    """The chance of seeing the change named, and the smallest that would be seen."""
    least = (
        f"The smallest change that this design finds {wanted_power:.0%} of the time is"
        f" {shown(minimum_detectable_effect)}."
    )
    if power is None or effect is None:
        return least
    text = (
        f"If the true change were {shown(effect)}, this design would find it {power:.0%} of the time. {least}"
    )
    if power < 0.5:
        text += (
            " It would more likely miss such a change than find it: finding nothing would not mean that nothing"
            " changed."
        )
    return text


def power_chart(grid: Sequence[Mapping[str, Any]], *, across: str) -> list[dict[str, Any]]:
    """Rows for a chart of power along one parameter of the grid."""
    return [
        {
            "x": row[across],
            "power": row.get("power"),
            "minimum_detectable_effect": row.get("minimum_detectable_effect"),
        }
        for row in grid
        if across in row
    ]
