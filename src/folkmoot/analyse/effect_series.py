"""The two designs of ``folkmoot analyse effect`` without units: one series, and displacement.

What does not belong here: panels and trials (effect_designs).
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from folkmoot.analyse.effect_laid import Laid
from folkmoot.analyse.effect_rows import Rows, rows_of
from folkmoot.analyse.periods import each_number
from folkmoot.analyse.tables import Table
from folkmoot.core.effects.displacement import displacement_effect
from folkmoot.core.effects.placebo import series_placebo_rate
from folkmoot.core.effects.series import series_effect
from folkmoot.core.errors import CannotAnalyse

NEWEY_WEST = (
    "Newey–West errors are too small for an interval or p-value that keeps its promise; leave --lags out for those that"
    " allow for autocorrelation."
)


def series_laid(table: Table, options: argparse.Namespace, random: np.random.Generator) -> Laid:
    del random  # nothing is drawn: every date before the start is pretended in turn
    if not options.time:
        raise CannotAnalyse("A series needs a time column: --time COLUMN.")
    if options.inference not in (None, "design"):
        raise CannotAnalyse(
            f"A single series has no {options.inference} inference; its errors allow for autocorrelation."
        )
    rows = rows_of(table, options)
    if rows.time is None or rows.calendar is None:
        raise CannotAnalyse("A series needs a time column: --time COLUMN.")
    if rows.unit is not None and np.unique(rows.unit).size > 1:
        raise CannotAnalyse(
            f"There are {np.unique(rows.unit).size} units: a series is one. Keep one unit's rows, or use did."
        )
    start = _start(rows)
    ranges = []
    for word in options.leave_out:
        ends = word.split(":")
        if len(ends) != 2:
            raise CannotAnalyse(f"--leave-out takes ranges such as 2020-04:2021-06, unlike “{word[:40]}”.")
        low, high = each_number(rows.calendar, ends, name="--leave-out")
        ranges.append((low, high))
    how: dict[str, Any] = {
        "family": options.family,
        "season": options.season,
        "leave_out": ranges,
        "overlap": options.overlap,
        "lags": options.lags,
        "level": options.level,
    }
    breaks = each_number(rows.calendar, options.breaks, name="--breaks")
    found = series_effect(
        rows.outcome, periods=rows.time, start=start, exposure=rows.exposure, breaks=breaks, **how
    )
    laid = Laid(
        estimate=found.estimate,
        method=(
            f"interrupted series ({options.family}): line, step and bend at the start; "
            + (
                "first-order autocorrelation, averaged over what the series leaves open"
                if found.lags is None
                else f"Newey–West errors up to {found.lags} periods, for comparison"
            )
        ),
        n=rows.counts()
        | {
            "points": found.points,
            "points_before": found.points_before,
            "points_after": found.points_after,
            "points_left_out": found.points_left_out,
        },
        caveats=rows.caveats() + list(found.caveats),
        extra={
            "level_change": found.level_change.as_json(),
            "slope_change": found.slope_change.as_json(),
            "scale": found.scale,
            "residual_autocorrelation": found.residual_autocorrelation,
        },
    )
    if found.lags is not None:
        laid.give_for_comparison(NEWEY_WEST)
    if found.overlap is not None:
        laid.extra["overlap"] = {
            "found": found.overlap.found,
            "window": found.overlap.window,
            "declared": found.overlap.declared,
        }
        if not found.overlap.declared:
            laid.extra["overlap"]["autocorrelation"] = found.overlap.autocorrelation
    if options.placebo != 0:
        head = rows.time < start
        try:
            laid.placebo = series_placebo_rate(
                rows.outcome[head],
                periods=rows.time[head],
                nominal=round(1.0 - options.level, 9),
                exposure=None if rows.exposure is None else rows.exposure[head],
                breaks=[one for one in breaks if one <= rows.time[head].max()],
                **how,
            )
        except CannotAnalyse as error:
            laid.refuse("placebo_false_alarm_rate", str(error))
    return laid


def _start(rows: Rows) -> float:
    if rows.start is not None:
        return rows.start
    if rows.time is None:
        raise CannotAnalyse("A series needs a time column: --time COLUMN.")
    if rows.first_treated is not None:
        named = np.unique(rows.first_treated[np.isfinite(rows.first_treated)])
        if named.size != 1:
            raise CannotAnalyse(f"One series has one start; the column names {named.size}.")
        return float(named[0])
    if rows.treated is None:
        raise CannotAnalyse("Say from when: --start PERIOD, or --treated COLUMN with 1 in the rows after.")
    on = rows.treated == 1.0
    if not on.any() or on.all():
        raise CannotAnalyse("The treated column must be 0 before the start and 1 from it on.")
    if rows.time[on].min() <= rows.time[~on].max():
        raise CannotAnalyse("The work stops again: a series here has one start and no end.")
    return float(rows.time[on].min())


def displacement_laid(table: Table, options: argparse.Namespace, random: np.random.Generator) -> Laid:
    """Four areas, each with a count before and after, in wide rows or in long ones."""
    del random  # nothing is drawn
    column = options.unit or next(
        (name for name in ("area", "group", "unit", "zone") if name in table.columns), None
    )
    if column is None:
        raise CannotAnalyse(
            "Name the column of the areas (--unit COLUMN): treated, control, treated displacement, control"
            " displacement."
        )
    areas = table.text(column)
    pairs: dict[str, list[float]] = {}
    if options.time:
        if not options.outcome:
            raise CannotAnalyse("Name the column of the counts: --outcome COLUMN.")
        counts, moments = table.numbers(options.outcome), _before_or_after(table, options)
        for area, count, after in zip(areas, counts.tolist(), moments, strict=True):
            pair = pairs.setdefault(_role(area, column), [0.0, 0.0])
            pair[int(after)] += count
    else:
        before, after_counts = table.numbers(options.before), table.numbers(options.after)
        for area, first, second in zip(areas, before.tolist(), after_counts.tolist(), strict=True):
            pair = pairs.setdefault(_role(area, column), [0.0, 0.0])
            pair[0] += first
            pair[1] += second
    missing = [role for role in ROLES if role not in pairs]
    if missing:
        raise CannotAnalyse(f"There is no row for {', '.join(missing)}; four areas are needed.")
    found = displacement_effect(
        (pairs["treated"][0], pairs["treated"][1]),
        control=(pairs["control"][0], pairs["control"][1]),
        treated_surroundings=(pairs["treated displacement"][0], pairs["treated displacement"][1]),
        control_surroundings=(pairs["control displacement"][0], pairs["control displacement"][1]),
        level=options.level,
    )
    laid = Laid(
        estimate=found.estimate,
        method="weighted displacement difference (Wheeler and Ratcliffe 2018)",
        n={"rows": len(areas), "used": len(areas), "set_aside": 0, "events": found.events},
        caveats=list(found.caveats),
        extra={
            "variance": found.variance,
            "z": found.z,
            "direct": found.direct.as_json(),
            "spill_over": found.spill_over.as_json(),
        },
    )
    if options.placebo:
        laid.refuse("placebo_false_alarm_rate", "Two counts an area are no history to run placebo cases on.")
    return laid


ROLES = ("treated", "control", "treated displacement", "control displacement")


def _role(area: str | None, column: str) -> str:
    word = (area or "").lower().replace("_", " ").replace("-", " ")
    near = any(part in word for part in ("displac", "buffer", "surround", "catchment", "near"))
    if any(part in word for part in ("control", "comparison", "untreated")):
        return "control displacement" if near else "control"
    if any(part in word for part in ("treat", "target", "intervention")):
        return "treated displacement" if near else "treated"
    raise CannotAnalyse(f"Column “{column}”: “{(area or '')[:40]}” is none of {', '.join(ROLES)}.")


def _before_or_after(table: Table, options: argparse.Namespace) -> list[bool]:
    codes, levels = table.codes(options.time)
    if (codes < 0).any() or len(levels) != 2:
        raise CannotAnalyse(f"Column “{options.time}” must name two periods; it names {len(levels)}.")
    lower = [level.lower() for level in levels]
    words = {"before": False, "pre": False, "after": True, "post": True}
    if all(level in words for level in lower):
        return [words[lower[code]] for code in codes]
    try:
        first, second = (float(level) for level in levels)
        return [(first if code == 0 else second) == max(first, second) for code in codes]
    except ValueError:
        return [code == 1 for code in codes]  # dates in ISO form sort as text
