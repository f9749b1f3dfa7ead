"""Staggered starts: Callaway and Sant'Anna with sampling errors, Roth and Sant'Anna with design errors."""

from __future__ import annotations

import numpy as np

from bench.calibrate.rows import Row, covers, share
from folkmoot.core.effects.other_estimators import other_staggered_effect
from folkmoot.core.effects.panel import Panel
from folkmoot.core.effects.redrawn_starts import redraw_starts
from folkmoot.core.effects.staggered import staggered_effect

RUNS = 800
LIBRARY = "The error is that of the diff-diff package, a large-sample one; the command says which estimator was used."
STEPS = "Conservative: randomisation never rounds in its own favour."
NEYMAN = "Conservative: the design-based error is an upper bound where effects differ between units."
PERIODS = 8


def rows() -> list[Row]:
    found = []
    for cohorts, never, clustered in (((8, 8), 16, False), ((40, 40), 80, False), ((40, 40), 80, True)):
        found += _sampled(cohorts, never, clustered)
    for cohorts, how in (
        ((10, 10, 10), "roth-santanna"),
        ((60, 60, 60), "roth-santanna"),
        ((60, 60, 60), "callaway-santanna"),
    ):
        found += _by_lot(cohorts, how)
    return [*found, *_redrawn(), *_others()]


def _untreated(random: np.random.Generator, units: int) -> np.ndarray:
    swings = random.normal(size=(units, PERIODS))
    for period in range(1, PERIODS):
        swings[:, period] = 0.5 * swings[:, period - 1] + swings[:, period]
    return random.normal(0, 1, units)[:, None] + swings + np.cumsum(random.normal(0, 0.5, PERIODS))[None, :]


