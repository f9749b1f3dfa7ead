"""What an hour costs from which day on; hours that nobody recorded are said and cost nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from folkmoot.activities.actions.occasions import log_activity
from folkmoot.activities.actions.rates import remove_hour_rate, set_hour_rate
from folkmoot.activities.models import HourRate
from folkmoot.activities.queries.sums import activities_of, rates_of, sums_by, together, year_before
from folkmoot.core.errors import FolkmootError, NotAllowed

APRIL, JULY = date(2026, 4, 1), date(2026, 7, 1)


def set_rate(cast, since, pounds, by=None):
    return set_hour_rate(
        cast.police, since=since, pounds=Decimal(pounds), basis="a constable", by=by or cast.ada
    )


def test_a_rate_holds_from_its_day_and_earlier_days_keep_theirs(cast, work):
    set_rate(cast, APRIL, "30")
    set_rate(cast, JULY, "33.33")
    for day, hours in ((date(2026, 3, 31), 1), (date(2026, 6, 30), 2), (JULY, 3), (date(2026, 8, 1), None)):
        log_activity(organisation=cast.police, happened_on=day, hours=hours, by=cast.ben)
    found = together(activities_of(cast.ben), rates=rates_of([cast.police.pk]))
    assert (found.hours, found.cost, found.hours_without_rate) == (6, Decimal("159.99"), 1)
    assert (found.activities, found.without_hours) == (4, 1)


def test_another_organisations_rate_costs_ours_nothing(cast, work):
    HourRate.objects.create(
        organisation=cast.other, since=APRIL, pounds=99, basis="theirs", created_at="2026-01-01T00:00Z", created_by="-"
    )  # fmt: skip
    log_activity(organisation=cast.police, happened_on=JULY, hours=1, by=cast.ben)
    rates = rates_of([cast.police.pk, cast.other.pk])
    assert together(activities_of(cast.ben), rates=rates).cost is None


def test_a_second_rate_from_the_same_day_replaces_the_first(cast):
    set_rate(cast, APRIL, "30")
    set_rate(cast, APRIL, "31")
    assert HourRate.objects.get().pounds == 31


@pytest.mark.parametrize("pounds", ["0", "-1", "10001", "NaN", "Infinity"])
def test_a_rate_is_an_amount_that_an_hour_can_cost(cast, pounds):
    with pytest.raises(FolkmootError):
        set_rate(cast, APRIL, pounds)


def test_rates_are_set_by_those_who_edit(cast):
    with pytest.raises(NotAllowed):
        set_rate(cast, APRIL, "30", by=cast.ben)
    rate = set_rate(cast, APRIL, "30")
    with pytest.raises(NotAllowed):
        remove_hour_rate(rate, by=cast.eli)
    remove_hour_rate(rate, by=cast.ada)
    assert not HourRate.objects.exists()


def test_sums_by_initiative_keep_what_is_not_recorded_apart(cast, work):
    for people, counted in ((10, "people"), (40, "attendances"), (25, "attendances"), (None, "people")):
        log_activity(
            organisation=cast.police, initiative=work.initiative, happened_on=JULY, people=people, counted=counted, by=cast.ben
        )  # fmt: skip
    log_activity(organisation=cast.police, happened_on=JULY, people=7, by=cast.ben)
    found = sums_by(activities_of(cast.ben), rates=rates_of([]), by="initiative_id")
    mine = found[work.initiative.pk]
    assert (mine.people, mine.attendances, mine.largest_attendance, mine.without_people) == (10, 65, 40, 1)
    assert (mine.fewest, mine.heads) == (50, 75)
    assert found[None].people == 7


def test_hours_without_a_count_are_said_on_the_page(as_, cast, work):
    set_rate(cast, APRIL, "30")
    log_activity(organisation=cast.police, happened_on=JULY, hours="2.5", people=0, by=cast.ben)
    log_activity(organisation=cast.police, happened_on=JULY, people=3, by=cast.ben)
    text = as_(cast.ben).get(reverse("work")).text
    assert "2.5 hours, £75; not recorded for 1." in text
    assert "Hours, in 1 occasion of 2." in text


def test_a_year_ends_on_its_day():
    assert year_before(date(2026, 11, 23)) == date(2025, 11, 24)
    assert year_before(date(2024, 2, 29)) == date(2023, 3, 1)
