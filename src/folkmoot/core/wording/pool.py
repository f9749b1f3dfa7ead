"""Pooled studies as careful sentences and as chart data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from folkmoot.core.results import Estimate
from folkmoot.core.sentences import counted
from folkmoot.core.synthesis.robustness import WhatWouldChange
from folkmoot.core.wording.estimate import shown


def sentences(
    estimate: Estimate,
    *,
    studies: int,
    measure: str,
    prediction: tuple[float, float] | None,
    change: WhatWouldChange | None,
) -> list[str]:
    """What the pooling found, where the next study's truth may lie, and what would change the conclusion."""
    e = estimate
    found = [
        f"Over {counted(studies, 'study', 'studies')} the pooled {measure} is"
        f" {shown(e.estimate)} ({e.level:.0%} interval {shown(e.low)} to {shown(e.high)})."
    ]
    if e.low <= 0 <= e.high:
        found.append("The interval includes no effect: these studies cannot tell its direction.")
    if prediction is not None:
        low, high = prediction
        text = f"In another place like these the truth may lie from {shown(low)} to {shown(high)}"
        if low <= 0 <= high and not e.low <= 0 <= e.high:
            text += ": an effect on average does not promise one everywhere"
        found.append(text + ".")
    if change is not None:
        found += _change(change)
    return found


def _change(change: WhatWouldChange) -> list[str]:
    found = []
    if change.excludes_zero:
        share = f" ({change.bias_share:.0%} of the estimate)" if change.bias_share is not None else ""
        found.append(
            f"A bias of {shown(change.bias)} common to all studies{share} would bring the interval to no effect."
        )
    if change.null_studies is not None:
        noun = "study" if change.null_studies == 1 else "studies"
        found.append(
            f"{change.null_studies} further {noun} of ordinary size finding nothing would do the same."
        )
    if change.null_study_error is not None:
        found.append(
            "So would a single one finding nothing with a standard error of"
            f" {shown(change.null_study_error)} or less."
        )
    if change.more_studies is not None:
        noun = "study" if change.more_studies == 1 else "studies"
        found.append(
            f"{change.more_studies} further {noun} of ordinary size finding the pooled estimate would make the"
            " interval exclude no effect."
        )
    return found


def forest(
    studies: Sequence[tuple[str, Estimate, float]],
    *,
    pooled: Estimate,
    prediction: tuple[float, float] | None,
) -> list[dict[str, Any]]:
    """The rows of a forest plot: each study with its weight, the pooled estimate, the prediction interval."""
    rows: list[dict[str, Any]] = [
        {"label": name, "value": e.estimate, "low": e.low, "high": e.high, "weight": weight, "kind": "study"}
        for name, e, weight in studies
    ]
    rows.append(
        {
            "label": "pooled",
            "value": pooled.estimate,
            "low": pooled.low,
            "high": pooled.high,
            "kind": "pooled",
        }
    )
    if prediction is not None:
        rows.append(
            {"label": "another place", "low": prediction[0], "high": prediction[1], "kind": "prediction"}
        )
    return rows
