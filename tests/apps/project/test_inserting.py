"""Rows that are written at once: all of them or none, with the values that ``save`` would write."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from folkmoot.activities.models import Activity, Capture
from folkmoot.audit import inserting
from folkmoot.audit.models import Event
from folkmoot.organisations.models import Organisation


@pytest.fixture
def police():
    return Organisation.objects.create(slug="turn", name="Turn Police", kind="police")


def rows_of(police, *, hours="1.50", initiative=None):
    now, mark = timezone.now(), uuid.uuid4()
    activity = Activity(
        uuid=mark, organisation=police, visibility="own", happened_on=datetime.date(2026, 11, 20), people=12,
        hours=Decimal(hours), remark="100 % of “it's\\n” \n", initiative_id=initiative, begins_at=datetime.time(18, 30),
        by_specialist=False, created_at=now, created_by="the test",
    )  # fmt: skip
    sending = Capture(
        uuid=mark,
        organisation=police,
        received_at=now,
        schema=2,
        content={"a": [1, None, "%s"]},
        content_hash="a" * 64,
    )
    event = Event(
        at=now, actor_label="the test", action="logged", object_kind="activities.activity", detail={}
    )
    return activity, sending, event


def ready(activity, sending, event):
    return inserting.ready(activity, [(sending, "activity"), (event, "object_id")])


@pytest.mark.django_db
def test_a_row_is_written_as_save_would_write_it(police):
    given, sending, event = rows_of(police)
    inserting.insert_whole(ready(given, sending, event))
    saved, *_ = rows_of(police)
    saved.save()
    names = [field.attname for field in Activity._meta.concrete_fields]
    one, other = (Activity.objects.values(*names).get(pk=row.pk) for row in (given, saved))
    apart = {"id", "uuid", "created_at"}
    assert {name: one[name] for name in names if name not in apart} == {
        name: other[name] for name in names if name not in apart
    }
    assert Capture.objects.get(pk=sending.pk).content == {"a": [1, None, "%s"]}


@pytest.mark.django_db
def test_each_row_that_points_holds_the_number_of_the_first(police):
    for _ in range(2):
        rows = rows_of(police)
        inserting.insert_whole(ready(*rows))
        activity, sending, event = rows
        assert Capture.objects.get(pk=sending.pk).activity_id == sending.activity_id == activity.pk
        assert Event.objects.get(pk=event.pk).object_id == event.object_id == str(activity.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", ["the last row", "what the first points to"])
def test_where_one_row_does_not_fit_none_is_written(police, fault):
    """Outside any transaction, as a server writes: on PostgreSQL what is sent at once has to be one by itself."""
    initiative = 987_654 if fault == "what the first points to" else None
    activity, sending, event = rows_of(police, initiative=initiative)
    if fault == "the last row":
        event.action = None
    with pytest.raises(IntegrityError):
        inserting.insert_whole(ready(activity, sending, event))
    assert not Activity.objects.exists() and not Capture.objects.exists() and not Event.objects.exists()
    # and the connection is as good as before
    inserting.insert_whole(ready(*rows_of(police)))
    assert Capture.objects.get().activity == Activity.objects.get()


@pytest.mark.django_db(transaction=True)
def test_inside_another_transaction_it_comes_and_goes_with_that(police):
    assert inserting.is_one_transaction() is (connection.vendor == "postgresql")
    with transaction.atomic():
        assert not inserting.is_one_transaction()
        inserting.insert_whole(ready(*rows_of(police)))
        transaction.set_rollback(True)
    assert not Activity.objects.exists()
