"""Do published figures overlap? Rolling means betray themselves in their differences.

What does not belong here: what is done about it (``series``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from folkmoot.core.effects.inference import Numbers

# k-period rolling figures of independent periods give differences whose lag-k correlation is −0.5
OVERLAP_CORRELATION = -0.3


@dataclass(frozen=True, slots=True)
class Overlap:
    """Whether figures look like rolling ones: the correlation of differences ``window`` periods apart."""

    window: int
    autocorrelation: float
    found: bool
    declared: bool


def rolling_overlap(
    outcome: Numbers, *, windows: Sequence[int] = (4, 12), leave_out: int = -1
) -> Overlap | None:
    """The strongest sign that the figures overlap, among ``windows``; None where the series is too short.

    Figures over a rolling window of k periods share k − 1 of them with their neighbour. Their differences
    then correlate near −0.5 at lag k (the new period enters and leaves again; −0.44 is seen in published
    quarterly estimates over 12 months). ``leave_out`` is the position of a step that must not count.
    """
    best: Overlap | None = None
    changes = np.diff(outcome)
    if 0 < leave_out <= changes.size:
        changes[leave_out - 1] = np.nan
    for window in windows:
        pairs = (
            np.isfinite(changes[window:]) & np.isfinite(changes[:-window]) if window < changes.size else None
        )
        if pairs is None or pairs.sum() < max(2 * window, 8):
            continue
        centred = changes - np.nanmean(changes)
        spread = float(np.nanmean(centred**2))
        if spread <= 0:
            continue
        value = float((centred[window:][pairs] * centred[:-window][pairs]).mean()) / spread
        found = value < max(OVERLAP_CORRELATION, -0.9) and value < -1.64 / math.sqrt(float(pairs.sum()))
        if best is None or (found, -value) > (best.found, -best.autocorrelation):
            best = Overlap(window=window, autocorrelation=value, found=found, declared=False)
    return best
