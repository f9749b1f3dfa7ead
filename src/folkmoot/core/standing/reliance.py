"""What rests on an assumption, and which one of a chain is the weakest.

Neither is a score. Hours on one assumption are hours also counted on the next, so nothing here adds
them up; and the weakest assumption is found by words, in stated groups, with ties side by side.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.standing.judge import Judgement
from folkmoot.core.standing.words import Word

NEVER_ADDED = "The same hour is counted under every assumption it needs, so these hours do not add up."


@dataclass(frozen=True, slots=True)
class Work:
    """One activity and the assumptions of the mechanism version it was done under.

    ``hours`` is None where nobody recorded them, which is not zero.
    """

    activity: str
    hours: float | None
    assumptions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reliance:
    """What rests on one assumption: distinct activities, their hours, and how many gave no hours."""

    assumption: str
    hours: float
    activities: int
    hours_not_recorded: int
    note: str = NEVER_ADDED


def reliance(work: Iterable[Work]) -> dict[str, Reliance]:
    """For each assumption what rests on it, each activity once however often it is named.

    An activity named twice, under two mechanisms, brings the assumptions of both. If its hours
    differ between the two namings they are not one activity, and that is refused.
    """
    hours: dict[str, float | None] = {}
    rests_on: dict[str, set[str]] = {}
    for item in work:
        if item.hours is not None and not (item.hours >= 0 and math.isfinite(item.hours)):
            raise CannotAnalyse(f"{item.activity} has hours that cannot be: {item.hours}.")
        if item.activity in hours and hours[item.activity] != item.hours:
            raise CannotAnalyse(f"{item.activity} appears with two different numbers of hours.")
        hours[item.activity] = item.hours
        rests_on.setdefault(item.activity, set()).update(item.assumptions)
    by_assumption: dict[str, list[float | None]] = {}
    for activity, assumptions in rests_on.items():
        for assumption in assumptions:
            by_assumption.setdefault(assumption, []).append(hours[activity])
    return {
        assumption: Reliance(
            assumption=assumption,
            hours=math.fsum(value for value in values if value is not None),
            activities=len(values),
            hours_not_recorded=sum(value is None for value in values),
        )
        for assumption, values in sorted(by_assumption.items())
    }


@dataclass(frozen=True, slots=True)
class Weakest:
    """The weakest assumptions of a chain, all that tie, in the order they were given, and why."""

    assumptions: tuple[str, ...]
    words: frozenset[Word]
    sentence: str


# Tried from the first. A step that tests speak against breaks the chain, which is worse than not
# knowing; not knowing is worse than being unsure; words in one group tie.
_GROUPS: tuple[tuple[frozenset[Word], str], ...] = (
    (
        frozenset({Word.CHALLENGED}),
        "Tests say that {it} does not hold, and the chain cannot hold without it.",
    ),
    (frozenset({Word.NONE, Word.ANECDOTAL}), "Nothing recorded has tested {it_or_any}."),
    (frozenset({Word.THIN, Word.CONTESTED}), "What has tested {it} does not settle it."),
    (frozenset({Word.SUPPORTED}), "Every assumption of the chain is supported."),
)


def weakest(judgements: Mapping[str, Judgement]) -> Weakest:
    """The weakest of a chain's assumptions by their words, in the order the chain gives them.

    A chain holds no better than these. Challenged comes first, then what nothing has tested, then
    what is unsettled; inside a group no one is weaker than another, so all are named. An empty chain
    is refused.
    """
    if not judgements:
        raise CannotAnalyse("A chain without assumptions has no weakest one.")
    for words, sentence in _GROUPS:
        found = tuple(key for key, judgement in judgements.items() if judgement.word in words)
        if found:
            it = "this assumption" if len(found) == 1 else f"each of these {len(found)} assumptions"
            shown = frozenset(judgements[key].word for key in found)
            return Weakest(found, shown, sentence.format(it=it, it_or_any=it.replace("each of", "any of")))
    raise CannotAnalyse("A judgement has a word that the rules do not know.")
