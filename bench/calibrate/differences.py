"""Before and after, differences in differences, event times, drift before the start."""

from __future__ import annotations

import numpy as np

from bench.calibrate.rows import Row, covers, share
from folkmoot.core.effects.differences import before_after, did_effect
from folkmoot.core.effects.inference import naive_p_value
from folkmoot.core.effects.panel import Panel
from folkmoot.core.effects.pretrend import pre_trend
from folkmoot.core.effects.sensitivity import sensitivity_to_trends
from folkmoot.core.effects.synthetic import synthetic_control
from folkmoot.core.errors import CannotAnalyse

RUNS = 2000
FEW = "Conservative: with few units on a side Satterthwaite's degrees of freedom err on the low side."
STEPS = "Conservative: so few draws (or sign patterns) give p-values in coarse steps, and the test never rounds in its own favour."
ALONE = (
    "Not a test of an effect: without a comparison the common ups and downs are taken for one. The interval is one of the change"
    " seen, the sentence and a caveat say so, and the command prints the false alarms on the user's own figures."
)
LARGEST = (
    "Conservative here: the largest difference before the start holds chance as well as drift, and trends may part either way. That it is"
    " itself estimated is not allowed for."
)
PLAIN = (
    "The textbook error takes the periods as independent (`--inference plain`). The command gives estimate and error to compare with"
    " other programs, and refuses the interval and the p-value that are made of them here."
)


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
        p_value = naive_p_value(one) if how == "plain" else one.p_value if one.p_value is not None else 1.0
        # without ends of its own an interval holds what its p-value does not refuse
        held.append(covers((one.low, one.high), 0.0) if one.is_bounded else p_value > 0.05)
        alarms.append(p_value <= 0.05)
        for event in found.event_times:
            if event.event_time in (-6.0, 0.0, 3.0):
                events.append(covers((event.estimate.low, event.estimate.high), 0.0))
    words = f"{treated} treated and {others} other units, 10 periods"
    conservative = STEPS if how in ("wild", "randomisation") else FEW
    comparison = PLAIN if how == "plain" else ""
    rows = [
        Row(
            f"did, {how}, interval",
            words,
            "interval",
            (share(held),),
            runs,
            comparison=comparison,
            conservative=conservative,
        ),
        Row(
            f"did, {how}, p-value",
            words,
            "test",
            (share(alarms),),
            runs,
            promised=0.05,
            comparison=comparison,
        ),
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
    """The change seen in units like these, common ups and downs included; and what a test of an effect would say."""
    found = []
    for units, uneven in ((3, False), (12, False), (12, True)):
        random = np.random.default_rng([17, units, uneven])
        held, changes, effects = [], [], []
        unit, time = np.repeat(np.arange(units), 10), np.tile(np.arange(10), units)
        after = (time >= 6).astype(float)
        for _ in range(RUNS):
            common = np.cumsum(random.normal(0, 0.5, 10))
            y = (_panel(random, units, together=False) + common).ravel()
            kept = np.ones(y.size, dtype=bool)
            truth = common[6:].mean() - common[:6].mean()
            if uneven:  # every other unit is seen from the fourth period on
                kept = (time >= 3) | (unit % 2 == 0)
                truth = _weighted_change(common, unit[kept], time[kept])
            one = before_after(y[kept], unit=unit[kept], after=after[kept])
            held.append(covers((one.low, one.high), truth))
            effects.append((one.p_value or 0.0) <= 0.05)
            still = before_after((y - common[time])[kept], unit=unit[kept], after=after[kept])
            changes.append((still.p_value or 0.0) <= 0.05)
        words = f"{units} units, common ups and downs{', half of them seen later' if uneven else ''}"
        found += [
            Row("before and after, change seen", words, "interval", (share(held),), RUNS, conservative=FEW),
            Row(
                "before and after, p-value of no change", f"{words.split(',')[0]}, nothing in common"
                + (", half of them seen later" if uneven else ""), "test", (share(changes),), RUNS, promised=0.05,
            ),
            Row(
                "before and after, taken for a test of an effect", words, "test", (share(effects),), RUNS,
                promised=0.05, warning=ALONE,
            ),
        ]  # fmt: skip
    return [*found, *_asked_twice()]


def _weighted_change(common: np.ndarray, unit: np.ndarray, time: np.ndarray) -> float:
    """What the estimate makes of the common ups and downs alone: units seen longer count for more."""
    after = (time >= 6).astype(float)
    pulls = after - (np.bincount(unit, weights=after) / np.bincount(unit))[unit]
    return float(pulls @ common[time] / (pulls @ pulls))


def _asked_twice() -> list[Row]:
    """Other people asked before and after, in unlike numbers and with unlike spread; nothing changed."""
    random = np.random.default_rng(171)
    held, alarms = [], []
    after = np.repeat([0.0, 1.0], [15, 40])
    for _ in range(RUNS):
        y = random.gamma(3, 1, 55) - 3
        y[15:] *= 0.6
        one = before_after(y, unit=np.zeros(55, dtype=np.int64), after=after, inference="rows")
        held.append(covers((one.low, one.high), 0.0))
        alarms.append((one.p_value or 0.0) <= 0.05)
    words = "15 people before and 40 others after, unequal spread"
    return [
        Row("before and after, change seen", words, "interval", (share(held),), RUNS, conservative=FEW),
        Row("before and after, p-value of no change", words, "test", (share(alarms),), RUNS, promised=0.05),
    ]


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
