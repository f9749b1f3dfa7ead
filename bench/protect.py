"""``folkmoot analyse protect`` on a table of 200 × 50 with totals, from file to file, and on ten times the rows.

Run as ``python bench/protect.py``. The peer in the same run is the common script: pandas, hide, round, add up.
It is quicker at what it does; it recognises no totals and checks nothing.
"""

from __future__ import annotations

import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

SIZES = ((200, 50), (2_000, 50))
LIMIT = 1.0


def counts_file(folder: pathlib.Path, rows: int, columns: int) -> pathlib.Path:
    rng = np.random.default_rng(2)
    counts = rng.poisson(rng.gamma(0.5, 30, (rows, columns)))
    path = folder / "counts.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("area," + ",".join(f"group {column}" for column in range(columns)) + ",total\n")
        for row in range(rows):
            file.write(f"area {row}," + ",".join(map(str, counts[row])) + f",{counts[row].sum()}\n")
        file.write("total," + ",".join(map(str, counts.sum(axis=0))) + f",{counts.sum()}\n")
    return path


def ours(path: pathlib.Path) -> None:
    from folkmoot.analyse.command import main as analyse

    if analyse(["protect", str(path), "-o", str(path.with_suffix(".json"))]):
        raise SystemExit("the table was refused")


def with_pandas(path: pathlib.Path) -> None:
    import pandas as pd

    table = pd.read_csv(path, index_col=0).iloc[:-1, :-1]
    shown = ((table + 2) // 5 * 5).where(table > 7)
    shown["total"] = shown.sum(axis=1)
    shown.loc["total"] = shown.sum(axis=0)
    shown.astype(object).where(shown.notna(), "hidden").to_json(path.with_suffix(".json"), orient="records")


def measured(rows: int, columns: int, peer: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = counts_file(pathlib.Path(folder), rows, columns)
        run = with_pandas if peer else ours
        run(counts_file(pathlib.Path(folder), 5, 5))  # imports are no part of it
        counts_file(pathlib.Path(folder), rows, columns)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        run(path)
        seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "peak_mb": peak / 1024, "before_mb": before / 1024}


def main() -> int:
    """Print a line for each size; exit 1 where the first takes longer than the limit."""
    late = False
    for size in SIZES:
        found = []
        for peer in ([], ["peer"]):
            words = [sys.executable, __file__, *map(str, size), *peer]
            found.append(json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout))
        mine, theirs = found
        print(
            f"protect, {size[0]:,} × {size[1]} with totals: {mine['seconds']:.3f} s (peak {mine['peak_mb']:.0f} MB,"
            f" {mine['before_mb']:.0f} before); pandas, hide, round and add up only {theirs['seconds']:.3f} s;"
            f" ratio {theirs['seconds'] / mine['seconds']:.2f}"
        )
        late |= size == SIZES[0] and mine["seconds"] > LIMIT
    print(f"limit for the first: {LIMIT:g} s" + (", missed" if late else ", kept"))
    return int(late)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]), peer=len(sys.argv) == 4)))
    else:
        raise SystemExit(main())
