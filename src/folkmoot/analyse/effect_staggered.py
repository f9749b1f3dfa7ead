"""``--design staggered``: our own estimators on whole panels, diff-diff on others.

What does not belong here: the numbers (core.effects.staggered, core.effects.other_estimators).
"""

from __future__ import annotations

import argparse

import numpy as np

from folkmoot.analyse.effect_laid import Laid
from folkmoot.analyse.effect_rows import Codes, Numbers, Rows
from folkmoot.analyse.effect_shared import add_placebo, add_sensitivity, beside, both, panel_rows
from folkmoot.analyse.tables import Table
from folkmoot.core.effects import placebo as placebos
from folkmoot.core.effects.panel import build_panel
from folkmoot.core.effects.randomisation import RandomisationResult
from folkmoot.core.effects.staggered import staggered_effect
from folkmoot.core.errors import CannotAnalyse


def staggered(table: Table, options: argparse.Namespace, random: np.random.Generator) -> Laid:
    rows = panel_rows(table, options)
    unit, time = both(rows)
    caveats = rows.caveats()
    first = rows.first_treated
    if first is None:
        if rows.treated is None:
            raise CannotAnalyse(
                "A staggered start needs each unit's first treated period (--first-treated COLUMN) or the rows in"
                " which it is treated (--treated COLUMN)."
            )
        first = _first_from_rows(unit, time, rows.treated)
    periods = np.unique(time)
    balanced = unit.size == (int(unit.max()) + 1) * periods.size
    if not balanced or rows.covariates or options.estimator not in ("callaway-santanna", "roth-santanna"):
        return _other_staggered(rows, options, unit, time, first, caveats)
    panel = build_panel(
        rows.outcome,
        unit=unit,
        time=time,
        first_treated=first,
        clusters=rows.clusters,
        unit_labels=rows.unit_names or None,
        time_labels=None if rows.calendar is None else [rows.calendar.label(value) for value in periods],
    )
    inference = options.inference
    if inference in ("cr2", "wild", "plain"):
        raise CannotAnalyse(
            f"A staggered start has no {inference} inference; there are design, sampling and randomisation."
        )
    found = staggered_effect(
        panel,
        estimator=options.estimator,
        summary=options.summary,
        comparison=options.comparison,
        inference=None if inference == "randomisation" else inference,
        base=options.base,
        level=options.level,
        with_group_times=options.group_times,
    )
    estimate = found.overall
    words = {
        "design": "design-based errors (start drawn by lot)",
        "sampling": "errors from influence functions" + (", by cluster" if found.clusters else ""),
    }[found.inference]
    drawn: RandomisationResult | None = None
    if inference == "randomisation":
        if options.estimator != "callaway-santanna":
            raise CannotAnalyse("Randomisation inference is worked out for callaway-santanna.")
        from folkmoot.core.effects.redrawn_starts import redraw_starts
        from folkmoot.core.effects.trial import as_result

        drawn = redraw_starts(
            panel, summary=options.summary, comparison=options.comparison, level=options.level,
            draws=min(options.draws, 1999), random=random,
        )  # fmt: skip
        estimate, words = as_result(drawn, level=options.level), "randomisation inference"
    treated = found.units - found.units_never_treated
    laid = Laid(
        estimate=estimate,
        method=f"{found.estimator}, {found.summary} summary, compared with {found.comparison} treated; {words}",
        n=rows.counts()
        | {
            "units": found.units,
            "units_treated": treated,
            "units_never_treated": found.units_never_treated,
            "units_left_out": found.units_left_out,
            "periods": found.periods,
            "cohorts": found.cohorts,
        },
        caveats=[*caveats, *found.caveats],
        extra={"estimator": found.estimator, "summary": found.summary, "comparison": found.comparison},
        events=found.event_times,
    )
    if found.clusters:
        laid.n["clusters"] = found.clusters
    if found.neyman_standard_error is not None and drawn is None:
        laid.extra["neyman_standard_error"] = found.neyman_standard_error
    if found.estimator == "roth-santanna":
        laid.extra["weight_on_before"] = found.weight_on_before
        laid.caveats.append("Holds where the time of the start was decided as if by lot.")
    else:
        laid.caveats.append(
            "Supposes that without the work the treated would have changed as the comparison did."
        )
    if options.group_times:
        laid.extra["group_times"] = [
            {"cohort": one.cohort, "time": one.time, **one.estimate.as_json()} for one in found.group_times
        ]
    beside(laid, None, drawn, options)
    add_sensitivity(laid, options, panel, comparison=found.comparison, fits=rows.clusters is None)
    method = placebos.staggered_method(found.estimator, summary=found.summary, inference=None)
    if drawn is None:
        add_placebo(
            laid, options, panel, method, treated=treated, starts=found.cohorts, random=random,
            fits=rows.clusters is None,
        )  # fmt: skip
    elif options.placebo:
        laid.refuse(
            "placebo_false_alarm_rate", "Redrawing the starts keeps its rate by construction; it is not run."
        )
    return laid


def _first_from_rows(unit: Codes, time: Numbers, treated: Numbers) -> Numbers:
    """Each row's unit's first treated period; refused where treatment ends again."""
    units = int(unit.max()) + 1
    first, last_free = np.full(units, np.inf), np.full(units, -np.inf)
    on = treated == 1.0
    np.minimum.at(first, unit[on], time[on])
    np.maximum.at(last_free, unit[~on], time[~on])
    ended = int((last_free > first).sum())
    if ended:
        raise CannotAnalyse(
            f"{ended} units stop being treated again: a staggered start supposes that work goes on once begun."
        )
    return np.where(np.isfinite(first), first, np.nan)[unit]


def _other_staggered(
    rows: Rows, options: argparse.Namespace, unit: Codes, time: Numbers, first: Numbers, caveats: list[str]
) -> Laid:
    from folkmoot.core.effects.other_estimators import other_staggered_effect

    if options.estimator == "roth-santanna":
        raise CannotAnalyse(
            "The Roth–Sant'Anna estimator needs every unit in every period and no covariates; ask for"
            " callaway-santanna."
        )
    if options.inference not in (None, "sampling") or options.summary != "simple":
        raise CannotAnalyse(
            "With holes in the panel, covariates or this estimator there is the simple summary with sampling"
            " errors only."
        )
    never = ~np.isfinite(first) | (first > time.max())
    found = other_staggered_effect(
        rows.outcome,
        unit=unit,
        time=time,
        first_treated=first,
        estimator=options.estimator,
        comparison=options.comparison or ("never" if never.any() else "not-yet"),
        clusters=rows.clusters,
        covariates=rows.covariates,
        level=options.level,
    )
    laid = Laid(
        estimate=found.overall,
        method=f"{found.estimator}, simple summary, by diff-diff; errors from influence functions",
        n=rows.counts()
        | {"units": found.units, "units_treated": found.units_treated, "periods": found.periods},
        caveats=[
            *caveats,
            "Supposes that without the work the treated would have changed as the comparison did.",
        ],
        extra={"estimator": found.estimator, "summary": "simple"},
        events=found.event_times,
    )
    if unit.size != found.units * found.periods:
        laid.caveats.append(
            "The panel has holes: each effect rests on the units seen in both of its periods."
        )
    if options.placebo:
        laid.refuse(
            "placebo_false_alarm_rate", "Placebo runs need every unit in every period and no covariates."
        )
    if options.sensitivity is not None:
        laid.refuse("sensitivity_to_trends", "The bounds need every unit in every period and no covariates.")
    return laid
