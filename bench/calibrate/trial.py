"""Trials: every error a trial can be given, drawn again with and without an effect."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bench.calibrate.rows import Row, covers, share
from folkmoot.core.effects.trial import TrialEffect, trial_effect
from folkmoot.core.errors import CannotAnalyse

RUNS = 1000
FEW = "Conservative: so few draws (or sign patterns) give p-values in coarse steps, and the test never rounds in its own favour."

Made = dict[str, np.ndarray]
Ask = Callable[[Made, np.random.Generator], TrialEffect]


def rows() -> list[Row]:
    plain: Ask = lambda d, r: trial_effect(d["y"], treated=d["t"])  # noqa: E731
    adjusted: Ask = lambda d, r: trial_effect(  # noqa: E731
        d["y"], treated=d["t"], blocks=d["block"], covariates=[d["x"]]
    )
    found = [
        *_tried("cr2", "12 and 8 people, unequal spread", plain, lambda r: _people(r, 12, 8)),
        *_tried("cr2", "100 and 100 people", plain, lambda r: _people(r, 100, 100)),
        *_tried("cr2, blocks and a covariate", "6 blocks of 10", adjusted, lambda r: _blocks(r, 6, 10)),
        *_tried("randomisation", "5 and 5 people", _redrawn(), lambda r: _people(r, 5, 5, even=True), FEW),
        *_tried(
            "randomisation, blocks", "5 blocks of 4", _redrawn(blocks=True), lambda r: _blocks(r, 5, 4), FEW
        ),
    ]
    for per_arm in (3, 6, 15):
        words = f"{per_arm} and {per_arm} clusters of 5 to 25"
        found += _tried("cr2", words, _clustered("cr2"), lambda r, k=per_arm: _clusters(r, k, k), FEW_DEGREES)
    found += _tried(
        "cr2", "3 and 12 clusters of 5 to 25", _clustered("cr2"), lambda r: _clusters(r, 3, 12), FEW_DEGREES
    )
    found += _tried(
        "wild bootstrap", "5 and 5 clusters", _clustered("wild"), lambda r: _clusters(r, 5, 5), FEW
    )
    found += _tried(
        "wild bootstrap",
        "10 and 10 clusters",
        _clustered("wild"),
        lambda r: _clusters(r, 10, 10),
        FEW,
        runs=400,
    )
    found += _tried(
        "randomisation", "6 and 6 clusters", _clustered("randomisation"), lambda r: _clusters(r, 6, 6), FEW, runs=400
    )  # fmt: skip
    return [*found, _four_clusters(), *_receiving()]


FEW_DEGREES = "Conservative: with few clusters Satterthwaite's degrees of freedom err on the low side."


def _people(random: np.random.Generator, drawn: int, others: int, *, even: bool = False) -> Made:
    t = random.permutation(np.repeat([1.0, 0.0], [drawn, others]))
    y = random.gamma(3, 1, t.size) * np.where(t == 1, 1.0 if even else 1.4, 1.0)
    return {"y": y - 3 * np.where(t == 1, 1.0 if even else 1.4, 1.0), "t": t}


def _blocks(random: np.random.Generator, blocks: int, size: int) -> Made:
    block = np.repeat(np.arange(blocks), size)
    t = np.concatenate([random.permutation(np.repeat([1.0, 0.0], size // 2)) for _ in range(blocks)])
    x = random.normal(size=t.size)
    return {"y": block + 0.8 * x + random.normal(size=t.size), "t": t, "block": block, "x": x}


def _clusters(random: np.random.Generator, drawn: int, others: int) -> Made:
    sizes = random.integers(5, 26, drawn + others)
    arm = random.permutation(np.repeat([1.0, 0.0], [drawn, others]))
    cluster = np.repeat(np.arange(sizes.size), sizes)
    y = random.normal(0, 0.4, sizes.size)[cluster] + random.normal(size=cluster.size)
    return {"y": y, "t": arm[cluster], "cluster": cluster}


def _clustered(inference: str) -> Ask:
    return lambda d, r: trial_effect(
        d["y"], treated=d["t"], clusters=d["cluster"], inference=inference, draws=399, random=r
    )


def _redrawn(*, blocks: bool = False) -> Ask:
    return lambda d, r: trial_effect(
        d["y"], treated=d["t"], blocks=d["block"] if blocks else None, inference="randomisation", draws=399, random=r
    )  # fmt: skip


def _tried(
    how: str,
    words: str,
    ask: Ask,
    make: Callable[[np.random.Generator], Made],
    conservative: str = "",
    *,
    runs: int = RUNS,
) -> list[Row]:
    """An interval row and a test row from the same data sets; nothing is there in any of them."""
    random = np.random.default_rng([10, len(how), *words.encode()])
    held, alarms = [], []
    for _ in range(runs):
        found = ask(make(random), random).estimate
        held.append(covers((found.low, found.high), 0.0))
        alarms.append((found.p_value if found.p_value is not None else 1.0) <= 0.05)
    return [
        Row(f"{how}, interval", words, "interval", (share(held),), runs, conservative=conservative),
        Row(f"{how}, p-value", words, "test", (share(alarms),), runs, promised=0.05),
    ]


def _four_clusters() -> Row:
    """Nothing may alarm, not even where the effect is plain to see, and the attainable minimum says why."""
    random = np.random.default_rng(11)
    alarms = []
    for _ in range(300):
        made = _clusters(random, 2, 2)
        made["y"] += 5 * made["t"]
        found = trial_effect(made["y"], treated=made["t"], clusters=made["cluster"], inference="wild")
        assert found.wild is not None
        said = found.wild.attainable_minimum == 0.125 and found.wild.low is None
        alarms.append(not said or found.wild.p_value <= 0.05)
    return Row(
        "wild bootstrap says that it cannot alarm", "2 and 2 clusters, a large effect", "never", (share(alarms),), 300,
        promised=0.0,
    )  # fmt: skip


def _receiving() -> list[Row]:
    """Six in ten of those drawn receive it; those who would are better off anyway; the effect is 0.5."""
    random = np.random.default_rng(12)
    effects, moved = [], []
    for _ in range(3 * RUNS):
        t = random.permutation(np.repeat([1.0, 0.0], 75))
        willing = random.random(150) < 0.6
        received = t * willing
        y = 0.5 * received + 0.8 * willing + random.normal(size=150)
        try:
            found = trial_effect(y, treated=t, received=received)
        except CannotAnalyse:
            continue
        effects.append(covers((found.estimate.low, found.estimate.high), 0.5))
        if found.take_up is not None:
            moved.append(covers((found.take_up.low, found.take_up.high), 0.6))
    words = "75 and 75 people, 60 % of those drawn receive it"
    return [
        Row("effect of receiving", words, "interval", (share(effects),), 3 * RUNS),
        Row("take-up", words, "interval", (share(moved),), 3 * RUNS),
    ]
