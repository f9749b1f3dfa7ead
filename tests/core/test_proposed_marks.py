"""The rule by which a finding's interval becomes a mark, and the sentence that goes with it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate
from folkmoot.core.standing.marks import Mark
from folkmoot.core.standing.proposing import proposed_mark
from folkmoot.core.wording.finding import finding_sentence

NUMBERS = st.floats(-10, 10, allow_nan=False)


@pytest.mark.parametrize(
    ("low", "high", "mark"),
    [
        (0.017, 0.112, Mark.UP),
        (-0.112, -0.017, Mark.DOWN),
        (-0.017, 0.024, Mark.SAME),
        (0.001, 0.02, Mark.SAME),  # surely there and surely trifling
        (-0.02, -0.001, Mark.SAME),
        (-0.02, 0.05, Mark.NOT_FOUND),
        (-0.2, 0.2, Mark.NOT_FOUND),
        (0.0, 0.2, Mark.NOT_FOUND),
        (-math.inf, 0.2, Mark.NOT_FOUND),
        (math.nan, math.nan, Mark.NOT_FOUND),
    ],
)
def test_an_interval_earns_its_mark_against_nothing_and_the_smallest_change(low, high, mark):
    assert proposed_mark(low, high, smallest_change=0.03).mark is mark


@given(NUMBERS, NUMBERS, st.floats(0.01, 5))
def test_where_less_is_expected_the_mark_is_that_of_the_mirrored_interval(one, other, smallest):
    low, high = sorted((one, other))
    mirrored = proposed_mark(-high, -low, smallest_change=smallest)
    assert proposed_mark(low, high, smallest_change=smallest, rises=False) == mirrored


@given(NUMBERS, NUMBERS, st.floats(0.01, 5))
def test_an_interval_that_holds_nothing_never_moves_a_factor(one, other, smallest):
    low, high = min(one, other, 0.0), max(one, other, 0.0)
    assert proposed_mark(low, high, smallest_change=smallest).mark in {Mark.SAME, Mark.NOT_FOUND}


def test_a_change_that_matters_has_to_be_above_zero():
    with pytest.raises(CannotAnalyse, match="above zero"):
        proposed_mark(0.1, 0.2, smallest_change=0.0)
    with pytest.raises(CannotAnalyse, match="upper end"):
        proposed_mark(0.3, 0.2, smallest_change=0.1)


def test_the_sentence_says_points_of_a_share_and_never_no_effect():
    said = finding_sentence(
        Estimate(0.064, 0.024, 0.017, 0.112),
        outcome="thinks well of them",
        share=True,
        smallest_change=0.05,
        supposing="randomised",
    )
    assert said == (
        "With the work, “thinks well of them” was 6.4 points higher than without it (95% interval 1.7 to 11.2). "
        "The interval leaves out no change at all."
    )
    wide = finding_sentence(
        Estimate(-0.01, 0.05, -0.108, 0.088), outcome="it", share=True, smallest_change=0.05
    )
    assert "1.0 point lower" in wide and "−10.8 to 8.8" in wide
    assert "so this does not say which" in wide and "no effect" not in wide
    trifling = finding_sentence(
        Estimate(0.4, 1.0, -1.7, 2.4), outcome="it", share=False, smallest_change=3.0, supposing="alone"
    )
    assert "smaller than the 3" in trifling and "if nothing else changed meanwhile" in trifling


def test_a_change_with_nobody_to_compare_with_is_told_as_a_change_and_an_open_interval_as_none():
    seen = finding_sentence(
        Estimate(0.4, 0.1, 0.2, 0.6), outcome="it", share=False, smallest_change=0.1, supposing="seen"
    )
    assert seen.startswith("After the work began, “it” was 0.4000 higher than before (95% interval")
    assert "does not say what the work did" in seen and "without it" not in seen
    none = finding_sentence(
        Estimate(0.4, 0.1, -math.inf, math.inf),
        outcome="it",
        share=False,
        smallest_change=0.1,
        supposing="seen",
    )
    assert "No interval can be given" in none and "inf" not in none
