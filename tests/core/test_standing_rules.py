"""The table of standing: its rows by worked example, its properties by search."""

from __future__ import annotations

import itertools
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.standing import (
    RULES_2026_1,
    Column,
    Judgement,
    Mark,
    Pooled,
    Randomised,
    Reading,
    Test,
    TransferDistance,
    Word,
    judge,
    level_for_link,
    near,
    reading,
)


def a_test(key: str, said: Reading, **changes: Any) -> Test:
    """A sound, near, level-5 test by its own team on its own sample unless said otherwise."""
    sound: dict[str, Any] = {
        "level": 5,
        "team": f"team of {key}",
        "sample": f"people of {key}",
        "near": True,
        "read_in_full": True,
        "randomised": Randomised.AT_CAUSE,
    }
    return Test(key=key, reading=said, **(sound | changes))


FOR, AGAINST, NO_EFFECT = Reading.FOR, Reading.AGAINST, Reading.NO_EFFECT


@pytest.mark.parametrize(
    ("cause", "effect", "expected"),
    [
        (Mark.UP, Mark.UP, FOR),
        (Mark.UP, Mark.DOWN, AGAINST),
        (Mark.UP, Mark.SAME, AGAINST),
        (Mark.UP, Mark.NOT_FOUND, NO_EFFECT),
        (Mark.UP, Mark.NOT_MEASURED, Reading.SILENT),
        *[(c, Mark.UP, Reading.WITHOUT_MECHANISM) for c in (Mark.DOWN, Mark.SAME, Mark.NOT_FOUND)],
        *[
            (c, e, Reading.SILENT)
            for c in (Mark.DOWN, Mark.SAME, Mark.NOT_FOUND)
            for e in (Mark.DOWN, Mark.SAME, Mark.NOT_FOUND, Mark.NOT_MEASURED)
        ],
        *[(Mark.NOT_MEASURED, e, Reading.SPAN) for e in Mark],
    ],
)
def test_two_marks_give_the_reading_of_the_table(cause: Mark, effect: Mark, expected: Reading) -> None:
    assert reading(cause, effect) is expected


def test_every_pair_of_marks_has_a_reading_and_mixed_is_no_mark() -> None:
    assert all(isinstance(reading(c, e), Reading) for c, e in itertools.product(Mark, Mark))
    with pytest.raises(ValueError):
        Mark("±")
    assert "".join(mark.sign for mark in Mark) == "▲▼=○–"


@pytest.mark.parametrize(
    ("tests", "more", "word", "leaning", "row"),
    [
        ([], {}, "none", "", "nothing"),
        ([], {"accounts": 3}, "anecdotal", "", "accounts-only"),
        ([("a", FOR)], {"accounts": 3}, "thin", "for", "otherwise"),
        ([("a", AGAINST)], {}, "thin", "against", "otherwise"),
        ([("a", NO_EFFECT)], {}, "thin", "no effect found", "otherwise"),
        ([("a", AGAINST), ("b", NO_EFFECT)], {}, "thin", "mixed", "otherwise"),
        ([("a", FOR), ("b", AGAINST)], {}, "contested", "", "tests-disagree"),
        ([("a", FOR), ("b", NO_EFFECT)], {}, "contested", "", "tests-disagree"),
        ([("a", FOR), ("b", FOR), ("c", NO_EFFECT)], {}, "supported", "", "tests-agree"),
        ([("a", FOR), ("b", FOR), ("c", NO_EFFECT), ("d", NO_EFFECT)], {}, "contested", "", "tests-disagree"),
        ([("a", AGAINST), ("b", AGAINST)], {}, "challenged", "", "tests-against"),
        ([("a", AGAINST)], {"failed_hoops": 1}, "challenged", "", "tests-against"),
        ([("a", FOR), ("b", FOR)], {"failed_hoops": 1}, "contested", "", "tests-disagree"),
        ([], {"failed_hoops": 1}, "thin", "against", "otherwise"),
        (
            [("a", Reading.SPAN), ("b", Reading.SILENT), ("c", Reading.WITHOUT_MECHANISM)],
            {},
            "none",
            "",
            "nothing",
        ),
    ],
)
def test_each_row_fires_on_its_own_evidence(
    tests: list[tuple[str, Reading]], more: dict[str, Any], word: str, leaning: str, row: str
) -> None:
    found = judge([a_test(key, said) for key, said in tests], **more)
    assert (found.word.value, found.leaning, found.row, found.rules_version) == (word, leaning, row, "2026.1")
    assert found.sentence.startswith(word.capitalize())


