"""Pooling of independent studies: the usual intervals, the cautious ones, tau² and the tests."""

from __future__ import annotations

import numpy as np

from bench.calibrate.rows import Row, covers, share
from folkmoot.core.synthesis.cautious import cautious_intervals
from folkmoot.core.synthesis.pooling import pool

SPREADS = (0.0, 0.05, 0.15, 0.5)
RUNS = 1000
USUAL = (
    "Takes the variance between studies as if it were known. Printed because it is what the method asked for gives in every"
    " other program; the cautious interval stands beside it, and a caveat names it below 30 studies."
)
HARTUNG_KNAPP = (
    "Hartung and Knapp's error is unreliable where few studies of unequal size differ little or middlingly; the cautious"
    " interval stands beside it."
)
PREDICTION = (
    "Takes the variance between studies as if it were known, on which prediction depends most. Its figures are those of other"
    " programs; the cautious prediction interval stands beside it, and a caveat names it."
)
CAUTIOUS = (
    "Conservative where the truths differ little: tau² cannot be below 0, and all its possible values count."
)


def rows() -> list[Row]:
    found: list[Row] = []
    for studies in (3, 5, 10, 20, 40):
        cells = [_tried(studies, spread) for spread in SPREADS]
        words = f"{studies} studies, truths' spread 0 to 0.5"

        def row(name: str, cells: list = cells, words: str = words, **declared: str) -> Row:
            return Row(name, words, "interval", tuple(cell[name] for cell in cells), RUNS, **declared)

        found += [
            row("interval (REML, the default)", short=USUAL, conservative=CAUTIOUS),
            row("interval, --knapp-hartung", short=HARTUNG_KNAPP),
            row("cautious interval", conservative=CAUTIOUS),
            row("prediction interval", short=PREDICTION, conservative=CAUTIOUS),
            row("prediction interval, --knapp-hartung", short=PREDICTION, conservative=CAUTIOUS),
            row("cautious prediction interval", conservative=CAUTIOUS),
            row("tau² interval", conservative=CAUTIOUS),
        ]
        alarms = tuple(cell["p-value, --knapp-hartung"] for cell in cells)
        found.append(
            Row("p-value, --knapp-hartung", words, "test", alarms, RUNS, promised=0.05, short=HARTUNG_KNAPP)
        )
        alarms = tuple(cell["p-value (the default)"] for cell in cells)
        found.append(Row("p-value (the default)", words, "test", alarms, RUNS, promised=0.05, short=USUAL))
        found.append(
            Row(
                "p-value of Q",
                f"{studies} studies, one truth",
                "test",
                (cells[0]["p-value of Q"],),
                RUNS,
                promised=0.05,
            )
        )
    return [*found, *_methods()]


def _data(random: np.random.Generator, studies: int, spread: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Estimates about truths of mean 0, their errors (0.05 to 0.3), and the truth of one more study."""
    errors = np.exp(random.uniform(np.log(0.05), np.log(0.3), studies))
    truths = random.normal(0, spread, studies + 1) if spread else np.zeros(studies + 1)
    return truths[:-1] + errors * random.normal(size=studies), errors, float(truths[-1])


def _tried(studies: int, spread: float) -> dict[str, float]:
    random = np.random.default_rng([13, studies, int(1000 * spread)])
    hits: dict[str, list[bool]] = {}

    def note(name: str, hit: bool) -> None:
        hits.setdefault(name, []).append(hit)

    for _ in range(RUNS):
        y, errors, new = _data(random, studies, spread)
        for how, knapp_hartung in (("(the default)", False), ("--knapp-hartung", True)):
            found = pool(y, errors, knapp_hartung=knapp_hartung)
            one = found.estimate
            name = "interval, --knapp-hartung" if knapp_hartung else "interval (REML, the default)"
            note(name, covers((one.low, one.high), 0.0))
            note(
                f"p-value{', ' if knapp_hartung else ' '}{how}",
                (one.p_value if one.p_value is not None else 1) <= 0.05,
            )
            assert found.prediction is not None
            name = f"prediction interval{', --knapp-hartung' if knapp_hartung else ''}"
            note(name, covers(found.prediction, new))
            if not knapp_hartung:
                # no interval is no false one, but no interval either: it counts as missing the truth
                note(
                    "tau² interval",
                    found.tau2_interval is not None and covers(found.tau2_interval, spread**2),
                )
                note("p-value of Q", found.q_p_value <= 0.05)
        careful = cautious_intervals(y, errors)
        note("cautious interval", covers(careful.mean, 0.0))
        note("cautious prediction interval", covers(careful.prediction, new))
    return {name: share(held) for name, held in hits.items()}


def _methods() -> list[Row]:
    found = []
    for method in ("ml", "dl", "pm", "he", "fixed"):
        cells = []
        spreads = (0.0,) if method == "fixed" else SPREADS
        for spread in spreads:
            random = np.random.default_rng([14, int(1000 * spread)])
            hits = []
            for _ in range(RUNS):
                y, errors, _new = _data(random, 12, spread)
                one = pool(y, errors, method=method).estimate
                hits.append(covers((one.low, one.high), 0.0))
            cells.append(share(hits))
        words = "12 studies, one truth" if method == "fixed" else "12 studies, truths' spread 0 to 0.5"
        found.append(
            Row(
                f"interval, --method {method}",
                words,
                "interval",
                tuple(cells),
                RUNS,
                short=USUAL,
                conservative=CAUTIOUS,
            )
        )
    return found
