"""Pooling of effects that share clusters: what is shown (jackknife, one of each cluster) and what other programs print."""

from __future__ import annotations

import numpy as np

from bench.calibrate.rows import Row, covers, share
from folkmoot.core.synthesis.dependent import cautious_prediction_over_clusters, pool_dependent

RUNS = 1000
JACKKNIFE = (
    "Conservative: leaving each cluster out overstates the error of few clusters, and Satterthwaite's degrees of freedom err on"
    " the low side."
)
CHOICES = "Conservative: one effect of each cluster is taken at a time, all possible values of tau² count, and tau² cannot be below 0."
CR2 = (
    "As other programs print it (CR2, which with few clusters of unequal size is a little too small where the working model leaves"
    " out that sampling errors go together). The cautious one is shown in its place."
)
KNOWN = (
    "As other programs print it: takes the variances between and within clusters as if they were known. The cautious one is shown"
    " in its place."
)
SETTINGS = (
    (3, "1 to 5 effects", 0.5, (0.15, 0.08)),
    (6, "1 to 5 effects", 0.5, (0.15, 0.08)),
    (15, "1 to 5 effects", 0.5, (0.15, 0.08)),
    (6, "1 to 5 effects, one truth", 0.9, (0.0, 0.0)),
    (8, "1 or 2 effects and one of 15", 0.9, (0.15, 0.08)),
    (8, "1 to 5 effects, truths far apart", 0.5, (0.5, 0.2)),
)


def rows() -> list[Row]:
    return [row for place in range(len(SETTINGS)) for row in _tried(place)]


def _tried(place: int) -> list[Row]:
    clusters, sizes, correlated, (between, within) = SETTINGS[place]
    random = np.random.default_rng([15, clusters] if place < 3 else [15, clusters, place])
    held: dict[str, list[bool]] = {}
    for _ in range(RUNS):
        counts = random.integers(1, 6, clusters)
        if "one of 15" in sizes:
            counts = np.array([15, *random.integers(1, 3, clusters - 1)])
        cluster = np.repeat(np.arange(clusters), counts)
        errors = np.exp(random.uniform(np.log(0.05), np.log(0.3), cluster.size))
        together = random.normal(size=clusters)[cluster]
        noise = np.sqrt(correlated) * together + np.sqrt(1 - correlated) * random.normal(size=cluster.size)
        y = (
            random.normal(0, between, clusters)[cluster]
            + random.normal(0, within, cluster.size)
            + errors * noise
        )
        new = float(random.normal(0, np.hypot(between, within)))
        one = pool_dependent(y, errors, cluster)
        prediction = cautious_prediction_over_clusters(y, errors, cluster)
        for name, hit in (
            ("interval, dependent effects, cautious", covers((one.shown.low, one.shown.high), 0.0)),
            ("p-value, dependent effects, cautious", (one.shown.p_value or 0.0) <= 0.05),
            ("prediction interval, dependent effects, cautious", covers(prediction, new)),
            ("interval, dependent effects", covers((one.estimate.low, one.estimate.high), 0.0)),
            ("p-value, dependent effects", (one.estimate.p_value or 0.0) <= 0.05),
            ("prediction interval, dependent effects", covers(one.prediction, new)),
        ):
            held.setdefault(name, []).append(hit)
    words = f"{clusters} clusters of {sizes}, sampling errors correlated by {correlated:g}"
    found = []
    for name, hits in held.items():
        kind, promised = ("test", 0.05) if name.startswith("p-value") else ("interval", 0.95)
        says = {"conservative": CHOICES if name.startswith("prediction") else JACKKNIFE}
        if not name.endswith("cautious"):
            says = {"comparison": KNOWN if name.startswith("prediction") else CR2}
        found.append(Row(name, words, kind, (share(hits),), RUNS, promised=promised, **says))
    return found
