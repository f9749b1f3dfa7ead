"""Survey estimates as careful sentences and as chart data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from folkmoot.core.estimates.linear import SurveyEstimate
from folkmoot.core.sentences import counted

KINDS = {
    "mean": "mean",
    "total": "total",
    "proportion": "share",
    "ratio": "ratio",
    "quantile": "quantile",
}


def sentence(found: SurveyEstimate, *, outcome: str, kind: str, of: str = "", among: str = "") -> str:
    """One sentence with the estimate, its interval (the cautious one where there is one) and what it rests on.

    ``of`` narrows the outcome (a category, a quantile, a term), ``among`` the people (a group).
    """
    e = found.estimate
    what = _what(outcome, kind, of)
    who = f" among {among}" if among else ""
    as_share = kind == "proportion"
    value, low, high = (shown(number, share=as_share) for number in (e.estimate, *found.shown))
    rests = f"{counted(found.n, 'row')}"
    if found.clusters != found.n:
        rests += f" in {counted(found.clusters, 'cluster')}"
    text = f"{what}{who} is estimated at {value} ({e.level:.0%} interval {low} to {high}; {rests})."
    if kind == "regression" and of != "intercept" and e.low <= 0 <= e.high:
        text += " The interval includes no association."
    return text


def chart(rows: Sequence[tuple[str, SurveyEstimate]]) -> list[dict[str, Any]]:
    """A point and an interval a label, in the order given, for a dot-and-line chart and its table."""
    return [
        {
            "label": label,
            "value": found.estimate.estimate,
            "low": found.shown[0],
            "high": found.shown[1],
            "n": found.n,
        }
        for label, found in rows
    ]


def shown(number: float, *, share: bool = False) -> str:
    """A number as people read it: three or four figures, a true minus, per cent for a share."""
    if share:
        text = f"{100 * number:.1f} %"
    elif number == 0:
        text = "0"
    elif abs(number) >= 1e15 or abs(number) < 1e-6:
        text = f"{number:.3g}"
    else:
        places = max(0, 3 - math.floor(math.log10(abs(number))) - 1)
        text = f"{number:,.{min(places + 1, 9) if abs(number) < 1000 else 0}f}"
    return text.replace("-", "−")


def _what(outcome: str, kind: str, of: str) -> str:
    if kind == "quantile":
        return f"The {of} quantile of {outcome}" if of != "0.5" else f"The median of {outcome}"
    if kind == "regression":
        return f"The coefficient of {of} on {outcome}" if of != "intercept" else f"The intercept of {outcome}"
    if kind == "proportion":
        return f"The share with “{of}” in {outcome}" if of else f"The share with {outcome}"
    return f"The {KINDS[kind]} of {outcome}"
