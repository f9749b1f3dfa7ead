"""Reach: shares, bounds, ratios and attendances, by hand and by property."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.reach.people import Tally, reach
from folkmoot.core.reach.shares import bounds_of_share, cautious_wilson, range_of_cell_share, wilson
from folkmoot.core.wording.reach import caveats, chart, group_sentence

HERE = [Tally("red", 600), Tally("blue", 300), Tally("green", 100)]


def by_name(result):
    return {group.group: group for group in result.groups}


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, p. 857, table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_equals_published_figures(part, whole, low, high):
    found = wilson(part, whole=whole)
    assert (round(found[0], 4), round(found[1], 4)) == (low, high)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # the same, method 4
    [(81, 263, 0.2535, 0.3682), (15, 148, 0.0598, 0.1644), (0, 20, 0.0, 0.2005), (1, 29, 0.0018, 0.1963)],
)
def test_the_interval_corrected_for_continuity_equals_published_figures(part, whole, low, high):
    found = cautious_wilson(part, whole=whole)
    assert (round(found[0], 4), round(found[1], 4)) == (low, high)


@given(st.integers(1, 400), st.data(), st.sampled_from([0.5, 0.8, 0.95, 0.99]))
def test_the_cautious_interval_holds_wilsons(whole, data, level):
    part = data.draw(st.integers(0, whole))
    (low, high), (least, most) = (
        wilson(part, whole=whole, level=level),
        cautious_wilson(part, whole=whole, level=level),
    )
    assert 0 <= least <= low <= high <= most <= 1


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_the_cautious_interval_holds_that_of_whoever_the_unrecorded_are(part, rest, unknown):
    if part + rest == 0:
        return
    tallies = [Tally("red", part), Tally("blue", rest), Tally(None, unknown)]
    red = by_name(reach(tallies, population=HERE))["red"]
    for inside in range(unknown + 1):
        low, high = cautious_wilson(part + inside, whole=part + rest + unknown)
        assert red.cautious_interval[0] <= low and high <= red.cautious_interval[1]
    assert red.cautious_interval[0] <= red.interval[0] and red.interval[1] <= red.cautious_interval[1]


def test_all_reached_has_its_upper_end_at_exactly_one():
    assert wilson(7, whole=7)[1] == 1.0 and wilson(0, whole=7)[0] == 0.0


@pytest.mark.parametrize(("part", "whole"), [(1, 0), (3, 2), (-1, 4)])
def test_a_share_of_nobody_is_refused(part, whole):
    with pytest.raises(CannotAnalyse):
        wilson(part, whole=whole)


def test_ten_unrecorded_people_bound_the_share_and_widen_the_interval():
    result = reach([Tally("red", 30), Tally("blue", 10), Tally(None, 10)], population=HERE)
    red = by_name(result)["red"]
    assert red.share_reached == 30 / 40
    assert red.bounds == (30 / 50, 40 / 50)
    low, high = wilson(30, whole=40)
    assert red.interval == (min(low, 0.6), max(high, 0.8))
    assert red.share_living_here == 0.6 and red.ratio == pytest.approx(0.75 / 0.6)
    assert red.ratio_interval == pytest.approx((red.interval[0] / 0.6, red.interval[1] / 0.6))
    assert result.not_recorded[0].count == 10 and result.not_recorded[0].share == 0.2


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6))
def test_the_bounds_are_what_the_unrecorded_can_reach(part, rest, unknown):
    if part + rest + unknown == 0:
        assert bounds_of_share((0, 0), rest=(0, 0), unknown=0) == (0.0, 1.0)
        return
    shares = [(part + inside) / (part + rest + unknown) for inside in range(unknown + 1)]
    assert bounds_of_share((part, part), rest=(rest, rest), unknown=unknown) == (min(shares), max(shares))


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 30)), min_size=1, max_size=8),
    st.booleans(),
)
def test_the_interval_holds_the_bounds_and_the_share(rows, attendances):
    tallies = [Tally(group, count) for group, count in rows]
    if not any(tally.count for tally in tallies):
        with pytest.raises(CannotAnalyse):
            reach(tallies, population=[Tally("a", 5)], attendances=attendances)
        return
    result = reach(tallies, population=[Tally("a", 5), Tally("b", 5)], attendances=attendances)
    for group in result.groups:
        low, high = group.interval
        assert 0 <= low <= group.bounds[0] <= group.bounds[1] <= high <= 1
        if group.share_reached is not None:
            assert low <= group.share_reached <= high


def test_attendances_bound_people_between_the_largest_and_the_sum_and_give_no_single_ratio():
    result = reach(
        [Tally("red", 12), Tally("red", 20), Tally("blue", 5), Tally("blue", 5), Tally(None, 3)],
        population=HERE,
        attendances=True,
    )
    red = by_name(result)["red"]
    assert red.people == (20, 32) and by_name(result)["blue"].people == (5, 10)
    assert red.share_reached is None and red.ratio is None
    assert red.bounds == (20 / (20 + 10 + 3), (32 + 3) / (32 + 5 + 3))
    assert red.ratio_interval[0] == pytest.approx(red.interval[0] / 0.6)
    assert result.people == (25, 45)
    assert any("attendances" in sentence for sentence in caveats(result))


def test_whoever_the_attenders_were_the_true_share_is_within_the_bounds():
    occasions = {"red": (3, 2), "blue": (2, 4)}
    tallies = [Tally(group, count) for group, counts in occasions.items() for count in counts]
    red = by_name(reach(tallies, population=HERE, attendances=True))["red"]
    for reds, blues in itertools.product(range(3, 6), range(4, 7)):
        assert red.bounds[0] <= reds / (reds + blues) <= red.bounds[1]


def test_a_perturbed_population_count_enters_as_a_range():
    assert range_of_cell_share(100, others=900, cells=3, off_by=2) == (98 / (98 + 904), 102 / (102 + 896))
    exact = by_name(reach([Tally("red", 3), Tally("green", 1)], population=HERE))["green"]
    wide = by_name(reach([Tally("red", 3), Tally("green", 1)], population=HERE, off_by=2))["green"]
    assert wide.ratio_interval[0] < exact.ratio_interval[0] < exact.ratio_interval[1] < wide.ratio_interval[1]
    assert wide.ratio == exact.ratio


def test_a_count_that_may_be_zero_has_no_ratio():
    result = reach([Tally("red", 3)], population=[Tally("red", 50), Tally("blue", 2)], off_by=3)
    assert by_name(result)["blue"].ratio is None
    assert any(part.part == "blue" and "as low as 0" in part.reason for part in result.refused)


def test_groups_never_seen_and_groups_without_a_population_are_named():
    result = reach([Tally("red", 5), Tally("violet", 2)], population=[*HERE, Tally("nobody", 0)])
    assert (None, "green") in result.never_seen and (None, "blue") in result.never_seen
    assert result.unknown_to_population == ((None, "violet"),)
    found = by_name(result)
    assert found["violet"].share_reached == 2 / 7 and found["violet"].share_living_here is None
    assert found["green"].share_reached == 0.0 and found["green"].ratio == 0.0
    assert {part.part for part in result.refused} == {"violet", "nobody"}


def test_places_are_compared_with_their_own_population():
    result = reach(
        [
            Tally("red", 4, "north"),
            Tally("blue", 4, "north"),
            Tally("red", 1, "south"),
            Tally(None, 1, "south"),
        ],
        population=[Tally("red", 90, "north"), Tally("blue", 10, "north"), Tally("red", 5, "south")],
    )
    north = next(group for group in result.groups if (group.place, group.group) == ("north", "blue"))
    assert north.share_living_here == 0.1 and north.ratio == 5.0
    assert [part.place for part in result.not_recorded] == ["north", "south"]
    assert [part.count for part in result.not_recorded] == [0, 1]


def test_a_difference_is_claimed_only_where_the_whole_interval_lies_to_one_side():
    sure = by_name(reach([Tally("red", 5), Tally("blue", 295)], population=HERE))["red"]
    unsure = by_name(reach([Tally("red", 5), Tally("blue", 295), Tally(None, 900)], population=HERE))["red"]
    assert "less than their share" in group_sentence(sure)
    assert "cannot say" in group_sentence(unsure)


def test_a_verdict_that_chance_and_the_unrecorded_together_could_undo_is_not_given():
    tallies = [Tally("young", 9), Tally("older", 73), Tally(None, 12)]
    young = by_name(reach(tallies, population=[Tally("young", 2100), Tally("older", 6200)]))["young"]
    assert young.ratio_interval[1] < 1 < young.cautious_ratio_interval[1]
    assert "cannot say whether" in group_sentence(young) and "(ratio 0.19 to 1.3)" in group_sentence(young)


def test_what_was_not_recorded_is_said_first_and_nobody_represents_a_group():
    result = reach([Tally("red", 5), Tally(None, 5)], population=HERE)
    said = caveats(result)
    assert said[0].startswith("For 5 of 10") and "nobody represents a group" in said[1]
    assert {bar["group"] for bar in chart(result)} == {"red", "blue", "green"}


@pytest.mark.parametrize(
    "people",
    [[], [Tally("red", -1)], [Tally("red", float("nan"))], [Tally("red", 0)]],
)
def test_counts_that_are_no_counts_are_refused(people):
    with pytest.raises(CannotAnalyse):
        reach(people, population=HERE)


def test_all_unrecorded_leaves_no_share():
    result = reach([Tally(None, 9)], population=HERE)
    assert not result.groups and "any share could be true" in result.refused[0].reason


def test_a_million_groups_are_refused_in_one_sentence():
    with pytest.raises(CannotAnalyse, match="more than 10,000 groups"):
        reach((Tally(str(index), 1) for index in range(30_000)), population=HERE)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=2), st.integers(0, 20), st.integers(0, 5))
def test_more_unrecorded_people_never_narrow_anything(counts, unknown, more):
    if not sum(counts):
        return
    tallies = [Tally("red", counts[0]), Tally("blue", counts[1])]
    few = by_name(reach([*tallies, Tally(None, unknown)], population=HERE))["red"]
    many = by_name(reach([*tallies, Tally(None, unknown + more)], population=HERE))["red"]
    assert many.interval[0] <= few.interval[0] and many.interval[1] >= few.interval[1]
