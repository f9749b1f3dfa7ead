"""One interrupted series, and the weighted displacement difference."""

from __future__ import annotations

import numpy as np

from bench.calibrate.rows import Row, covers, share
from folkmoot.core.effects.displacement import displacement_effect
from folkmoot.core.effects.inference import naive_p_value
from folkmoot.core.effects.series import series_effect
from folkmoot.core.errors import CannotAnalyse

RUNS = 1000
NEWEY_WEST = (
    "Newey and West's error is far too small in series of this length: a known limit that no choice of lags removes. The command"
    " gives estimate and error to compare with other programs, and refuses the interval that is made of them here."
)
WIDE = (
    "Conservative: how alike neighbouring periods are is not known of so few, and allowing for it widens the interval, most where it"
    " was not needed; degrees of freedom taken off for what was fitted are on the safe side."
)
DRIFT = (
    "Neighbours are so alike that a short series need not show it, nor tell a drift from a change; caveats say so wherever the series"
    " has fewer than 60 points or its fitted correlation is above .8."
)
ROUGH = "Conservative: with counts this small only whole numbers can come about."


def rows() -> list[Row]:
    found = []
    for points, carried in (
        (24, 0.0), (48, 0.0), (48, 0.4), (48, 0.7), (120, 0.4), (120, 0.7), (120, 0.9), (24, 0.9), (48, 0.9),
    ):  # fmt: skip
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
    warning = DRIFT if carried == 0.9 and points < 60 else ""
    return [
        *(
            Row(
                f"series, {name}",
                words,
                "interval",
                (share(hits),),
                RUNS,
                conservative=WIDE,
                warning=warning,
            )
            for name, hits in held.items()
        ),
        Row("series, p-value", words, "test", (share(alarms),), RUNS, promised=0.05, warning=warning),
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
    )


def _newey_west() -> Row:
    random = np.random.default_rng(26)
    hits = []
    for _ in range(RUNS // 2):
        y = _swings(random, 48, 0.4)
        one = series_effect(y, periods=np.arange(48.0), start=24.0, overlap=1, lags=4).estimate
        hits.append(naive_p_value(one) > 0.05)  # what an interval of this error would hold
    words = "48 periods, each follows the one before by 0.4"
    return Row(
        "series, average difference, --lags 4",
        words,
        "interval",
        (share(hits),),
        RUNS // 2,
        comparison=NEWEY_WEST,
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
    return [Row("series, average difference", words, "interval", (share(hits),), RUNS // 2)]


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
