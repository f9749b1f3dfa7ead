"""How long ``folkmoot analyse opinion`` takes, and how much memory: 2,000 people × 900 statements, 12 % filled.

Run as ``python bench/opinion.py``; each size runs in a process of its own, so that peaks are its own.
No peer answers the same question (does a shared characteristic mean a shared view?), so the limit is ours: 5 s
with 1,000 permutations, reading included.
"""

from __future__ import annotations

import contextlib
import io
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

SIZES = ((2_000, 900), (20_000, 900))
PERMUTATIONS = 1_000
FILLED = 0.12
LIMIT = 5.0


def votes_file(folder: pathlib.Path, *, people: int, statements: int) -> pathlib.Path:
    """A matrix in Pol.is's form with a characteristic that explains a little."""
    rng = np.random.default_rng(7)
    side = rng.integers(2, size=people)
    leaning = rng.uniform(0.2, 0.8, size=statements)
    shift = rng.normal(0, 0.08, size=statements)
    chance = np.clip(leaning + np.outer(side - 0.5, shift), 0.02, 0.98)
    votes = np.where(rng.random((people, statements)) < chance, "1", "-1")
    votes[rng.random((people, statements)) < 0.15] = "0"
    votes[rng.random((people, statements)) >= FILLED] = ""
    path = folder / "votes.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("participant,side," + ",".join(map(str, range(statements))) + "\n")
        for row in range(people):
            file.write(f"{row},{'left' if side[row] else 'right'}," + ",".join(votes[row]) + "\n")
    return path


def measured(people: int, statements: int) -> dict[str, float]:
    """Seconds of the whole verb and of its parts' sum, and the peak of memory, in this process."""
    from folkmoot.analyse.command import main as analyse

    with tempfile.TemporaryDirectory() as folder:
        path = votes_file(pathlib.Path(folder), people=people, statements=statements)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()) as out:
            status = analyse(
                ["opinion", str(path), "--attributes", "side", "--permutations", str(PERMUTATIONS)]
            )
        seconds = time.perf_counter() - began
    if status:
        raise SystemExit("the analysis was refused")
    first = json.loads(out.getvalue())["characteristics"][0]
    return {
        "people": people,
        "statements": statements,
        "seconds": seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "before_mb": before / 1024,
        "share_explained": first["share_of_variation_explained"],
        "p_value": first["p_value"],
    }


def main() -> int:
    """Print a line for each size; exit 1 where the first takes longer than the limit."""
    late = False
    for people, statements in SIZES:
        run = subprocess.run(
            [sys.executable, __file__, str(people), str(statements)],
            capture_output=True,
            text=True,
            check=True,
        )
        found = json.loads(run.stdout)
        print(
            f"opinion, {people:,} × {statements} votes, {FILLED:.0%} filled, {PERMUTATIONS:,} permutations:"
            f" {found['seconds']:.2f} s, peak {found['peak_mb']:.0f} MB"
            f" ({found['before_mb']:.0f} MB of it before), p {found['p_value']:.3g}"
        )
        late |= (people, statements) == SIZES[0] and found["seconds"] > LIMIT
    print(f"limit for the first: {LIMIT:g} s" + (", missed" if late else ", kept"))
    return int(late)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]))))
    else:
        raise SystemExit(main())
