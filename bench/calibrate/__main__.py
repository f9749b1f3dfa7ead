"""Run the simulations of some parts or of all, write their tables, say what breaks the rule.

``python -m bench.calibrate [PART…] [--no-page]``; two parts run at once, each in a process of its own.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from bench.calibrate import page
from bench.calibrate.rows import Row

PARTS = {
    "reach": "reach: shares and ratios",
    "agreement": "agreement: kappa, alpha, AC1",
    "opinion": "opinion: shared characteristics and statements",
    "survey": "estimate: surveys",
    "regression": "estimate: regressions and raked weights",
    "trial": "effect: trials",
    "differences": "effect: before and after, differences in differences",
    "staggered": "effect: staggered starts",
    "series": "effect: one series, displacement",
    "power": "power",
    "pool": "pool: independent studies",
    "dependent": "pool: dependent effects",
}


def run_part(part: str) -> tuple[str, list[Row], float]:
    began = time.perf_counter()
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "bench.calibrate", part, "--rows"],
        stdout=subprocess.PIPE, text=True, check=True, env=os.environ | one_thread,
    )  # fmt: skip
    rows = [Row(**{**row, "found": tuple(row["found"])}) for row in json.loads(done.stdout)]
    return part, rows, time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.calibrate", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--no-page", action="store_true", help="print only; leave the page as it is")
    parser.add_argument("--rows", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]}; there are {', '.join(PARTS)}")
    parts = options.parts or list(PARTS)
    if options.rows:
        found = importlib.import_module(f"bench.calibrate.{parts[0]}").rows()
        print(json.dumps([asdict(row) for row in found]))
        return 0
    broken: list[str] = []
    sections: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=2) as pool:
        for part, rows, seconds in pool.map(run_part, parts):
            print(f"{part}: {len(rows)} rows in {seconds:.0f} s", flush=True)
            for row in rows:
                print(f"  {row.figure}; {row.setting}: {row.shown} ({row.chance}) {row.verdict}", flush=True)
                if row.breaks_the_rule:
                    broken.append(f"{part}: {row.figure}; {row.setting}: {row.shown}")
            sections[part] = page.section(part, PARTS[part], rows)
    if not options.no_page:
        page.write(sections, list(PARTS))
    for line in broken:
        print(f"breaks the rule: {line}", file=sys.stderr)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
