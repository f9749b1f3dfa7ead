"""``--design did`` and ``--design before-after``.

What does not belong here: the numbers (core.effects.differences).
"""

from __future__ import annotations

import argparse

import numpy as np

from folkmoot.analyse.effect_laid import Laid
from folkmoot.analyse.effect_mixture import mixed, square
from folkmoot.analyse.effect_rows import Codes, Numbers, Rows, rows_of
from folkmoot.analyse.effect_shared import (
    TEXTBOOK,
    add_placebo,
    add_sensitivity,
    beside,
    both,
    inference_words,
    panel_rows,
)
from folkmoot.analyse.tables import Table
from folkmoot.core.effects import placebo as placebos
from folkmoot.core.effects.differences import before_after, did_effect
from folkmoot.core.effects.panel import Panel
from folkmoot.core.effects.pretrend import pre_trend
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.wording.effect import pre_trend_sentence

ALONE = (
    "one unit alone does not show how far units change by themselves, so that no interval keeps its promise; give more units, use"
    " --design series where there are at least 8 periods on either side, or did with units to compare."
)


def did(table: Table, options: argparse.Namespace, random: np.random.Generator) -> Laid:
    rows = panel_rows(table, options)
    unit, time = both(rows)
    caveats = rows.caveats()
    treated = _treatment(rows, unit, time, caveats)
    periods, position = np.unique(time, return_inverse=True)
    if options.estimator == "synthetic-control":
        return mixed(rows, options, treated, caveats, random)
    if options.inference == "sampling":
        raise CannotAnalyse(
            "Differences in differences have cr2, wild, randomisation, design and plain inference."
        )
    found = did_effect(
        rows.outcome,
        unit=unit,
        time=position,
        treated=treated,
        clusters=rows.clusters,
        covariates=list(rows.covariates.values()),
        inference=options.inference,
        level=options.level,
        draws=options.draws,
        random=random,
    )
    laid = Laid(
        estimate=found.estimate,
        method=(
            "differences in differences: regression on unit and period means; "
            + inference_words(found.inference, clustered=rows.clusters is not None)
        ),
        n=rows.counts()
        | {
            "units": found.units,
            "units_treated": found.units_treated,
            "periods": found.periods,
            "clusters": found.clusters,
            "clusters_treated": found.clusters_treated,
        },
        caveats=[*caveats, *found.caveats],
        events=found.event_times,
    )
    if found.inference == "plain":
        laid.caveats.append(
            "Textbook errors take the periods as independent; where figures follow those before they are far too small (by"
            " simulation, false alarms in a fifth of runs and more). They are for comparison with other programs only."
        )
        laid.give_for_comparison(TEXTBOOK)
    if not found.event_times:
        laid.refuse(
            "event_times",
            "Effects by time since the start need one start, every unit in every period, and errors by cluster.",
        )
    beside(laid, found.wild, found.randomisation, options)
    if found.balanced:
        panel = square(rows.outcome, unit, position, treated, periods)
        if found.starts == 1:
            _pre_trend(laid, panel, rows.clusters, unit, options)
        add_sensitivity(
            laid, options, panel, comparison=None, fits=rows.clusters is None and not rows.covariates
        )
        add_placebo(
            laid, options, panel, placebos.did_method(found.inference), treated=found.units_treated,
            starts=found.starts, random=random, fits=rows.clusters is None and not rows.covariates,
        )  # fmt: skip
    else:
        if options.placebo:
            laid.refuse("placebo_false_alarm_rate", "Placebo runs need every unit in every period.")
        if options.sensitivity is not None:
            laid.refuse("sensitivity_to_trends", "The bounds need every unit in every period.")
    return laid


