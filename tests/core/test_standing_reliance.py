"""What rests on an assumption, and the weakest of a chain."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.standing import Judgement, Reading, Test, Weakest, Word, Work, judge, reliance, weakest


def a_judgement(word: Word) -> Judgement:
    """A judgement that the rules themselves give this word."""

    def test(key: str, reading: Reading) -> Test:
        return Test(key, reading, 5, key, key, near=True, read_in_full=True)

    tests = {
        Word.NONE: [],
        Word.ANECDOTAL: [],
        Word.THIN: [test("a", Reading.FOR)],
        Word.CONTESTED: [test("a", Reading.FOR), test("b", Reading.AGAINST)],
        Word.CHALLENGED: [test("a", Reading.AGAINST), test("b", Reading.AGAINST)],
        Word.SUPPORTED: [test("a", Reading.FOR), test("b", Reading.FOR)],
    }[word]
    found = judge(tests, accounts=int(word is Word.ANECDOTAL))
    assert found.word is word
    return found


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (["supported", "thin", "contested"], ["2", "3"]),
        (["supported", "none", "contested", "anecdotal"], ["2", "4"]),
        (["none", "challenged", "thin"], ["2"]),
        (["supported", "supported"], ["1", "2"]),
    ],
)
def test_a_chain_is_as_strong_as_its_weakest_and_ties_stand_together(
    chain: list[str], expected: list[str]
) -> None:
    found = weakest({str(place): a_judgement(Word(word)) for place, word in enumerate(chain, 1)})
    assert list(found.assumptions) == expected
    assert found.sentence.endswith(".")


def test_an_empty_chain_has_no_weakest_assumption() -> None:
    with pytest.raises(CannotAnalyse):
        weakest({})


@given(st.lists(st.sampled_from(list(Word)), min_size=1, max_size=7))
def test_every_chain_has_a_weakest_assumption_and_no_rank_shows(words: list[Word]) -> None:
    made = {word: a_judgement(word) for word in set(words)}
    found = weakest({str(place): made[word] for place, word in enumerate(words)})
    assert found.assumptions
    assert {made[words[int(key)]].word for key in found.assumptions} == found.words
    assert not [field.name for field in fields(Weakest) if field.type in ("int", "float")]


def test_an_activity_counts_once_for_an_assumption_however_often_it_is_named() -> None:
    found = reliance(
        [
            Work("visit", 4.0, frozenset({"P3.1", "P3.2"})),
            Work("visit", 4.0, frozenset({"P3.2", "P1.1"})),
            Work("patrol", 6.5, frozenset({"P1.1"})),
            Work("stall", None, frozenset({"P1.1"})),
        ]
    )
    assert {key: (item.hours, item.activities, item.hours_not_recorded) for key, item in found.items()} == {
        "P1.1": (10.5, 3, 1),
        "P3.1": (4.0, 1, 0),
        "P3.2": (4.0, 1, 0),
    }
    assert "do not add up" in found["P3.1"].note


def test_hours_that_cannot_be_are_refused() -> None:
    with pytest.raises(CannotAnalyse, match="two different"):
        reliance([Work("visit", 4.0, frozenset({"a"})), Work("visit", 5.0, frozenset({"b"}))])
    for hours in (-1.0, float("nan"), float("inf")):
        with pytest.raises(CannotAnalyse, match="cannot be"):
            reliance([Work("visit", hours, frozenset({"a"}))])
