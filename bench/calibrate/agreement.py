"""Agreement: intervals of every measure over documents, and of Krippendorff's alpha over rated units."""

from __future__ import annotations

import numpy as np

from bench.calibrate.rows import Row, share
from folkmoot.core.agreement.compare import CodeAgreement, compare_coders
from folkmoot.core.agreement.krippendorff import krippendorff_alpha, krippendorff_interval
from folkmoot.core.agreement.spans import Codings, Units, codings_from_columns, in_characters, in_passages
from folkmoot.core.errors import CannotAnalyse

RUNS = 600
FEW = (
    "Conservative by choice: degrees of freedom are taken off for the few documents, lest the interval be too narrow where"
    " documents are unlike."
)
RESAMPLED = "Conservative: resampling few units is stretched by half the degrees of freedom, which nominal values need least."


def rows() -> list[Row]:
    found = []
    for measure in ("kappa", "fleiss", "ac1", "alpha"):
        found += _spans(measure, in_characters, "character")
    return [*found, *_spans("kappa", in_passages, "passage"), *_ratings()]


def _documents(random: np.random.Generator, documents: int, coders: int) -> Codings:
    """Documents of unequal length; what is coded, and how far the coders follow it, differs between them."""
    lengths = random.integers(1500, 9000, documents)
    yield_of = random.beta(6, 2, documents)  # how often a coder sees what is there
    columns: list[list] = [[], [], [], [], []]
    for document in range(documents):
        for code in "xy":
            true = random.poisson(lengths[document] / (1500 if code == "x" else 3500))
            for start in random.integers(0, lengths[document] - 400, true):
                for coder in range(coders):
                    if random.random() < yield_of[document]:
                        begin = int(start + random.integers(0, 60))
                        end = begin + int(random.integers(100, 340))
                        for column, value in zip(columns, (document, coder, code, begin, end), strict=True):
                            column.append(value)
        for coder in range(coders):
            for column, value in zip(columns, (document, coder, None, np.nan, np.nan), strict=True):
                column.append(value)
    return codings_from_columns(
        [f"d{document:04}" for document in columns[0]],
        lengths=lengths[columns[0]].astype(float),
        coders=["ABC"[coder] for coder in columns[1]],
        codes=columns[2],
        starts=np.array(columns[3], dtype=float),
        ends=np.array(columns[4], dtype=float),
    )


def _spans(measure: str, units: object, unit: str) -> list[Row]:
    random = np.random.default_rng([3, len(unit), "kappa fleiss ac1 alpha".index(measure)])
    coders = 3 if measure == "fleiss" else 2
    large = _documents(random, 3000, coders)

    def answer(codings: Codings) -> dict[str, CodeAgreement]:
        cut: Units = units(codings)  # type: ignore[operator]
        found = compare_coders(codings, units=cut, measure=measure, replicates=300)
        return {"overall": found.overall} | {row.code: row for row in found.by_code}  # type: ignore[dict-item]

    whole = answer(large)
    truth = {part: whole[part].estimate for part in ("overall", "y")}
    held: dict[str, list[float]] = {part: [] for part in truth}
    for documents in (5, 10, 30):
        hits: dict[str, list[bool]] = {part: [] for part in truth}
        for _ in range(RUNS):
            found = answer(_documents(random, documents, coders))
            for part, value in truth.items():
                interval = found[part].interval if part in found else None
                if interval is not None:
                    hits[part].append(interval.low <= value <= interval.high)
        for part in truth:
            held[part].append(share(hits[part]))
    return [
        Row(
            f"{measure} by {unit}, {'all codes' if part == 'overall' else 'a rare code'}",
            "5, 10 and 30 unlike documents", "interval", tuple(held[part]), RUNS, conservative=FEW,
        )
        for part in truth
    ]  # fmt: skip


def _ratings() -> list[Row]:
    """Three coders who rate 5 grades; each errs by a step or more now and then, and leaves some out."""
    random = np.random.default_rng(4)

    def ratings(units: int) -> np.ndarray:
        true = random.integers(1, 6, units)
        given = true + random.choice([-2, -1, 0, 1, 2], p=[0.03, 0.15, 0.64, 0.15, 0.03], size=(3, units))
        given = np.clip(given, 1, 5).astype(float)
        given[random.random((3, units)) < 0.1] = np.nan
        return given

    large = ratings(20_000)
    found = []
    for level in ("nominal", "ordinal", "interval", "ratio"):
        truth = krippendorff_alpha(large, level=level)
        cells = []
        for units in (10, 20, 50):
            hits = []
            for _ in range(400):
                try:
                    one = krippendorff_interval(ratings(units), level=level, replicates=200)
                except CannotAnalyse:  # fewer than 10 units rated twice
                    continue
                hits.append(one.low <= truth <= one.high)
            cells.append(share(hits))
        found.append(
            Row(
                f"alpha of ratings, {level}", "3 coders; 10, 20 and 50 units", "interval", tuple(cells), 400,
                conservative=RESAMPLED,
            )
        )  # fmt: skip
    return found
