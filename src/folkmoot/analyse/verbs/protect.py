"""``folkmoot analyse protect``: a table of counts made fit to publish."""

from __future__ import annotations

import argparse
import pathlib
from typing import Any

import numpy as np

from folkmoot.analyse.counts import Counted, counted
from folkmoot.analyse.tables import read_table
from folkmoot.core.disclosure.published import Kind, Published, Rule, rebuilt_total
from folkmoot.core.disclosure.releases import telling_differences
from folkmoot.core.disclosure.tables import MOST_LINES, protected
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.wording.protect import table_sentence

SUMMARY = "Suppression and rounding of a table of counts; totals rebuilt from what is shown."

MOST_CELLS = 500_000


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a table of counts: first the labels, then numbers")
    parser.add_argument("--threshold", type=int, default=7, help="counts of 1 to this are hidden (7)")
    parser.add_argument("--round", type=int, default=5, dest="base", help="the rest are rounded to this (5)")
    parser.add_argument(
        "--zeros", choices=["show", "hide"], default="show", help="true zeros: shown, or hidden too"
    )
    parser.add_argument(
        "--labels", nargs="+", metavar="COLUMN", help="the columns that are labels, not counts"
    )
    parser.add_argument(
        "--totals", nargs="+", default=[], metavar="NAME", help="rows or columns that are totals"
    )
    parser.add_argument(
        "--counts", nargs="+", default=[], metavar="NAME", help="rows or columns that are not"
    )
    parser.add_argument(
        "--previous", metavar="FILE", help="the counts of an earlier release, to compare before publishing"
    )


def run(options: argparse.Namespace) -> dict[str, Any]:
    rule = Rule(threshold=options.threshold, base=options.base, zeros_shown=options.zeros == "show")
    table = counted(read_table(options.file), **_reading(options))
    inner_rows = [row for row in range(len(table.labels)) if row not in table.row_parts]
    inner_columns = [column for column in range(len(table.columns)) if column not in table.column_parts]
    if len(inner_rows) * len(inner_columns) > MOST_CELLS:
        raise CannotAnalyse(
            f"The table has {len(inner_rows) * len(inner_columns):,} counts; at most {MOST_CELLS:,} are protected at once:"
            " is it one row a count, which wants adding up first?"
        )
    shown = protected(table.counts[np.ix_(inner_rows, inner_columns)], rule=rule)
    compared = _compared(table, inner_rows, inner_columns, rule, options) if options.previous else None
    cells: dict[tuple[int, int], Published] = {
        (row, column): shown.cells[i][j]
        for i, row in enumerate(inner_rows)
        for j, column in enumerate(inner_columns)
    }
    for row, rows in {**{row: [row] for row in inner_rows}, **table.row_parts}.items():
        for column, columns in {
            **{column: [column] for column in inner_columns},
            **table.column_parts,
        }.items():
            if (row, column) not in cells:
                cells[row, column] = rebuilt_total([cells[r, c] for r in rows for c in columns])
    label_words = [dict(zip(table.label_columns, words, strict=True)) for words in table.labels]
    hidden = [
        {"row": label_words[row], "column": table.columns[column], "why": f"{rule.largest_hidden} or under"}
        for row in inner_rows
        for column in inner_columns
        if cells[row, column].kind is Kind.HIDDEN
    ]
    kinds = [cell.kind for line in shown.cells for cell in line]
    result: dict[str, Any] = {
        "method": _method(rule),
        "rule": {"threshold": rule.threshold, "round": rule.base, "zeros": options.zeros},
        "n": {
            "cells": len(kinds),
            "numbers": kinds.count(Kind.NUMBER),
            "hidden": kinds.count(Kind.HIDDEN),
            "true_zeros": kinds.count(Kind.ZERO),
        },
        "sentence": table_sentence(shown),
        "table": [
            {
                **label_words[row],
                **{name: cells[row, column].as_json() for column, name in enumerate(table.columns)},
            }
            for row in range(len(table.labels))
        ],
        "totals": {
            "rows": [
                {**label_words[row], "total": shown.row_totals[i].as_json()}
                for i, row in enumerate(inner_rows)
            ],
            "columns": {
                table.columns[column]: shown.column_totals[j].as_json()
                for j, column in enumerate(inner_columns)
            },
            "all": shown.total.as_json(),
        },
        "hidden": hidden,
        "refused": [],
        "caveats": _caveats(table, rule, options),
    }
    if compared is not None:
        result["compared_cells"] = compared
    return result


def _reading(options: argparse.Namespace) -> dict[str, Any]:
    return {"labels": options.labels, "totals": options.totals, "not_totals": options.counts}


def _compared(
    table: Counted, rows: list[int], columns: list[int], rule: Rule, options: argparse.Namespace
) -> int:
    """Compare with an earlier release; refuse where the difference tells too much. Returns the cells compared."""
    earlier = counted(read_table(options.previous), **_reading(options))
    line_of = {line: row for row, line in enumerate(earlier.labels) if row not in earlier.row_parts}
    column_of = {
        name: column for column, name in enumerate(earlier.columns) if column not in earlier.column_parts
    }
    both_rows = [row for row in rows if table.labels[row] in line_of]
    both_columns = [column for column in columns if table.columns[column] in column_of]
    if not both_rows or not both_columns:
        raise CannotAnalyse(
            f"{pathlib.Path(options.previous).name} and {pathlib.Path(options.file).name} have no cell in common."
        )
    before = earlier.counts[
        np.ix_(
            [line_of[table.labels[row]] for row in both_rows],
            [column_of[table.columns[column]] for column in both_columns],
        )
    ]
    telling = telling_differences(before, table.counts[np.ix_(both_rows, both_columns)], rule=rule)
    if telling:
        named = "; ".join(
            f"{' '.join(table.labels[both_rows[found.row]])}, {table.columns[both_columns[found.column]]}"
            for found in telling[:5]
        )
        raise CannotAnalyse(
            f"Beside the earlier release this one would tell of {len(telling)} small change(s) ({named}"
            f"{'; …' if len(telling) > 5 else ''}): wait until more has been counted there, or join cells."
        )
    return int(before.size)


def _method(rule: Rule) -> str:
    rounding = f"rounded to the nearest {rule.base} (halves up)" if rule.base > 1 else "exact"
    return (
        f"Counts of {'1' if rule.zeros_shown else '0'} to {rule.largest_hidden} are hidden, the rest {rounding}; every "
        "total adds up the numbers shown. No cell is hidden to protect another, because no total tells anything "
        "that the cells do not."
    )


def _caveats(table: Counted, rule: Rule, options: argparse.Namespace) -> list[str]:
    caveats = ["Totals leave out what is hidden, so they are lower than the true ones."]
    if rule.zeros_shown:
        caveats.append(
            f"A 0 is a true zero. A reader who knows this also knows that a hidden count is not 0 but 1 to "
            f"{rule.largest_hidden}; --zeros hide leaves 0 open too."
        )
    if rule.largest_hidden > rule.threshold:
        caveats.append(
            f"Counts up to {rule.largest_hidden} are hidden, above the threshold of {rule.threshold}: rounded they "
            "would read as 0."
        )
    caveats += table.notes
    if len(table.labels) > MOST_LINES:
        caveats.append(f"Over {MOST_LINES:,} rows: totals under other names were not sought among the rows.")
    if not options.previous:
        caveats.append("Not compared with an earlier release; --previous FILE does it.")
    return caveats