def before_and_after(table: Table, options: argparse.Namespace, random: np.random.Generator) -> Laid:
    rows = rows_of(table, options)
    if rows.time is None:
        raise CannotAnalyse("Before and after needs a time column: --time COLUMN.")
    unit = rows.unit if rows.unit is not None else np.zeros(rows.outcome.size, dtype=np.int64)
    caveats = rows.caveats()
    after = _after(rows)
    if rows.unit is not None and rows.treated is not None and rows.start is not None:
        kept = np.isin(unit, np.unique(unit[rows.treated == 1.0]))
        rows.outcome, unit, after, rows.time = rows.outcome[kept], unit[kept], after[kept], rows.time[kept]
        rows.clusters = None if rows.clusters is None else rows.clusters[kept]
        if not kept.any():
            raise CannotAnalyse("No unit is ever treated.")
    names, unit = np.unique(unit, return_inverse=True)
    how = options.inference
    if how is None and np.unique(unit if rows.clusters is None else rows.clusters).size == 1:
        how = "rows" if names.size == 1 and rows.outcome.size > np.unique(rows.time).size else "plain"
    estimate = before_after(
        rows.outcome, unit=unit, after=after, clusters=rows.clusters, level=options.level, inference=how
    )
    laid = Laid(
        estimate=estimate,
        method="before and after without comparison: the change seen, not an effect; "
        + {
            "rows": "each row taken as another person, Welch's error",
            "plain": "textbook errors",
        }.get(how or "cr2", "each unit against itself, CR2"),
        n=rows.counts()
        | {
            "used": int(rows.outcome.size),
            "units": int(names.size),
            "periods": int(np.unique(rows.time).size),
        },
        caveats=[
            *caveats,
            "There is nobody to compare with: whatever else changed meanwhile is in this estimate. Its interval is one of the"
            " change seen in units like these, not of what the work did, and its p-value no test of the work.",
            "If the work began because figures had risen, they would have fallen back by themselves (regression to"
            " the mean).",
        ],
        is_effect=False,
    )
    if how == "plain":
        laid.give_for_comparison(ALONE if names.size == 1 and options.inference is None else TEXTBOOK)
    periods, position = np.unique(rows.time, return_inverse=True)
    if rows.outcome.size == names.size * periods.size and options.placebo != 0:
        outcomes = np.empty((names.size, periods.size))
        outcomes[unit, position] = rows.outcome
        head = int(position[after == 1.0].min())
        panel = Panel(outcomes=outcomes, times=periods, first=np.full(names.size, head, dtype=np.int64))
        add_placebo(
            laid, options, panel, placebos.before_after_method(options.inference), treated=int(names.size),
            starts=1, random=random, fits=rows.clusters is None,
        )  # fmt: skip
    elif options.placebo:
        laid.refuse("placebo_false_alarm_rate", "Placebo runs need every unit in every period.")
    return laid


def _treatment(rows: Rows, unit: Codes, time: Numbers, caveats: list[str]) -> Numbers:
    """1 in the rows in which a unit is treated, from whichever columns say so."""
    if rows.first_treated is not None:
        start = np.where(np.isfinite(rows.first_treated), rows.first_treated, np.inf)
        if time.min() > 0:
            start = np.where(start == 0, np.inf, start)
        lowest, highest = np.full(int(unit.max()) + 1, np.inf), np.full(int(unit.max()) + 1, -np.inf)
        np.minimum.at(lowest, unit, start)
        np.maximum.at(highest, unit, start)
        if not np.array_equal(lowest, highest):
            raise CannotAnalyse(
                "The first treated period changes within a unit: it must be the same in all rows."
            )
        return (time >= start).astype(np.float64)
    if rows.treated is None:
        raise CannotAnalyse(
            "Say who is treated: --treated COLUMN (with --start where it names a group), or --first-treated COLUMN."
        )
    if rows.start is not None:
        ever = np.bincount(unit, weights=rows.treated) > 0
        return (ever[unit] & (time >= rows.start)).astype(np.float64)
    counts = np.bincount(unit)
    share = np.bincount(unit, weights=rows.treated) / counts
    constant = bool(np.isin(share, (0.0, 1.0)).all()) and 0 < share.sum() < share.size
    if constant:
        periods = np.unique(time)
        if periods.size != 2:
            raise CannotAnalyse(
                "The treated column never changes within a unit, so it names a group: say from when, with"
                " --start PERIOD."
            )
        caveats.append("The treated column names a group; the later of the two periods is taken as after.")
        return np.asarray(rows.treated * (time == periods[1]), dtype=np.float64)
    return rows.treated


def _after(rows: Rows) -> Numbers:
    if rows.time is None:
        raise CannotAnalyse("Before and after needs a time column: --time COLUMN.")
    if rows.start is not None:
        return (rows.time >= rows.start).astype(np.float64)
    if rows.first_treated is not None:
        return (rows.time >= np.where(np.isfinite(rows.first_treated), rows.first_treated, np.inf)).astype(
            np.float64
        )
    if rows.treated is not None:
        return rows.treated
    raise CannotAnalyse("Say from when: --start PERIOD, or --treated COLUMN with 1 in the rows after.")


def _pre_trend(
    laid: Laid, panel: Panel, clusters: Codes | None, unit: Codes, options: argparse.Namespace
) -> None:
    groups = None
    if clusters is not None:
        groups = np.empty(panel.units, dtype=np.int64)
        groups[unit] = clusters
    arm = (panel.first < panel.periods).astype(np.float64)
    try:
        found = pre_trend(
            panel.outcomes, treated=arm, start=int(panel.first.min()), clusters=groups, level=options.level
        )
    except CannotAnalyse as error:
        laid.refuse("pre_trend", str(error))
        return
    laid.extra["pre_trend"] = {
        "drift": found.drift.as_json(),
        "carried_on": found.carried_on.as_json(),
        "periods": found.periods,
    }
    laid.caveats.append(pre_trend_sentence(found, effect=laid.estimate))
