"""``folkmoot analyse opinion``: groups of opinion, and whether a shared characteristic means a shared view."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from folkmoot.analyse.tables import Table, read_table
from folkmoot.analyse.votes import Ballot, read_ballot
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.opinion.groups import Groups, opinion_groups
from folkmoot.core.opinion.shared import MATTERS, SharedView, shared_view
from folkmoot.core.opinion.statements import Answers, Statement, statement_answers
from folkmoot.core.results import Refusal
from folkmoot.core.wording.opinion import caveats, group_name, no_groups_sentence, shared_view_sentence

SUMMARY = "Groups of opinion, consensus and division; does a shared characteristic mean a shared view?"
FEWEST_VOTERS = 2
MOST_PERMUTATIONS = 1_000_000

MOST_PEOPLE, MOST_STATEMENTS = 200_000, 20_000


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        help="a matrix (Pol.is participants-votes.csv) or participant, statement, vote",
    )
    parser.add_argument(
        "--attributes",
        nargs="+",
        default=[],
        metavar="COL",
        help="columns or statements that describe the person (of a statement: agree is yes, disagree is no)",
    )
    parser.add_argument(
        "--permutations", type=int, default=999, metavar="R", help="reshuffles of the test (999)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="of all draws (1): the same seed, the same answer"
    )
    parser.add_argument(
        "--matters",
        type=float,
        default=MATTERS,
        metavar="SHARE",
        help=f"the share of disagreement explained that would matter to you ({MATTERS})",
    )
    parser.add_argument(
        "--most-groups", type=int, default=6, metavar="N", help="try up to so many groups (6)"
    )


def run(options: argparse.Namespace) -> dict[str, Any]:
    _check(options)
    table = read_table(options.file)
    ballot = read_ballot(table, attributes=_attributes(options.attributes, table))
    votes = ballot.votes
    people = int(np.unique(votes.person).size)
    if people > MOST_PEOPLE or len(votes.statements) > MOST_STATEMENTS:
        raise CannotAnalyse(
            f"There are {people:,} people and {len(votes.statements):,} statements; at most {MOST_PEOPLE:,} and"
            f" {MOST_STATEMENTS:,} can be compared: draw a part of them."
        )
    if people < FEWEST_VOTERS:
        raise CannotAnalyse(f"{table.name} holds the votes of {people} people; opinion needs more than one.")
    refused: list[Refusal] = []
    groups = _groups(options, ballot, refused)
    shown = groups is not None and groups.stable
    statements = statement_answers(
        votes,
        member=groups.member if groups is not None and shown else None,
        groups=len(groups.sizes) if groups is not None and shown else 0,
    )
    views = _views(options, ballot, refused)
    result: dict[str, Any] = {
        "method": "groups: latent classes fitted to the votes cast, their number by hidden votes, stability as"
        " adjusted Rand index over redraws of people and statements; statements: Wilson intervals"
        " corrected for continuity;"
        " characteristics: unbiased share of pairwise disagreement explained, studentised permutation test,"
        " interval from a scaled noncentral chi-squared",
        "n": {
            "people": people,
            "statements": len(statements),
            "votes": len(votes),
            "permutations": options.permutations,
        },
        "seed": options.seed,
        "groups": _group_records(groups, people) if groups is not None and shown else [],
    }
    if groups is not None and groups.stability is not None:
        result["stability"] = groups.stability
    if groups is not None:
        result["stability_asked_for"] = groups.threshold
        result["groups_tried"] = [
            {"groups": number, "log_chance_of_a_hidden_vote": value} for number, value in groups.criterion
        ]
    return result | {
        "statements": [_statement(one) for one in statements],
        "consensus": _consensus(statements),
        "divisive": _divisive(statements),
        "characteristics": [record for view in views for record in _characteristic(view)],
        "sentences": [shared_view_sentence(view) for view in views],
        "caveats": caveats(groups, views, replaced=ballot.replaced, shown=shown),
        "refused": refused,
    }


def _check(options: argparse.Namespace) -> None:
    if not 99 <= options.permutations <= MOST_PERMUTATIONS:
        raise CannotAnalyse(f"Ask for 99 to {MOST_PERMUTATIONS:,} permutations.")
    if options.seed < 0:
        raise CannotAnalyse("A seed is a whole number from 0 up.")
    if not 0 < options.matters < 1:
        raise CannotAnalyse("The share that would matter lies between 0 and 1.")
    if not 1 <= options.most_groups <= 26:
        raise CannotAnalyse("Ask for 1 to 26 groups.")


def _attributes(words: list[str], table: Table) -> list[str]:
    """The words asked for; one that is no column and holds commas is taken as a list."""
    found: list[str] = []
    for word in words:
        parts = [word] if word in table.columns or "," not in word else word.split(",")
        found += [part.strip() for part in parts if part.strip()]
    return found


def _groups(options: argparse.Namespace, ballot: Ballot, refused: list[Refusal]) -> Groups | None:
    try:
        groups = opinion_groups(
            ballot.votes, rng=np.random.default_rng([options.seed, 0]), most=options.most_groups
        )
    except CannotAnalyse as error:
        refused.append(Refusal("groups", str(error)))
        return None
    if not groups.stable:
        refused.append(Refusal("groups", no_groups_sentence(groups)))
    return groups


def _views(options: argparse.Namespace, ballot: Ballot, refused: list[Refusal]) -> tuple[SharedView, ...]:
    views = []
    for position, characteristic in enumerate(ballot.characteristics):
        try:
            view = shared_view(
                ballot.votes,
                characteristic=characteristic.name,
                level=characteristic.level,
                names=characteristic.names,
                rng=np.random.default_rng([options.seed, 1 + position]),
                permutations=options.permutations,
                matters=options.matters,
            )
        except CannotAnalyse as error:
            refused.append(Refusal(characteristic.name, str(error)))
            continue
        refused += view.refused
        views.append(view)
    return tuple(views)


def _group_records(groups: Groups, people: int) -> list[dict[str, Any]]:
    return [
        {
            "group": group_name(position),
            "n": size,
            "share": size / people,
            "stability": groups.stability,
        }
        for position, size in enumerate(groups.sizes)
    ]


def _statement(one: Statement) -> dict[str, Any]:
    return {
        "statement": one.name,
        **_answers(one.overall),
        "by_group": [{"group": group_name(part.group or 0), **_answers(part)} for part in one.by_group],
    }


def _answers(part: Answers) -> dict[str, Any]:
    return {
        "n": part.voters,
        "agree": part.agree,
        "disagree": part.disagree,
        "pass": part.passed,
        "agreement": part.agreement,
    }


def _consensus(statements: tuple[Statement, ...]) -> list[dict[str, Any]]:
    """The surest common ground first."""
    common = [
        (one, one.overall.agreement if one.consensus == "agree" else one.overall.disagreement)
        for one in statements
        if one.consensus
    ]
    common.sort(key=lambda pair: -pair[1].low)
    return [
        {"statement": one.name, "most": one.consensus, "n": one.overall.voters, "share": share}
        for one, share in common
    ]


def _divisive(statements: tuple[Statement, ...]) -> list[dict[str, Any]]:
    """The most evenly split first."""
    split = [one for one in statements if one.divisive]
    split.sort(key=lambda one: abs(one.overall.agreement.estimate - one.overall.disagreement.estimate))
    return [
        {
            "statement": one.name,
            "n": one.overall.voters,
            "agreement": one.overall.agreement,
            "disagreement": one.overall.disagreement,
        }
        for one in split
    ]


def _characteristic(view: SharedView) -> list[dict[str, Any]]:
    """One record a level; share, interval and p-value belong to the characteristic as a whole."""
    records = []
    for level in view.levels:
        record: dict[str, Any] = {
            "characteristic": view.characteristic,
            "level": level.level,
            "n": level.people,
            "within_agreement": level.within,
            "between_agreement": level.between,
            "share_of_variation_explained": view.share,
            "p_value": view.p_value,
            "statements_used": view.statements_used,
            "votes_used": view.votes_used,
            "verdict": "cannot say" if view.cannot_say else _verdict(view),
        }
        if view.interval is not None:
            record["interval"] = list(view.interval)
        records.append(record)
    return records


def _verdict(view: SharedView) -> str:
    return "goes with a view" if view.interval is not None and view.interval[0] > 0 else "hardly any"
