"""Agreement of two coders on spans: ours beside one cell per character, in the same run.

Run as ``python bench/agreement.py``: 40 codes, 100 documents of 8,000 words, 20,000 spans; then ten times the
documents and spans. The peer is the usual way: for each code and document a list with one cell per character.
It is timed on two codes and multiplied up; its figures for them must be the same.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np

SIZES = ((100, 20_000), (1_000, 200_000))
CODES, LENGTH, PEER_CODES = 40, 48_000, 2
LIMIT = 0.3


def spans(documents: int, count: int) -> list[np.ndarray]:
    """document, coder, code, start, end: half of one coder's spans are found again by the other."""
    rng = np.random.default_rng(5)
    half = count // 2
    document, code = rng.integers(0, documents, half), rng.integers(0, CODES, half)
    start = rng.integers(0, LENGTH - 700, half)
    end = start + rng.integers(20, 600, half)
    again = rng.random(half) < 0.5
    other = [np.where(again, column, column[rng.permutation(half)]) for column in (document, code)]
    shifted = start + rng.integers(0, 60, half)
    return [
        np.concatenate(pair)
        for pair in (
            (document, other[0]),
            (np.zeros(half, dtype=int), np.ones(half, dtype=int)),
            (code, other[1]),
            (start, shifted),
            (end, shifted + (end - start)),
        )
    ]


def ours(columns: list[np.ndarray], documents: int) -> dict[str, float]:
    from folkmoot.core.agreement.compare import compare_coders
    from folkmoot.core.agreement.spans import codings_from_columns, in_characters

    document, coder, code, start, end = columns
    codings = codings_from_columns(
        [f"{value:05}" for value in document.tolist()],
        lengths=np.full(len(document), float(LENGTH)),
        coders=["AB"[value] for value in coder.tolist()],
        codes=[f"{value:03}" for value in code.tolist()],
        starts=start.astype(float),
        ends=end.astype(float),
    )
    found = compare_coders(codings, units=in_characters(codings))
    return {row.code or "": row.estimate for row in found.by_code}


def cell_by_cell(columns: list[np.ndarray], documents: int) -> dict[str, float]:
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    found = {}
    for wanted in range(PEER_CODES):
        table = [0, 0, 0, 0]
        mine = [row for row in rows if row[2] == wanted]
        for document in range(documents):
            cells = [bytearray(LENGTH), bytearray(LENGTH)]
            for which, coder, _, start, end in mine:
                if which == document:
                    cells[coder][start:end] = b"\x01" * (end - start)
            for one, other in zip(*cells, strict=True):
                table[2 * one + other] += 1
        whole = sum(table)
        observed = (table[0] + table[3]) / whole
        a, b = (table[2] + table[3]) / whole, (table[1] + table[3]) / whole
        expected = a * b + (1 - a) * (1 - b)
        found[f"{wanted:03}"] = (observed - expected) / (1 - expected)
    return found


def measured(documents: int, count: int, peer: bool) -> dict[str, object]:
    columns = spans(documents, count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if not peer:
        ours([column[::1000] for column in columns], documents)  # imports are no part of it
    times = []
    for _ in range(1 if peer else 3):  # the best of three: another program's work is no part of it
        began = time.perf_counter()
        figures = (cell_by_cell if peer else ours)(columns, documents)
        times.append(time.perf_counter() - began)
    seconds = min(times) * (CODES / PEER_CODES if peer else 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kept = {code: figures[code] for code in sorted(figures)[:PEER_CODES]}
    return {"seconds": seconds, "figures": kept, "peak_mb": peak / 1024, "before_mb": before / 1024}


def main() -> int:
    """Print a line for each size; exit 1 where the first takes longer than the limit or the figures differ."""
    wrong = False
    for index, size in enumerate(SIZES):
        words = [sys.executable, __file__, *map(str, size)]
        mine = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
        line = (
            f"agreement, 2 coders, {CODES} codes, {size[0]:,} documents of {LENGTH:,} characters, {size[1]:,} spans:"
            f" {mine['seconds']:.3f} s (peak {mine['peak_mb']:.0f} MB, {mine['before_mb']:.0f} before)"
        )
        if index == 0:
            theirs = json.loads(
                subprocess.run([*words, "peer"], capture_output=True, text=True, check=True).stdout
            )
            line += (
                f"; cell by cell {theirs['seconds']:.0f} s ({theirs['seconds'] / CODES:.2f} s per code, {PEER_CODES}"
                f" codes timed); ratio {theirs['seconds'] / mine['seconds']:.0f}"
            )
            wrong |= mine["seconds"] > LIMIT
            wrong |= any(
                abs(mine["figures"][code] - theirs["figures"][code]) > 1e-9 for code in mine["figures"]
            )
        print(line)
    print(f"limit for the first: {LIMIT:g} s and the same figures" + (", missed" if wrong else ", kept"))
    return int(wrong)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]), peer=len(sys.argv) == 4)))
    else:
        raise SystemExit(main())
