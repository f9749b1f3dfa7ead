"""``folkmoot analyse estimate``: survey estimates with design-based errors from a file of answers.

What does not belong here: the methods (core.estimates); this reads columns and lays out results.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.analyse.survey_rows import design_of, groups_of, key_of, levels_of, listed
from folkmoot.analyse.tables import Table, read_table
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.estimates import linear, quantile, regression
from folkmoot.core.estimates.design import LONELY_RULES, Design
from folkmoot.core.estimates.linear import SurveyEstimate
from folkmoot.core.estimates.replicates import METHODS
from folkmoot.core.results import Refusal
from folkmoot.core.wording.estimate import sentence

SUMMARY = "Means, totals, shares, ratios, quantiles and regressions from a survey, with design-based errors."
KINDS = ("mean", "total", "proportion", "ratio", "quantile", "regression")
MOST_CATEGORIES = 100


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="one row a person: CSV, Parquet, xlsx or ods")
    parser.add_argument(
        "--outcome", required=True, action="append", metavar="COLUMN",
        help="what to estimate; A/B for a ratio, “Y ~ X1 + X2” for a regression",
    )  # fmt: skip
    parser.add_argument("--kind", choices=KINDS, default="mean")
    parser.add_argument("--weights", metavar="COLUMN", help="how many people a row stands for")
    many = "; several stages separated by commas"
    parser.add_argument("--strata", action="append", default=[], metavar="COLUMN", help=f"strata{many}")
    parser.add_argument("--clusters", action="append", default=[], metavar="COLUMN", help=f"clusters{many}")
    parser.add_argument(
        "--fpc", action="append", default=[], metavar="COLUMN",
        help=f"units in the population, or shares drawn{many}",
    )  # fmt: skip
    parser.add_argument("--by", action="append", default=[], metavar="COLUMN", help="groups, each on its own")
    parser.add_argument("--lonely", choices=LONELY_RULES, default="refuse", help="strata with a single unit")
    parser.add_argument("--denominator", metavar="COLUMN", help="for a ratio")
    parser.add_argument(
        "--predictors", action="append", default=[], metavar="COLUMN", help="for a regression"
    )
    parser.add_argument("--factors", action="append", default=[], metavar="COLUMN",
                        help="predictors to take as categories though they look like numbers")  # fmt: skip
    parser.add_argument("--family", choices=("linear", "logistic"), default="linear")
    parser.add_argument("--category", metavar="WORD", help="for a proportion: the one category to count")
    parser.add_argument("--quantiles", default="0.5", metavar="SHARES", help="for a quantile: 0.25,0.5,0.75")
    parser.add_argument("--rake", metavar="MARGINS", help="a file of variable,level,total (or share)")
    parser.add_argument(
        "--trim", type=float, metavar="TIMES", help="no weight above this many times the median"
    )
    parser.add_argument(
        "--replicate-weights", action="append", default=[], metavar="COLUMN",
        help="replicate weights in place of strata and clusters; names with commas, or a pattern such as rep*",
    )  # fmt: skip
    parser.add_argument("--replicate-method", choices=METHODS, help="what the replicates were made by")
    parser.add_argument(
        "--replicate-scale", metavar="NUMBERS", help="one scale, or one for each replicate with commas"
    )
    parser.add_argument(
        "--replicate-centre", choices=("mean", "estimate"), default="mean", help="deviations are from"
    )
    parser.add_argument("--fay", type=float, metavar="FACTOR", help="of Fay's replicate weights")
    parser.add_argument("--level", type=float, default=0.95, help="of the intervals")


@dataclass(slots=True)
class _Laid:
    """What has been worked out so far, in the order it is printed."""

    estimates: list[dict[str, Any]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    caveats: list[str] = field(default_factory=list)
    rows: int = 0


def run(options: argparse.Namespace) -> dict[str, Any]:
    if not 0 < options.level < 1:
        raise CannotAnalyse(f"--level lies between 0 and 1, unlike {options.level:g}.")
    table = read_table(options.file)
    outcomes, denominator, predictors = _asked(table, options)
    design = design_of(table, options)
    groups, ungrouped = groups_of(table, listed(table, options.by))
    laid = _Laid(caveats=list(design.caveats))
    if ungrouped:
        laid.caveats.append(f"{ungrouped} rows have no group and are left out.")
    for outcome in outcomes:
        work = _workers(table, options, outcome, denominator, predictors, design, laid)
        _lay_out(work, outcome, options, design, groups, laid)
    if not laid.estimates:
        raise CannotAnalyse(laid.refused[0].reason if laid.refused else "There is nothing to estimate.")
    result: dict[str, Any] = {"method": _method(options, design), "n": laid.rows, "rows_read": len(table)}
    if design.has_clusters:
        result["clusters"] = design.clusters()
    if design.has_strata:
        result["strata"] = len(design.stages[0].sampled)
    if len(laid.estimates) == 1:
        result |= laid.estimates[0]
    return result | {
        "estimates": laid.estimates,
        "sentences": laid.sentences,
        "caveats": list(dict.fromkeys(laid.caveats)),
        "refused": [refusal.as_json() for refusal in dict.fromkeys(laid.refused)],
    }


def _asked(table: Table, options: argparse.Namespace) -> tuple[list[str], str | None, list[str]]:
    """Outcomes, denominator and predictors, from options or from the outcome's own short form."""
    given, denominator, predictors = options.outcome, options.denominator, options.predictors
    if options.kind == "regression" and len(given) == 1 and "~" in given[0] and given[0] not in table.columns:
        left, right = given[0].split("~", 1)
        given, predictors = [left.strip()], [*predictors, *(word.strip() for word in right.split("+"))]
    if options.kind == "ratio" and denominator is None and len(given) == 1 and given[0] not in table.columns:
        above, slash, below = given[0].partition("/")
        if slash:
            given, denominator = [above.strip()], below.strip()
    outcomes = listed(table, given)
    if options.kind == "ratio" and denominator is None and len(outcomes) == 2:
        outcomes, denominator = outcomes[:1], outcomes[1]
    if options.kind == "ratio" and denominator is None:
        raise CannotAnalyse("A ratio needs --denominator.")
    if options.kind == "regression" and not (predictors or options.factors):
        raise CannotAnalyse("A regression needs --predictors.")
    if denominator is not None:
        table.require(denominator)
    return outcomes, denominator, listed(table, predictors)


