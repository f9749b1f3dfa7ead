"""Tables with a known truth, and how they are worked out."""

from __future__ import annotations

import csv
import io

import numpy as np

TRUTH = 0.09
CHOSEN = {"outcome": "good_job", "treated": "visited", "clusters": "street"}


def as_csv(columns: dict[str, list]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return written.getvalue().encode()


def streets(truth: float = TRUTH, *, seed: int = 5, each: int = 40, how_many: int = 80) -> bytes:
    """A survey of streets of which half, by lot, were visited; one row a person."""
    random = np.random.default_rng(seed)
    street = np.repeat(np.arange(how_many), each)
    drawn = np.zeros(how_many, dtype=int)
    drawn[random.choice(how_many, how_many // 2, replace=False)] = 1
    own = random.normal(0, 0.05, how_many)
    share = 0.45 + truth * drawn[street] + own[street]
    talked = random.random(street.size) < 0.2 + 0.5 * drawn[street]
    return as_csv(
        {
            "street": [f"S{one:02d}" for one in street],
            "visited": drawn[street].tolist(),
            "good_job": (random.random(street.size) < share).astype(int).tolist(),
            "talked": talked.astype(int).tolist(),
            "weight": np.round(random.uniform(0.5, 2.0, street.size), 3).tolist(),
        }
    )
