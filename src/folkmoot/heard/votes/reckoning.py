"""What comes out of the votes: groups or none, each statement, and whether a shared characteristic means a shared view.

Pure over a box of votes; the statistics are ``core.opinion``'s. What does not belong here: what may be published.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from folkmoot.core.disclosure.published import INTERNAL, Published, published_special
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.opinion.groups import Groups, opinion_groups
from folkmoot.core.opinion.shared import MATTERS, SharedView, shared_view
from folkmoot.core.opinion.statements import LARGE_PART, Answers, Statement, statement_answers
from folkmoot.core.opinion.votes import AGREE, DISAGREE, Votes, votes_from_matrix
from folkmoot.core.reach.shares import cautious_wilson
from folkmoot.core.wording.opinion import caveats, group_name, no_groups_sentence
from folkmoot.heard.votes.boxes import Ballots

PERMUTATIONS = 999


@dataclass(frozen=True, slots=True)
class Described:
    """A statement that says something of the person: its number, its words, whether that is specially protected."""

    number: int
    text: str
    special: bool


Progress = Callable[[int, int, str], None]


def _silent(done: int, total: int, step: str) -> None:
    """For whoever does not watch."""


def reckoned(
    ballots: Ballots,
    *,
    characteristics: Sequence[Described],
    refused: Collection[int] = (),
    seed: int,
    progress: Progress = _silent,
    permutations: int = PERMUTATIONS,
) -> dict[str, Any]:
    """The result as plain JSON, for the pages of the organisation. Small counts in it are hidden already.

    Statements that describe people are no opinions, and those ``refused`` by moderators were not to be answered: they
    are taken out of the votes. Raises CannotAnalyse where there is nothing to reckon with.
    """
    left_out = {one.number for one in characteristics} | set(refused)
    kept = np.array([number not in left_out for number in ballots.numbers])
    names = [str(number) for number in ballots.numbers]
    votes = votes_from_matrix(ballots.answers, statements=names).on(kept)
    total = 3 + len(characteristics)
    if not len(votes):
        raise CannotAnalyse("No vote is left: every statement was marked as describing the person.")
    progress(0, total, "Looking for groups of opinion")
    groups, reason = _groups(votes, seed)
    shown = groups is not None and groups.stable
    progress(2, total, "Counting each statement")
    statements = statement_answers(
        votes,
        member=groups.member if groups is not None and shown else None,
        groups=len(groups.sizes) if groups is not None and shown else 0,
    )
    views: list[SharedView] = []
    told: list[dict[str, Any]] = []
    for position, one in enumerate(characteristics):
        progress(
            3 + position,
            total,
            f"Shared characteristic, shared view? {position + 1} of {len(characteristics)}",
        )
        told.append(_characteristic(one, ballots, votes, seed, position, permutations, views))
    progress(total, total, "Storing")
    voted = int((np.bincount(votes.person, minlength=votes.people) > 0).sum())
    return {
        "people": voted,
        "votes": len(votes),
        "statements": [_statement(one) for one in statements],
        "groups": [
            {"name": group_name(at), "people": INTERNAL.shows(size).as_json()}
            for at, size in enumerate(groups.sizes)
        ]
        if groups is not None and shown
        else [],
        "stability": groups.stability if groups is not None else None,
        "no_groups": reason,
        "characteristics": told,
        "caveats": [_uncounted(one) for one in caveats(groups, tuple(views), shown=shown)],
        "permutations": permutations,
        "matters": MATTERS,
    }


def _uncounted(caveat: str) -> str:
    """The caveat without the number of people in the smallest characteristic: it may have to stay hidden."""
    if caveat.startswith("With as few as"):
        return "With so few people on either side only a large share could have shown itself."
    return caveat


def _groups(votes: Votes, seed: int) -> tuple[Groups | None, str]:
    try:
        groups = opinion_groups(votes, rng=np.random.default_rng([seed, 0]))
    except CannotAnalyse as error:
        return None, str(error)
    return groups, "" if groups.stable else no_groups_sentence(groups)


def _statement(one: Statement) -> dict[str, Any]:
    overall = _answers(one.overall)
    by_group = [{"group": group_name(part.group or 0), **_answers(part)} for part in one.by_group]
    return {
        "number": int(one.name),
        **overall,
        "common": _common(one, [overall, *by_group]),
        "divides": one.divisive and _divides(overall, by_group),
        "by_group": by_group,
    }


def _common(one: Statement, parts: list[dict[str, Any]]) -> str:
    """Common ground that can be read off the numbers shown: else the word would tell what they hide."""
    side = one.consensus or ""
    shares = [part["agreement" if side == "agree" else "disagreement"] for part in parts]
    return side if side and all(share is not None and share[0] > 0.5 for share in shares) else ""


def _divides(overall: dict[str, Any], by_group: list[dict[str, Any]]) -> bool:
    """The same of what divides: groups on opposite sides of half, or a large part of everybody on either side."""
    if len(by_group) > 1:
        most = [part for part in by_group if part["agreement"] and part["agreement"][0] > 0.5]
        least = [
            part
            for part in by_group
            if (part["agreement"] and part["agreement"][1] < 0.5)
            or (part["disagreement"] and part["disagreement"][0] > 0.5)
        ]
        return bool(most and least)
    sides = [overall["agreement"], overall["disagreement"]]
    return all(one is not None and one[0] >= LARGE_PART for one in sides)


def _answers(part: Answers) -> dict[str, Any]:
    """Counts as an organisation may read them, and intervals that nobody can undo into a hidden one."""
    shown = [INTERNAL.shows(one) for one in (part.agree, part.disagree, part.passed)]
    ranges = [INTERNAL.range_of(one) for one in shown]
    return {
        "agree": shown[0].as_json(),
        "disagree": shown[1].as_json(),
        "pass": shown[2].as_json(),
        "agreement": _interval(shown[0], ranges, 0),
        "disagreement": _interval(shown[1], ranges, 1),
    }


def _interval(one: Published, ranges: list[tuple[int, int]], at: int) -> list[float] | None:
    """The share's interval whatever the hidden counts beside it are; none where the count itself is hidden."""
    if one.value is None:
        return None
    least = sum(low for place, (low, _) in enumerate(ranges) if place != at)
    most = sum(high for place, (_, high) in enumerate(ranges) if place != at)
    return [
        cautious_wilson(one.value, whole=one.value + most)[0],
        cautious_wilson(one.value, whole=one.value + least)[1],
    ]


