"""``folkmoot analyse pool``: several studies of one question as one estimate, from a file of studies.

What does not belong here: the methods (core.synthesis); this reads columns and lays out results.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.analyse.tables import Table, read_table
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate, Refusal
from folkmoot.core.synthesis.cautious import cautious_intervals
from folkmoot.core.synthesis.counts import MEASURES, from_counts
from folkmoot.core.synthesis.dependent import PooledDependent, pool_dependent
from folkmoot.core.synthesis.heterogeneity import METHODS
from folkmoot.core.synthesis.pooling import Pooled, leave_one_out, pool
from folkmoot.core.synthesis.printed import from_interval
from folkmoot.core.synthesis.robustness import WhatWouldChange, what_would_change
from folkmoot.core.wording.pool import sentences

SUMMARY = "Pool studies: one estimate, how far truths differ, and what would change the conclusion."
COUNTS = (
    ("tpos", "tneg", "cpos", "cneg"),
    ("ai", "bi", "ci", "di"),
    ("a", "b", "c", "d"),
)
TOTALS = (
    ("events_treated", "total_treated", "events_control", "total_control"),
    ("ai", "n1i", "ci", "n2i"),
)
NAMES = ("study", "trial", "author", "name")
MOST_LEFT_OUT = 200


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE",
        help="study,estimate,standard_error (or low,high, or 2 × 2 counts), optionally cluster",
    )  # fmt: skip
    parser.add_argument("--method", choices=METHODS, default="reml", help="for the variance between studies")
    parser.add_argument(
        "--knapp-hartung", action="store_true", help="errors from the studies' own scatter, Student's t"
    )
    parser.add_argument("--measure", choices=tuple(MEASURES), default="rr", help="from 2 × 2 counts")
    parser.add_argument(
        "--counts",
        metavar="A,B,C,D",
        help="columns: treated with and without the event, control with and without",
    )
    parser.add_argument("--study", metavar="COLUMN", help="the studies' names")
    parser.add_argument("--estimate", metavar="COLUMN", default="estimate")
    parser.add_argument("--standard-error", metavar="COLUMN", default="standard_error")
    parser.add_argument(
        "--cluster", metavar="COLUMN", help="effects that share people or places (default: cluster)"
    )
    parser.add_argument(
        "--ratios", action="store_true", help="estimates with low and high are ratios: take logs"
    )
    parser.add_argument("--level", type=float, default=0.95, help="of the intervals")


@dataclass(frozen=True, slots=True)
class _Studies:
    """What the file holds, row by row, after setting aside what cannot be pooled."""

    names: list[str]
    estimates: NDArray[np.float64]
    errors: NDArray[np.float64]
    clusters: list[str] | None
    measure: str
    caveats: list[str]
    refused: list[Refusal]


def run(options: argparse.Namespace) -> dict[str, Any]:
    if not 0 < options.level < 1:
        raise CannotAnalyse(f"--level lies between 0 and 1, unlike {options.level:g}.")
    studies = _read(read_table(options.file), options)
    if studies.clusters is not None and len(set(studies.clusters)) < len(studies.clusters):
        return _dependent(studies, options)
    return _independent(studies, options)


def _independent(studies: _Studies, options: argparse.Namespace) -> dict[str, Any]:
    how = {"method": options.method, "knapp_hartung": options.knapp_hartung, "level": options.level}
    found = pool(studies.estimates, studies.errors, **how)
    refused = [*studies.refused, *found.refused]
    change = what_would_change(studies.estimates, studies.errors, **how)
    refused += change.refused
    left: list[dict[str, Any]] = []
    if 3 <= len(studies.names) <= MOST_LEFT_OUT:
        try:
            left = [
                {"left_out": name, **one.estimate.as_json(), "tau2": one.tau2}
                for name, one in zip(
                    studies.names, leave_one_out(studies.estimates, studies.errors, **how), strict=True
                )
            ]
        except CannotAnalyse as error:
            refused.append(Refusal("leave_one_out", str(error)))
    else:
        few = len(studies.names) < 3
        reason = (
            "two studies leave nothing to pool" if few else f"there are more than {MOST_LEFT_OUT} studies"
        )
        refused.append(Refusal("leave_one_out", reason))
    method = f"{_NAMES[options.method]}" + (
        ", Hartung–Knapp errors and Student's t" if options.knapp_hartung else ", normal intervals"
    )
    cautious = None
    if found.prediction is not None:
        cautious = cautious_intervals(studies.estimates, studies.errors, level=options.level)
    result = _common(
        method, studies, found, options, change, prediction=cautious.prediction if cautious else None
    )
    if found.prediction is not None and cautious is not None:
        result["prediction_interval"] = list(found.prediction)
        result["cautious_interval"] = list(cautious.mean)
        result["cautious_prediction_interval"] = list(cautious.prediction)
    result["tau2"] = found.tau2
    if found.tau2_interval is not None:
        result["tau2_interval"] = list(found.tau2_interval)
    result |= _heterogeneity(found)
    if left:
        result["leave_one_out"] = left
    return _closed(result, change, [*studies.caveats, *found.caveats], refused)


def _dependent(studies: _Studies, options: argparse.Namespace) -> dict[str, Any]:
    clusters = np.unique(np.array(studies.clusters), return_inverse=True)[1].reshape(-1)
    found = pool_dependent(studies.estimates, studies.errors, clusters, level=options.level)
    caveats = [*studies.caveats, *found.caveats]
    if options.method != "reml" or options.knapp_hartung:
        caveats.append(
            "Effects share clusters: the three-level REML model with CR2 errors was used instead of what was asked."
        )
    refused = [
        *studies.refused,
        Refusal("tau2_interval", "the Q-profile method is for independent studies"),
    ]
    left: list[dict[str, Any]] = []
    number = int(clusters.max()) + 1
    if 3 <= number <= 50:
        for cluster in range(number):
            keep = clusters != cluster
            name = next(
                word for word, code in zip(studies.clusters or [], clusters, strict=True) if code == cluster
            )
            try:
                one = pool_dependent(
                    studies.estimates[keep], studies.errors[keep], clusters[keep], level=options.level
                )
            except CannotAnalyse as error:
                refused.append(Refusal(f"leave_one_out {name}", str(error)))
                continue
            tau2 = one.tau2_between + one.tau2_within
            left.append({"left_out": name, **one.estimate.as_json(), "tau2": tau2})
    else:
        refused.append(Refusal("leave_one_out", f"there are {number} clusters; it is done for 3 to 50"))
    e = found.estimate
    excludes, bias = e.low > 0 or e.high < 0, e.low if e.estimate > 0 else e.high
    only_independent = "counts of further studies are worked out for independent studies"
    change = WhatWouldChange(excludes, bias, bias / e.estimate if e.estimate else None, None, None, None, ())
    refused.append(Refusal("null_studies, null_study_error, more_studies", only_independent))
    method = "three-level REML (effects within clusters), CR2 errors with Satterthwaite's degrees of freedom"
    result = _common(method, studies, found, options, change, prediction=found.prediction)
    result["clusters"] = found.clusters
    result["prediction_interval"] = list(found.prediction)
    result["tau2"] = found.tau2_between + found.tau2_within
    result["tau2_between"], result["tau2_within"] = found.tau2_between, found.tau2_within
    result |= _heterogeneity(found)
    if left:
        result["leave_one_out"] = left
    return _closed(result, change, caveats, refused)


_NAMES = {
    "reml": "random effects, REML",
    "ml": "random effects, maximum likelihood",
    "dl": "random effects, DerSimonian–Laird",
    "pm": "random effects, Paule–Mandel",
    "he": "random effects, Hedges–Olkin",
    "fixed": "common effect, inverse variance",
}


def _common(
    method: str,
    studies: _Studies,
    found: Pooled | PooledDependent,
    options: argparse.Namespace,
    change: WhatWouldChange,
    *,
    prediction: tuple[float, float] | None,
) -> dict[str, Any]:
    from scipy import special

    reach = float(special.ndtri(0.5 + options.level / 2))
    rows = [
        {
            "study": name,
            **Estimate(y, e, y - reach * e, y + reach * e, options.level).as_json(),
            "weight": weight,
        }
        for name, y, e, weight in zip(
            studies.names, studies.estimates.tolist(), studies.errors.tolist(), found.weights, strict=True
        )
    ]
    return {
        "method": method,
        "n": found.studies,
        "measure": studies.measure,
        **found.estimate.as_json(),
        "studies": rows,
        "sentences": sentences(
            found.estimate,
            studies=found.studies,
            measure=studies.measure,
            prediction=prediction,
            change=change,
        ),
    }


def _heterogeneity(found: Pooled | PooledDependent) -> dict[str, Any]:
    return {
        "i2": found.i2,
        "q": found.q,
        "q_degrees_of_freedom": found.q_degrees_of_freedom,
        "q_p_value": found.q_p_value,
    }


def _closed(
    result: dict[str, Any], change: WhatWouldChange, caveats: list[str], refused: list[Refusal]
) -> dict[str, Any]:
    parts = {
        "excludes_zero": change.excludes_zero,
        "bias": change.bias,
        "bias_share": change.bias_share,
        "null_studies": change.null_studies,
        "null_study_error": change.null_study_error,
        "more_studies": change.more_studies,
    }
    result["what_would_change"] = {key: part for key, part in parts.items() if part is not None}
    caveats.append("I² is not how far the studies' truths differ; the prediction interval shows that.")
    caveats.append("Studies that were never published, or chosen by their results, are not allowed for.")
    return result | {
        "caveats": list(dict.fromkeys(caveats)),
        "refused": [refusal.as_json() for refusal in refused],
    }


def _read(table: Table, options: argparse.Namespace) -> _Studies:
    caveats: list[str] = []
    names = _names(table, options)
    cluster = options.cluster or ("cluster" if "cluster" in table.columns else None)
    clusters = table.text(cluster) if cluster else None
    counts = _count_columns(table, options)
    if counts is not None:
        effects = _from_counts(table, counts, options.measure)
        measure, y, errors, why = MEASURES[options.measure], *effects[:2], effects[2]
        if effects[3]:
            caveats.append(f"{effects[3]} studies have an empty cell; a half was added to their four cells.")
    else:
        measure = "effect"
        y, errors, why = _printed(table, options, names)
        if options.ratios:
            measure = "log ratio"
    if clusters is not None:
        for row, word in enumerate(clusters):
            if word is None and row not in why:
                raise CannotAnalyse(f"{table.name}, row {row + 2}, column “{cluster}”: the cell is empty.")
    kept = [row for row in range(len(names)) if row not in why]
    refused = [Refusal(f"study {names[row]}", reason) for row, reason in sorted(why.items())]
    if why:
        caveats.append(f"{len(why)} of {len(names)} studies could not be used (see refused).")
    if len(kept) < 2 and why:
        row, reason = next(iter(why.items()))
        raise CannotAnalyse(
            f"{len(kept) or 'None'} of the {len(names)} studies can be used, and pooling needs two; study"
            f" {names[row]}: {reason}."
        )
    chosen = [names[row] for row in kept]
    repeated = len(chosen) - len(set(chosen))
    if repeated and clusters is None:
        caveats.append(
            f"{repeated} rows repeat a study's name and are taken as independent; name what they share with --cluster."
        )
    return _Studies(
        chosen,
        y[kept],
        errors[kept],
        None if clusters is None else [str(clusters[row]) for row in kept],
        measure,
        caveats,
        refused,
    )


def _names(table: Table, options: argparse.Namespace) -> list[str]:
    if not len(table):
        raise CannotAnalyse(f"{table.name} has a header and no rows.")
    column = options.study or next((name for name in NAMES if name in table.columns), None)
    if column is None:
        return [str(row + 1) for row in range(len(table))]
    return [word or f"row {row + 2}" for row, word in enumerate(table.text(column))]


def _printed(
    table: Table, options: argparse.Namespace, names: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64], dict[int, str]]:
    """Estimates and errors, or estimates with the ends of their intervals; and the rows without."""
    y = None
    if options.standard_error in table.columns:
        table.require(options.estimate)
        y = table.numbers(options.estimate, missing=True)
        errors = table.numbers(options.standard_error, missing=True)
        if options.ratios:
            raise CannotAnalyse(
                "--ratios goes with low and high; a standard error is of the logarithm already."
            )
        known = ~(np.isnan(y) | np.isnan(errors))
        return (
            y,
            errors,
            {int(row): "it has no estimate or no standard error" for row in np.flatnonzero(~known)},
        )
    if "low" not in table.columns or "high" not in table.columns:
        table.require(options.estimate, options.standard_error)
    low, high = table.numbers("low", missing=True), table.numbers("high", missing=True)
    if options.estimate in table.columns:
        y = table.numbers(options.estimate, missing=True)
    found, errors = np.full(len(names), np.nan), np.full(len(names), np.nan)
    why: dict[int, str] = {}
    for row in range(len(names)):
        value = None if y is None or np.isnan(y[row]) else float(y[row])
        if np.isnan(low[row]) or np.isnan(high[row]):
            why[row] = "it has no interval"
            continue
        try:
            one = from_interval(
                value, float(low[row]), float(high[row]), level=options.level, is_ratio=options.ratios
            )
        except CannotAnalyse as error:
            why[row] = str(error).rstrip(".")
            continue
        found[row], errors[row] = one.estimate, one.standard_error
    return found, errors, why


def _count_columns(table: Table, options: argparse.Namespace) -> tuple[tuple[str, ...], bool] | None:
    """The four columns of counts and whether the second of each pair is a total; None where there are none."""
    if options.counts:
        named = tuple(word.strip() for word in options.counts.split(","))
        if len(named) != 4:
            raise CannotAnalyse(
                "--counts names four columns: with and without the event, treated and control."
            )
        table.require(*named)
        return named, False
    if options.estimate in table.columns:
        return None
    for columns in COUNTS:
        if set(columns) <= set(table.columns):
            return columns, False
    for columns in TOTALS:
        if set(columns) <= set(table.columns):
            return columns, True
    return None


def _from_counts(
    table: Table, columns: tuple[tuple[str, ...], bool], measure: str
) -> tuple[NDArray[np.float64], NDArray[np.float64], dict[int, str], int]:
    (first, second, third, fourth), totals = columns
    a, b, c, d = (table.numbers(column, missing=True) for column in (first, second, third, fourth))
    if totals:
        b, d = b - a, d - c
    known = ~(np.isnan(a) | np.isnan(b) | np.isnan(c) | np.isnan(d))
    why = {int(row): "it lacks a count" for row in np.flatnonzero(~known)}
    y, errors = np.full(len(a), np.nan), np.full(len(a), np.nan)
    corrected = 0
    if known.any():
        found = from_counts(a[known], b[known], c[known], d[known], measure=measure)
        y[known], errors[known] = found.estimates, found.standard_errors
        for row in np.flatnonzero(known)[~found.informative]:
            why[int(row)] = (
                "nobody, or everybody, had the event in both groups, which says nothing of a ratio"
            )
        corrected = int((found.corrected & found.informative).sum())
    return y, errors, why, corrected
