"""``folkmoot analyse agreement``: how far coders agree, on codings as spans or on ratings of units."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from folkmoot.analyse.tables import Table, read_table
from folkmoot.core.agreement.compare import CodeAgreement, compare_coders
from folkmoot.core.agreement.krippendorff import (
    LEVELS,
    krippendorff_alpha,
    krippendorff_interval,
    ratings_matrix,
)
from folkmoot.core.agreement.measures import MEASURES
from folkmoot.core.agreement.spans import (
    UNITS,
    Codings,
    Units,
    codings_from_columns,
    in_characters,
    in_passages,
    in_turns,
)
from folkmoot.core.errors import BadImport, CannotAnalyse
from folkmoot.core.wording.agreement import agreement_sentence

SUMMARY = "How far coders agree: kappa, Fleiss, Krippendorff's alpha or Gwet's AC1 on codings as spans."
METHODS = {
    "kappa": "Cohen's kappa (1960); with more than two coders Conger's (1980) extension of it",
    "fleiss": "Fleiss' kappa (1971)",
    "alpha": "Krippendorff's alpha, nominal (2011)",
    "ac1": "Gwet's AC1 (2008)",
}
UNIT_WORDS = {
    "character": "each character of each document",
    "passage": "each piece between two neighbouring borders of anybody's spans, coded or not",
    "turn": "each turn, coded when a span touches it",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="spans: document, length, coder, code, start, end")
    parser.add_argument("turns", metavar="TURNS", nargs="?", help="with --unit turn: document, start, end")
    parser.add_argument("--turns", dest="turns_file", metavar="FILE", help="the same, as an option")
    parser.add_argument("--unit", choices=UNITS, default="character")
    parser.add_argument("--measure", choices=MEASURES, default="kappa")
    parser.add_argument(
        "--coders", nargs="+", default=[], metavar="NAME", help="coders who may have no row at all"
    )
    parser.add_argument(
        "--read",
        choices=["all", "rows"],
        default="all",
        help="every coder read every document (the default), or only those in which the coder has a row",
    )
    parser.add_argument("--level", type=float, default=0.95, help="of the intervals")
    parser.add_argument("--replicates", type=int, default=1000, help="resamples for alpha's interval")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--scale", choices=LEVELS, default="nominal", help="of ratings: a file unit, coder, value"
    )


def run(options: argparse.Namespace) -> dict[str, Any]:
    if not 0.5 <= options.level < 1:
        raise CannotAnalyse("The level of an interval lies between 0.5 and 1.")
    if not 200 <= options.replicates <= 100_000:
        raise CannotAnalyse("Between 200 and 100,000 resamples make sense.")
    if options.seed < 0:
        raise CannotAnalyse("A seed is 0 or more.")
    table = read_table(options.file)
    if "value" in table.columns and "start" not in table.columns:
        return _ratings(table, options)
    codings = _codings(table, options)
    units = _units(codings, options)
    found = compare_coders(
        codings,
        units=units,
        measure=options.measure,
        level=options.level,
        replicates=options.replicates,
        seed=options.seed,
    )
    if found.overall is None:
        raise CannotAnalyse("Nothing varies: every reader did the same throughout, and chance would too.")
    return {
        "method": _method(options),
        "unit": options.unit,
        "measure": options.measure,
        "n": {
            "spans": len(codings.code),
            "documents": len(codings.documents),
            "coders": len(codings.coders),
            "codes": len(codings.codes),
            "units": found.overall.units,
        },
        "overall": _record(found.overall),
        "sentence": agreement_sentence(found.overall, measure=options.measure, unit=options.unit),
        "by_code": [{"code": row.code, **_record(row)} for row in found.by_code],
        "disagreements": [
            {
                "document": row.document,
                "code": row.code,
                "start": row.start,
                "end": row.end,
                "coders": list(row.coders),
                "others": list(row.others),
            }
            for row in found.disagreements
        ],
        "refused": list(found.refused),
        "caveats": _caveats(codings, units, options),
    }


def _record(row: CodeAgreement) -> dict[str, Any]:
    estimate = {"estimate": row.estimate} if row.interval is None else row.interval.as_json()
    return {
        **estimate,
        "agreement": row.agreement,
        "expected": row.expected,
        "n": row.units,
        "documents_with_code": row.documents,
    }


def _codings(table: Table, options: argparse.Namespace) -> Codings:
    table.require("document", "length", "coder", "code", "start", "end")
    return codings_from_columns(
        table.text("document"),
        lengths=table.numbers("length", missing=True),
        coders=table.text("coder"),
        codes=table.text("code"),
        starts=table.numbers("start", missing=True),
        ends=table.numbers("end", missing=True),
        more_coders=[name.strip() for name in options.coders if name.strip()],
        read_all=options.read == "all",
    )


def _units(codings: Codings, options: argparse.Namespace) -> Units:
    turns = options.turns_file or options.turns
    if options.unit != "turn":
        if turns:
            raise CannotAnalyse("A file of turns goes with --unit turn.")
        return in_characters(codings) if options.unit == "character" else in_passages(codings)
    if not turns:
        raise CannotAnalyse("With --unit turn, give a file of turns: document, start, end.")
    table = read_table(turns)
    table.require("document", "start", "end")
    names = table.text("document")
    start, end = table.numbers("start"), table.numbers("end")
    position = {name: code for code, name in enumerate(codings.documents)}
    known = np.array([name in position for name in names], dtype=bool)
    for row in np.flatnonzero(known).tolist():
        document = position[names[row] or ""]
        if not 0 <= start[row] < end[row] <= codings.lengths[document] or start[row] % 1 or end[row] % 1:
            raise BadImport(
                "this turn is empty, reversed or outside its document.", row=row + 2, column="start"
            )
    if not known.any():
        raise CannotAnalyse(f"{table.name} has no turn of the documents in {options.file}.")
    return in_turns(
        codings,
        document=np.array(
            [position[name or ""] for name, is_known in zip(names, known, strict=True) if is_known]
        ),
        start=start[known].astype(np.int64),
        end=end[known].astype(np.int64),
    )


def _ratings(table: Table, options: argparse.Namespace) -> dict[str, Any]:
    """Krippendorff's alpha on a file of ratings: unit, coder, value."""
    table.require("unit", "coder", "value")
    units, coders = table.text("unit"), table.text("coder")
    if options.scale == "nominal":
        codes, _ = table.codes("value")
        values = np.where(codes < 0, np.nan, codes.astype(float))
    else:
        values = table.numbers("value", missing=True)
    for row, (unit, coder) in enumerate(zip(units, coders, strict=True)):
        if unit is None or coder is None:
            raise BadImport("a rating needs a unit and a coder.", row=row + 2)
    matrix, coder_names, unit_names = ratings_matrix(
        [unit or "" for unit in units], coders=[coder or "" for coder in coders], values=values
    )
    alpha = krippendorff_alpha(matrix, level=options.scale)
    overall: dict[str, Any] = {"estimate": alpha}
    refused = []
    try:
        overall = krippendorff_interval(
            matrix,
            level=options.scale,
            replicates=options.replicates,
            seed=options.seed,
            confidence=options.level,
        ).as_json()
    except CannotAnalyse as error:
        refused.append({"part": "interval of overall", "reason": str(error)})
    return {
        "method": f"Krippendorff's alpha (2011), {options.scale}; interval by resampling whole units.",
        "measure": "alpha",
        "n": {
            "ratings": int((~np.isnan(matrix)).sum()),
            "units": len(unit_names),
            "coders": len(coder_names),
            "units_rated_twice": int(((~np.isnan(matrix)).sum(axis=0) >= 2).sum()),
        },
        "overall": overall,
        "refused": refused,
        "caveats": ["Units are taken to be independent of each other; units rated once tell nothing."],
    }