Work = tuple[dict[str, Any], Callable[[NDArray[np.intp] | None], list[tuple[dict[str, Any], SurveyEstimate]]]]


def _workers(
    table: Table,
    options: argparse.Namespace,
    outcome: str,
    denominator: str | None,
    predictors: list[str],
    design: Design,
    laid: _Laid,
) -> list[Work]:
    """What is to be estimated of one outcome: a label, and a function of the rows of a group."""
    level = options.level
    if options.kind == "proportion":
        return _shares(table, options, outcome, design, laid)
    values = table.numbers(outcome, missing=True)
    _say_missing(laid, outcome, values, len(table))
    if options.kind == "mean":
        return [({}, lambda rows: [({}, linear.mean(values, design, rows=rows, level=level))])]
    if options.kind == "total":
        return [({}, lambda rows: [({}, linear.total(values, design, rows=rows, level=level))])]
    if options.kind == "ratio":
        assert denominator is not None
        under = table.numbers(denominator, missing=True)
        _say_missing(laid, denominator, under, len(table))
        return [
            (
                {"denominator": denominator},
                lambda rows: [({}, linear.ratio(values, under, design, rows=rows, level=level))],
            )
        ]
    if options.kind == "quantile":
        return [
            (
                {"quantile": at},
                lambda rows, at=at: [({}, quantile.quantile(values, design, at=at, rows=rows, level=level))],  # type: ignore[misc]
            )
            for at in _shares_asked(options.quantiles)
        ]
    terms = list(_terms(table, predictors, listed(table, options.factors), laid))

    def fit(rows: NDArray[np.intp] | None) -> list[tuple[dict[str, Any], SurveyEstimate]]:
        found = regression.regression(values, terms, design, family=options.family, rows=rows, level=level)
        return [({"term": term.name}, term) for term in found.terms]

    return [({}, fit)]


def _shares(
    table: Table, options: argparse.Namespace, outcome: str, design: Design, laid: _Laid
) -> list[Work]:
    codes, words = levels_of(table, outcome)
    if not words:
        raise CannotAnalyse(f"{table.name}, column “{outcome}”: nothing is stated on any row.")
    _say_missing(laid, outcome, np.where(codes < 0, np.nan, 0.0), len(table))
    keys = [key_of(word) for word in words]
    if options.category is not None:
        if key_of(options.category) not in keys:
            raise CannotAnalyse(
                f"Nobody gave “{options.category}” in “{outcome}”; there are {', '.join(words[:20])}."
            )
        chosen = [keys.index(key_of(options.category))]
    elif set(keys) <= {"0", "1"}:
        chosen = [keys.index("1")] if "1" in keys else [-2]
    elif {key.lower() for key in keys} <= {"true", "false"}:
        chosen = [index for index, key in enumerate(keys) if key.lower() == "true"] or [-2]
    else:
        chosen = list(range(len(words)))
    if len(chosen) > MOST_CATEGORIES:
        raise CannotAnalyse(
            f"“{outcome}” has {len(words)} categories; more than {MOST_CATEGORIES} are no table (a number? use"
            " --kind mean)."
        )

    def share(which: int) -> Work:
        indicator = np.where(codes < 0, np.nan, (codes == which).astype(float))
        label = {"category": words[which] if which >= 0 else "1"}
        return label, lambda rows: [
            ({}, linear.proportion(indicator, design, rows=rows, level=options.level))
        ]

    return [share(which) for which in chosen]


