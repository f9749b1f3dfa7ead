"""A survey mean and a regression on a million rows in 2,000 clusters: ours beside R's survey and svy.

Run as ``python bench/estimate.py``: a million rows, then ten times as many. Each tool runs in a process of its
own with the columns in memory, so that peaks are its own; ours is timed a second time from the file, as the
command reads it. svy is looked for in this Python, or in the one that FOLKMOOT_PEERS_PYTHON names; R's answer
to ten times the rows is left out (minutes, and more memory than most machines have).
"""

from __future__ import annotations

import json
import math
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import numpy as np

SIZES = (1_000_000, 10_000_000)
CLUSTERS, STRATA = 2_000, 20
LIMIT = 1.0
NAMES = ("y", "x1", "x2", "x3", "w", "stratum", "cluster")

IN_R = """
suppressPackageStartupMessages(library(survey))
n <- as.numeric(commandArgs(TRUE)[1])
d <- as.data.frame(lapply(setNames(nm = strsplit("y,x1,x2,x3,w,stratum,cluster", ",")[[1]]),
  function(name) readBin(name, "double", n)))
invisible(gc(reset = TRUE))
start <- proc.time()[[3]]
design <- svydesign(id = ~cluster, strata = ~stratum, weights = ~w, data = d)
m <- svymean(~y, design)
mean_seconds <- proc.time()[[3]] - start
start <- proc.time()[[3]]
g <- svyglm(y ~ x1 + x2 + x3, design)
regression_seconds <- proc.time()[[3]] - start
cat(sprintf("%.17g", c(mean_seconds, regression_seconds, coef(m), SE(m), coef(g)[2], SE(g)[2], sum(gc()[, 6]))))
"""

WITH_SVY = """
import json, resource, sys, time
import polars as pl
import svy
data = pl.read_parquet("sample.parquet")
began = time.perf_counter()
sample = svy.Sample(data, svy.Design(stratum="stratum", psu="cluster", wgt="w"))
mean = sample.estimation.mean("y")
mean_seconds = time.perf_counter() - began
began = time.perf_counter()
fit = sample.glm.fit("y", x=["x1", "x2", "x3"])
regression_seconds = time.perf_counter() - began
one = mean.estimates[0]
slope = [c for c in fit.coefs if "x1" in str(c.term)][0]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([mean_seconds, regression_seconds, *map(float, (one.est, one.se, slope.est, slope.se)), peak]))
"""


def sample(folder: pathlib.Path, rows: int) -> None:
    """Every column as doubles in a file of its own, and all of them as Parquet."""
    import duckdb

    rng = np.random.default_rng(12)
    cluster = rng.integers(0, CLUSTERS, rows)
    columns = {f"x{number}": rng.normal(size=rows) for number in (1, 2, 3)}
    shift = rng.normal(size=CLUSTERS)[cluster]
    columns["y"] = 2 + columns["x1"] - 0.5 * columns["x2"] + shift + rng.normal(size=rows)
    columns["w"] = rng.uniform(1, 5, rows)
    columns["stratum"] = (cluster % STRATA).astype(float)
    columns["cluster"] = cluster.astype(float)
    for name in NAMES:
        columns[name].tofile(folder / name)
    table = {name: columns[name] for name in NAMES[:5]}
    table |= {"stratum": cluster % STRATA, "cluster": cluster}
    connection = duckdb.connect()
    connection.register("sample", table)
    connection.execute(f"copy (select * from sample) to '{folder / 'sample.parquet'}' (format parquet)")


def measured(folder: pathlib.Path) -> list[float]:
    """Seconds of the mean (with the design) and of the regression, the numbers found, and the peak in MB."""
    from folkmoot.core.estimates.design import survey_design
    from folkmoot.core.estimates.linear import mean
    from folkmoot.core.estimates.regression import regression

    d = {name: np.fromfile(folder / name) for name in NAMES}
    stratum, cluster = d["stratum"].astype(np.int64), d["cluster"].astype(np.int64)
    small = survey_design(9, clusters=[np.arange(9)])  # imports and first calls are no part of it
    regression(np.arange(9.0) ** 2, [("x", np.arange(9.0))], small)
    began = time.perf_counter()
    design = survey_design(len(d["y"]), weights=d["w"], strata=[stratum], clusters=[cluster])
    average = mean(d["y"], design).estimate
    mean_seconds = time.perf_counter() - began
    began = time.perf_counter()
    slope = regression(d["y"], [(name, d[name]) for name in NAMES[1:4]], design).terms[1].estimate
    regression_seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    numbers = [average.estimate, average.standard_error, slope.estimate, slope.standard_error]
    return [mean_seconds, regression_seconds, *map(float, numbers), peak]  # type: ignore[arg-type]