def _method(options: argparse.Namespace) -> str:
    error = (
        f"bootstrap of whole documents ({options.replicates} draws, seed {options.seed}), expanded percentiles"
        if options.measure == "alpha"
        else "jackknife over documents with Student's t"
    )
    return (
        f"{METHODS[options.measure]}, per code on “coded or not”; unit: {UNIT_WORDS[options.unit]}. Overall: "
        "observed and expected agreement averaged over the codes, then corrected for chance (pooled kappa, de "
        f"Vries and others 2008). Errors: {error}."
    )


def _caveats(codings: Codings, units: Units, options: argparse.Namespace) -> list[str]:
    caveats = ["Agreement says that coders do alike, not that they are right."]
    if options.measure == "ac1":
        caveats.append(
            "AC1 is high wherever most text is left uncoded, even when coders never mark the same words; read it "
            "beside kappa."
        )
    if codings.silent and options.read == "all":
        caveats.append(
            f"For {codings.silent} pair(s) of coder and document there is no row: the coder is taken to have read "
            "the document and coded nothing in it; --read rows leaves such documents out instead."
        )
    if codings.silent and options.read == "rows":
        caveats.append(
            f"{codings.silent} pair(s) of coder and document have no row and are left out; a coder who read "
            "without coding needs a row with blank code, start and end."
        )
    if codings.without_length:
        caveats.append(f"{codings.without_length} span(s) have no length and code nothing.")
    if units.untouched:
        caveats.append(f"{units.untouched} span(s) lie outside all turns and code nothing.")
    if units.outside:
        caveats.append(f"{units.outside:,} character(s) belong to no turn and do not count.")
    return caveats
