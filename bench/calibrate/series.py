"""One interrupted series, and the weighted displacement difference."""

from __future__ import annotations

import numpy as np

from bench.calibrate.rows import Row, covers, share
from folkmoot.core.effects.displacement import displacement_effect
from folkmoot.core.effects.series import series_effect
from folkmoot.core.errors import CannotAnalyse

RUNS = 1000
ONE_SERIES = (
    "How far neighbouring periods go together has to be learned from the same series; the interval averages over what it may be,"
    " and is still a little narrow here."
)
NEWEY_WEST = (
    "Newey and West's error is far too small in series of this length: a known limit that no choice of lags removes. It is given"
    " only where lags are asked for, to compare with other programs."
)
WIDE = "Conservative: with so few periods the degrees of freedom taken off for what was fitted are on the safe side."
ROUGH = "Conservative: with counts this small only whole numbers can come about."


def rows() -> list[Row]:
    found = []
    for points, carried in ((24, 0.0), (48, 0.0), (48, 0.4), (120, 0.4), (120, 0.7)):
        found += _gaussian(points, carried)
    found += [_counts("poisson"), _counts("binomial"), *_rolling(), _newey_west()]
    return [*found, *_displaced()]


def _swings(random: np.random.Generator, points: int, carried: float) -> np.ndarray:
    noise = random.normal(size=points + 50)
    for point in range(1, noise.size):
        noise[point] += carried * noise[point - 1]
    return noise[50:]


def _gaussian(points: int, carried: float) -> list[Row]:
    random = np.random.default_rng([21, points, int(10 * carried)])
    periods = np.arange(points, dtype=float)
    start = float(points // 2)
    held: dict[str, list[bool]] = {"average difference": [], "step": [], "change of slope": []}
    alarms = []
    for _ in range(RUNS):
        y = 5 + 0.05 * periods + _swings(random, points, carried)
        found = series_effect(y, periods=periods, start=start, overlap=1)
        parts = (found.estimate, found.level_change, found.slope_change)
        for hits, one in zip(held.values(), parts, strict=True):
            hits.append(covers((one.low, one.high), 0.0))
        alarms.append((found.estimate.p_value or 0.0) <= 0.05)
    words = f"{points} periods, each follows the one before by {carried:g}"
    return [
        *(
            Row(
                f"series, {name}",
                words,
                "interval",
                (share(hits),),
                RUNS,
                short=ONE_SERIES,
                conservative=WIDE,
            )
            for name, hits in held.items()
        ),
        Row("series, p-value", words, "test", (share(alarms),), RUNS, promised=0.05, short=ONE_SERIES),
    ]


def _counts(family: str) -> Row:
    random = np.random.default_rng([22, *family.encode()])
    periods = np.arange(60, dtype=float)
    hits = []
    for _ in range(RUNS // 2):
        lift = 0.3 * (periods >= 30)
        if family == "poisson":
            y = random.poisson(np.exp(2.5 + 0.005 * periods + lift)).astype(float)
            exposure = None
        else:
            exposure = random.integers(150, 300, 60).astype(float)
            y = random.binomial(exposure.astype(int), 1 / (1 + np.exp(0.5 - 0.005 * periods - lift))).astype(
                float
            )
        found = series_effect(y, periods=periods, start=30.0, family=family, exposure=exposure, overlap=1)
        hits.append(covers((found.level_change.low, found.level_change.high), 0.3))
    return Row(
        f"series, {family}, step",
        "60 periods, independent",
        "interval",
        (share(hits),),
        RUNS // 2,
        short=ONE_SERIES,
    )


def _newey_west() -> Row:
    random = np.random.default_rng(26)
    hits = []
    for _ in range(RUNS // 2):
        y = _swings(random, 48, 0.4)
        one = series_effect(y, periods=np.arange(48.0), start=24.0, overlap=1, lags=4).estimate
        hits.append(covers((one.low, one.high), 0.0))
    words = "48 periods, each follows the one before by 0.4"
    return Row(
        "series, average difference, --lags 4", words, "interval", (share(hits),), RUNS // 2, short=NEWEY_WEST
    )


def _rolling() -> list[Row]:
    """Figures over four rolling periods, not declared: the guard has to find it."""
    random = np.random.default_rng(23)
    hits = []
    for _ in range(RUNS // 2):
        raw = random.normal(size=123)
        y = np.convolve(raw, np.ones(4) / 4, mode="valid")
        try:
            found = series_effect(y, periods=np.arange(120, dtype=float), start=60.0)
        except CannotAnalyse:
            continue
        hits.append(covers((found.estimate.low, found.estimate.high), 0.0))
    words = "120 rolling figures over 4 periods, overlap found by the guard"
    return [Row("series, average difference", words, "interval", (share(hits),), RUNS // 2, short=ONE_SERIES)]


def _displaced() -> list[Row]:
    random = np.random.default_rng(24)
    found = []
    for means in ((8, 6), (60, 40), (300, 150)):
        held: dict[str, list[bool]] = {"net change": [], "direct": [], "spill-over": []}
        alarms = []
        for _ in range(4000):
            draw = random.poisson(np.repeat([means[0], means[0], means[1], means[1]], 2)).tolist()
            one = displacement_effect(
                (draw[0], draw[1]), control=(draw[2], draw[3]), treated_surroundings=(draw[4], draw[5]),
                control_surroundings=(draw[6], draw[7]),
            )  # fmt: skip
            for hits, part in zip(held.values(), (one.estimate, one.direct, one.spill_over), strict=True):
                hits.append(covers((part.low, part.high), 0.0))
            alarms.append((one.estimate.p_value or 0.0) <= 0.05)
        words = f"Poisson counts of about {means[0]} (surroundings {means[1]})"
        found += [
            Row(f"displacement, {name}", words, "interval", (share(hits),), 4000, conservative=ROUGH)
            for name, hits in held.items()
        ]
        found.append(Row("displacement, p-value", words, "test", (share(alarms),), 4000, promised=0.05))
    return found
