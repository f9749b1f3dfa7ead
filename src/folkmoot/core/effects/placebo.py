"""False alarms of a method on figures in which nothing happened: the user's own.

What does not belong here: the methods themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from folkmoot.core.effects.differences import before_after, pooled_change, redraw_treated, two_way_fit
from folkmoot.core.effects.inference import Codes, Numbers, naive_p_value
from folkmoot.core.effects.panel import Panel
from folkmoot.core.effects.regression import cr2_estimate, fit, plain_estimate
from folkmoot.core.effects.series import FEWEST_SIDE, series_effect
from folkmoot.core.effects.staggered import staggered_effect
from folkmoot.core.effects.wild import wild_bootstrap
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.sentences import counted

Method = Callable[[Numbers, Codes, np.random.Generator], float]

FEWEST_RUNS = 50
MOST_UNITS = 400
MOST_DATES = 400
PLACEBO_DRAWS = 399


@dataclass(frozen=True, slots=True)
class PlaceboRate:
    """How often a method found an effect where there was none.

    ``low`` and ``high`` are a Wilson interval as if runs were independent; they share data, so the truth
    is less certain. ``nominal`` is what the rate should be.
    """

    rate: float
    low: float
    high: float
    nominal: float
    runs: int
    alarms: int
    units: int
    periods: int

    @property
    def more_than_twice_nominal(self) -> bool:
        return self.rate > 2.0 * self.nominal


def placebo_rate(
    untreated: Numbers,
    *,
    method: Method,
    treated: int,
    runs: int = 400,
    nominal: float = 0.05,
    edge: int = 4,
    starts: int = 1,
    random: np.random.Generator,
) -> PlaceboRate:
    """Pretend, again and again, that some units were treated from some date, and count the alarms.

    ``untreated`` is units × periods of figures without any work; in each run ``treated`` units and a date
    at least ``edge`` periods from either end (less where the series is short) are drawn (``starts``
    dates for a staggered method) and ``method(outcomes, first, random)`` gives a p-value, with ``first``
    the position of each unit's start (number of periods = never). Refused where too little is left.
    """
    units, periods = untreated.shape
    edge = max(1, min(edge, (periods - 1) // 3))
    latest = periods - edge
    if latest < edge or periods < 3:
        raise CannotAnalyse(f"{periods} untreated periods are too few to pretend a start in.")
    if treated < 1 or treated > units:
        raise CannotAnalyse(f"{units} untreated units are too few to pretend that {treated} were treated.")
    alarms = done = 0
    for _ in range(runs):
        rows = untreated
        if units > MOST_UNITS:
            kept = random.choice(units, MOST_UNITS, replace=False)
            rows = untreated[kept]
        count = min(treated, max(1, round(treated * rows.shape[0] / units)))
        chosen = random.permutation(rows.shape[0])[:count]
        first = np.full(rows.shape[0], periods, dtype=np.int64)
        dates = random.choice(np.arange(edge, latest + 1), size=min(starts, latest - edge + 1), replace=False)
        first[chosen] = dates[np.arange(count) % dates.size]
        try:
            p_value = method(rows, first, random)
        except CannotAnalyse:
            continue
        done += 1
        alarms += p_value < nominal
    if done < min(FEWEST_RUNS, runs):
        raise CannotAnalyse("The method could not be run on enough placebo cases of these figures.")
    low, high = _wilson(alarms, done)
    return PlaceboRate(
        rate=alarms / done,
        low=low,
        high=high,
        nominal=nominal,
        runs=done,
        alarms=int(alarms),
        units=units,
        periods=periods,
    )


def untreated_part(panel: Panel, *, treated: int) -> Numbers:
    """The figures without work: the never-treated units, or else everybody before the first start."""
    never = panel.never
    if never.size >= max(2 * min(treated, 4), treated + 3) and panel.periods >= 3:
        return np.asarray(panel.outcomes[never])
    head = int(panel.first.min())
    if head >= 4:
        return np.asarray(panel.outcomes[:, :head])
    raise CannotAnalyse(
        f"There are {counted(never.size, 'never-treated unit')} and {counted(head, 'period')} before the first"
        " start: too little without any work to run placebo cases on."
    )


def did_method(inference: str) -> Method:
    """Two-way differences in differences as a placebo method."""

    def run(outcomes: Numbers, first: Codes, random: np.random.Generator) -> float:
        units, periods = outcomes.shape
        statuses = (np.arange(periods)[None, :] >= first[:, None]).astype(np.float64)
        if inference == "design":
            return float(pooled_change(outcomes, statuses).p_value or 0.0)
        if inference == "randomisation":
            drawn = redraw_treated(
                outcomes, statuses, draws=PLACEBO_DRAWS, random=random, with_interval=False
            )
            return drawn.p_value
        unit = np.repeat(np.arange(units), periods)
        if inference == "plain":
            return _plain_two_way(outcomes, statuses)
        found = two_way_fit(
            outcomes.ravel(),
            unit=unit,
            time=np.tile(np.arange(periods), units),
            treated=statuses.ravel(),
            clusters=unit,
        )
        if inference == "wild":
            return wild_bootstrap(found, draws=PLACEBO_DRAWS, random=random, with_interval=False).p_value
        return float(cr2_estimate(found).p_value or 0.0)

    return run


def _plain_two_way(outcomes: Numbers, statuses: Numbers) -> float:
    """The textbook p-value of the two-way regression on a whole panel, by taking both means out."""

    def within(table: Numbers) -> Numbers:
        both = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0, keepdims=True) + table.mean()
        return np.asarray(both.ravel())

    units, periods = outcomes.shape
    found = fit(
        within(outcomes),
        design=within(statuses)[:, None],
        clusters=np.arange(outcomes.size, dtype=np.int64),
        absorbed=units + periods - 1,
    )
    return float(plain_estimate(found).p_value or 0.0)


def before_after_method(inference: str | None) -> Method:
    """Before and after in the treated units alone."""

    def run(outcomes: Numbers, first: Codes, random: np.random.Generator) -> float:
        del random
        rows = np.flatnonzero(first < outcomes.shape[1])
        periods = outcomes.shape[1]
        after = np.arange(periods)[None, :] >= first[rows][:, None]
        estimate = before_after(
            outcomes[rows].ravel(),
            unit=np.repeat(np.arange(rows.size), periods),
            after=after.astype(np.float64).ravel(),
            inference=inference,
        )
        # an error too small to be printed with an interval is just what is to be measured here
        return naive_p_value(estimate) if estimate.p_value is None else estimate.p_value

    return run


def in_window(method: Method, *, before: int, after: int) -> Method:
    """The same method shown only ``before`` periods up to the start and ``after`` from it, as a plan would have.

    All treated units start on one date; where the window does not fit, the case is left out.
    """

    def run(outcomes: Numbers, first: Codes, random: np.random.Generator) -> float:
        periods = outcomes.shape[1]
        start = int(first.min())
        if start < before or start + after > periods:
            raise CannotAnalyse("The window does not fit around that date.")
        cut = np.where(first < periods, before, before + after).astype(np.int64)
        return method(outcomes[:, start - before : start + after], cut, random)

    return run


def staggered_method(estimator: str, *, summary: str, inference: str | None) -> Method:
    """A staggered estimator with its own errors."""

    def run(outcomes: Numbers, first: Codes, random: np.random.Generator) -> float:
        del random
        panel = Panel(outcomes=outcomes, times=np.arange(outcomes.shape[1], dtype=np.float64), first=first)
        found = staggered_effect(panel, estimator=estimator, summary=summary, inference=inference)
        return float(found.overall.p_value or 0.0)

    return run


def series_placebo_rate(
    outcome: Numbers,
    *,
    periods: Numbers,
    nominal: float = 0.05,
    **how: Any,
) -> PlaceboRate:
    """The same for one series before its start: every date that leaves enough points is pretended (400, spread
    evenly, where there are more).

    ``how`` are the options of ``series.series_effect``.
    """
    order = np.argsort(periods)
    outcome, periods = outcome[order], periods[order]
    exposure = how.pop("exposure", None)
    if exposure is not None:
        exposure = exposure[order]
    alarms = done = 0
    dates = periods[FEWEST_SIDE : periods.size - FEWEST_SIDE + 1]
    if dates.size > MOST_DATES:
        dates = dates[np.linspace(0, dates.size - 1, MOST_DATES).round().astype(np.int64)]
    for start in dates:
        try:
            found = series_effect(outcome, periods=periods, start=float(start), exposure=exposure, **how)
        except CannotAnalyse:
            continue
        done += 1
        alarms += (
            naive_p_value(found.estimate) if how.get("lags") is not None else found.estimate.p_value or 0.0
        ) < nominal
    if done < 8:
        raise CannotAnalyse(
            f"Only {done} dates before the start leave enough points to pretend one: at least 8 are needed."
        )
    low, high = _wilson(alarms, done)
    return PlaceboRate(alarms / done, low, high, nominal, done, int(alarms), 1, int(periods.size))


def _wilson(alarms: int, runs: int) -> tuple[float, float]:
    z = 1.959963984540054
    share = alarms / runs
    middle = (share + z**2 / (2 * runs)) / (1 + z**2 / runs)
    reach = z * math.sqrt(share * (1 - share) / runs + z**2 / (4 * runs**2)) / (1 + z**2 / runs)
    # rounding must not lift the ends off none and all
    return 0.0 if alarms == 0 else middle - reach, 1.0 if alarms == runs else middle + reach
