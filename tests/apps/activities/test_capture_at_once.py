"""What was withdrawn or changed holds for the very next sending: no sign-in, role or row is remembered."""

from __future__ import annotations

import datetime
import json
import uuid

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from folkmoot.activities.models import Activity, Initiative
from folkmoot.communities.models import Place
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.at_once import person_of
from folkmoot.organisations.models import Membership, TeamMembership
from folkmoot.organisations.visibility import access_of, sees

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def field(cast):
    made = {"created_at": timezone.now(), "created_by": "the tests"}
    method = Method.objects.create(
        code="T1", name="Stall", medium="in person", synchronous="yes", level_low=1, level_high=3, position=90
    )
    own = {"organisation": cast.police, "visibility": "own", **made}
    cast.stall = Initiative.objects.create(name="Market stall", method=method, purpose="To hear you.", **own)
    cast.square = Place.objects.create(name="Market Square", kind="spot", code="S1", **own)
    cast.client = Client()
    cast.client.force_login(cast.ben, backend=BACKEND)
    return cast


def put(field):
    content = {
        "schema": 2, "organisation": "northmere", "initiative": field.stall.pk, "place": field.square.pk,
        "happened_on": timezone.localdate().isoformat(), "people": 12, "level": "L2", "hours": 1.5,
    }  # fmt: skip
    body = json.dumps(content)
    return field.client.put(f"/api/v1/capture/{uuid.uuid4()}", body, content_type="application/json")


def session_of(field):
    return Session.objects.get(session_key=field.client.cookies["sessionid"].value)


def ends(field):
    session = session_of(field)
    session.expire_date = timezone.now() - datetime.timedelta(seconds=1)
    session.save()


def changes_password(field):
    field.ben.set_password("another long enough secret")
    field.ben.save()


def leaves(field):
    field.ben.is_active = False
    field.ben.save()


def forged(field):
    """Somebody writes another person into the session's row without its signature."""
    session = session_of(field)
    session.session_data = session.session_data[:-3] + "abc"
    session.save()


@pytest.mark.parametrize(
    "happens", [ends, changes_password, leaves, forged, lambda field: session_of(field).delete()]
)
def test_a_sign_in_that_ended_records_nothing_more(field, happens):
    assert put(field).status_code == 201
    happens(field)
    assert put(field).status_code == 401
    assert Activity.objects.count() == 1


def test_a_role_that_was_withdrawn_records_nothing_more(field):
    assert put(field).status_code == 201
    membership = Membership.objects.get(user=field.ben, organisation=field.police)
    membership.role = Membership.Role.ADVISER
    membership.save()
    assert put(field).status_code == 403
    membership.delete()
    assert put(field).status_code == 403
    assert Activity.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        ("stall", {"state": "closed", "ends": datetime.date(2026, 1, 1)}),
        ("stall", {"organisation": "other"}),
        ("square", {"organisation": "other"}),
    ],
)
def test_a_row_that_was_changed_is_judged_as_it_is_now(field, row, changes):
    assert put(field).status_code == 201
    changed = getattr(field, row)
    for name, value in changes.items():
        setattr(changed, name, getattr(field, value) if value == "other" else value)
    changed.save()
    refused = put(field)
    assert refused.status_code == 422 and set(refused.json()["faults"]) == {
        {"stall": "initiative", "square": "place"}[row]
    }


def test_the_reason_in_force_now_is_kept_with_the_record(field):
    assert put(field).status_code == 201
    method = Method.objects.create(
        code="T2", name="Walk", medium="in person", synchronous="yes", level_low=1, level_high=3, position=91
    )
    Initiative.objects.filter(pk=field.stall.pk).update(method=method, name="Market walk")
    assert put(field).status_code == 201
    assert Activity.objects.latest("pk").method == method


def test_it_is_the_same_person_with_the_same_reach_as_djangos_own_way_finds(field):
    key = field.client.cookies["sessionid"].value
    for _ in range(2):
        found = person_of(key)
        assert found == field.ben and found.label == field.ben.label and found.is_authenticated
        assert access_of(found) == access_of(type(field.ben).objects.get(pk=field.ben.pk))
    assert person_of("nobody's") is None
    empty = Client()
    empty.session.save()
    assert person_of(empty.session.session_key or "") is None


def test_a_session_that_became_somebody_elses_is_nobodys_until_it_is_looked_into(field):
    key = field.client.cookies["sessionid"].value
    assert person_of(key) == field.ben
    store = field.client.session
    store[SESSION_KEY] = str(field.ada.pk)
    store.save()
    assert person_of(key) is None


def test_one_row_is_seen_by_whom_the_lists_show_it_to(field):
    made = {"created_at": timezone.now(), "created_by": "the tests"}
    team = TeamMembership.objects.first()
    owners = [{"organisation": field.police}, {"organisation": field.other}, {}]
    owners += [{"team": team.team}] if team else []
    for number, owner in enumerate(owners):
        for visibility in ("own", "team", "network", "public"):
            fits = {"organisation": ("own", "network", "public"), "team": ("team", "network", "public")}
            if visibility in fits.get(next(iter(owner), ""), ("network", "public")):
                Place.objects.create(
                    name="A place",
                    kind="spot",
                    code=f"P{number}{visibility}",
                    visibility=visibility,
                    **owner,
                    **made,
                )
    people = [None, field.ben, field.fay, field.ada, *([team.user] if team else [])]
    for person in people:
        shown = set(Place.objects.visible_to(person).values_list("pk", flat=True))
        assert {one.pk for one in Place.objects.all() if sees(person, one)} == shown
