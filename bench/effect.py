"""A staggered start on 560,520 rows: ours beside diff-diff and csdid, in the same run.

Run as ``python bench/effect.py``: 7,785 units × 72 periods in 48 cohorts, the size of the Chicago training
file, then ten times the units. Each tool runs in a process of its own, so that peaks are its own, and is
timed from the file on the disk to the simple average effect and, but for csdid, the effect at every time
since the start; imports are not counted. diff-diff is looked
for in this Python, csdid in this one or in the one that FOLKMOOT_PEERS_PYTHON names. The estimates must agree
to rounding. Ten times the units is asked of ours alone.
"""

from __future__ import annotations

import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
from typing import Any

import numpy as np

UNITS, PERIODS, COHORTS = 7_785, 72, 48
LIMIT = 1.0


def write_panel(folder: pathlib.Path, units: int) -> pathlib.Path:
    """A balanced panel with a little serial correlation; a cohort of 13 units stays untreated within it."""
    import duckdb

    random = np.random.default_rng(2016)
    starts = np.sort(random.choice(np.arange(13, PERIODS + 1), COHORTS, replace=False))
    first = random.choice(starts, units)
    level = random.exponential(0.05, units)
    outcome = random.poisson(level[:, None] * np.exp(0.002 * np.arange(PERIODS)), (units, PERIODS))
    panel = {
        "unit": np.repeat(np.arange(1, units + 1), PERIODS).astype(np.int32),
        "period": np.tile(np.arange(1, PERIODS + 1), units).astype(np.int16),
        "first": np.repeat(first, PERIODS).astype(np.int16),
        "y": outcome.ravel().astype(np.float64),
    }
    file = folder / f"panel{units}.parquet"
    connection = duckdb.connect()
    connection.register("panel", panel)
    connection.execute(f"copy (select * from panel) to '{file}' (format parquet)")
    return file


def ours(file: str) -> dict[str, Any]:
    from folkmoot.analyse.tables import read_table
    from folkmoot.core.effects.panel import build_panel
    from folkmoot.core.effects.staggered import staggered_effect

    began = time.perf_counter()
    table = read_table(file)
    panel = build_panel(
        table.numbers("y"),
        unit=table.numbers("unit"),
        time=table.numbers("period"),
        first_treated=table.numbers("first"),
    )
    found = staggered_effect(panel, comparison="not-yet", inference="sampling")
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "estimate": found.overall.estimate,
        "standard_error": found.overall.standard_error,
    }


def diff_diff(file: str) -> dict[str, Any]:
    import diff_diff as peer
    import duckdb

    began = time.perf_counter()
    frame = duckdb.sql(f"select * from '{file}'").df()
    found = peer.CallawaySantAnna(control_group="not_yet_treated").fit(
        frame, outcome="y", unit="unit", time="period", first_treat="first", aggregate="event_study"
    )
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "estimate": float(found.overall_att),
        "standard_error": float(found.overall_se),
    }


def csdid(file: str) -> dict[str, Any]:
    import pandas
    from csdid.att_gt import ATTgt

    began = time.perf_counter()
    frame = pandas.read_parquet(file)
    frame = frame.astype({"unit": "int64", "period": "int64", "first": "int64"})
    found = ATTgt(
        yname="y", tname="period", idname="unit", gname="first", data=frame, control_group="notyettreated",
        xformla="y~1",
    ).fit(est_method="dr", bstrap=False)  # fmt: skip
    summary = found.aggte(typec="simple", bstrap=False, cband=False).atte
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "estimate": float(summary["overall_att"]),
        "standard_error": float(np.ravel(summary["overall_se"])[0]),
    }


TOOLS = {"folkmoot": ours, "diff-diff": diff_diff, "csdid": csdid}


def measured(tool: str, file: pathlib.Path, python: str) -> dict[str, Any] | None:
    """One tool in its own process; None where it is not installed there."""
    try:
        done = subprocess.run(
            [python, __file__, tool, str(file)], capture_output=True, text=True, timeout=1200, check=False
        )
    except subprocess.TimeoutExpired:
        return {"seconds": 1200.0, "note": "stopped after 20 minutes"}
    if done.returncode:
        if "ModuleNotFoundError" in done.stderr:
            return None
        return {"note": "failed: " + (done.stderr.strip().splitlines() or ["?"])[-1][:120]}
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def main() -> int:
    wrong = False
    if len(sys.argv) > 2:
        found = TOOLS[sys.argv[1]](sys.argv[2])
        found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(found))
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        file = write_panel(folder, UNITS)
        peers = os.environ.get("FOLKMOOT_PEERS_PYTHON", sys.executable)
        print(f"{UNITS * PERIODS:,} rows, {COHORTS} cohorts, from the file to the simple average effect")
        results = {
            "folkmoot": measured("folkmoot", file, sys.executable),
            "diff-diff": measured("diff-diff", file, sys.executable),
            "csdid": measured("csdid", file, peers),
        }
        own = results["folkmoot"]
        if own is None or "estimate" not in own:
            raise SystemExit(f"ours did not run: {own}")
        for tool, found in results.items():
            if found is None:
                print(f"  {tool:<10} not installed here")
            elif "estimate" not in found:
                print(f"  {tool:<10} {found['note']}")
            else:
                close = np.isclose(found["estimate"], own["estimate"], rtol=1e-6, atol=1e-10)
                print(
                    f"  {tool:<10} {found['seconds']:7.2f} s  {found['seconds'] / own['seconds']:6.1f} ×"
                    f"  {found['megabytes']:6.0f} MB  {found['estimate']:.9f} ({found['standard_error']:.9f})"
                    f"  {'agrees' if close else 'DIFFERS'}"
                )
        wrong |= own["seconds"] > LIMIT
        print(f"  limit {LIMIT:.1f} s: {'MISSED' if wrong else 'kept'}")
        large = measured("folkmoot", write_panel(folder, 10 * UNITS), sys.executable)
        if large is not None and "estimate" in large:
            print(
                f"{10 * UNITS * PERIODS:,} rows: {large['seconds']:.2f} s"
                f" ({large['seconds'] / own['seconds']:.1f} × the time), {large['megabytes']:.0f} MB"
            )
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
