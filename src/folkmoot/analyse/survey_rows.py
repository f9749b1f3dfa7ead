"""Columns of a survey's file: how the sample was drawn, known margins, groups.

What does not belong here: what is estimated, and how results are laid out (verbs.estimate).
"""

from __future__ import annotations

import argparse
import fnmatch
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from folkmoot.analyse.tables import Table, read_table
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.estimates import raking
from folkmoot.core.estimates.design import Design, survey_design
from folkmoot.core.estimates.replicates import METHODS, MOST_REPLICATES, Replicates, replicate_weights

MOST_GROUPS = 1000
NOT_STATED = {"na", "nan", "n/a"}

Levels = tuple[NDArray[np.int64], list[str]]


def listed(table: Table, given: list[str]) -> list[str]:
    """Columns named one by one or with commas between; a column whose own name holds a comma is found."""
    columns: list[str] = []
    for words in given:
        columns += [words] if words in table.columns else [word.strip() for word in words.split(",")]
    table.require(*columns)
    return columns


def levels_of(table: Table, column: str) -> Levels:
    """The column as positions in its words (−1: blank, NA) and those words."""
    codes, words = table.codes(column)
    unstated = [index for index, word in enumerate(words) if word.lower() in NOT_STATED]
    if not unstated:
        return codes, words
    kept = [index for index in range(len(words)) if index not in unstated]
    moved = np.full(len(words) + 1, -1, dtype=np.int64)
    moved[kept] = np.arange(len(kept))
    return moved[codes], [words[index] for index in kept]


def design_of(table: Table, options: argparse.Namespace) -> Design:
    design = survey_design(
        len(table),
        weights=table.numbers(options.weights) if options.weights else None,
        strata=[_labels(table, column) for column in listed(table, options.strata)],
        clusters=[_labels(table, column) for column in listed(table, options.clusters)],
        fpc=[table.numbers(column) for column in listed(table, options.fpc)],
        lonely=options.lonely,
        replicates=_replicates(table, options),
    )
    if options.rake:
        margins = list(_margins(table, read_table(options.rake)))
        if options.trim is not None:
            return raking.rake_and_trim(design, margins, most=options.trim)
        return raking.rake(design, margins)
    return design if options.trim is None else raking.trim(design, most=options.trim)


def _replicates(table: Table, options: argparse.Namespace) -> Replicates | None:
    if not options.replicate_weights:
        if options.replicate_method or options.replicate_scale or options.fay is not None:
            raise CannotAnalyse("Name the columns that hold the replicate weights (--replicate-weights).")
        return None
    if options.replicate_method is None:
        raise CannotAnalyse(
            f"Say what the replicates were made by (--replicate-method): {', '.join(METHODS)}. Whoever made the file knows."
        )
    columns: list[str] = []
    for words in options.replicate_weights:
        found = fnmatch.filter(table.columns, words) if "*" in words else listed(table, [words])
        if not found:
            raise CannotAnalyse(f"{table.name} has no column like “{words}”.")
        columns += [column for column in found if column not in columns]
    scale = None
    if options.replicate_scale is not None:
        try:
            scale = [float(word) for word in options.replicate_scale.split(",")]
        except ValueError:
            raise CannotAnalyse(
                f"--replicate-scale takes numbers with commas between, unlike “{options.replicate_scale}”."
            ) from None
    if len(columns) > MOST_REPLICATES:
        raise CannotAnalyse(
            f"There are {len(columns)} columns of replicate weights; up to {MOST_REPLICATES:,} can be used."
        )
    return replicate_weights(
        np.column_stack([table.numbers(column) for column in columns]),
        rows=len(table),
        method=options.replicate_method,
        scale=scale,
        fay=options.fay,
        around=options.replicate_centre,
    )


def _labels(table: Table, column: str) -> NDArray[np.int64]:
    codes, _ = levels_of(table, column)
    missing = int((codes < 0).sum())
    if missing:
        raise CannotAnalyse(
            f"{table.name}, column “{column}”: {missing} rows have no label, so nobody knows where they were drawn."
        )
    return codes


def _margins(table: Table, known: Table) -> Iterator[raking.Margin]:
    known.require("variable", "level")
    column = "total" if "total" in known.columns else "share"
    known.require(column)
    variables, words, totals = known.text("variable"), known.text("level"), known.numbers(column)
    if not len(totals):
        raise CannotAnalyse(f"{known.name} has no margins.")
    for variable in dict.fromkeys(variables):
        if variable is None:
            raise CannotAnalyse(f"{known.name} has a row without a variable.")
        rows = [row for row, name in enumerate(variables) if name == variable]
        wanted = {key_of(words[row]): float(totals[row]) for row in rows}
        if len(wanted) < len(rows):
            raise CannotAnalyse(f"{known.name} gives a level of “{variable}” twice.")
        codes, present = levels_of(table, variable)
        absent = [word for word in present if key_of(word) not in wanted]
        if absent:
            raise CannotAnalyse(f"{known.name} has no {column} for “{absent[0]}” of “{variable}”.")
        held = {key_of(word) for word in present}
        lacking = [words[row] for row in rows if key_of(words[row]) not in held and totals[row] > 0]
        if lacking:
            raise CannotAnalyse(
                f"Nobody in the sample is “{lacking[0]}” of “{variable}”: merge it with another level."
            )
        sizes = np.array([wanted[key_of(word)] for word in present])
        if column == "share" and abs(float(sizes.sum()) - 100) < 5:
            sizes = sizes / 100
        yield raking.Margin(variable, tuple(present), sizes, codes.astype(np.intp))


def key_of(word: str | None) -> str:
    """A level's word as it is compared: 1, 1.0 and “1 ” are the same level."""
    text = (word or "").strip()
    try:
        return f"{float(text):.12g}"
    except ValueError:
        return text


def groups_of(table: Table, columns: list[str]) -> tuple[list[tuple[dict[str, str], NDArray[np.intp]]], int]:
    """Each group's words and rows (sorted), and how many rows have no group."""
    if not columns:
        return [], 0
    parts = [levels_of(table, column) for column in columns]
    key = np.zeros(len(table), dtype=np.int64)
    known = np.ones(len(table), dtype=bool)
    for codes, words in parts:
        if len(words) > 10**6:
            raise CannotAnalyse(f"--by makes {len(words)} groups; more than {MOST_GROUPS} cannot be read.")
        key = np.unique(key * (len(words) + 1) + codes, return_inverse=True)[1].reshape(-1)
        known &= codes >= 0
    rows = np.flatnonzero(known)
    order = rows[np.argsort(key[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    if len(starts) > MOST_GROUPS:
        raise CannotAnalyse(f"--by makes {len(starts)} groups; more than {MOST_GROUPS} cannot be read.")
    if not len(starts):
        raise CannotAnalyse(f"No row has a group in {', '.join(columns)}.")
    found = []
    for members in np.split(order, starts[1:]):
        words_of = {
            column: words[int(codes[members[0]])]
            for column, (codes, words) in zip(columns, parts, strict=True)
        }
        found.append((words_of, members))
    return found, int((~known).sum())
