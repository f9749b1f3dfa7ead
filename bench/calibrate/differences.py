"""Before and after, differences in differences, event times, drift before the start."""

from __future__ import annotations

import numpy as np

from bench.calibrate.rows import Row, covers, share
from folkmoot.core.effects.differences import before_after, did_effect
from folkmoot.core.effects.panel import Panel
from folkmoot.core.effects.pretrend import pre_trend
from folkmoot.core.effects.sensitivity import sensitivity_to_trends
from folkmoot.core.effects.synthetic import synthetic_control
from folkmoot.core.errors import CannotAnalyse

RUNS = 2000
FEW = "Conservative: with few units on a side Satterthwaite's degrees of freedom err on the low side."
STEPS = "Conservative: so few draws (or sign patterns) give p-values in coarse steps, and the test never rounds in its own favour."
ALONE = (
    "Wrong by design, and shown for that: without a comparison the common ups and downs are taken for an effect. The command"
    " prints the false alarms on the user's own figures and a warning beside it."
)
LARGEST = (
    "Conservative here: the largest difference before the start holds chance as well as drift, and trends may part either way. That it is"
    " itself estimated is not allowed for."
)
PLAIN = "The textbook error takes the periods as independent. It is there for comparison only (`--inference plain`)."


def rows() -> list[Row]:
    found = []
    for treated, others, how in (
        (2, 14, "cr2"), (5, 5, "cr2"), (10, 22, "cr2"), (1, 20, "design"), (4, 16, "design"), (3, 6, "randomisation"),
        (4, 6, "wild"), (10, 22, "wild"), (4, 16, "plain"),
    ):  # fmt: skip
        found += _tried(treated, others, how)
    return [*found, *_alone(), *_drift(), *_mixed(), *_parting()]


def _mixed() -> list[Row]:
    """Synthetic control where nothing happened: one treated unit drawn from all, or three of them."""
    found = []
    for treated, units, runs in ((1, 30, 400), (3, 24, 120)):
        random = np.random.default_rng([28, treated])
        held, alarms, times = [], [], []
        for _ in range(runs):
            y = _panel(random, units, 14)
            first = np.where(np.arange(units) < treated, 10, 14)
            one = synthetic_control(Panel(outcomes=y, times=np.arange(14.0), first=first), random=random)
            held.append(covers((one.estimate.low, one.estimate.high), 0.0))
            alarms.append((one.estimate.p_value or 0.0) <= 0.05)
            times += [
                covers((event.estimate.low, event.estimate.high), 0.0) for event in one.event_times[::3]
            ]
        words = f"{treated} treated and {units - treated} other units, 10 periods before and 4 after"
        found += [
            Row("synthetic control, interval", words, "interval", (share(held),), runs, conservative=STEPS),
            Row(
                "synthetic control, event times", words, "interval", (share(times),), runs, conservative=STEPS
            ),
            Row("synthetic control, p-value", words, "test", (share(alarms),), runs, promised=0.05),
        ]
    return found


def _parting() -> list[Row]:
    """Trends part after the start by as much as before it, every period in the same direction."""
    random = np.random.default_rng(29)
    runs, held = 150, []
    first = np.where(np.arange(60) < 25, 6, 10)
    for _ in range(runs):
        y = 0.5 * random.normal(size=(60, 10)) + random.normal(size=(60, 1))
        y += 0.25 * np.arange(10) * (first < 10)[:, None]
        found = sensitivity_to_trends(Panel(outcomes=y, times=np.arange(10.0), first=first), sizes=(1.0,))
        held.append(covers((found.bounds[0].low, found.bounds[0].high), 0.0))
    words = "25 treated and 35 other units drift apart evenly, before and after"
    return [
        Row("bounds where trends part, size 1", words, "interval", (share(held),), runs, conservative=LARGEST)
    ]


def _panel(
    random: np.random.Generator, units: int, periods: int = 10, *, together: bool = True
) -> np.ndarray:
    """Units with levels of their own, common ups and downs, and figures that follow those before."""
    swings = random.normal(size=(units, periods))
    for period in range(1, periods):
        swings[:, period] = 0.6 * swings[:, period - 1] + 0.8 * swings[:, period]
    common = np.cumsum(random.normal(0, 0.5, periods)) * together
    return random.normal(0, 2, units)[:, None] + common[None, :] + swings


def _tried(treated: int, others: int, how: str) -> list[Row]:
    random = np.random.default_rng([16, treated, others, *how.encode()])
    units, periods = treated + others, 10
    runs = RUNS if how not in ("wild", "randomisation") else RUNS // 4
    unit = np.repeat(np.arange(units), periods)
    time = np.tile(np.arange(periods), units)
    work = ((unit < treated) & (time >= 6)).astype(float)
    held, alarms, events = [], [], []
    for _ in range(runs):
        y = _panel(random, units).ravel()
        found = did_effect(y, unit=unit, time=time, treated=work, inference=how, draws=399, random=random)
        one = found.estimate
        held.append(covers((one.low, one.high), 0.0))
        alarms.append((one.p_value if one.p_value is not None else 1.0) <= 0.05)
        for event in found.event_times:
            if event.event_time in (-6.0, 0.0, 3.0):
                events.append(covers((event.estimate.low, event.estimate.high), 0.0))
    words = f"{treated} treated and {others} other units, 10 periods"
    conservative = STEPS if how in ("wild", "randomisation") else FEW
    short = PLAIN if how == "plain" else ""
    rows = [
        Row(
            f"did, {how}, interval",
            words,
            "interval",
            (share(held),),
            runs,
            short=short,
            conservative=conservative,
        ),
        Row(f"did, {how}, p-value", words, "test", (share(alarms),), runs, promised=0.05, short=short),
    ]
    if events:
        rows.append(
            Row(
                f"did, {how}, event times",
                words,
                "interval",
                (share(events),),
                runs,
                conservative=conservative,
            )
        )
    return rows


def _alone() -> list[Row]:
    random = np.random.default_rng(17)
    found = []
    for units, common in ((12, False), (12, True)):
        held = []
        after = np.tile(np.arange(10) >= 6, units).astype(float)
        for _ in range(RUNS):
            y = _panel(random, units, together=common)
            one = before_after(y.ravel(), unit=np.repeat(np.arange(units), 10), after=after)
            held.append(covers((one.low, one.high), 0.0))
        words = f"{units} units, {'common ups and downs' if common else 'nothing in common'}"
        found.append(Row("before and after", words, "interval", (share(held),), RUNS, short=ALONE))
    return found


def _drift() -> list[Row]:
    random = np.random.default_rng(18)
    held = []
    treated = (np.arange(20) < 6).astype(float)
    for _ in range(RUNS):
        try:
            one = pre_trend(_panel(random, 20), treated=treated, start=6).drift
        except CannotAnalyse:
            continue
        held.append(covers((one.low, one.high), 0.0))
    return [
        Row(
            "drift before the start",
            "6 treated and 14 other units, 6 periods before",
            "interval",
            (share(held),),
            RUNS,
        )
    ]
