"""From marks to readings: horizons, parts of a population, chance, spans."""

from __future__ import annotations

from typing import Any

import pytest

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.standing import Mark, Reading, Word
from folkmoot.core.standing.grid import FactorMark, Link, Record, evidence_on, spans, stand

LASTS = Link("L.3", "L.2", "L.3", horizon_days=365, upstream=frozenset({"L.0", "L.1"}))
NOW = Link("L.2", "L.1", "L.2", upstream=frozenset({"L.0"}))


def a_record(*marks: FactorMark, key: str = "S", **changes: Any) -> Record:
    return Record(**({"key": key, "level": 5, "team": key, "sample": key, "marks": marks} | changes))


def mark(factor: int, found: Mark, days: int | None = None, **more: Any) -> FactorMark:
    return FactorMark(f"L.{factor}", found, horizon=f"{days} days", horizon_days=days, **more)


def test_a_mark_that_does_not_reach_the_horizon_is_nearest_and_no_test() -> None:
    record = a_record(mark(2, Mark.UP, 3), mark(3, Mark.UP, 7), mark(3, Mark.UP, 21, fading=True))
    found = stand(LASTS, [record])
    assert (found.judgement.word, found.label) == (Word.NONE, "none, nearest: 21 days, fading")


def test_of_several_horizons_the_first_that_reaches_is_read() -> None:
    record = a_record(
        mark(2, Mark.UP, 3), mark(3, Mark.UP, 21), mark(3, Mark.NOT_FOUND, 400), mark(3, Mark.DOWN, 800)
    )
    assert [test.reading for test in evidence_on(LASTS, [record]).tests] == [Reading.NO_EFFECT]


def test_a_horizon_nobody_read_does_not_reach_a_later_one() -> None:
    record = a_record(mark(2, Mark.UP), mark(3, Mark.UP))
    assert not evidence_on(LASTS, [record]).tests
    assert [
        test.reading for test in evidence_on(NOW, [a_record(mark(1, Mark.UP), mark(2, Mark.UP))]).tests
    ] == [Reading.FOR]


def test_the_cause_is_read_before_the_effect_not_after() -> None:
    record = a_record(mark(1, Mark.UP, 3), mark(1, Mark.NOT_FOUND, 100), mark(2, Mark.UP, 30))
    assert [test.reading for test in evidence_on(NOW, [record]).tests] == [Reading.FOR]


def test_a_part_of_the_people_is_shown_beside_and_not_counted_again() -> None:
    record = a_record(mark(1, Mark.UP), mark(2, Mark.UP), mark(2, Mark.NOT_FOUND, population="minority"))
    found = stand(NOW, [record])
    assert found.judgement.counted_for == ("S",)
    assert [(part.population, part.test.reading) for part in found.for_parts] == [
        ("minority", Reading.NO_EFFECT)
    ]


def test_an_outcome_that_only_neighbours_the_factor_gives_no_reading() -> None:
    record = a_record(mark(1, Mark.UP), mark(2, Mark.UP, direct=False))
    assert not evidence_on(NOW, [record]).tests


@pytest.mark.parametrize(
    ("randomised_at", "level"),
    [({"L.1"}, 5), ({"L.0"}, 3), ({"L.2"}, 2), ({"other"}, 2), (set(), 5), ({"L.0", "L.1"}, 5)],
)
def test_where_chance_decided_sets_what_the_study_is_worth_here(randomised_at: set[str], level: int) -> None:
    record = a_record(mark(1, Mark.UP), mark(2, Mark.UP), randomised_at=frozenset(randomised_at))
    (test,) = evidence_on(NOW, [record]).tests
    assert test.level_here() == level


def test_a_conflict_at_either_end_keeps_the_reading_from_counting() -> None:
    for ends in ({"cause": True, "effect": False}, {"cause": False, "effect": True}):
        record = a_record(
            mark(1, Mark.UP, in_conflict=ends["cause"]), mark(2, Mark.UP, in_conflict=ends["effect"])
        )
        assert stand(NOW, [record]).judgement.word is Word.NONE


def test_a_study_that_jumps_over_a_factor_is_a_span_and_counts_for_nothing() -> None:
    record = a_record(mark(0, Mark.UP), mark(2, Mark.NOT_FOUND))
    assert stand(NOW, [record]).judgement.word is Word.NONE
    (span,) = spans(["L.0", "L.1", "L.2"], [record])
    assert (span.start, span.end, span.reading) == ("L.0", "L.2", Reading.NO_EFFECT)


def test_a_chain_that_had_already_failed_is_not_blamed_for_what_came_later() -> None:
    record = a_record(mark(0, Mark.NOT_FOUND), mark(2, Mark.NOT_FOUND))
    assert spans(["L.0", "L.1", "L.2"], [record]) == ()


def test_an_outcome_without_its_mechanism_is_told_and_not_counted() -> None:
    record = a_record(mark(1, Mark.NOT_FOUND), mark(2, Mark.UP))
    judgement = stand(NOW, [record]).judgement
    assert judgement.word is Word.NONE
    assert "without this step" in judgement.set_aside[0].reason


def test_a_study_that_saw_the_effect_alone_says_nothing_at_all() -> None:
    assert stand(NOW, [a_record(mark(2, Mark.UP))]).judgement.set_aside == ()


@pytest.mark.parametrize(("found", "delivered"), [(Mark.UP, False), (Mark.NOT_FOUND, True)])
def test_what_was_manipulated_is_up_exactly_when_it_was_delivered(found: Mark, delivered: bool) -> None:
    with pytest.raises(CannotAnalyse, match="really delivered"):
        mark(0, found, manipulated=True, delivered=delivered)
