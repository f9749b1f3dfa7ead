"""The ledger of clues in odds form, and what the next study would be worth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.mixed.clues import CAP, Clue, coders_together, weigh_clues
from folkmoot.core.mixed.next_study import worth_of_study

RATIOS = st.floats(0.02, 50)


def test_odds_multiply_over_independent_sources():
    found = weigh_clues(
        [Clue("a", 2.25, 2.25), Clue("b", 6, 6), Clue("c", 1 / 6, 1 / 6, found=False)], prior=0.5
    )
    assert round(found.low, 3) == round(found.high, 3) == 0.692
    assert found.not_found == 1 and "sensitivity display" in found.caveats[0]


def test_clues_of_one_source_are_discounted_together():
    three = [Clue("a", 4, 4)] * 3
    apart = weigh_clues([Clue(name, 4, 4) for name in "abc"], prior=0.5).low
    assert weigh_clues(three, prior=0.5, same_source=1).low == pytest.approx(0.8)  # as one of them would
    assert weigh_clues(three, prior=0.5, same_source=0).low == pytest.approx(apart) == pytest.approx(64 / 65)
    middle = weigh_clues(three, prior=0.5, same_source=0.5)
    assert middle.by_source[0][1] == pytest.approx(3 * math.log(4) / 2)


def test_no_source_counts_beyond_its_cap():
    found = weigh_clues([Clue("a", 1e9, 1e12)], prior=0.5)
    assert found.low == found.high == pytest.approx(100 / 101) and found.capped == ("a",)
    assert any("capped" in said for said in found.caveats) and any(
        "one source" in said for said in found.caveats
    )


@given(
    st.lists(st.tuples(st.sampled_from("abc"), RATIOS, RATIOS), max_size=8),
    st.floats(0.01, 0.99),
    st.floats(0, 1),
)
def test_the_interval_holds_whatever_lies_within_the_judgements(judged, prior, together):
    clues = [Clue(source, min(one, two), max(one, two)) for source, one, two in judged]
    wide = weigh_clues(clues, prior=prior, same_source=together)
    middle = weigh_clues(
        [Clue(c.source, math.sqrt(c.low * c.high), math.sqrt(c.low * c.high)) for c in clues],
        prior=prior,
        same_source=together,
    )
    assert 0 <= wide.low <= middle.low + 1e-12 and middle.high <= wide.high + 1e-12 <= 1 + 1e-12
    assert all(-CAP <= low <= high <= CAP for _, low, high in wide.by_source)


def test_two_coders_widen_the_interval_and_one_is_refused():
    ann, ben = [Clue("a", 2, 3)], [Clue("a", 1, 2.5)]
    assert coders_together({"Ann": ann, "Ben": ben}) == (Clue("a", 1, 3),)
    with pytest.raises(CannotAnalyse, match="two coders"):
        coders_together({"Ann": ann})
    with pytest.raises(CannotAnalyse, match="same clues"):
        coders_together({"Ann": ann, "Ben": [Clue("b", 1, 2)]})


@pytest.mark.parametrize(
    "change",
    [
        {"prior": 0.0},
        {"prior": (0.6, 0.4)},
        {"same_source": 2.0},
        {"cap": 0.0},
        {"clues": [Clue("a", 0, 1)]},
        {"clues": [Clue("a", 3, 2)]},
    ],
)
def test_judgements_that_cannot_be_are_refused(change):
    given_ = {"clues": [Clue("a", 1, 2)], "prior": 0.5, **change}
    with pytest.raises(CannotAnalyse):
        weigh_clues(given_.pop("clues"), **given_)


def test_the_worth_of_knowing_is_what_simulation_says():
    random, m, s, v = np.random.default_rng(1), 0.4, 1.0, 0.5
    truth = random.normal(m, s, 400_000)
    seen = truth + random.normal(0, math.sqrt(v), truth.size)
    believed = (seen * s**2 + m * v) / (s**2 + v)
    found = worth_of_study(m, spread=s, variance=v)
    assert found.perfect == pytest.approx(np.maximum(truth, 0).mean() - m, abs=0.004)
    assert found.sample == pytest.approx((truth * (believed > 0)).mean() - m, abs=0.004)
    assert found.flips == pytest.approx((believed < 0).mean(), abs=0.003)


@given(st.floats(-5, 5), st.floats(0.01, 5), st.floats(1e-6, 1e6))
def test_a_study_is_never_worth_more_than_knowing(mean, spread, variance):
    found = worth_of_study(mean, spread=spread, variance=variance)
    assert 0 <= found.sample <= found.perfect + 1e-12 and 0 <= found.flips <= 0.5
    assert found.worth is None


def test_worth_counts_people_years_use_and_cost():
    plain = worth_of_study(0.1, spread=1, variance=1)
    found = worth_of_study(0.1, spread=1, variance=1, people=1000, years=5, chance_of_use=0.5, cost=100)
    assert found.worth == pytest.approx(plain.sample * 2500 - 100)


@pytest.mark.parametrize(
    "change", [{"spread": 0.0}, {"variance": -1.0}, {"chance_of_use": 2.0}, {"people": -1.0}]
)
def test_worth_without_a_spread_or_with_impossible_numbers_is_refused(change):
    with pytest.raises(CannotAnalyse):
        worth_of_study(0.1, **{"spread": 1.0, "variance": 1.0, **change})
