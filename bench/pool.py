"""A pooled estimate with its intervals: ours beside metafor, in the same run.

Run as ``python bench/pool.py``: 13, 130 and 1,300 studies; REML with Hartung and Knapp's errors, the
prediction interval and the Q-profile interval for tau². Both repeat it and are timed without their start.
"""

from __future__ import annotations

import math
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import numpy as np

SIZES = (13, 130, 1_300)
REPEATS = 20
LIMIT = 0.005

IN_R = """
suppressPackageStartupMessages(library(metafor))
d <- read.csv("studies.csv")
once <- function() {
  f <- rma(y, sei = e, data = d, method = "REML", test = "knha")
  list(f, predict(f), confint(f))
}
found <- once()
start <- proc.time()[[3]]
repeats <- if (nrow(d) > 100) 1 else 20
for (i in 1:repeats) found <- once()
seconds <- (proc.time()[[3]] - start) / repeats
cat(sprintf("%.17g", c(seconds, found[[1]]$b, found[[1]]$se, found[[1]]$tau2, found[[2]]$pi.lb)))
"""


def studies(count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(13)
    errors = rng.gamma(4, 0.04, count) + 0.02
    return rng.normal(0.2, 0.2, count) + rng.normal(size=count) * errors, errors


def ours(count: int) -> list[float]:
    from folkmoot.core.synthesis.pooling import pool

    y, errors = studies(count)
    found = pool(y, errors, knapp_hartung=True)
    began = time.perf_counter()
    for _ in range(REPEATS):
        found = pool(y, errors, knapp_hartung=True)
    seconds = (time.perf_counter() - began) / REPEATS
    low = found.prediction[0] if found.prediction else math.nan
    return [seconds, found.estimate.estimate, found.estimate.standard_error or 0.0, found.tau2, low]


def in_r(count: int) -> list[float] | None:
    if not shutil.which("Rscript"):
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        rows = "".join(
            f"{y!r},{e!r}\n" for y, e in zip(*(part.tolist() for part in studies(count)), strict=True)
        )
        (folder / "studies.csv").write_text("y,e\n" + rows)
        (folder / "bench.R").write_text(IN_R)
        done = subprocess.run(["Rscript", "--vanilla", "bench.R"], cwd=folder, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()] if done.returncode == 0 else None


def main() -> int:
    """Print each size; exit 1 where the first misses the limit or metafor's numbers differ."""
    wrong = False
    for count in SIZES:
        mine, theirs = ours(count), in_r(count)
        text = f"pool, {count:,} studies: {mine[0] * 1000:.2f} ms"
        if theirs is None:
            text += "; metafor is not here"
        else:
            # metafor stops its iteration for tau² at 1e-5
            same = all(math.isclose(a, b, rel_tol=1e-3) for a, b in zip(mine[1:], theirs[1:], strict=True))
            text += f"; metafor {theirs[0] * 1000:.1f} ms, ratio {theirs[0] / mine[0]:.0f}"
            text += "; numbers equal" if same else f"; numbers differ: {theirs[1:]}, ours {mine[1:]}"
            wrong |= not same
        print(text)
        wrong |= count == SIZES[0] and mine[0] > LIMIT
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"peak {peak:.0f} MB; limit for {SIZES[0]} studies: {LIMIT * 1000:g} ms"
        + (", missed" if wrong else ", kept")
    )
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
