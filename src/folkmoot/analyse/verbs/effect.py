"""``folkmoot analyse effect``: what a piece of work changed, from a file of measurements.

What does not belong here: the methods (core.effects) and how each design is laid out (effect_designs).
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from folkmoot.analyse.effect_designs import DESIGNS
from folkmoot.analyse.effect_laid import Laid
from folkmoot.analyse.tables import read_table
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.wording.effect import (
    change_sentence,
    effect_sentence,
    event_times_sentence,
    placebo_sentence,
)

SUMMARY = "What work changed: trials, before and after, differences in differences, series, displacement."
ESTIMATORS = (
    "callaway-santanna",
    "roth-santanna",
    "sun-abraham",
    "imputation",
    "two-stage",
    "synthetic-control",
)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="one row per person, per unit and period, or per period")
    parser.add_argument("--design", required=True, choices=tuple(DESIGNS))
    columns = parser.add_argument_group("columns")
    columns.add_argument("--outcome", metavar="COLUMN")
    columns.add_argument("--unit", metavar="COLUMN", help="place or person measured repeatedly")
    columns.add_argument("--time", metavar="COLUMN", help="numbers or ISO dates")
    columns.add_argument("--treated", metavar="COLUMN", help="0 and 1: drawn (trial), or treated in that row")
    columns.add_argument(
        "--first-treated",
        metavar="COLUMN",
        help="each unit's first treated period (empty = never); or a period",
    )
    columns.add_argument("--clusters", metavar="COLUMN", help="what was drawn, or varies, as a whole")
    columns.add_argument("--blocks", metavar="COLUMN", help="parts within which the lots were drawn (trial)")
    columns.add_argument("--covariates", metavar="COLUMN", nargs="+", default=[])
    columns.add_argument("--received", metavar="COLUMN", help="who really received it (trial)")
    columns.add_argument("--exposure", metavar="COLUMN", help="population at risk, or number asked (series)")
    method = parser.add_argument_group("method")
    method.add_argument("--start", metavar="PERIOD", help="the first period with the work")
    method.add_argument("--estimator", choices=ESTIMATORS, default="callaway-santanna")
    method.add_argument("--summary", choices=("simple", "cohort", "calendar", "event"), default="simple")
    method.add_argument("--comparison", choices=("never", "not-yet"), help="with whom (staggered)")
    method.add_argument("--base", choices=("varying", "universal"), default="varying")
    method.add_argument("--group-times", action="store_true", help="list every cohort and period (staggered)")
    method.add_argument(
        "--inference", choices=("cr2", "wild", "randomisation", "design", "sampling", "plain"),
        help="how the error is worked out",
    )  # fmt: skip
    method.add_argument("--level", type=float, default=0.95)
    method.add_argument("--draws", type=int, default=9999, help="of a bootstrap or of the lots")
    method.add_argument("--seed", type=int, default=20161103, help="of all draws")
    method.add_argument(
        "--placebo", type=int, nargs="?", const=400, metavar="RUNS",
        help="false alarms of this method on these figures (0: none; without it: where it is quick)",
    )  # fmt: skip
    method.add_argument(
        "--sensitivity", type=float, nargs="*", metavar="SIZE",
        help="bounds where trends part by so many times what was seen before the start (did, staggered)",
    )  # fmt: skip
    method.add_argument("--smallest", type=float, help="the smallest change that matters")
    series = parser.add_argument_group("series")
    series.add_argument("--family", choices=("gaussian", "poisson", "binomial"), default="gaussian")
    series.add_argument("--season", type=int, metavar="N", help="periods in a year")
    series.add_argument("--breaks", nargs="+", default=[], metavar="PERIOD", help="question or rule changed")
    series.add_argument(
        "--leave-out", nargs="+", default=[], metavar="FROM:TO", help="ranges of periods to leave out"
    )
    series.add_argument("--overlap", type=int, metavar="N", help="each figure covers N periods")
    series.add_argument("--lags", type=int, metavar="N", help="Newey–West errors up to so many periods")
    areas = parser.add_argument_group("displacement")
    areas.add_argument("--before", metavar="COLUMN", default="before", help="counts before")
    areas.add_argument("--after", metavar="COLUMN", default="after", help="counts after")


def run(options: argparse.Namespace) -> dict[str, Any]:
    if not 0.5 <= options.level < 1:
        raise CannotAnalyse(f"--level lies between 0.5 and 1, unlike {options.level:g}.")
    if not 99 <= options.draws <= 1_000_000:
        raise CannotAnalyse("--draws lies between 99 and 1,000,000.")
    if options.placebo is not None and not (options.placebo == 0 or 50 <= options.placebo <= 20_000):
        raise CannotAnalyse("--placebo takes between 50 and 20,000 runs, or 0 for none.")
    options.covariates = [name for word in options.covariates for name in word.split(",") if name]
    if options.sensitivity is not None and options.design not in ("did", "staggered"):
        raise CannotAnalyse(
            "--sensitivity is for did and staggered: trends part where there is a comparison."
        )
    if (options.estimator == "synthetic-control") and options.design != "did":
        raise CannotAnalyse(
            "The synthetic control is an estimator of --design did: one start, and units without it."
        )
    random = np.random.default_rng(abs(options.seed))
    with np.errstate(all="ignore"):
        laid = DESIGNS[options.design](read_table(options.file), options, random)
    return _result(laid, options)


def _result(laid: Laid, options: argparse.Namespace) -> dict[str, Any]:
    found = laid.estimate
    record = found.as_json()
    if not found.is_bounded and "interval" not in {one.part for one in laid.refused}:
        laid.refuse(
            "interval",
            f"so few clusters or ways to draw the treated bound no interval at {found.level:.0%}: the smallest"
            f" p-value there can be is {laid.extra.get('attainable_minimum', 1.0):.3g}.",
        )
    caveats = [*laid.caveats]
    if laid.placebo is not None:
        sentence = placebo_sentence(laid.placebo)
        caveats.insert(0, sentence)
    events = event_times_sentence(laid.events)
    if events:
        caveats.append(events)
    result: dict[str, Any] = {
        "design": options.design,
        "method": laid.method,
        "n": laid.n,
        **record,
        **laid.extra,
    }
    if found.is_bounded:
        say = effect_sentence if laid.is_effect else change_sentence
        result["sentence"] = say(
            found,
            outcome=options.outcome or "the number of events",
            smallest_that_matters=options.smallest,
        )
    if laid.events:
        result["event_times"] = [
            {"event_time": event.event_time, **event.estimate.as_json(), "units": event.units}
            for event in laid.events
        ]
    if laid.placebo is not None:
        result["placebo_false_alarm_rate"] = laid.placebo.rate
        result["placebo"] = {
            "runs": laid.placebo.runs,
            "alarms": laid.placebo.alarms,
            "interval": [laid.placebo.low, laid.placebo.high],
            "nominal": laid.placebo.nominal,
            "units": laid.placebo.units,
            "periods": laid.placebo.periods,
        }
    result["caveats"] = caveats
    result["refused"] = [refusal.as_json() for refusal in laid.refused]
    return result
