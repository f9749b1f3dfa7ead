"""One occasion: logged with its reason, corrected, deleted, and never with more than happened."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from folkmoot.activities.actions.occasions import correct_activity, delete_activity, log_activity
from folkmoot.activities.checking import Unfit, checked
from folkmoot.activities.models import Activity, Tally
from folkmoot.audit.models import Event
from folkmoot.core.errors import NotAllowed, Stale
from tests.apps.activities.conftest import DAY, chain_of

TODAY = date(2026, 11, 23)


def log(cast, work, by=None, **given):
    given = {"initiative": work.initiative, "happened_on": DAY} | given
    return log_activity(organisation=cast.police, by=by or cast.ben, **given)


def test_an_activity_keeps_the_reason_in_force_on_the_day_of_recording(cast, work):
    activity = log(cast, work)
    assert activity.mechanism_version == work.version
    assert activity.method == work.stall
    later, _ = chain_of(cast.police, "Another", "Reason", name="Later")
    work.initiative.mechanism_version = later
    work.initiative.save()
    activity.refresh_from_db()
    assert activity.mechanism_version == work.version
    assert log(cast, work).mechanism_version == later


def test_what_was_not_recorded_stays_empty(cast, work):
    activity = log(cast, work, people="", hours="", level="")
    assert (activity.people, activity.hours, activity.level) == (None, None, "")


def test_logging_leaves_one_audit_row_without_the_remark(cast, work):
    activity = log(cast, work, remark="The traders want the light mended")
    event = Event.objects.get(object_kind="activities.activity")
    assert (event.action, event.object_id, event.actor_label) == (
        "logged an activity",
        str(activity.pk),
        "Ben",
    )
    assert "traders" not in f"{event.detail}{event.object_label}"


def test_whether_a_specialist_recorded_it_is_frozen_when_it_is_recorded(cast, work):
    assert log(cast, work).by_specialist is False
    activity = log(cast, work, by=cast.ada)
    assert activity.by_specialist is True
    cast.ada.memberships.update(role="officer")
    activity.refresh_from_db()
    assert activity.by_specialist is True


@pytest.mark.parametrize("outsider", ["cleo", "dina", "eli", "fay", "gus"])
def test_only_colleagues_log(cast, work, outsider):
    with pytest.raises(NotAllowed):
        log(cast, work, by=getattr(cast, outsider))
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"people": -1}, "people"),
        ({"people": 1_000_001}, "people"),
        ({"people": "1e999999"}, "people"),
        ({"people": "2.5"}, "people"),
        ({"people": "many"}, "people"),
        ({"people": "NaN"}, "people"),
        ({"hours": -0.5}, "hours"),
        ({"hours": "1200.01"}, "hours"),
        ({"hours": "Infinity"}, "hours"),
        ({"happened_on": TODAY + timedelta(days=1)}, "happened_on"),
        ({"happened_on": date(1989, 12, 31)}, "happened_on"),
        ({"happened_on": None}, "happened_on"),
        ({"remark": "x" * 281}, "remark"),
        ({"level": "L9"}, "level"),
        ({"begins_at": "18:00", "ends_at": "17:00"}, "ends_at"),
        ({"tallies": {1: 3}}, "people"),
        ({"tallies": {1: 3, 2: 3}, "people": 5}, "tallies"),
    ],
)
def test_a_record_has_limits_and_names_the_field_at_fault(given, field):
    with pytest.raises(Unfit) as refused:
        checked({"happened_on": DAY, **given}, today=TODAY, characteristic_of={1: 7, 2: 7})
    assert list(refused.value.faults) == [field]


def test_tallies_of_different_characteristics_may_each_count_everybody():
    given = {"happened_on": DAY, "people": 5, "tallies": {1: 5, 2: 5}}
    assert checked(given, today=TODAY, characteristic_of={1: 7, 2: 8})["tallies"] == {1: 5, 2: 5}


def test_checking_changes_nothing_that_it_was_given():
    given = {"happened_on": "2026-10-01", "hours": "1.5", "remark": " hello\x00 ", "people": "1,200"}
    before = dict(given)
    found = checked(given, today=TODAY)
    assert given == before
    assert found == {"happened_on": DAY, "hours": Decimal("1.50"), "remark": "hello", "people": 1200}


def test_tallies_repeat_what_their_activity_says(cast, work):
    counts = {work.bands[0].pk: 4, work.bands[1].pk: 6}
    activity = log(cast, work, people=12, place=work.quay, tallies=counts)
    assert dict(activity.tallies.values_list("category_id", "people")) == counts
    correct_activity(activity, expected=1, place=work.hill, happened_on=DAY - timedelta(days=1), by=cast.ben)
    for tally in Tally.objects.all():
        assert (tally.place_key, tally.happened_on) == (work.hill.pk, DAY - timedelta(days=1))
        assert (tally.initiative_key, tally.method_key, tally.organisation_key) == (
            work.initiative.pk, work.stall.pk, cast.police.pk,
        )  # fmt: skip


def test_a_stale_correction_is_refused_and_names_who_was_first(cast, work):
    activity = log(cast, work, people=3)
    stale = Activity.objects.get(pk=activity.pk)
    correct_activity(activity, expected=1, people=4, by=cast.ada)
    with pytest.raises(Stale, match="Ada"):
        correct_activity(stale, expected=1, people=5, by=cast.ben)
    stale.refresh_from_db()
    assert stale.people == 4


def test_officers_correct_and_delete_their_own_and_editors_any(cast, work):
    bens, adas = log(cast, work), log(cast, work, by=cast.ada)
    with pytest.raises(NotAllowed):
        correct_activity(adas, expected=1, people=1, by=cast.ben)
    with pytest.raises(NotAllowed):
        delete_activity(adas, by=cast.jon)
    delete_activity(bens, by=cast.ben)
    delete_activity(adas, by=cast.ira)
    assert not Activity.objects.exists()
    assert Event.objects.filter(action="deleted an activity").count() == 2


def test_a_closed_initiative_takes_late_records_of_earlier_days_only(cast, work):
    work.initiative.state, work.initiative.ends = "closed", DAY
    work.initiative.save()
    assert log(cast, work, happened_on=DAY).pk
    with pytest.raises(Unfit, match="closed"):
        log(cast, work, happened_on=DAY + timedelta(days=1))


def test_nothing_of_another_organisation_can_be_named(cast, work):
    with pytest.raises(Unfit, match="initiative"):
        log_activity(organisation=cast.other, initiative=work.initiative, happened_on=DAY, by=cast.eli)
    work.quay.visibility, work.quay.organisation = "own", cast.other
    work.quay.save()
    with pytest.raises(Unfit, match="place"):
        log(cast, work, place=work.quay)


def test_today_is_the_day_here_not_in_greenwich(cast, work):
    assert log(cast, work, happened_on=timezone.localdate()).pk
