"""A roll-out in an order drawn by lot, tried on figures that places really had.

What does not belong here: a roll-out to people asked in each place (``stepped_wedge``), one start for all
(``differences``).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import CannotAnalyse

Numbers = NDArray[np.float64]
MOST_STARTS = 40  # stretches of the history that are tried; more of them overlap so much that they add little


@dataclass(frozen=True, slots=True)
class RollOutPower:
    """What a roll-out to ``places`` places in ``steps`` steps could show, beside ``compared`` that wait.

    ``power`` is the chance of finding ``effect``, ``minimum_detectable_effect`` the smallest effect found
    with ``wanted_power``, ``false_alarm_rate`` how often nothing was taken for something.
    """

    power: float
    minimum_detectable_effect: float
    wanted_power: float
    places: int
    compared: int
    steps: int
    periods_before: int
    periods_between: int
    periods_after: int
    effect: float
    alpha: float
    false_alarm_rate: float
    draws: int


def roll_out_power_from_history(
    history: Numbers,
    *,
    effect: float,
    places: int,
    steps: int,
    compared: int | None = None,
    periods_before: int = 4,
    periods_between: int = 1,
    periods_after: int = 4,
    alpha: float = 0.05,
    wanted_power: float = 0.8,
    draws: int = 500,
    random: np.random.Generator,
) -> RollOutPower:
    """Power of a stepped start in an order drawn by lot, judged by that same lot (randomisation inference).

    ``history`` is places × periods without any work. For each stretch of it (``periods_before`` before the
    first start, ``periods_between`` from start to start, ``periods_after`` from the last) the order is
    drawn ``draws`` times; the estimate is the two-way one (means of places and periods taken out), and an
    effect counts as found where it lies outside what 1 − ``alpha`` of other orders would give with that
    effect in the figures. ``compared`` places (the rest where not given) wait until after the end.
    Refused where there are too few orders for any to be that rare. Source: Roth and Sant'Anna 2023 for
    the lot as the ground of inference in staggered roll-outs.
    """
    _check(history, effect, alpha, wanted_power)
    count, periods = history.shape
    waiting = count - places if compared is None else compared
    if steps < 1 or places < steps or waiting < 0 or places + waiting > count:
        raise CannotAnalyse(
            f"With {count} places in the history, {places} in {steps} steps and {waiting} waiting do not fit."
        )
    if min(periods_before, periods_between, periods_after) < 1:
        raise CannotAnalyse("There must be at least one period before, between and after the starts.")
    span = periods_before + periods_between * (steps - 1) + periods_after
    if span > periods:
        raise CannotAnalyse(f"This roll-out takes {span} periods; the history has {periods}.")
    sizes = np.full(steps, places // steps)
    sizes[: places % steps] += 1
    if _orders(sizes, waiting) * alpha < 1.0:
        raise CannotAnalyse(
            f"{places + waiting} places can be put in too few orders for any of them to be a surprise."
        )
    # places that start together, or wait, have one pattern: it is kept once, however many they are
    group = np.repeat(np.arange(steps + 1), [*sizes, waiting])
    begins = np.append(np.arange(steps) * periods_between + periods_before, span)
    pattern = (np.arange(span)[None, :] >= begins[:, None]).astype(np.float64)
    share = np.bincount(group, minlength=steps + 1) / group.size
    left = pattern - pattern.mean(axis=1, keepdims=True) - share @ pattern + share @ pattern.mean(axis=1)
    weight = float((share * group.size) @ (left**2).sum(axis=1))
    if weight < 1e-9:
        raise CannotAnalyse("All places start at once and none waits: there is nothing to compare with.")
    starts = np.unique(np.linspace(0, periods - span, MOST_STARTS).round().astype(np.int64))
    rows = random.permuted(np.tile(np.arange(count), (draws, 1)), axis=1)[:, : group.size]
    among = random.permuted(np.tile(group, (draws, 1)), axis=1)
    # how another order would read the same effect
    carried = (pattern @ left.T)[among, group].sum(axis=1) / weight
    chance = np.empty((starts.size, draws))
    for place, start in enumerate(starts):
        by_group = history[:, start : start + span] @ left.T
        chance[place] = by_group[rows, group].sum(axis=1) / weight
    if float(np.ptp(chance)) <= 0:
        raise CannotAnalyse("All places move alike in this history: there is nothing to learn from it.")

    def found(size: float) -> float:
        # either sign: the effect may be a rise or a fall
        critical = np.quantile(np.abs(chance + size * carried), 1.0 - alpha, axis=1, keepdims=True)
        rise, fall = np.abs(chance + size) > critical, np.abs(chance - size) > critical
        return float((rise.mean() + fall.mean()) / 2.0)

    return RollOutPower(
        power=found(abs(effect)),
        minimum_detectable_effect=_smallest(found, float(np.abs(chance).mean()), wanted_power),
        wanted_power=wanted_power,
        places=places,
        compared=waiting,
        steps=steps,
        periods_before=periods_before,
        periods_between=periods_between,
        periods_after=periods_after,
        effect=effect,
        alpha=alpha,
        false_alarm_rate=found(0.0),
        draws=draws,
    )


def _orders(sizes: NDArray[np.int64], waiting: int) -> float:
    """In how many ways the places can be put into steps and into waiting, up to what a number can hold."""
    groups = [*sizes.tolist(), waiting]
    logged = math.lgamma(sum(groups) + 1) - sum(math.lgamma(one + 1) for one in groups)
    return math.exp(min(logged, 700.0))


def _smallest(found: Callable[[float], float], scale: float, wanted: float) -> float:
    high = 2.0 * scale
    while found(high) < wanted:
        high *= 1.5
        if high > 1e6 * scale:
            raise CannotAnalyse("With so few places no effect could be found with that power.")
    low = 0.0
    for _ in range(30):
        middle = (low + high) / 2.0
        low, high = (middle, high) if found(middle) < wanted else (low, middle)
    return high


def _check(history: Numbers, effect: float, alpha: float, wanted_power: float) -> None:
    if history.ndim != 2 or not np.isfinite(history).all():
        raise CannotAnalyse("The history must hold every place in every period.")
    if not math.isfinite(effect) or effect == 0:
        raise CannotAnalyse("The effect must be a number other than 0.")
    if not 0 < alpha < 1 or not alpha < wanted_power < 1:
        raise CannotAnalyse("Alpha lies between 0 and 1, and the power wanted between alpha and 1.")