@pytest.mark.parametrize(
    "lacking",
    [
        {"team": "team of a"},
        {"team": ""},
        {"read_in_full": False},
        {"appraiser_is_evaluator": True},
        {"level": 2},
        {"association": True},
        {"sample": "people of a"},
        {"retracted": True},
        {"in_conflict": True},
    ],
)
def test_supported_needs_two_independent_teams_read_in_full_by_somebody_else(lacking: dict[str, Any]) -> None:
    first = a_test("a", FOR)
    assert judge([first, a_test("b", FOR)]).word is Word.SUPPORTED
    short = judge([first, a_test("b", FOR, **lacking)])
    assert (short.word, short.leaning) == (Word.THIN, "for")
    assert short.missing


def test_supported_needs_one_test_near_here() -> None:
    far = [a_test("a", FOR, near=False), a_test("b", FOR, near=False)]
    found = judge(far)
    assert found.word is Word.THIN
    assert found.missing == ("one of those read close to here",)
    assert judge([far[0], a_test("b", FOR)]).word is Word.SUPPORTED


def test_an_extra_paper_nobody_read_does_not_take_supported_away() -> None:
    tests = [a_test("a", FOR), a_test("b", FOR), a_test("c", FOR, read_in_full=False)]
    assert judge(tests).word is Word.SUPPORTED


def test_tests_below_level_three_are_shown_and_lean_but_never_count() -> None:
    found = judge([a_test(key, AGAINST, level=2) for key in "abc"])
    assert (found.word, found.leaning) == (Word.THIN, "against")
    assert found.counted_against == ()
    assert "no test reaches level 3" in found.sentence
    assert [item.key for item in found.set_aside] == ["a", "b", "c"]


def test_a_weaker_test_does_not_change_which_way_a_counted_one_leans() -> None:
    assert judge([a_test("a", FOR), a_test("b", AGAINST, level=2)]).leaning == "for"


def test_a_design_below_the_scale_is_no_test() -> None:
    assert judge([a_test("a", FOR, level=0)], accounts=1).word is Word.ANECDOTAL


def test_the_level_is_held_down_for_associations_earlier_randomisation_and_reviews() -> None:
    assert level_for_link(5, randomised=Randomised.AT_CAUSE) == 5
    assert level_for_link(5, randomised="before cause") == 3
    assert level_for_link(2, randomised="before cause") == 2
    assert level_for_link(4, association=True) == 2
    assert level_for_link(1, association=True) == 1
    assert level_for_link(5, is_review=True) == 2
    assert level_for_link(5, is_review=True, inclusion_level=3) == 3
    assert level_for_link(3, is_review=True, inclusion_level=4) == 3
    for level in (-1, 6):
        with pytest.raises(CannotAnalyse):
            level_for_link(level)


def test_one_sample_counts_once_when_its_reports_agree() -> None:
    same = [a_test("a", FOR, read_in_full=False), a_test("b", FOR, sample="people of a")]
    found = judge(same)
    assert found.counted_for == ("b",)
    assert found.set_aside[0].key == "a"
    assert "counted once" in found.set_aside[0].reason


def test_reports_of_one_sample_that_disagree_are_shown_and_not_counted() -> None:
    found = judge([a_test("a", FOR), a_test("a", NO_EFFECT, outcome="fear")])
    assert (found.word, found.leaning) == (Word.THIN, "mixed")
    assert found.counted_for == found.counted_no_effect == ()
    assert len(found.set_aside) == 2
    assert "disagrees with itself" in found.sentence


def test_setting_a_disagreement_aside_never_helps_an_assumption() -> None:
    agreed = [a_test("a", FOR), a_test("b", FOR)]
    no_effect = [a_test("c", NO_EFFECT), a_test("d", NO_EFFECT)]
    assert judge([*agreed, *no_effect]).word is Word.CONTESTED
    at_odds = judge([*agreed, *no_effect, a_test("e", AGAINST, sample="people of d")])
    assert (at_odds.word, at_odds.missing) == (Word.THIN, ("results of one study that disagree, resolved",))


