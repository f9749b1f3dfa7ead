"""``folkmoot analyse map``: bundles of claims, and what they say from one factor to another."""

from __future__ import annotations

import argparse
from dataclasses import fields
from typing import Any

import numpy as np

from folkmoot.analyse.tables import Table, read_table
from folkmoot.core.causal.bundles import Bundles, Factor, bundles_of, factors_of
from folkmoot.core.causal.claims import (
    STANCE_WORDS,
    STANCES,
    Claims,
    Codes,
    claims_from_columns,
    cut_path,
    opposites_combined,
    unflipped,
    zoomed,
)
from folkmoot.core.causal.surprise import surprise
from folkmoot.core.causal.tracing import Trace, trace
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.wording.map import trace_sentence

SUMMARY = (
    "Causal claims as a map: bundles, and links, flow and sources with a whole path between two factors."
)
FACTOR = tuple(field.name for field in fields(Factor))
MOST_SURPRISES = 20_000  # records; beyond it links are left out of the surprises, and that is said

MOST_FACTORS = 100_000


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="claims: source, cause, effect (optional stance, group)")
    parser.add_argument("--from", dest="origin", metavar="FACTOR", help="where the paths begin")
    parser.add_argument("--to", dest="target", metavar="FACTOR", help="where they end")
    parser.add_argument("--max-length", type=int, metavar="K", help="most links in a path (without it: any)")
    parser.add_argument("--zoom", type=int, metavar="K", help="keep the first K parts of each ;-path")
    parser.add_argument(
        "--opposites",
        choices=["keep", "combine"],
        default="keep",
        help="keep ~factor apart (the default), or merge it into factor and count which ends were flipped",
    )


def run(options: argparse.Namespace) -> dict[str, Any]:
    table = read_table(options.file)
    claims, set_aside = _claims(table)
    claims = zoomed(claims, parts=options.zoom)
    if len(claims.factors) > MOST_FACTORS:
        raise CannotAnalyse(
            f"There are {len(claims.factors):,} factors, too many for a map ({MOST_FACTORS:,} at most): are “cause” and"
            " “effect” the columns that were meant, or would --zoom do?"
        )
    if options.opposites == "combine":
        claims = opposites_combined(claims)
    bundles = bundles_of(claims)
    traced = _traced(options, claims, bundles)
    refused: list[dict[str, str]] = []
    used = len(claims)
    result: dict[str, Any] = {
        "method": _method(options),
        "n": {
            "rows": len(table),
            "used": used,
            "set_aside": len(table) - used,
            "sources": len(claims.sources),
            "factors": len(claims.factors),
            "links": len(bundles),
        },
    }
    if traced is not None:
        result |= {
            "from": traced.origin,
            "to": traced.target,
            "links_shown": traced.links_shown,
            "flow_citations": traced.flow_citations,
            "flow_sources": traced.flow_sources,
            "sources_with_whole_path": traced.sources_with_whole_path,
            "whole_path_sources": [claims.sources[code] for code in traced.whole_path],
            "challenges_on_links_shown": traced.challenges,
            "sentence": trace_sentence(traced),
        }
    result["bundles"] = _bundle_records(claims, bundles, traced, flipped=options.opposites == "combine")
    result["factors"] = [
        {name: getattr(factor, name) for name in FACTOR} for factor in factors_of(claims, bundles=bundles)
    ]
    if claims.groups:
        result["surprise"] = _surprises(claims, bundles, refused)
    elif "group" in table.columns:
        refused.append({"part": "surprise", "reason": "no claim names a group."})
    result["set_aside"] = [{"reason": reason, "rows": rows} for reason, rows in set_aside.items() if rows]
    result["refused"] = refused
    result["caveats"] = _caveats(claims, bundles, traced, set_aside, options)
    return result


def _claims(table: Table) -> tuple[Claims, dict[str, int]]:
    """The usable rows as claims, and how many rows were set aside for which reason."""
    table.require("source", "cause", "effect")
    columns = [table.text(name) for name in ("source", "cause", "effect")]
    count = len(columns[0])
    usable = np.array([all(row) for row in zip(*columns, strict=True)], dtype=bool)
    set_aside = {"no source, cause or effect": count - int(usable.sum())}
    stances: list[str] | None = None
    if "stance" in table.columns:
        written = [(word or STANCES[0]).lower() for word in table.text("stance")]
        known = np.array([word in STANCE_WORDS for word in written], dtype=bool)
        set_aside[f"a stance that is none of {', '.join(STANCES)}"] = int((usable & ~known).sum())
        usable &= known
        stances = written
    if not usable.any():
        raise CannotAnalyse(f"{table.name} has no row with a source, a cause and an effect.")
    groups = table.text("group") if "group" in table.columns else None
    kept = np.flatnonzero(usable).tolist()
    cells: list[list[Any]] = [[column[row] for row in kept] for column in columns]
    claims = claims_from_columns(
        cells[0],
        causes=cells[1],
        effects=cells[2],
        stances=None if stances is None else [stances[row] for row in kept],
        groups=None if groups is None else [groups[row] for row in kept],
    )
    return claims, set_aside


