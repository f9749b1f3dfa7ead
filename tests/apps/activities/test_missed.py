"""Who was not reached, in a few lines: not recorded first, nothing that small counts would give away, one query."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from folkmoot.activities.actions.occasions import log_activity
from folkmoot.activities.queries import missed
from folkmoot.activities.queries.log import Filters
from folkmoot.activities.queries.missed import people_not_reached

TODAY = timezone.localdate()
YEAR = Filters(since=TODAY - timedelta(days=360), until=TODAY)


@pytest.fixture
def log(cast, work):
    def logged(*, people, tallies, counted="people", **more):
        return log_activity(
            organisation=cast.police, initiative=work.initiative, place=work.quay, happened_on=TODAY, people=people,
            counted=counted, tallies={one.pk: number for one, number in tallies.items()}, by=cast.ben, **more,
        )  # fmt: skip

    return logged


def told(viewer, organisation):
    return [one.sentence for one in people_not_reached(viewer, organisation, filters=YEAR)]


def test_not_recorded_comes_first_then_the_absent_then_the_rare_then_the_unmeasured(cast, work, living, log):
    _, middle, old = work.bands
    log(people=200, tallies={middle: 95, old: 5})
    assert told(cast.ben, cast.police) == [
        "Age: not recorded for 50% of the people counted.",
        "Age, Under 25: nobody is known to have been reached.",
        "Age, 65 and over: 5% of the people recorded, 40% of those living here.",
        "Ethnic group: nobody was counted by it, so nobody knows.",
    ]


def test_a_group_as_frequent_as_it_lives_here_is_not_in_the_list(cast, work, living, log):
    young, middle, old = work.bands
    log(people=100, tallies={young: 20, middle: 40, old: 40})
    assert told(cast.ben, cast.police) == ["Ethnic group: nobody was counted by it, so nobody knows."]


def test_attendances_are_called_attendances(cast, work, living, log):
    young, middle, old = work.bands
    log(people=100, tallies={young: 5, middle: 35, old: 60}, counted="attendances")
    assert "Age, Under 25: 5% of the attendances recorded, 20% of those living here." in told(
        cast.ben, cast.police
    )


def test_a_small_count_is_hidden_and_not_told_by_its_share(cast, work, living, log):
    young, middle, old = work.bands
    log(people=100, tallies={young: 3, middle: 57, old: 40})
    lines = told(cast.ben, cast.police)
    assert lines[0] == "Age: not recorded for 3% of the people counted."
    assert lines[1] == "Age, Under 25: none, or too few to say."


def test_what_the_overview_says_stands_on_the_page_it_leads_to(as_, cast, work, living, log):
    log(people=200, tallies={work.bands[1]: 95, work.bands[2]: 5})
    page = as_(cast.ben).get(reverse("reach"), {"characteristic": "age"}).text
    assert "65 and over: 5% of the people recorded, 40% of those living here." in page
    assert page.index("not recorded for 100 of 200") < page.index("65 and over: 5%")


def test_where_no_table_says_who_lives_here_nothing_is_compared(cast, work, log):
    log(people=50, tallies={work.bands[0]: 30})
    assert told(cast.ben, cast.police) == []


def test_others_see_nothing_of_whom_an_organisation_met(cast, work, living, log):
    log(people=100, tallies={work.bands[1]: 60})
    assert told(cast.ben, cast.police)
    assert told(cast.gus, cast.police) == []


def test_it_is_one_query_once_it_is_known_who_lives_here(cast, work, living, log):
    log(people=100, tallies={work.bands[1]: 60})
    first = told(cast.ben, cast.police)
    with CaptureQueriesContext(connection) as asked:
        assert told(cast.ben, cast.police) == first
    assert len(asked) == 1
    # what was done a moment ago is in it
    log(people=100, tallies={work.bands[0]: 90})
    assert told(cast.ben, cast.police) != first


def test_counts_that_take_long_to_add_up_are_remembered_for_some_minutes(
    cast, work, living, log, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(missed, "LONG_SECONDS", 0)
    log(people=100, tallies={work.bands[1]: 60})
    first = told(cast.ben, cast.police)
    with django_assert_num_queries(0):
        assert told(cast.ben, cast.police) == first
    with django_assert_num_queries(1):  # another part of the log is another question
        shorter = Filters(since=TODAY - timedelta(days=30), until=TODAY)
        assert people_not_reached(cast.ben, cast.police, filters=shorter)
    # whoever may not see the work is given nothing that was remembered for others
    assert told(cast.gus, cast.police) == []


def test_the_overview_lists_people_not_reached_beside_the_promises_within_its_fifteen_queries(
    as_, cast, work, living, log
):
    log(people=200, tallies={work.bands[1]: 95, work.bands[2]: 5})
    client = as_(cast.ben)
    first = client.get(reverse("overview"))
    assert "People not reached" in first.text
    assert "Age: not recorded for 50% of the people counted." in first.text
    assert f'{reverse("reach")}?characteristic=age"' in first.text
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("overview"))
    assert len(asked) <= 15
    # of the whole network nobody sees whom somebody met
    assert "People not reached" not in client.get(reverse("overview"), {"whose": "network"}).text
    cache.clear()
