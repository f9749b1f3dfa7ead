"""All benchmarks, or those named: ``python -m bench [NAME…]``, each in a process of its own.

Every benchmark prints its own lines: seconds, peak memory, the peer in the same run with the ratio, and ten times the
size. A summary repeats how each ended; the exit status is 1 where one missed its limit or failed.
"""

from __future__ import annotations

import argparse
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent


def names() -> list[str]:
    return sorted(file.stem for file in HERE.glob("*.py") if not file.stem.startswith("_"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in names()]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]}; there are {', '.join(names())}")
    ended: dict[str, str] = {}
    for name in options.names or names():
        print(f"== {name}", flush=True)
        began = time.perf_counter()
        done = subprocess.run([sys.executable, str(HERE / f"{name}.py")], cwd=HERE.parent, check=False)
        outcome = "kept its limit" if done.returncode == 0 else f"MISSED or failed (status {done.returncode})"
        ended[name] = f"{outcome}, {time.perf_counter() - began:.0f} s in all"
        print(flush=True)
    for name, outcome in ended.items():
        print(f"{name:<16} {outcome}")
    return int(any("MISSED" in outcome for outcome in ended.values()))


if __name__ == "__main__":
    sys.exit(main())
