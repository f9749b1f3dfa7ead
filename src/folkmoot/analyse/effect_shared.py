"""What the designs of ``folkmoot analyse effect`` share: needed columns, placebo runs, words for an error.

What does not belong here: any one design.
"""

from __future__ import annotations

import argparse

import numpy as np

from folkmoot.analyse.effect_laid import Laid
from folkmoot.analyse.effect_rows import Codes, Numbers, Rows, rows_of
from folkmoot.analyse.tables import Table
from folkmoot.core.effects import placebo as placebos
from folkmoot.core.effects.inference import check_variation
from folkmoot.core.effects.panel import Panel
from folkmoot.core.effects.randomisation import RandomisationResult
from folkmoot.core.effects.wild import WildResult
from folkmoot.core.errors import CannotAnalyse

QUICK_ROWS = 20_000  # above this a placebo run is made only where it is asked for
DEFAULT_PLACEBO = 200
TEXTBOOK = (
    "textbook errors take the rows as independent, and an interval or p-value made of them does not keep its promise; ask for cr2,"
    " design or randomisation."
)


def panel_rows(table: Table, options: argparse.Namespace) -> Rows:
    if not options.unit or not options.time:
        raise CannotAnalyse("This design follows units over time: --unit COLUMN --time COLUMN.")
    rows = rows_of(table, options)
    check_variation(rows.outcome, name=f"outcome “{options.outcome}”")
    return rows


def both(rows: Rows) -> tuple[Codes, Numbers]:
    if rows.unit is None or rows.time is None:
        raise CannotAnalyse("This design follows units over time: --unit COLUMN --time COLUMN.")
    return rows.unit, rows.time


def add_placebo(
    laid: Laid,
    options: argparse.Namespace,
    panel: Panel,
    method: placebos.Method,
    *,
    treated: int,
    starts: int,
    random: np.random.Generator,
    fits: bool,
) -> None:
    """The false-alarm rate where it was asked for, or where it costs next to nothing."""
    if options.placebo == 0 or (options.placebo is None and panel.outcomes.size > QUICK_ROWS):
        return
    try:
        if not fits:
            raise CannotAnalyse("Placebo runs are made for units without clusters and covariates.")
        figures = placebos.untreated_part(panel, treated=treated)
        most = max(1, figures.shape[0] // 2) if options.design != "before-after" else figures.shape[0]
        laid.placebo = placebos.placebo_rate(
            figures,
            method=method,
            treated=min(treated, most),
            runs=options.placebo or DEFAULT_PLACEBO,
            nominal=round(1.0 - options.level, 9),
            starts=starts,
            random=random,
        )
    except CannotAnalyse as error:
        laid.refuse("placebo_false_alarm_rate", str(error))


def add_sensitivity(
    laid: Laid, options: argparse.Namespace, panel: Panel, *, comparison: str | None, fits: bool
) -> None:
    """Bounds where trends part after the start, where they were asked for."""
    if options.sensitivity is None:
        return
    from folkmoot.core.effects.sensitivity import SIZES, sensitivity_to_trends

    try:
        if not fits:
            raise CannotAnalyse("The bounds are worked out for units without clusters and covariates.")
        found = sensitivity_to_trends(
            panel, comparison=comparison, sizes=options.sensitivity or SIZES, level=options.level
        )
    except CannotAnalyse as error:
        laid.refuse("sensitivity_to_trends", str(error))
        return
    laid.extra["sensitivity_to_trends"] = {
        "estimate": found.estimate,
        "standard_error": found.standard_error,
        "level": found.level,
        "bounds": [{"size": one.size, "interval": [one.low, one.high]} for one in found.bounds],
    } | ({} if found.breakdown is None else {"breakdown": found.breakdown})
    laid.caveats.append(
        "Even where trends part twenty times as far as the most seen before the start, the interval excludes no effect."
        if found.breakdown is None
        else "With trends as they are supposed to be the average over the times since the start includes no effect."
        if not found.breakdown
        else f"The average over the times since the start excludes no effect until trends part by {found.breakdown:.2g} times"
        " the most seen between neighbouring periods before it."
    )


def beside(
    laid: Laid, wild: WildResult | None, drawn: RandomisationResult | None, options: argparse.Namespace
) -> None:
    """The attainable minimum of exact tests, and what it means."""
    found = wild or drawn
    if found is None:
        return
    laid.extra["attainable_minimum"] = found.attainable_minimum
    laid.extra["enumerated"] = found.enumerated
    laid.extra["draws"] = wild.draws if wild is not None else drawn.assignments if drawn is not None else 0
    if not found.enumerated:
        laid.extra["seed"] = options.seed
    if found.attainable_minimum >= 1.0 - options.level:
        what = f"{wild.clusters} clusters" if wild is not None else "so few ways to draw the treated"
        laid.caveats.append(
            f"With {what} the smallest p-value there can be is {found.attainable_minimum:.3g}: this test cannot"
            f" alarm at {1.0 - options.level:.0%}, whatever happened."
        )


def inference_words(inference: str, *, clustered: bool) -> str:
    by = "cluster" if clustered else "unit"
    return {
        "cr2": f"CR2 errors by {by}, Satterthwaite degrees of freedom",
        "wild": f"wild bootstrap by {by}, no effect imposed",
        "randomisation": f"randomisation inference by {by}",
        "design": "pooled t-test on each unit's change"
        if not clustered
        else "pooled t-test on each cluster's change",
        "plain": "textbook errors, rows taken as independent, for comparison",
    }[inference]
