"""``folkmoot analyse power``: what a design could see, before it is run.

What does not belong here: the formulas (core.power). An option with several values spans a grid.
"""

from __future__ import annotations

import argparse
import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from folkmoot.analyse.power_designs import DESIGNS, History, Words
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.power.differences import history_spread
from folkmoot.core.results import Refusal
from folkmoot.core.wording.power import power_sentence

SUMMARY = "What a design could see: power, the smallest visible change, and how many are needed."
MOST_ROWS = 2000
# each may take several values; together they span the grid
GRID = (
    "effect", "sd", "baseline", "interviews", "design_effect", "correlation", "per_arm", "n", "cluster_size",
    "clusters", "clusters_per_arm", "icc", "cv", "steps", "per_cell", "cac", "treated", "compared",
    "periods_before", "periods_after", "autocorrelation", "alpha",
)  # fmt: skip
WHOLE = {"clusters", "clusters_per_arm", "steps", "treated", "compared", "periods_before", "periods_after"}


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", nargs="?", help="as --history")
    parser.add_argument("--design", required=True, choices=tuple(DESIGNS))
    group = parser.add_argument_group("what is asked (several values of an option span a grid)")

    def add(*names: str, help: str, **more: Any) -> None:
        group.add_argument(*names, nargs="+", type=float, metavar="N", help=help, **more)

    add("--effect", "--change", help="the change to be seen, in the outcome's unit (0.05 = five points)")
    add("--sd", "--standard-deviation", help="of people (trials, surveys) or of a place's figure (did)")
    add("--baseline", "--p", help="the share now, where the outcome is a share")
    add("--alpha", help="false alarms allowed (0.05)")
    group.add_argument("--power", type=float, default=0.8, help="wanted for the smallest visible change")
    add("--interviews", help="per wave (survey)")
    add("--design-effect", "--deff", help="of the survey's weights and clusters")
    add("--correlation", help="of the two waves' figures")
    add("--per-arm", help="people in each group (trial, cluster)")
    add("--n", "--people", help="people in all (trial, cluster); interviews per wave (survey)")
    add("--clusters", help="in all (cluster, stepped-wedge)")
    add("--clusters-per-arm", help="in each group (cluster)")
    add("--cluster-size", help="people in a cluster")
    add("--icc", help="intracluster correlation")
    add("--cv", help="coefficient of variation of cluster sizes")
    add("--steps", help="starts of a stepped wedge")
    add("--per-cell", help="people asked in each cluster and period")
    add("--cac", "--cluster-autocorrelation", help="of clusters over periods")
    add("--treated", help="places with the work (did)")
    add("--compared", "--controls", help="places without (did)")
    add("--periods-before", "--before", help="(did)")
    add("--periods-after", "--after", help="(did)")
    add("--autocorrelation", help="of a place's figure from one period to the next (did)")
    history = parser.add_argument_group("the user's own history (did)")
    history.add_argument(
        "--history", metavar="FILE", help="figures without the work: its correlation is used"
    )
    history.add_argument("--outcome", metavar="COLUMN")
    history.add_argument("--unit", metavar="COLUMN")
    history.add_argument("--time", metavar="COLUMN")
    history.add_argument("--draws", type=int, default=4000)
    history.add_argument("--seed", type=int, default=20161103)