def _traced(options: argparse.Namespace, claims: Claims, bundles: Bundles) -> Trace | None:
    ends = [options.origin, options.target]
    if ends == [None, None]:
        if options.max_length is not None:
            raise CannotAnalyse("A longest path needs both ends: give --from and --to.")
        return None
    if None in ends:
        raise CannotAnalyse("A path needs both ends: give --from and --to.")
    ends = [cut_path(end.strip(), parts=options.zoom) for end in ends]
    if options.opposites == "combine":
        ends = [unflipped(end)[0] for end in ends]
    return trace(claims, origin=ends[0], target=ends[1], longest=options.max_length, bundles=bundles)


def _bundle_records(
    claims: Claims, bundles: Bundles, traced: Trace | None, *, flipped: bool
) -> list[dict[str, Any]]:
    names = claims.factors
    columns: dict[str, list[Any]] = {
        "cause": [names[code] for code in bundles.cause.tolist()],
        "effect": [names[code] for code in bundles.effect.tolist()],
        "citations": bundles.citations.tolist(),
        "sources": bundles.sources.tolist(),
        "continuity": bundles.continuity.tolist(),
        "qualified": bundles.qualified.tolist(),
        "challenges": bundles.challenges.tolist(),
        "challenging_sources": bundles.challenging_sources.tolist(),
    }
    if flipped:
        columns["cause_flipped"] = bundles.cause_flipped.tolist()
        columns["effect_flipped"] = bundles.effect_flipped.tolist()
    if traced is not None:
        columns["shown"] = traced.shown.tolist()
    keys = list(columns)
    records = [dict(zip(keys, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    for record in records:
        if not record["sources"]:
            del record["continuity"]  # nobody states it: there is no share of its sources
    return records


def _surprises(claims: Claims, bundles: Bundles, refused: list[dict[str, str]]) -> list[dict[str, Any]]:
    of = np.flatnonzero(claims.group >= 0)
    records: list[dict[str, Any]] = []
    kinds: list[tuple[str, tuple[Codes, ...]]] = [
        ("factor", (claims.cause, claims.effect)),
        ("link", (bundles.of_claim,)),
    ]
    for kind, ends in kinds:
        if kind == "link" and len(bundles) * len(claims.groups) > MOST_SURPRISES:
            reason = (
                f"{len(bundles):,} links by {len(claims.groups)} groups are too many to list; zoom in first"
            )
            refused.append({"part": "surprise of links", "reason": reason})
            continue
        try:
            found = surprise(claims, of=of, ends=ends)
        except CannotAnalyse as error:
            refused.append({"part": f"surprise of {kind}s", "reason": str(error)})
            continue
        for row, thing in enumerate(found.things.tolist()):
            if kind == "factor":
                named = {"factor": claims.factors[thing]}
            else:
                named = {
                    "cause": claims.factors[int(bundles.cause[thing])],
                    "effect": claims.factors[int(bundles.effect[thing])],
                }
            for column, group in enumerate(claims.groups):
                mentions, size = int(found.mentions[row, column]), int(found.sizes[column])
                records.append(
                    {
                        **named,
                        "group": group,
                        "mentions": mentions,
                        "does_not": size - mentions,
                        "expected": float(found.expected[row, column]),
                        "residual": float(found.residual[row, column]),
                    }
                )
    return records


def _method(options: argparse.Namespace) -> str:
    length = "any length" if options.max_length is None else f"at most {options.max_length} links"
    return (
        "Bundles of claims; a link is shown when it lies on a walk from → to of "
        f"{length}; maximum flow over the links shown, with citations and with distinct sources as capacity; "
        "source tracing within one source's own claims at a time. Claims that challenge a link are counted "
        "beside it and carry no path."
    )


def _caveats(
    claims: Claims,
    bundles: Bundles,
    traced: Trace | None,
    set_aside: dict[str, int],
    options: argparse.Namespace,
) -> list[str]:
    caveats = [
        "A map shows what sources say, not what is so; citations count claims and sources count who was asked, "
        "not how common a view is."
    ]
    if traced is not None and traced.flow_sources and not traced.sources_with_whole_path:
        caveats.append(
            "No source holds a whole path: links from different sources, joined together, are no evidence that "
            f"“{traced.origin}” leads to “{traced.target}”."
        )
    loops = int((bundles.cause == bundles.effect).sum())
    if loops:
        caveats.append(
            f"{loops} link(s) run from a factor to itself; they carry no flow and support no path between two factors."
        )
    only = int((~bundles.stated).sum())
    if only:
        caveats.append(
            f"{only} link(s) have challenges only: they are listed with 0 citations and carry no path."
        )
    opposites = sum(unflipped(factor)[1] for factor in claims.factors)
    if opposites and options.opposites == "keep":
        caveats.append(
            f"{opposites} factor(s) are opposites (~) and stand apart from their factor; "
            "--opposites combine merges them and counts which ends were flipped."
        )
    elif options.opposites == "combine" and (claims.cause_flipped.any() or claims.effect_flipped.any()):
        caveats.append(
            "Opposites are merged: a bundle with an odd number of flipped ends says the reverse of its heading, "
            "and the flow does not tell the two apart."
        )
    caveats += [f"{rows} row(s) were set aside: {reason}." for reason, rows in set_aside.items() if rows]
    if claims.groups:
        ungrouped = int((claims.group < 0).sum())
        if ungrouped:
            caveats.append(f"{ungrouped} claim(s) have no group and are left out of the surprises.")
        caveats.append(
            "Surprises count sources, not claims; residuals with an expected count under 5 are rough, and among "
            "many comparisons some pass ±2 by chance."
        )
    return caveats