def test_a_review_takes_the_place_of_what_it_pools() -> None:
    review = a_test("r", FOR, is_review=True, inclusion_level=3, pools=frozenset("ab"))
    found = judge([review, a_test("a", FOR), a_test("b", FOR), a_test("c", NO_EFFECT)])
    assert found.counted_for == ("r",)
    assert found.counted_no_effect == ("c",)
    assert {item.key for item in found.set_aside} == {"a", "b"}


@pytest.mark.parametrize("lacking", [{"in_conflict": True}, {"retracted": True}, {"inclusion_level": None}])
def test_a_review_that_does_not_count_hides_nothing(lacking: dict[str, Any]) -> None:
    review = replace(a_test("r", FOR, is_review=True, inclusion_level=3, pools=frozenset("ab")), **lacking)
    assert judge([review, a_test("a", FOR), a_test("b", FOR)]).counted_for == ("a", "b")


def test_a_review_inside_a_review_takes_nobodys_place() -> None:
    outer = a_test("outer", FOR, is_review=True, inclusion_level=3, pools=frozenset({"inner"}))
    inner = a_test("inner", FOR, is_review=True, inclusion_level=3, pools=frozenset({"a"}))
    assert judge([inner, outer, a_test("a", NO_EFFECT)]).counted_no_effect == ("a",)
    with pytest.raises(CannotAnalyse, match="pooling each other"):
        judge([inner, replace(outer, pools=frozenset({"inner"})), replace(inner, pools=frozenset({"outer"}))])


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (-1, 1.9, "challenged"),
        (0.1, 1.9, "challenged"),
        (0.1, 4, "supported"),
        (0, 4, "contested"),
        (-1, 2, "contested"),
    ],
)
def test_a_pooled_prediction_interval_replaces_the_counts(low: float, high: float, word: str) -> None:
    pooled = Pooled(5, True, True, low, high, smallest_change=2)
    assert judge([a_test("a", AGAINST)], pooled=pooled).word.value == word


@pytest.mark.parametrize(
    "lacking", [{"comparable_estimates": 4}, {"plan_registered": False}, {"papers_read_in_full": False}]
)
def test_pooling_without_enough_estimates_a_plan_or_reading_replaces_nothing(lacking: dict[str, Any]) -> None:
    pooled = replace(Pooled(5, True, True, 1, 3, smallest_change=2), **lacking)
    found = judge([a_test("a", AGAINST)], pooled=pooled)
    assert (found.word, found.leaning) == (Word.THIN, "against")
    assert found.set_aside[-1].key == "pooled"


def test_near_is_the_same_country_and_at_most_one_other_difference() -> None:
    for country, *others in itertools.product([True, False], repeat=5):
        assert near(TransferDistance(country, *others)) is (country and sum(others) <= 1)
    assert (
        TransferDistance(False, True, False, False, False).sentence == "Not near: differs in country, unit."
    )


# --- red line 11: a standing is a word, not a rank -----------------------------------------------


@pytest.mark.parametrize("kind", [Word, Column])
def test_rl11_standings_cannot_be_put_in_order(kind: type) -> None:
    first, second, *_ = kind
    for compare in (
        lambda: first < second,
        lambda: first <= second,
        lambda: first > second,
        lambda: first >= second,
        lambda: sorted(kind),
        lambda: max(kind),
        lambda: first > "a",
    ):
        with pytest.raises(TypeError, match="no order"):
            compare()
    assert first != second


def test_rl11_a_judgement_carries_no_number_but_the_count_of_failed_clues() -> None:
    assert [f.name for f in fields(Judgement) if f.type in ("int", "float")] == ["hoop_failures"]
    with pytest.raises(TypeError):
        sorted([judge([]), judge([])])  # type: ignore[type-var]
    assert all(not hasattr(word, name) for word in Word for name in ("rank", "score", "weight"))


# --- properties --------------------------------------------------------------------------------


KEYS = [f"k{number}" for number in range(6)]


