"""Differences in differences forwards: with the ups and downs that places really have.

What does not belong here: the estimate once the work is done (``core.effects``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.power.two_arm import noncentral_power

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DifferencePower:
    """What comparing ``treated`` places with ``compared`` others could show.

    ``power`` is the chance of finding ``effect``, ``minimum_detectable_effect`` the smallest effect found
    with ``wanted_power``; ``false_alarm_rate`` how often nothing was taken for something in the
    history (None without one).
    """

    power: float
    minimum_detectable_effect: float
    wanted_power: float
    treated: int
    compared: int
    periods_before: int
    periods_after: int
    effect: float
    alpha: float
    false_alarm_rate: float | None
    draws: int | None


def did_power(
    effect: float,
    *,
    treated: int,
    compared: int,
    periods_before: int = 1,
    periods_after: int = 1,
    standard_deviation: float,
    autocorrelation: float = 0.0,
    measurement_variance: float = 0.0,
    alpha: float = 0.05,
    wanted_power: float = 0.8,
) -> DifferencePower:
    """Power from a formula: each place's change from before to after, compared by a pooled t-test.

    ``standard_deviation`` is that of a place's figure about its own long-run level (the common ups and
    downs of all places taken out), ``autocorrelation`` that of one period to the next (first-order);
    ``measurement_variance`` is added independently to each figure (sampling error of a survey). The
    correlation is what makes many periods worth less than they look. Source: Bertrand, Duflo and
    Mullainathan 2004 for the trap; Burlig, Preonas and Woerman 2020 for the variance.
    """
    _check(effect, alpha, wanted_power)
    if treated < 1 or compared < 1 or treated + compared < 3:
        raise CannotAnalyse("At least one treated place, one other, and three in all are needed.")
    if periods_before < 1 or periods_after < 1 or periods_before + periods_after > 2000:
        raise CannotAnalyse("There must be at least one period before and after, and at most 2,000 in all.")
    if not standard_deviation > 0 or not -1 < autocorrelation < 1 or not measurement_variance >= 0:
        raise CannotAnalyse(
            "The standard deviation must be above 0, the autocorrelation between −1 and 1 and the measurement"
            " variance 0 or more."
        )
    periods = periods_before + periods_after
    lag = np.abs(np.subtract.outer(np.arange(periods), np.arange(periods)))
    covariance = (
        standard_deviation**2 * np.power(autocorrelation, lag)
        if autocorrelation
        else (standard_deviation**2 * np.eye(periods))
    )
    covariance = covariance + measurement_variance * np.eye(periods)
    weights = np.where(np.arange(periods) < periods_before, -1.0 / periods_before, 1.0 / periods_after)
    change = float(weights @ covariance @ weights)
    error = math.sqrt(change * (1.0 / treated + 1.0 / compared))
    degrees = treated + compared - 2.0
    return DifferencePower(
        power=noncentral_power(abs(effect) / error, degrees, alpha),
        minimum_detectable_effect=error * _smallest_size(degrees, alpha, wanted_power),
        wanted_power=wanted_power,
        treated=treated,
        compared=compared,
        periods_before=periods_before,
        periods_after=periods_after,
        effect=effect,
        alpha=alpha,
        false_alarm_rate=None,
        draws=None,
    )


def did_power_from_history(
    history: Numbers,
    *,
    effect: float,
    treated: int,
    compared: int | None = None,
    periods_before: int | None = None,
    periods_after: int | None = None,
    alpha: float = 0.05,
    wanted_power: float = 0.8,
    draws: int = 4000,
    random: np.random.Generator,
) -> DifferencePower:
    """Power on real figures: an effect added to places and dates drawn from a history without any work.

    ``history`` is places × periods. In each draw ``treated`` places, ``compared`` others (the rest where
    not given) and a date are drawn, the effect is added after the date, and the changes are compared by a
    pooled t-test: the test whose false alarms stay near nominal on such figures. Serial correlation,
    spread and common shocks are those of the history itself. The windows default to half of it each.
    """
    _check(effect, alpha, wanted_power)
    if history.ndim != 2 or not np.isfinite(history).all():
        raise CannotAnalyse("The history must hold every place in every period.")
    places, periods = history.shape
    if periods < 2 or places < 3:
        raise CannotAnalyse(
            f"A history of {places} places and {periods} periods is too small; 3 × 2 is least."
        )
    others = places - treated if compared is None else compared
    if treated < 1 or others < 1 or treated + others > places or treated + others < 3:
        raise CannotAnalyse(
            f"With {places} places in the history, {treated} treated and {others} others do not fit."
        )
    before = periods // 2 if periods_before is None else periods_before
    after = (
        (periods - before if periods_before is not None else periods // 2)
        if periods_after is None
        else periods_after
    )
    if before < 1 or after < 1 or before + after > periods:
        raise CannotAnalyse(f"{before} periods before and {after} after do not fit in {periods} of history.")
    if float(np.ptp(history - history.mean(axis=0))) <= 0:
        raise CannotAnalyse("All places move alike in this history: there is nothing to learn from it.")
    starts = np.arange(before, periods - after + 1)
    sums = np.concatenate([np.zeros((places, 1)), np.cumsum(history, axis=1)], axis=1)
    changes = (sums[:, starts + after] - sums[:, starts]) / after - (
        sums[:, starts] - sums[:, starts - before]
    ) / before
    order = random.permuted(np.tile(np.arange(places), (draws, 1)), axis=1)
    date = random.integers(0, starts.size, size=draws)
    ours = changes[order[:, :treated], date[:, None]]
    theirs = changes[order[:, treated : treated + others], date[:, None]]
    degrees = treated + others - 2.0
    squares = ((ours - ours.mean(axis=1, keepdims=True)) ** 2).sum(axis=1) + (
        (theirs - theirs.mean(axis=1, keepdims=True)) ** 2
    ).sum(axis=1)
    error = np.sqrt(squares / degrees * (1.0 / treated + 1.0 / others))
    difference = ours.mean(axis=1) - theirs.mean(axis=1)
    critical = float(-stdtrit(degrees, alpha / 2.0))

    def found(size: float) -> float:
        # either sign: the effect may be a rise or a fall
        return float(
            (
                (np.abs(difference + size) > critical * error).mean()
                + (np.abs(difference - size) > critical * error).mean()
            )
            / 2.0
        )

    high = float(error.mean()) * (critical + 1.0)
    while found(high) < wanted_power:
        high *= 1.5
    low = 0.0
    for _ in range(60):
        middle = (low + high) / 2.0
        if found(middle) < wanted_power:
            low = middle
        else:
            high = middle
    return DifferencePower(
        power=found(abs(effect)),
        minimum_detectable_effect=high,
        wanted_power=wanted_power,
        treated=treated,
        compared=others,
        periods_before=before,
        periods_after=after,
        effect=effect,
        alpha=alpha,
        false_alarm_rate=found(0.0),
        draws=draws,
    )


def history_spread(history: Numbers) -> tuple[float, float]:
    """How places swing about their own level and the common path: (standard deviation, autocorrelation)."""
    places, periods = history.shape
    if periods < 4 or places < 2:
        raise CannotAnalyse("At least 4 periods and 2 places of history are needed.")
    left = (
        history - history.mean(axis=1, keepdims=True) - history.mean(axis=0, keepdims=True) + history.mean()
    )
    variance = float((left**2).sum() / ((places - 1) * (periods - 1)))
    if variance <= 0:
        raise CannotAnalyse("The history does not vary within places.")
    carried = float((left[:, 1:] * left[:, :-1]).sum() / (left**2).sum())
    return math.sqrt(variance), float(np.clip((carried * periods + 1) / (periods - 1), -0.99, 0.99))


def _smallest_size(degrees: float, alpha: float, wanted: float) -> float:
    """The smallest effect, in standard errors, found with the power wanted."""
    low, high = 0.0, 10.0
    while noncentral_power(high, degrees, alpha) < wanted:
        high *= 2.0
        if high > 1e6:
            raise CannotAnalyse("With so few places no effect could be found with that power.")
    for _ in range(80):
        middle = (low + high) / 2.0
        if noncentral_power(middle, degrees, alpha) < wanted:
            low = middle
        else:
            high = middle
    return high


def _check(effect: float, alpha: float, wanted_power: float) -> None:
    if not math.isfinite(effect) or effect == 0:
        raise CannotAnalyse("The effect must be a number other than 0.")
    if not 0 < alpha < 1 or not alpha < wanted_power < 1:
        raise CannotAnalyse("Alpha lies between 0 and 1, and the power wanted between alpha and 1.")