def _terms(
    table: Table, predictors: list[str], factors: list[str], laid: _Laid
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    for column in dict.fromkeys([*predictors, *factors]):
        values = None
        if column not in factors:
            try:
                values = table.numbers(column, missing=True)
            except CannotAnalyse:
                values = None  # words: a predictor with categories
        if values is not None:
            _say_missing(laid, column, values, len(table))
            yield column, values
            continue
        codes, words = levels_of(table, column)
        if len(words) > MOST_CATEGORIES:
            raise CannotAnalyse(
                f"The predictor “{column}” has {len(words)} categories: too many for a regression."
            )
        if len(words) < 2:
            raise CannotAnalyse(f"The predictor “{column}” has a single category: it does not vary.")
        _say_missing(laid, column, np.where(codes < 0, np.nan, 0.0), len(table))
        laid.caveats.append(f"The categories of {column} are compared with “{words[0]}”.")
        for index, word in enumerate(words[1:], start=1):
            yield f"{column}={word}", np.where(codes < 0, np.nan, (codes == index).astype(float))


def _shares_asked(words: str) -> list[float]:
    try:
        shares = [float(word) for word in words.split(",")]
    except ValueError:
        raise CannotAnalyse(f"--quantiles takes numbers between 0 and 1, unlike “{words}”.") from None
    if not all(0 < share < 1 for share in shares):
        raise CannotAnalyse(f"--quantiles takes numbers between 0 and 1, unlike “{words}”.")
    return shares


def _say_missing(laid: _Laid, column: str, values: NDArray[np.float64], rows: int) -> None:
    missing = int(np.isnan(values).sum())
    if missing and missing < rows:
        laid.caveats.append(
            f"{missing} of {rows} rows have no “{column}” and are left out: the estimate speaks for those who"
            " answered."
        )


def _lay_out(
    work: list[Work],
    outcome: str,
    options: argparse.Namespace,
    design: Design,
    groups: list[tuple[dict[str, str], NDArray[np.intp]]],
    laid: _Laid,
) -> None:
    parts: list[tuple[dict[str, str], NDArray[np.intp] | None]] = [*groups] if groups else [({}, None)]
    for label, estimate in work:
        rows_used = 0
        for words, rows in parts:
            among = ", ".join(f"{column} = {word}" for column, word in words.items())
            try:
                found = estimate(rows)
            except CannotAnalyse as error:
                of = label.get("category") or label.get("quantile") or ""
                part = " ".join(str(word) for word in (outcome, of, f"({among})" if among else "") if word)
                laid.refused.append(Refusal(part, str(error)))
                continue
            rows_used += found[0][1].n
            for extra, one in found:
                record: dict[str, Any] = {"outcome": outcome, **label, **extra}
                if words:
                    record |= {"group": " · ".join(words.values()), "by": words}
                laid.estimates.append(record | _numbers(one, design))
                of = str(next(iter({**label, **extra}.values()), "")) if options.kind != "ratio" else ""
                name = f"{outcome} to {label['denominator']}" if options.kind == "ratio" else outcome
                laid.sentences.append(sentence(one, outcome=name, kind=options.kind, of=of, among=among))
                laid.caveats += one.caveats
                laid.refused += one.refused
        laid.rows = max(laid.rows, rows_used)
    if groups:
        laid.caveats.append(
            "Groups are compared by the interval of their difference, not by whether their intervals overlap."
        )


def _numbers(one: SurveyEstimate, design: Design) -> dict[str, Any]:
    record = one.estimate.as_json()
    if one.cautious is not None:
        record["cautious_interval"] = list(one.cautious)
    if one.design_effect is not None:
        record["design_effect"] = one.design_effect
    record["n"] = one.n
    if design.has_clusters:
        record["clusters"] = one.clusters
    return record | {"population": one.population}


def _method(options: argparse.Namespace, design: Design) -> str:
    name = {"proportion": "share", "regression": f"{options.family} regression"}.get(
        options.kind, options.kind
    )
    parts = [
        f"{'weighted ' if design.has_weights or design.has_population else ''}{name}",
        f"errors from {design.replicates.weights.shape[1]} replicate weights ({design.replicates.method})"
        if design.replicates is not None
        else "errors by Taylor linearisation"
        + (" over strata" if design.has_strata else "")
        + (" and" if design.has_strata and design.has_clusters else "")
        + (" over clusters" if design.has_clusters else "")
        + (" with finite population correction" if design.has_population else ""),
    ]
    if options.rake:
        parts.append(
            "raked, and every replicate with it"
            if design.replicates is not None
            else "raked, with errors from what the margins leave unexplained"
        )
    intervals = {
        "proportion": "Student's t interval on log odds",
        "quantile": "Woodruff's interval from the share below",
    }.get(options.kind, "Student's t interval")
    freedom = "rank of the replicates less 1" if design.replicates is not None else "units less strata"
    freedom += " less predictors" if options.kind == "regression" else ""
    parts.append(f"{intervals}, degrees of freedom = {freedom}")
    return "; ".join(parts)