@st.composite
def some_test(draw: st.DrawFn, said: Reading | None = None) -> Test:
    """Any test at all. A review pools only studies with a smaller key, as one that came later would."""
    number = draw(st.integers(0, len(KEYS) - 1))
    is_review = draw(st.booleans())
    pools = draw(st.sets(st.sampled_from(KEYS[:number]))) if is_review and number else set()
    return Test(
        key=KEYS[number],
        reading=said or draw(st.sampled_from(list(Reading))),
        level=draw(st.sampled_from([0, 2, 3, 5, 5])),
        team=draw(st.sampled_from(["", "north", "south"])),
        sample=draw(st.sampled_from(["s1", "s2", "s3", "s4", "s5"])),
        near=draw(st.booleans()),
        read_in_full=draw(st.sampled_from([True, True, True, False])),
        appraiser_is_evaluator=draw(st.sampled_from([False, False, True])),
        is_review=is_review,
        inclusion_level=draw(st.sampled_from([None, 3, 5])),
        pools=frozenset(pools),
        retracted=draw(st.sampled_from([False, False, False, True])),
        in_conflict=draw(st.sampled_from([False, False, False, True])),
        association=draw(st.sampled_from([False, False, False, True])),
        randomised=draw(st.sampled_from(list(Randomised))),
        outcome=draw(st.sampled_from(["", "other"])),
    )


many = st.lists(some_test(), max_size=9)
counts = st.integers(0, 2)
pooling = st.none() | st.builds(
    lambda n, plan, read, low, width: Pooled(n, plan, read, low, low + width, 2.0),
    st.integers(0, 7),
    st.booleans(),
    st.booleans(),
    st.floats(-3, 3),
    st.floats(0, 6),
)


@given(many, counts, pooling, counts)
def test_every_body_of_evidence_has_a_standing(
    tests: list[Test], accounts: int, pooled: Pooled | None, hoops: int
) -> None:
    found = judge(tests, accounts=accounts, pooled=pooled, failed_hoops=hoops)
    assert found.word in Word
    assert found.row in {row.key for row in RULES_2026_1.rows}
    assert (found.leaning != "") == (found.word is Word.THIN)
    assert found.sentence.endswith(".") and all(item.reason.endswith(".") for item in found.set_aside)


@settings(max_examples=600)
@given(many, some_test(AGAINST), counts, counts)
def test_one_more_test_against_never_yields_supported(
    tests: list[Test], one_more: Test, accounts: int, hoops: int
) -> None:
    before = judge(tests, accounts=accounts, failed_hoops=hoops)
    after = judge([*tests, one_more], accounts=accounts, failed_hoops=hoops)
    assert after.word is not Word.SUPPORTED or before.word is Word.SUPPORTED
    assert judge(tests, accounts=accounts, failed_hoops=hoops + 1).word is not Word.SUPPORTED
    if one_more.key in after.counted_against:
        assert after.word is not Word.SUPPORTED


@settings(max_examples=600)
@given(many, some_test(FOR), counts, counts)
def test_one_more_test_for_never_yields_challenged(
    tests: list[Test], one_more: Test, accounts: int, hoops: int
) -> None:
    before = judge(tests, accounts=accounts, failed_hoops=hoops)
    after = judge([*tests, one_more], accounts=accounts, failed_hoops=hoops)
    assert after.word is not Word.CHALLENGED or before.word is Word.CHALLENGED
    if after.counted_for:
        assert after.word is not Word.CHALLENGED


@given(many, counts, pooling, st.randoms(use_true_random=False))
def test_the_order_of_the_tests_makes_no_difference(
    tests: list[Test], accounts: int, pooled: Pooled | None, random: Any
) -> None:
    shuffled = list(tests)
    random.shuffle(shuffled)
    assert judge(tests, accounts=accounts, pooled=pooled) == judge(shuffled, accounts=accounts, pooled=pooled)


@given(many)
def test_retracted_and_conflicting_tests_never_count(tests: list[Test]) -> None:
    sound = [test for test in tests if not (test.retracted or test.in_conflict)]
    with_them, without = judge(tests), judge(sound)
    assert (with_them.word, with_them.leaning, with_them.row) == (without.word, without.leaning, without.row)
    assert with_them.counted_for == without.counted_for
    assert {test.key for test in tests if test not in sound} <= {item.key for item in with_them.set_aside}


@given(many)
def test_a_sample_never_counts_twice_and_every_study_is_accounted_for(tests: list[Test]) -> None:
    found = judge(tests)
    counted = [*found.counted_for, *found.counted_against, *found.counted_no_effect]
    assert len(counted) <= len({test.sample for test in tests})
    assert {test.key for test in tests} == set(counted) | {item.key for item in found.set_aside}


@given(many, counts, counts)
def test_accounts_move_nothing_but_none_to_anecdotal(tests: list[Test], few: int, more: int) -> None:
    first, second = judge(tests, accounts=few), judge(tests, accounts=few + more + 1)
    if first.word is Word.NONE:
        assert second.word is Word.ANECDOTAL
    else:
        assert first == second
