"""Pooling of effects that share clusters: CR2 errors with Satterthwaite's degrees of freedom."""

from __future__ import annotations

import numpy as np

from bench.calibrate.rows import Row, covers, share
from folkmoot.core.synthesis.dependent import pool_dependent

RUNS = 1000
FEW = "Conservative: with few clusters Satterthwaite's degrees of freedom err on the low side."
SHORT = (
    "With so few clusters of unequal size even CR2 errors with their own degrees of freedom are a little too small where the"
    " working model leaves out that sampling errors go together; below 10 clusters a caveat says so."
)
PREDICTION = "Takes the variances between and within clusters as if they were known; with few clusters they hardly are."


def rows() -> list[Row]:
    found = []
    for clusters in (6, 15):
        random = np.random.default_rng([15, clusters])
        held, alarms, new = [], [], []
        for _ in range(RUNS):
            cluster = np.repeat(np.arange(clusters), random.integers(1, 6, clusters))
            errors = np.exp(random.uniform(np.log(0.05), np.log(0.3), cluster.size))
            shared = random.normal(size=clusters)[cluster]
            noise = np.sqrt(0.5) * (shared + random.normal(size=cluster.size))  # sampling errors go together
            y = (
                random.normal(0, 0.15, clusters)[cluster]
                + random.normal(0, 0.08, cluster.size)
                + errors * noise
            )
            one = pool_dependent(y, errors, cluster)
            held.append(covers((one.estimate.low, one.estimate.high), 0.0))
            alarms.append((one.estimate.p_value or 1.0) <= 0.05)
            new.append(covers(one.prediction, random.normal(0, np.hypot(0.15, 0.08))))
        words = f"{clusters} clusters of 1 to 5 effects, errors correlated"
        found += [
            Row("interval, dependent effects", words, "interval", (share(held),), RUNS, short=SHORT, conservative=FEW),
            Row("p-value, dependent effects", words, "test", (share(alarms),), RUNS, promised=0.05, short=SHORT),
            Row(
                "prediction interval, dependent effects", words, "interval", (share(new),), RUNS,
                short=PREDICTION, conservative=FEW,
            ),
        ]  # fmt: skip
    return found