def _sampled(cohorts: tuple[int, ...], never: int, clustered: bool) -> list[Row]:
    """Units drawn anew each time, with effects of 0.3 × (periods since the start + 1) on average."""
    random = np.random.default_rng([19, *cohorts, never, clustered])
    held: dict[str, list[bool]] = {name: [] for name in ("simple", "cohort", "calendar", "event", "times")}
    units = sum(cohorts) + never
    first = np.concatenate([np.repeat([3, 5], cohorts), np.full(never, PERIODS)]).astype(np.int64)
    share_of = np.array(cohorts) / sum(cohorts)
    since = np.maximum(np.arange(PERIODS)[None, :] - first[:, None] + 1, 0)
    effects = 0.3 * since[[0, cohorts[0]]]  # by cohort and period
    treated = effects > 0
    simple = float((effects * share_of[:, None]).sum() / (treated * share_of[:, None]).sum())
    truth = {
        "simple": simple,
        "cohort": float((share_of * [row[row > 0].mean() for row in effects]).sum()),
        "calendar": float(
            np.mean(
                [
                    (effects[:, t] * share_of)[treated[:, t]].sum() / share_of[treated[:, t]].sum()
                    for t in range(3, PERIODS)
                ]
            )
        ),
        "event": float(np.mean([0.3 * (e + 1) for e in range(5)])),
    }
    for _ in range(RUNS):
        y = _untreated(random, units)
        y += 0.3 * since * (1 + random.normal(0, 0.5, units))[:, None]
        clusters = None
        if clustered:
            clusters = np.arange(units) // 4  # four neighbours share a cohort and a shock to their changes
            y += random.normal(0, 0.5, (units // 4, PERIODS))[clusters]
        panel = Panel(outcomes=y, times=np.arange(PERIODS, dtype=float), first=first, clusters=clusters)
        for summary, value in truth.items():
            found = staggered_effect(panel, summary=summary, comparison="never", inference="sampling")
            held[summary].append(covers((found.overall.low, found.overall.high), value))
            if summary == "event":
                for event in found.event_times:
                    if event.event_time in (-2.0, 0.0, 2.0):
                        wanted = max(0.3 * (event.event_time + 1), 0.0)
                        held["times"].append(covers((event.estimate.low, event.estimate.high), wanted))
    words = f"cohorts of {cohorts[0]} and {cohorts[1]}, {never} never treated" + (
        ", clusters of 4" if clustered else ""
    )
    return [
        Row(
            f"callaway-santanna, {'event times' if name == 'times' else name}", words, "interval", (share(hits),), RUNS,
        )
        for name, hits in held.items()
    ]  # fmt: skip


def _by_lot(cohorts: tuple[int, ...], estimator: str) -> list[Row]:
    """The same units each time; who starts when is drawn by lot, and the effect is 0.3 for everybody."""
    random = np.random.default_rng([20, *cohorts, *estimator.encode()])
    units = sum(cohorts)
    base = _untreated(random, units)
    start = np.repeat([3, 5, 7], cohorts).astype(np.int64)
    held: dict[str, list[bool]] = {"interval": [], "event times": []}
    alarms = []
    for _ in range(RUNS):
        first = random.permutation(start)
        y = base + 0.3 * (np.arange(PERIODS)[None, :] >= first[:, None])
        panel = Panel(outcomes=y, times=np.arange(PERIODS, dtype=float), first=first)
        found = staggered_effect(panel, estimator=estimator, inference="design")
        held["interval"].append(covers((found.overall.low, found.overall.high), 0.3))
        for event in found.event_times:
            if event.event_time in (0.0, 1.0, 2.0):
                held["event times"].append(covers((event.estimate.low, event.estimate.high), 0.3))
        nothing = Panel(outcomes=base, times=np.arange(PERIODS, dtype=float), first=first)
        p_value = staggered_effect(nothing, estimator=estimator, inference="design").overall.p_value
        alarms.append((p_value if p_value is not None else 1.0) <= 0.05)
    words = f"3 cohorts of {cohorts[0]}, starts drawn by lot"
    rows = [
        Row(
            f"{estimator} (design), {name}",
            words,
            "interval",
            (share(hits),),
            RUNS,
            conservative=NEYMAN,
        )
        for name, hits in held.items()
    ]
    return [
        *rows,
        Row(
            f"{estimator} (design), p-value",
            words,
            "test",
            (share(alarms),),
            RUNS,
            promised=0.05,
        ),
    ]


def _redrawn() -> list[Row]:
    random = np.random.default_rng(21)
    base = _untreated(random, 24)
    start = np.repeat([3, 5, PERIODS], 8).astype(np.int64)
    held, alarms = [], []
    for _ in range(RUNS // 2):
        panel = Panel(outcomes=base, times=np.arange(PERIODS, dtype=float), first=random.permutation(start))
        found = redraw_starts(panel, draws=399, random=random)
        held.append(found.low is not None and found.high is not None and covers((found.low, found.high), 0.0))
        alarms.append(found.p_value <= 0.05)
    words = "2 cohorts of 8 and 8 never treated, starts drawn by lot"
    runs = RUNS // 2
    return [
        Row("randomisation, interval", words, "interval", (share(held),), runs, conservative=STEPS),
        Row("randomisation, p-value", words, "test", (share(alarms),), runs, promised=0.05),
    ]


def _others() -> list[Row]:
    """The estimators of the diff-diff package, with the same effect for everybody."""
    units, runs = 120, 150
    first = np.repeat([3.0, 5.0, np.nan], 40)
    unit = np.repeat(np.arange(units), PERIODS)
    time = np.tile(np.arange(PERIODS, dtype=float), units)
    found = []
    for estimator in ("sun-abraham", "imputation", "two-stage"):
        random = np.random.default_rng(22)
        held = []
        for _ in range(runs):
            y = _untreated(random, units).ravel() + 0.3 * (time >= np.nan_to_num(first, nan=99.0)[unit])
            one = other_staggered_effect(
                y, unit=unit, time=time, first_treated=first[unit], estimator=estimator, clusters=unit
            ).overall
            held.append(covers((one.low, one.high), 0.3))
        words = "cohorts of 40 and 40, 40 never treated"
        found.append(
            Row(
                f"{estimator}, simple",
                words,
                "interval",
                (share(held),),
                runs,
                conservative=LIBRARY,
            )
        )
    return found
