"""Which tests count, once each, and why the others do not.

Every test handed in comes out in exactly one place: counted, or set aside with a reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.standing.evidence import Test
from folkmoot.core.standing.marks import Reading
from folkmoot.core.standing.rules import RULES_2026_1, Rules


@dataclass(frozen=True, slots=True)
class SetAside:
    """A test that does not count, and the reason as a sentence."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Independent:
    """``counted``: one test per sample, at the counted level. ``usable``: whatever tests the assumption
    at all, at any level. ``at_odds``: the samples whose own reports disagree."""

    counted: tuple[Test, ...]
    usable: tuple[Test, ...]
    at_odds: tuple[str, ...]
    set_aside: tuple[SetAside, ...]


_NOT_A_TEST = {
    Reading.SPAN: "it did not measure the cause: shown on the chain as a span.",
    Reading.SILENT: "it says nothing about this assumption: the chain stopped earlier, or the effect was not measured.",
    Reading.WITHOUT_MECHANISM: "the outcome came without this step: shown on the chain, counted for no assumption.",
}


def independent(tests: Iterable[Test], *, rules: Rules = RULES_2026_1) -> Independent:
    """The tests that count. The order they are given in makes no difference.

    First what cannot count goes: readings that test nothing here, retracted studies, unresolved
    conflicts, designs below the scale or below the counted level. Then a review that counts takes
    the place of what it pools; a review that was itself set aside takes no place, so nothing is lost
    with it. Last, one sample counts once: reports that agree are one test, and reports that disagree
    are a conflict that nobody has resolved, shown and not counted. Reviews recorded as pooling each
    other are refused, since no reading of that is right.
    """
    aside: list[SetAside] = []
    usable: list[Test] = []
    strong: list[Test] = []
    for test in sorted(tests, key=Test.order):
        reason = _unusable(test)
        if reason:
            aside.append(SetAside(test.key, reason))
            continue
        usable.append(test)
        level = test.level_here(rules)
        if level < rules.counted_level:
            aside.append(SetAside(test.key, _too_weak(test, level, rules)))
        else:
            strong.append(test)
    strong = _reviews_once(strong, aside)
    counted, at_odds = _samples_once(strong, aside)
    return Independent(tuple(counted), tuple(usable), tuple(at_odds), tuple(aside))


def _unusable(test: Test) -> str:
    if test.retracted:
        return f"{test.key} was retracted."
    if test.in_conflict:
        return f"{test.key}: its reports conflict and nobody has resolved it."
    if not test.reading.is_a_test:
        return f"{test.key}: {_NOT_A_TEST[test.reading]}"
    if test.level_here() < 1:
        return f"{test.key} is below the Maryland scale: it compares with nothing, so it tests nothing."
    return ""


def _too_weak(test: Test, level: int, rules: Rules) -> str:
    said = f"{test.key} {test.reading.meaning}"
    if test.is_review and test.inclusion_level is None and test.level >= rules.counted_level:
        return f"{said}; it is a review whose inclusion rule was not read, so it is held at level {level}."
    if test.association and test.level >= rules.counted_level:
        return f"{said}; it shows an association, which is held at level {level}."
    return f"{said}; at level {level} it is below the {rules.counted_level} that counts."


def _reviews_once(strong: list[Test], aside: list[SetAside]) -> list[Test]:
    """Put each review in place of what it pools; a review inside another takes nobody's place."""
    pools: dict[str, frozenset[str]] = {}
    for test in strong:
        if test.is_review:
            pools[test.key] = pools.get(test.key, frozenset()) | test.pools
    inside: dict[str, str] = {}
    waiting = set(pools)
    while waiting:
        free = sorted(key for key in waiting if not any(key in pools[other] for other in waiting))
        if not free:
            raise CannotAnalyse(
                f"{' and '.join(sorted(waiting))} are recorded as pooling each other; correct that first."
            )
        for review in free:
            waiting.discard(review)
            for key in sorted(pools[review]):
                inside.setdefault(key, review)
                waiting.discard(key)
    kept: list[Test] = []
    for test in strong:
        if test.key in inside:
            aside.append(SetAside(test.key, f"{test.key} is already counted inside {inside[test.key]}."))
        else:
            kept.append(test)
    return kept


def _samples_once(strong: list[Test], aside: list[SetAside]) -> tuple[list[Test], list[str]]:
    by_sample: dict[str, list[Test]] = defaultdict(list)
    for test in strong:
        by_sample[test.sample].append(test)
    counted: list[Test] = []
    at_odds: list[str] = []
    for sample in sorted(by_sample):
        group = by_sample[sample]
        if len({test.reading for test in group}) > 1:
            at_odds.append(sample)
            for test in group:
                what = f"{test.key}, {test.outcome}," if test.outcome else test.key
                said = f"{what} {test.reading.meaning}, another result from the same people and places does not agree"
                aside.append(SetAside(test.key, f"{said}: a conflict to resolve first."))
            continue
        # a report read in full and near stands for its sample before one that is not
        chosen = min(group, key=lambda t: (not t.is_sound, not t.near, -t.level_here(), t.order()))
        counted.append(chosen)
        for test in group:
            if test is not chosen and test.key != chosen.key:
                reason = f"{test.key} has the same people and places as {chosen.key}, which is counted once."
                aside.append(SetAside(test.key, reason))
    return sorted(counted, key=Test.order), at_odds