def _characteristic(
    one: Described,
    ballots: Ballots,
    votes: Votes,
    seed: int,
    position: int,
    permutations: int,
    views: list[SharedView],
) -> dict[str, Any]:
    answers = ballots.of(one.number)
    level = np.where(answers == AGREE, 0, np.where(answers == DISAGREE, 1, -1)).astype(np.int64)
    sizes = [int((level == 0).sum()), int((level == 1).sum())]
    shown = [
        published_special(size, of=sum(sizes), public=False) if one.special else INTERNAL.shows(size)
        for size in sizes
    ]
    told: dict[str, Any] = {
        "number": one.number,
        "text": one.text,
        "special": one.special,
        "yes": shown[0].as_json(),
        "no": shown[1].as_json(),
        "least": min(sizes),  # for the public page's threshold alone: no page prints it
    }
    try:
        view = shared_view(
            votes,
            characteristic=one.text,
            level=level,
            names=("yes", "no"),
            rng=np.random.default_rng([seed, 1 + position]),
            permutations=permutations,
        )
    except CannotAnalyse:
        # core's sentence counts the people; this page may not
        return told | {"verdict": "too few to say"}
    views.append(view)
    return told | {
        "verdict": _verdict(view),
        "share": view.share,
        "interval": None if view.interval is None else list(view.interval),
        "p_value": view.p_value,
    }


def _verdict(view: SharedView) -> str:
    if view.cannot_say:
        return "these votes cannot say"
    return (
        "goes with a view"
        if view.interval is not None and view.interval[0] > 0
        else "hardly any view goes with it"
    )