def run(options: argparse.Namespace) -> dict[str, Any]:
    if not 0 < options.power < 1:
        raise CannotAnalyse(f"--power lies between 0 and 1, unlike {options.power:g}.")
    if not 100 <= options.draws <= 200_000:
        raise CannotAnalyse("--draws lies between 100 and 200,000.")
    given = {name: list(getattr(options, name)) for name in GRID if getattr(options, name) is not None}
    for name, values in given.items():
        if any(
            not math.isfinite(value) or (value != 0 and not 1e-9 <= abs(value) <= 1e9) for value in values
        ):
            raise CannotAnalyse(
                f"--{name.replace('_', '-')} takes numbers of a size that people use, up to a thousand million."
            )
    for name in sorted(WHOLE & given.keys()):
        if any(value != int(value) or value < 1 for value in given[name]):
            raise CannotAnalyse(f"--{name.replace('_', '-')} takes whole numbers from 1 on.")
        given[name] = [int(value) for value in given[name]]
    design = DESIGNS[options.design]
    history = _history(options)
    given, extra, caveats = _completed(options.design, given, history)
    varying = [name for name, values in given.items() if len(values) > 1]
    rows: list[Words] = []
    refused: list[Refusal] = []
    count = int(np.prod([len(values) for values in given.values()]))
    if count > MOST_ROWS:
        raise CannotAnalyse(
            f"These options span {count:,} combinations; at most {MOST_ROWS:,} can be worked out."
        )
    found: Words = {}
    for chosen in itertools.product(*given.values()):
        words = dict(zip(given, chosen, strict=True))
        try:
            one = design(words, options, history)
        except CannotAnalyse as error:
            part = ", ".join(f"{name} {words[name]:g}" for name in varying) or "power"
            refused.append(Refusal(part=part, reason=str(error)))
            continue
        found = found or {"words": words, **one}
        rows.append({name: words[name] for name in varying} | {key: one[key] for key in ROW if key in one})
    if not rows:
        raise CannotAnalyse(refused[0].reason)
    words = found.pop("words")
    by = rows if varying else _default_grid(options, words, found, history, design)
    effect = words.get("effect")
    return {
        "design": options.design,
        "method": METHODS[options.design if history is None else "history"],
        "n": found.pop("n"),
        **found,
        "wanted_power": options.power,
        **extra,
        "sentence": power_sentence(
            power=found.get("power"),
            effect=effect,
            minimum_detectable_effect=found["minimum_detectable_effect"],
            wanted_power=options.power,
        ),
        "by": by,
        "caveats": caveats + _caveats(options.design, words, found),
        "refused": [refusal.as_json() for refusal in refused],
    }


ROW = (
    "power", "minimum_detectable_effect", "margin", "needed_interviews", "needed_per_arm",
    "needed_clusters_per_arm", "false_alarm_rate",
)  # fmt: skip
METHODS = {
    "survey": "two waves compared, normal test",
    "trial": "two groups of people, two-sided t-test (shares: normal test)",
    "cluster": "two groups of whole clusters: design effect, t with 2(clusters − 1) degrees of freedom",
    "stepped-wedge": "stepped wedge, mixed model with cluster and cluster-period effects (Hooper 2016)",
    "did": "each place's change compared by a pooled t-test, first-order autocorrelation",
    "history": "an effect added to places and dates drawn from the history; pooled t-test on each place's change",
}


def _history(options: argparse.Namespace) -> History:
    """The history as places × periods; places not seen in every period are refused with their number."""
    named = options.history or options.file
    if not named:
        return None
    if options.design != "did":
        raise CannotAnalyse(f"A history is used by the did design, not by {options.design}.")
    from folkmoot.analyse.effect_rows import rows_of
    from folkmoot.analyse.tables import read_table
    from folkmoot.core.effects.panel import build_panel

    if not (options.outcome and options.unit and options.time):
        raise CannotAnalyse("A history needs --outcome, --unit and --time, each a column of the file.")
    names = ("treated", "first_treated", "start", "clusters", "blocks", "received", "exposure")
    columns = argparse.Namespace(
        outcome=options.outcome, unit=options.unit, time=options.time, covariates=[], **dict.fromkeys(names)
    )
    rows = rows_of(read_table(named), columns)
    if rows.unit is None or rows.time is None:
        raise CannotAnalyse("A history needs --outcome, --unit and --time.")
    panel = build_panel(
        rows.outcome,
        unit=rows.unit,
        time=rows.time,
        first_treated=np.full(rows.outcome.size, np.nan),
        unit_labels=rows.unit_names or None,
        time_labels=None if rows.calendar is None else list(rows.calendar.words),
    )
    return panel.outcomes


