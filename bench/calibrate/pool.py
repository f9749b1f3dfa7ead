"""Pooling of independent studies: the usual intervals, the cautious ones, tau² and the tests."""

from __future__ import annotations

import numpy as np

from bench.calibrate.rows import Row, covers, share
from folkmoot.core.synthesis.cautious import cautious_intervals
from folkmoot.core.synthesis.pooling import pool

SPREADS = (0.0, 0.05, 0.15, 0.5)
RUNS = 1000
USUAL = "As other programs print it: takes the variance between studies as if it were known. The cautious one is shown in its place."
KNOWN = (
    "As other programs print it: takes the variance between studies as if it were known, on which prediction depends most."
    " The cautious one is shown in its place."
)
CAUTIOUS = (
    "Conservative where the truths differ little: tau² cannot be below 0, and all its possible values count."
)
SUPPOSED = (
    "The truths are supposed to scatter evenly to both sides, as a caveat says. With a few far out on one side (here as skewed as an"
    " exponential distribution) the interval of their mean holds it less often than it says: so few studies seldom hold the far ones."
)


def rows() -> list[Row]:
    found: list[Row] = []
    for studies in (2, 3, 5, 10, 20, 40):
        cells = [_tried(studies, spread) for spread in SPREADS]
        words = f"{studies} studies, truths' spread 0 to 0.5"

        def row(name: str, cells: list = cells, words: str = words, **declared: str) -> Row:
            kind, promised = ("test", 0.05) if name.startswith("p-value") else ("interval", 0.95)
            found = tuple(cell[name] for cell in cells)
            return Row(name, words, kind, found, RUNS, promised=promised, **declared)

        found += [
            row("interval, cautious", conservative=CAUTIOUS),
            row("p-value, cautious"),
            row("prediction interval, cautious", conservative=CAUTIOUS),
            row("tau² interval", conservative=CAUTIOUS),
            Row(
                "p-value of Q", f"{studies} studies, one truth", "test", (cells[0]["p-value of Q"],), RUNS,
                promised=0.05,
            ),
            row("interval (REML, the default)", comparison=USUAL),
            row("interval, --knapp-hartung", comparison=USUAL),
            row("p-value (the default)", comparison=USUAL),
            row("p-value, --knapp-hartung", comparison=USUAL),
            row("prediction interval", comparison=KNOWN),
            row("prediction interval, --knapp-hartung", comparison=KNOWN),
        ]  # fmt: skip
    return [*found, *_unequal(), *_methods()]


def _unequal() -> list[Row]:
    """One study is ten times as precise as the others, or truths are skewed: what the cautious ones were not made for."""
    found = []
    for words, studies in (("6 studies, one ten times as precise", 6), ("8 studies, truths skewed", 8)):
        held: dict[str, list[float]] = {}
        for spread in SPREADS[1:]:
            random = np.random.default_rng([16, studies, int(1000 * spread)])
            hits: dict[str, list[bool]] = {"interval, cautious": [], "prediction interval, cautious": []}
            for _ in range(RUNS):
                errors = np.exp(random.uniform(np.log(0.1), np.log(0.3), studies))
                truths = random.normal(0, spread, studies + 1)
                if studies == 8:
                    truths = spread * (random.exponential(size=studies + 1) - 1)
                else:
                    errors[0] = 0.02
                careful = cautious_intervals(truths[:-1] + errors * random.normal(size=studies), errors)
                hits["interval, cautious"].append(covers(careful.mean, 0.0))
                hits["prediction interval, cautious"].append(covers(careful.prediction, float(truths[-1])))
            for name, of in hits.items():
                held.setdefault(name, []).append(share(of))
        found += [
            Row(
                name, words, "interval", tuple(of), RUNS, conservative=CAUTIOUS,
                warning=SUPPOSED if studies == 8 and name == "interval, cautious" else "",
            )
            for name, of in held.items()
        ]  # fmt: skip
    return found


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
        note("interval, cautious", covers(careful.mean, 0.0))
        note("p-value, cautious", careful.p_value <= 0.05)
        note("prediction interval, cautious", covers(careful.prediction, new))
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
                comparison="" if method == "fixed" else USUAL,
            )
        )
    return found