def by_command(folder: pathlib.Path) -> list[float]:
    """Seconds from the file to the printed result (Python's own start included) of the mean and of the regression, and
    the larger peak in MB."""
    words = [sys.executable, "-m", "folkmoot.analyse", "estimate", str(folder / "sample.parquet")]
    words += ["--weights", "w", "--strata", "stratum", "--clusters", "cluster", "-o", os.devnull]
    found, peak = [], 0.0
    for asked in (["--outcome", "y"], ["--outcome", "y ~ x1 + x2 + x3", "--kind", "regression"]):
        began = time.perf_counter()
        child = subprocess.Popen([*words, *asked], stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        found.append(time.perf_counter() - began)
        if status:
            raise SystemExit("the command failed")
        peak = max(peak, used.ru_maxrss / 1024)
    return [*found, peak]


def peers(folder: pathlib.Path, rows: int) -> dict[str, list[float]]:
    found = {}
    if shutil.which("Rscript") and rows == SIZES[0]:
        (folder / "bench.R").write_text(IN_R)
        done = subprocess.run(
            ["Rscript", "--vanilla", "bench.R", str(rows)], cwd=folder, capture_output=True, text=True
        )
        if done.returncode == 0:
            found["R survey"] = [float(word) for word in done.stdout.split()]
    python = os.environ.get("FOLKMOOT_PEERS_PYTHON", sys.executable)
    done = subprocess.run([python, "-c", WITH_SVY], cwd=folder, capture_output=True, text=True)
    if done.returncode == 0:
        found["svy"] = json.loads(done.stdout)
    return found


def line(name: str, found: list[float], mine: list[float] | None = None) -> str:
    ratio = f" ({found[0] / mine[0]:.1f} and {found[1] / mine[1]:.1f} times ours)" if mine else ""
    return f"  {name}: mean {found[0]:.2f} s, regression {found[1]:.2f} s, peak {found[6]:,.0f} MB{ratio}"


def main() -> int:
    """Print each size and tool; exit 1 where the first size misses the limit or a peer's numbers differ."""
    wrong = False
    for rows in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            subprocess.run([sys.executable, __file__, "sample", name, str(rows)], check=True)
            words = [sys.executable, __file__, "measure", name]
            mine = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
            whole = by_command(folder)
            others = peers(folder, rows)
        print(f"estimate, {rows:,} rows, {CLUSTERS:,} clusters in {STRATA} strata")
        print(line("ours", mine))
        print(
            f"  ours from Parquet, whole command: mean {whole[0]:.2f} s, regression {whole[1]:.2f} s,"
            f" peak {whole[2]:,.0f} MB"
        )
        for peer, found in others.items():
            print(line(peer, found, mine))
            same = all(math.isclose(a, b, rel_tol=1e-6) for a, b in zip(mine[2:6], found[2:6], strict=True))
            print(f"    numbers {'equal ours' if same else f'differ: {found[2:6]}, ours {mine[2:6]}'}")
            wrong |= not same
        if not others:
            print("  no peer is here (R with survey, or svy: set FOLKMOOT_PEERS_PYTHON)")
        wrong |= rows == SIZES[0] and max(*mine[:2], *whole[:2]) > LIMIT
    print(
        f"limit for a million rows: {LIMIT:g} s each and the same numbers"
        + (", missed" if wrong else ", kept")
    )
    return int(wrong)


if __name__ == "__main__":
    if sys.argv[1:2] == ["sample"]:
        sample(pathlib.Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["measure"]:
        print(json.dumps(measured(pathlib.Path(sys.argv[2]))))
    else:
        raise SystemExit(main())
