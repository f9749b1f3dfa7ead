"""A file of studies: estimates with errors, with intervals, or counts; which rows can be pooled and why others not.

What does not belong here: pooling, and how results are laid out (verbs.pool).
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.analyse.tables import Table
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Refusal
from folkmoot.core.synthesis.counts import MEASURES, from_counts
from folkmoot.core.synthesis.printed import from_interval

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


@dataclass(frozen=True, slots=True)
class Studies:
    """What the file holds, row by row, after setting aside what cannot be pooled."""

    names: list[str]
    estimates: NDArray[np.float64]
    errors: NDArray[np.float64]
    clusters: list[str] | None
    measure: str
    caveats: list[str]
    refused: list[Refusal]


def read_studies(table: Table, options: argparse.Namespace) -> Studies:
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
    return Studies(
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
