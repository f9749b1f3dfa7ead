"""Reach: not recorded first, small counts hidden before anything is worked out, attendances bounded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.activities.actions.initiatives import open_initiative
from folkmoot.activities.actions.occasions import log_activity
from folkmoot.activities.queries.blind_spots import (
    inside_group,
    reach_by_method,
    unmeasured,
)
from folkmoot.activities.queries.endings import end_of
from folkmoot.activities.queries.log import Filters
from folkmoot.activities.queries.missed import people_not_reached
from folkmoot.activities.queries.occasions import shown_counts, tallies_shown
from folkmoot.activities.queries.reach import Counts, counts_by_method, reach_by, shown
from folkmoot.activities.queries.sums import Sums, activities_of, rates_of, sums_by
from folkmoot.communities.models import (
    Category,
    Characteristic,
)
from folkmoot.communities.queries.people import LivingHere
from folkmoot.core.disclosure.published import HIDDEN, TOO_FEW, ZERO
from folkmoot.core.reach.shares import wilson
from tests.apps.activities.conftest import DAY, STAMP

PERIOD = Filters(since=date(2026, 1, 1), until=date(2026, 11, 1))


def log(cast, work, *, people, tallies=None, **given):
    given = {"initiative": work.initiative, "happened_on": DAY, "place": work.quay} | given
    counts = {} if tallies is None else {category.pk: number for category, number in tallies.items()}
    return log_activity(organisation=cast.police, people=people, tallies=counts, by=cast.ben, **given)


def asked(cast, characteristic, filters=PERIOD):
    return reach_by(characteristic, organisation=cast.police, filters=filters, viewer=cast.ben)


def test_shares_are_those_of_a_calculation_by_hand(cast, work, living):
    young, middle, old = work.bands
    log(cast, work, people=60, tallies={young: 10, middle: 30})
    log(cast, work, people=40, tallies={middle: 20, old: 20}, place=work.hill)
    found = asked(cast, work.age)
    assert (found.rest, found.sums.heads, found.rest_share) == (20, 100, 0.2)
    by_name = {group.category: group.found for group in found.groups}
    # 10 young of 80 recorded, 20 unrecorded of 100; 400 of 2,000 live here, each of 6 cells may be off by 2
    one = by_name[young]
    assert one.share_reached == pytest.approx(10 / 80)
    assert one.bounds == pytest.approx((10 / 100, 30 / 100))
    low, high = wilson(10, whole=80)
    assert one.interval == pytest.approx((min(low, 0.10), max(high, 0.30)))
    assert one.share_living_here == pytest.approx(0.2)
    assert one.share_living_here_range == pytest.approx((396 / 2004, 404 / 1996))
    assert one.ratio_interval == pytest.approx(
        (one.interval[0] / (404 / 1996), one.interval[1] / (396 / 2004))
    )


def test_a_place_counts_what_lies_in_it_and_a_filter_narrows_the_people(cast, work, living):
    young = work.bands[0]
    log(cast, work, people=10, tallies={young: 10})
    log(cast, work, people=10, tallies={young: 5}, place=work.hill, initiative=None, method=work.visit)
    log(cast, work, people=10, tallies={young: 10}, happened_on=date(2025, 12, 31))
    inside = frozenset({work.town.pk, work.quay.pk, work.hill.pk})
    everywhere = asked(
        cast, work.age, Filters(since=PERIOD.since, until=PERIOD.until, place=work.town, places=inside)
    )
    assert (everywhere.groups[0].shown.value, everywhere.here.by_category[young.pk].people) == (15, 400)
    here = asked(
        cast, work.age, Filters(since=PERIOD.since, place=work.quay, places=frozenset({work.quay.pk}))
    )
    assert (here.groups[0].shown.value, here.here.by_category[young.pk].people) == (10, 300)
    assert asked(cast, work.age, Filters(method=work.visit)).groups[0].shown.value == 5
    assert asked(cast, work.age, Filters(initiative=work.initiative)).groups[0].shown.value == 20


def test_attendances_are_bounded_and_have_no_single_share(cast, work, living):
    young, middle, _ = work.bands
    for number in (10, 6):
        log(cast, work, people=number + 20, counted="attendances", tallies={young: number, middle: 20})
    found = asked(cast, work.age)
    group = found.groups[0]
    assert (group.fewest, group.shown.value) == (10, 16)
    assert group.found.people == (10, 16)
    assert group.found.share_reached is None
    assert group.found.bounds == pytest.approx((10 / (10 + 40), 16 / (16 + 20)))


def test_different_people_and_attendances_add_up_to_the_right_ends(cast, work, living):
    young, middle, _ = work.bands
    log(cast, work, people=30, tallies={young: 10, middle: 20})
    for number in (5, 8, 8):
        log(cast, work, people=number, counted="attendances", tallies={young: number})
    group = asked(cast, work.age).groups[0]
    assert group.found.people == (10 + 8, 10 + 21)
    assert (group.fewest, group.shown.value) == (18, 31)


def test_small_counts_are_hidden_and_everything_else_is_worked_out_without_them(cast, work, living):
    young, middle, old = work.bands
    log(cast, work, people=50, tallies={young: 3, middle: 40, old: 0})
    found = asked(cast, work.age)
    assert found.groups[0].shown == HIDDEN
    assert found.groups[2].shown == ZERO
    # the three count as not recorded: no total, share or interval brings them back
    assert (found.rest, found.hides) == (10, True)
    assert found.groups[1].found.share_reached == 1.0
    assert {group.category for group in found.absent} == {young, old}


@given(counts=st.lists(st.integers(0, 40), min_size=3, max_size=3), others=st.integers(0, 30))
def test_what_is_shown_is_the_same_whatever_the_hidden_counts_are(counts, others):
    """Moving people between a hidden group and the not recorded changes nothing that a reader sees."""
    characteristic = Characteristic(pk=1, code="age", name="Age")
    categories = [Category(pk=n, characteristic=characteristic, name=f"c{n}") for n in range(3)]
    total = sum(counts) + others

    def page(numbers):
        return shown(
            characteristic,
            categories,
            {n: Counts(people=number) for n, number in enumerate(numbers)},
            sums=Sums(activities=3, people=total),
            here=LivingHere(),
        )

    first = page(counts)
    for place, number in enumerate(counts):
        if 0 < number < 5:
            for instead in range(1, 5):
                if instead <= number + others:
                    again = page([*counts[:place], instead, *counts[place + 1 :]])
                    assert (again.groups, again.rest, again.hides) == (first.groups, first.rest, first.hides)


def test_special_categories_need_ten_in_a_group_and_twenty_five_in_all(cast, work, living):
    asian, black, white, _ = work.groups
    log(cast, work, people=24, tallies={asian: 11, white: 13})
    assert all(group.shown == TOO_FEW for group in asked(cast, work.ethnic).groups)
    log(cast, work, people=20, tallies={black: 9, white: 11})
    shown_now = {group.category: group.shown for group in asked(cast, work.ethnic).groups}
    assert (shown_now[asian].value, shown_now[white].value, shown_now[black]) == (11, 24, TOO_FEW)


def test_parts_of_a_shown_count_are_rounded():
    parts = shown_counts({1: 62, 2: 3, 3: 0}, special=False, of_a_whole=True)
    assert (parts[1].value, parts[2], parts[3]) == (60, HIDDEN, ZERO)
    assert shown_counts({1: 9, 2: 12}, special=True, of_a_whole=True)[1] == TOO_FEW


def test_one_occasion_hides_its_small_counts_too(as_, cast, work):
    activity = log(cast, work, people=50, tallies={work.bands[0]: 3, work.bands[1]: 40})
    (one,) = tallies_shown(activity)
    assert (one.rest, one.hides) == (10, True)
    text = as_(cast.ben).get(reverse("activity", args=[activity.pk])).text
    assert "Under 25: fewer than 5" in text
    assert "or too few to show: 10" in text


def test_what_nobody_counts_or_no_table_knows_is_called_unmeasured(cast, work, living):
    faith = Characteristic.objects.create(
        code="faith", name="Religion", special=True, visibility="public", **STAMP
    )
    log(cast, work, people=20, tallies={work.bands[0]: 5})
    found = {one.characteristic.code: (one.tallied, one.living) for one in unmeasured(cast.ben, cast.police)}
    assert found == {"ethnic": (False, True), "faith": (False, False)}
    assert faith.pk
    lines = people_not_reached(cast.ben, cast.police, filters=PERIOD)
    assert [line.kind for line in lines] == ["unknown", "absent", "absent", "unmeasured"]
    assert lines[0].sentence == "Age: not recorded for 75% of the people counted."


def test_inside_a_group_the_areas_where_nobody_was_reached_come_first(cast, work, living):
    young = work.bands[0]
    log(cast, work, people=40, tallies={young: 22})
    log(cast, work, people=9, place=None)
    found = inside_group(young, organisation=cast.police, filters=PERIOD, viewer=cast.ben)
    assert [(row.place.name, row.shown.value, row.living.people, row.occasions) for row in found.areas] == [
        ("Kelby Hill", None, 100, 0),
        ("Kelby Quay", 20, 300, 1),
    ]
    assert found.elsewhere == 1


def test_methods_are_shown_apart_with_the_not_recorded_first(cast, work, living):
    young, middle, _ = work.bands
    log(cast, work, people=40, tallies={young: 30})
    log(cast, work, people=40, tallies={young: 12, middle: 28}, initiative=None, method=work.visit)
    log(cast, work, people=8, initiative=None)
    work_done = activities_of(cast.ben, since=PERIOD.since, until=PERIOD.until)
    rows = reach_by_method(
        work.age,
        overall=asked(cast, work.age),
        sums=sums_by(work_done, rates=rates_of([]), by="method_id"),
        counts=counts_by_method(cast.police, PERIOD, work.bands, viewer=cast.ben),
    )
    assert [row.method for row in rows] == [None, work.stall, work.visit]
    assert [group.shown.value for group in rows[2].reach.groups] == [10, 30, None]


def test_the_end_of_a_method_names_places_people_and_groupings_it_alone_reached(cast, work, living):
    young, middle, _ = work.bands
    log(cast, work, people=40, tallies={young: 12, middle: 28}, hours=2)
    log(cast, work, people=30, counted="attendances", hours=3)
    log(cast, work, people=25, place=work.hill)
    log(cast, work, people=5, place=work.hill, initiative=None, method=work.visit, hours=5)
    found = end_of(
        work.stall, organisation=cast.police, since=PERIOD.since, until=PERIOD.until, viewer=cast.ben
    )
    assert (found.sums.activities, found.sums.hours, found.share_of_hours) == (3, Decimal(5), 0.5)
    assert [(one.place, one.occasions, one.fewest, one.most) for one in found.places] == [
        (work.quay, 2, 70, 70)
    ]
    assert [(category.name, count.value) for category, count in found.groups[0].groups][:2] == [
        ("Under 25", 10),
        ("25 to 64", 30),
    ]
    other = end_of(
        work.visit, organisation=cast.police, since=PERIOD.since, until=PERIOD.until, viewer=cast.ben
    )
    assert other.places == ()


def test_who_comes_again_may_come_at_another_place_as_well(cast, work):
    log(cast, work, people=30, counted="attendances")
    log(cast, work, people=20, counted="attendances", place=work.hill)
    found = end_of(
        work.stall, organisation=cast.police, since=PERIOD.since, until=PERIOD.until, viewer=cast.ben
    )
    assert (found.fewest, found.most) == (30, 50)


def test_contact_with_partners_can_be_left_out(cast, work, living):
    young = work.bands[0]
    log(cast, work, people=10, tallies={young: 10})
    log(cast, work, people=10, tallies={young: 10}, counterpart="partner")
    found = asked(cast, work.age, Filters(without_partners=True))
    assert (found.groups[0].shown.value, found.sums.heads) == (10, 10)


def test_nobody_outside_learns_anything(cast, work, living):
    log(cast, work, people=40, tallies={work.bands[0]: 30})
    for outsider in (cast.cleo, cast.dina, cast.eli, cast.gus):
        found = reach_by(work.age, organisation=cast.police, filters=PERIOD, viewer=outsider)
        assert (found.sums.activities, found.rest, found.computed) == (0, 0, None)
        assert people_not_reached(outsider, cast.police, filters=PERIOD) == ()
        assert unmeasured(outsider, cast.police)  # of the shared tables only


def test_an_office_sees_its_own_work_and_not_the_polices(as_, cast, work, living):
    log(cast, work, people=40, tallies={work.bands[0]: 30})
    open_initiative("Surgery", organisation=cast.office, method=work.stall, by=cast.cleo)
    text = as_(cast.cleo).get(reverse("initiatives")).text
    assert "Surgery" in text
    assert "Market stall" not in text
    assert "No activity is recorded" in as_(cast.cleo).get(reverse("work")).text


def test_the_page_says_the_not_recorded_before_any_share(
    as_, cast, work, living, django_assert_max_num_queries
):
    young, middle, old = work.bands
    log(cast, work, people=60, tallies={young: 10, middle: 30})
    log(cast, work, people=40, tallies={middle: 20, old: 20}, place=work.hill)
    log(cast, work, people=None)
    client = as_(cast.ben)
    with django_assert_max_num_queries(40):
        text = client.get(reverse("reach")).text
    first = text.index("Age: not recorded for 20 of 100 counted (20%). In 1 more occasion nobody noted")
    assert first < text.index("Share of the people reached") < text.index("Blind spots")
    assert "The census" in text
    opened = client.get(reverse("reach"), {"characteristic": "age", "group": young.pk}).text
    assert "Kelby Hill" in opened
    for odd in ({"group": "x"}, {"place": "0"}, {"month": "2026-13"}, {"since": "never"}, {"level": "L9"}):
        assert client.get(reverse("reach"), odd).status_code in (200, 404)
