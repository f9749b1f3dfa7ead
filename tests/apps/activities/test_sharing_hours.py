"""What others see of an organisation's work: frozen totals by chain that it chose to share, and no occasion."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from folkmoot.activities.actions.occasions import log_activity
from folkmoot.activities.actions.sharing import share_hours, stop_sharing_hours
from folkmoot.activities.models import Activity
from folkmoot.activities.queries.reliance import hours_by_assumption
from folkmoot.activities.queries.relied import relied_on
from folkmoot.activities.queries.sums import year_before
from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet

NOBODY = AnonymousUser()


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def done(cast, work, today):
    """Six occasions of two and a half hours, one of them of unknown length."""
    for back in range(6):
        log_activity(
            organisation=cast.police,
            initiative=work.initiative,
            happened_on=today - timedelta(days=back),
            hours=None if back == 5 else Decimal("2.5"),
            by=cast.ben,
        )
    return work


def test_ones_own_work_is_the_same_figure_as_reliance_tells(cast, done, today, django_assert_num_queries):
    with django_assert_num_queries(2):  # the first asks who the person is
        found = relied_on(cast.ada, organisation=cast.police, today=today)
    apart = hours_by_assumption(
        viewer=cast.ada, scope_organisations=[cast.police], since=year_before(today), until=today
    )
    assert {key: (one.hours, one.activities, one.without_hours) for key, one in found.on.items()} == {
        key: (one.hours, one.activities, one.without_hours) for key, one in apart.items()
    }
    # an hour rests on both steps of the chain and is still one hour
    assert len(found.on) == 2 and found.hours == Decimal("12.5") and found.activities == 6


def test_others_see_nothing_until_it_is_shared_and_then_the_total_alone(cast, done, today):
    assert not relied_on(cast.eli, organisation=None, today=today)
    share_hours(cast.police, until=today, visibility="network", by=cast.ada)
    seen = relied_on(cast.eli, organisation=None, today=today)
    assert (seen.hours, seen.activities, seen.without_hours) == (Decimal("12.5"), 6, 1)
    assert not Activity.objects.visible_to(cast.eli).exists()
    assert not relied_on(NOBODY, organisation=None, today=today)
    share_hours(cast.police, until=today, visibility="public", by=cast.ada)
    assert relied_on(NOBODY, organisation=None, today=today).hours == Decimal("12.5")


def test_shared_totals_stand_still_until_they_are_shared_again(cast, done, today):
    share_hours(cast.police, until=today, visibility="network", by=cast.ada)
    log_activity(
        organisation=cast.police, initiative=done.initiative, happened_on=today, hours=4, by=cast.ben
    )
    assert relied_on(cast.eli, organisation=None, today=today).hours == Decimal("12.5")
    share_hours(cast.police, until=today, visibility="network", by=cast.ada)
    assert relied_on(cast.eli, organisation=None, today=today).hours == Decimal("16.5")
    assert not relied_on(cast.eli, organisation=None, today=today + timedelta(days=366))


def test_fewer_than_five_occasions_are_not_shared(cast, work, today):
    for back in range(4):
        log_activity(
            organisation=cast.police,
            initiative=work.initiative,
            happened_on=today - timedelta(days=back),
            hours=1,
            by=cast.ben,
        )
    with pytest.raises(NotYet, match="five"):
        share_hours(cast.police, until=today, visibility="public", by=cast.ada)


def test_taken_back_it_is_gone_at_once_and_both_leave_a_trace(cast, done, today):
    share_hours(cast.police, until=today, visibility="public", by=cast.ada)
    stop_sharing_hours(cast.police, by=cast.ada)
    assert not relied_on(NOBODY, organisation=None, today=today)
    done_then = set(Event.objects.values_list("action", flat=True))
    assert {"shared its hours", "stopped sharing its hours"} <= done_then


def test_only_editors_share_and_only_outwards(cast, done, today):
    with pytest.raises(NotAllowed):
        share_hours(cast.police, until=today, visibility="public", by=cast.ben)
    with pytest.raises(NotAllowed):
        share_hours(cast.police, until=today, visibility="public", by=cast.eli)
    with pytest.raises(FolkmootError, match="network or with everybody"):
        share_hours(cast.police, until=today, visibility="own", by=cast.ada)


def test_the_page_shows_the_totals_and_shares_and_takes_back(cast, done, as_):
    client, url = as_(cast.ada), reverse("hours_share")
    assert "Not shared" in client.get(url).content.decode()
    assert client.post(url, {"visibility": "everyone"}).status_code == 422
    page = client.post(url, {"visibility": "public"}, follow=True).content.decode()
    assert "The hours are shared" in page and "12.5" in page and "with everybody" in page
    page = client.post(url, {"stop": "yes"}, follow=True).content.decode()
    assert "shared no longer" in page and "Not shared" in page
    assert as_(cast.ben).post(url, {"visibility": "public"}).status_code == 403


def test_the_overview_stands_on_hours_once_there_are_any(cast, done, as_):
    page = as_(cast.ada).get(reverse("overview")).content.decode()
    assert "spent 12.5 hours in the last 12 months on work that rests on 2 assumptions" in page
    assert "Staff hours in the last 12 months" in page
    assert "1 of them do not say how long they took" in page


def test_a_band_of_the_picture_lists_just_its_assumptions(cast, done, as_):
    client, url = as_(cast.ada), reverse("assumptions")
    assert (
        "2 assumptions"
        in client.get(url, {"hours": "yes", "low": "12", "high": "13", "scope": "ours"}).content.decode()
    )
    assert (
        "0 assumptions"
        in client.get(url, {"hours": "yes", "low": "13", "high": "99", "scope": "ours"}).content.decode()
    )
    assert "0 assumptions" in client.get(url, {"hours": "unrecorded", "scope": "ours"}).content.decode()
