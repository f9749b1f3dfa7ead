"""Places looked at before and after with nobody to compare with, tried on figures that they really had.

What does not belong here: a comparison with other places (``differences``, ``roll_out``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import CannotAnalyse

Numbers = NDArray[np.float64]
FEWEST_CASES = 20  # fewer give no idea of what happens one time in twenty


@dataclass(frozen=True, slots=True)
class AlonePower:
    """What ``treated`` places before and after could show if false alarms are held at ``alpha``.

    ``threshold`` is the change that happens by itself in a share ``alpha`` of cases: only a larger one is news.
    """

    power: float
    minimum_detectable_effect: float
    wanted_power: float
    threshold: float
    treated: int
    periods_before: int
    periods_after: int
    effect: float
    alpha: float
    draws: int


def alone_power_from_history(
    history: Numbers,
    *,
    effect: float,
    treated: int = 1,
    periods_before: int,
    periods_after: int,
    alpha: float = 0.05,
    wanted_power: float = 0.8,
    draws: int = 4000,
    random: np.random.Generator,
) -> AlonePower:
    """Power of before against after in the same places, with the alarm set by what changes by itself.

    ``history`` is places × periods without any work. The textbook test of such a comparison raises far too
    many false alarms; here a change counts only beyond what 1 − ``alpha`` of changes over the same windows
    reached in the history. That holds if times to come are as quiet as those of the history.
    """
    if history.ndim != 2 or not np.isfinite(history).all():
        raise CannotAnalyse("The history must hold every place in every period.")
    if not math.isfinite(effect) or effect == 0:
        raise CannotAnalyse("The effect must be a number other than 0.")
    if not 0 < alpha < 1 or not alpha < wanted_power < 1:
        raise CannotAnalyse("Alpha lies between 0 and 1, and the power wanted between alpha and 1.")
    places, periods = history.shape
    before, after = periods_before, periods_after
    if not 1 <= treated <= places:
        raise CannotAnalyse(f"With {places} places in the history, {treated} do not fit.")
    if before < 1 or after < 1 or before + after > periods:
        raise CannotAnalyse(f"{before} periods before and {after} after do not fit in {periods} of history.")
    starts = np.arange(before, periods - after + 1)
    if places * starts.size < FEWEST_CASES:
        raise CannotAnalyse(
            f"{places * starts.size} stretches of history are too few to say what changes by itself one time in twenty."
        )
    sums = np.concatenate([np.zeros((places, 1)), np.cumsum(history, axis=1)], axis=1)
    changes = (sums[:, starts + after] - sums[:, starts]) / after - (
        sums[:, starts] - sums[:, starts - before]
    ) / before
    date = random.integers(0, starts.size, size=draws)
    order = random.permuted(np.tile(np.arange(places), (draws, 1)), axis=1)[:, :treated]
    change = changes[order, date[:, None]].mean(axis=1)
    threshold = float(np.quantile(np.abs(change), 1.0 - alpha))
    if threshold <= 0:
        raise CannotAnalyse("Nothing ever changes in this history: there is nothing to learn from it.")

    def found(size: float) -> float:
        # either sign: the effect may be a rise or a fall
        return float(
            ((np.abs(change + size) > threshold).mean() + (np.abs(change - size) > threshold).mean()) / 2.0
        )

    high = 2.0 * threshold
    while found(high) < wanted_power:
        high *= 1.5
    low = 0.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if found(middle) < wanted_power else (low, middle)
    return AlonePower(
        power=found(abs(effect)),
        minimum_detectable_effect=high,
        wanted_power=wanted_power,
        threshold=threshold,
        treated=treated,
        periods_before=before,
        periods_after=after,
        effect=effect,
        alpha=alpha,
        draws=draws,
    )