def _completed(design: str, given: Words, history: History) -> tuple[Words, Words, list[str]]:
    """The options with defaults filled in, what the history shows, and what was assumed."""
    caveats, extra = [], {}
    given = {"alpha": [0.05], **given}
    if design in ("trial", "cluster") and "sd" not in given and "baseline" not in given:
        caveats.append("No spread was given: changes are in standard deviations.")
    if design == "stepped-wedge" and "sd" not in given and "baseline" not in given:
        caveats.append("No spread was given: changes are in standard deviations.")
    if history is not None:
        caveats.append(
            "The places and years to come are taken to go up and down as those of the history did."
        )
        spread, carried = history_spread(history)
        extra["history"] = {
            "places": int(history.shape[0]),
            "periods": int(history.shape[1]),
            "standard_deviation": spread,
            "autocorrelation": carried,
        }
        given.setdefault("treated", [max(1, history.shape[0] // 2)])
    elif design == "did" and "autocorrelation" not in given:
        caveats.append(
            "No autocorrelation was given and 0 was taken, which oversells many periods: give --autocorrelation or a"
            " history."
        )
    return given, extra, caveats


def _default_grid(
    options: argparse.Namespace,
    words: Words,
    found: Words,
    history: History,
    design: Callable[[Words, argparse.Namespace, History], Words],
) -> list[Words]:
    """Power along the number that can be chosen, halved and doubled, so that a plan has something to weigh."""
    if options.design == "stepped-wedge":
        along: list[tuple[str, list[Any]]] = [("cac", sorted({1.0, 0.9, 0.8, 0.6, words.get("cac", 1.0)}))]
    elif options.design == "did":
        most = words["treated"] * 4 if history is None else max(1, history.shape[0] - 2)
        along = [("treated", [count for count in (1, 2, 4, 8, 16, 32, 64) if count <= most])]
    else:
        name: str | None = next(
            (one for one in ("interviews", "per_arm", "clusters_per_arm", "clusters", "n") if one in words),
            None,
        )
        if name is None:
            # nothing was given to vary: vary what was found to be needed
            name = "interviews" if options.design == "survey" else "per_arm"
            words = {**words, name: found["needed_interviews" if name == "interviews" else "needed_per_arm"]}
        factors = (0.5, 1.0, 2.0, 4.0)
        counts: list[Any] = [words[name] * factor for factor in factors]
        along = [(name, [round(value) for value in counts] if name in WHOLE else counts)]
    rows = []
    for varied, values in along:
        for value in values:
            try:
                one = design({**words, varied: value}, options, history)
            except CannotAnalyse:
                continue  # a value of our own choosing that cannot be: no row
            rows.append({varied: value} | {key: one[key] for key in ROW if key in one})
    return rows


def _caveats(design: str, words: Words, found: Words) -> list[str]:
    result = []
    if design == "did" and words.get("treated") == 1:
        result.append(
            "One treated place: its own ups and downs cannot be told from the work; only a very large change would be"
            " seen."
        )
    if design == "stepped-wedge" and "cac" not in words:
        result.append(
            "Clusters were taken to keep their level from period to period (autocorrelation 1), which oversells; the"
            " grid shows it with less."
        )
    if design == "cluster":
        arms = found.get("needed_clusters_per_arm", 99)
        if words.get("clusters_per_arm", words.get("clusters", 2 * arms) / 2) < 6:
            result.append(
                "With fewer than six clusters a group the test rests on very few degrees of freedom."
            )
    if design == "survey":
        result.append("People who do not answer are no chance event; more interviews do not mend that.")
    if found.get("false_alarm_rate", 0.0) > 0.1:
        result.append(
            f"On the history this test raised a false alarm in {found['false_alarm_rate']:.0%} of draws, more than"
            " twice what it should."
        )
    power = found.get("power")
    if power is not None and power < 0.5:
        result.append("As planned this would more likely miss the change than find it.")
    return result
