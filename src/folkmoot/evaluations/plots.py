"""The pictures of a run and of a finding: intervals against nothing and the smallest change that matters.

What does not belong here: drawing (``ui.pictures``), what the interval is read as (``saying``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from folkmoot.core.results import Estimate
from folkmoot.core.wording.finding import amount
from folkmoot.ui.pictures.changes import Change, draw_rows, draw_times
from folkmoot.ui.pictures.picture import Picture

MOST_TIMES = 400


def estimates(
    rows: Sequence[tuple[str, Estimate, str]], *, share: bool, smallest: float, title: str
) -> Picture | None:
    """A row an estimate with its words and what it is read as; None where no interval has ends."""
    drawn = [
        Change(label, one.estimate, one.low, one.high, note=read)
        for label, one, read in rows
        if math.isfinite(one.low) and math.isfinite(one.high)
    ]
    if not drawn:
        return None
    return draw_rows(
        drawn,
        smallest=smallest,
        unit=_unit(share),
        say=_say(share),
        title=title,
        caption="Each line is a 95 % interval: what these data leave possible. The thick line is no change at all.",
    )


def over_time(figures: Mapping[str, Any], *, share: bool, smallest: float, title: str) -> Picture | None:
    """Changes by time since the start, where they were worked out."""
    points = []
    for one in figures.get("event_times", [])[:MOST_TIMES]:
        if one.get("interval"):
            at, (low, high) = float(one["event_time"]), one["interval"]
            points.append(Change(f"{at:g}".replace("-", "−"), one["estimate"], low, high, at=at))
    if len(points) < 2:
        return None
    return draw_times(
        points,
        smallest=smallest,
        unit=_unit(share),
        say=_say(share),
        title=title,
        caption="Before the start there is nothing to find: what stands there shows how far chance and drift alone reach.",
    )


def _unit(share: bool) -> str:
    return "points" if share else "change"


def _say(share: bool) -> Callable[[float], str]:
    return lambda value: amount(value, share=share, signed=True)
