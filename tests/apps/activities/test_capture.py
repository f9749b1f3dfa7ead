"""One sending, one activity: new, again, different, unfit; the day by a wrong clock; what is never stored."""

from __future__ import annotations

import datetime
import json
import uuid

import pytest
from django.core import serializers
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from folkmoot.activities.actions.occasions import delete_activity, log_activity
from folkmoot.activities.capturing import reading
from folkmoot.activities.capturing.accept import accept
from folkmoot.activities.capturing.backs import Back, Occasion, _givers, backs_for, register
from folkmoot.activities.capturing.lists import pick_lists
from folkmoot.activities.capturing.settling import purge_remark, settle_difference
from folkmoot.activities.models import Activity, ActivityImport, Capture, Initiative
from folkmoot.audit.models import Event
from folkmoot.communities.models import Characteristic, Place, Population
from folkmoot.core.errors import NotAllowed, NotYet
from folkmoot.mechanisms.models import Method

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 20, 15, 0, tzinfo=datetime.UTC)
TIP = "Neighbour says he hits the kids"


@pytest.fixture
def field(cast):
    """An initiative and a place of Northmere's, and one of somebody else's."""
    made = {"created_at": timezone.now(), "created_by": "the tests"}
    method = Method.objects.create(
        code="T1", name="Stall", medium="in person", synchronous="yes", level_low=1, level_high=3, position=90
    )
    own = {"organisation": cast.police, "visibility": "own", **made}
    cast.stall = Initiative.objects.create(name="Market stall", method=method, purpose="To hear you.", **own)
    cast.square = Place.objects.create(name="Market Square", kind="spot", code="S1", **own)
    theirs = own | {"organisation": cast.other}
    cast.foreign = Initiative.objects.create(name="Their stall", method=method, **theirs)
    cast.elsewhere = Place.objects.create(name="Their square", kind="spot", code="S1", **theirs)
    return cast


def content(cast, **changes):
    return {
        "schema": 2,
        "organisation": "northmere",
        "saved_at": "2026-11-20T14:55:00Z",
        "initiative": cast.stall.pk,
        "place": cast.square.pk,
        "place_words": "",
        "happened_on": None,
        "people": 12,
        "counted": "people",
        "level": "L2",
        "hours": 1.5,
        "remark": "Good turnout",
        "tallies": {},
    } | changes


def send(cast, identifier=None, *, by=None, sent_at=None, now=NOW, **changes):
    return accept(
        identifier or uuid.uuid4(),
        content=content(cast, **changes),
        by=by or cast.ben,
        now=now,
        sent_at=sent_at,
    )


def test_a_new_one_is_recorded_with_its_reason_and_an_audit_row(field):
    answer = send(field)
    row = Activity.objects.get()
    assert answer.outcome == "recorded" and answer.status == 201 and answer.activity == row.pk
    assert (row.people, row.level, float(row.hours), row.remark) == (12, "L2", 1.5, "Good turnout")
    assert row.logged_by == field.ben and row.happened_on == datetime.date(2026, 11, 20)
    assert Event.objects.filter(action="logged an activity", object_id=str(row.pk)).count() == 1


def test_it_takes_few_queries(field, django_assert_max_num_queries):
    send(field)
    with django_assert_max_num_queries(12):
        send(field)


def test_the_same_again_is_already_here_and_changes_nothing(field):
    identifier = uuid.uuid4()
    first, again = send(field, identifier), send(field, identifier, now=NOW + datetime.timedelta(days=3))
    assert (again.outcome, again.status, again.activity) == ("already here", 200, first.activity)
    assert Activity.objects.count() == Capture.objects.count() == 1


def test_one_that_was_deleted_does_not_come_back(field):
    identifier = uuid.uuid4()
    send(field, identifier)
    delete_activity(Activity.objects.get(), by=field.ben)
    assert send(field, identifier).status == 200
    assert Activity.objects.count() == 0


def test_another_content_waits_for_a_person_and_is_kept_once(field):
    identifier = uuid.uuid4()
    send(field, identifier)
    for _ in range(3):
        assert send(field, identifier, people=30).status == 409
    assert Capture.objects.filter(state="differs").count() == 1
    assert Activity.objects.get().people == 12


@pytest.mark.parametrize(("keep", "people"), [("first", 12), ("second", 30)])
def test_whichever_is_picked_the_phone_is_then_told_that_it_is_here(field, keep, people):
    identifier = uuid.uuid4()
    send(field, identifier)
    send(field, identifier, people=30)
    waiting = Capture.objects.get(state="differs")
    settle_difference(waiting, keep=keep, by=field.ben)
    assert Activity.objects.get().people == people
    assert send(field, identifier, people=30).status == send(field, identifier).status == 200
    assert Event.objects.filter(action="settled two sendings of one record").count() == 1
    with pytest.raises(NotYet):
        settle_difference(waiting, keep="first", by=field.ben)


def test_only_the_sender_and_editors_pick(field):
    identifier = uuid.uuid4()
    send(field, identifier)
    send(field, identifier, people=30)
    waiting = Capture.objects.get(state="differs")
    for stranger in (field.fay, field.cleo, field.eli):
        with pytest.raises(NotAllowed):
            settle_difference(waiting, keep="second", by=stranger)
    settle_difference(waiting, keep="second", by=field.ada)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"people": -1}, "people"),
        ({"people": "many"}, "people"),
        ({"hours": 5000}, "hours"),
        ({"level": "L9"}, "level"),
        ({"happened_on": "2031-01-01"}, "happened_on"),
        ({"happened_on": "yesterday"}, "happened_on"),
        ({"remark": "x" * 281}, "remark"),
        ({"remark": 7}, "remark"),
        ({"tallies": {"1": 3}}, "tallies"),
        ({"tallies": [1]}, "tallies"),
        ({"initiative": 10**9}, "initiative"),
        ({"place": True}, "place"),
        ({"place_words": "a\0b", "place": None}, "schema"),
        ({"remark": "\ud83d"}, "schema"),
        ({"people": float("nan")}, "schema"),
        ({"schema": "two"}, "schema"),
        ({"remark": "x" * 30_000}, "schema"),
    ],
)
def test_what_is_unfit_is_kept_nowhere_and_told_field_by_field(field, changes, fault):
    answer = send(field, **changes)
    assert answer.status == 422 and set(answer.faults) == {fault} and answer.faults[fault]
    assert Activity.objects.count() == Capture.objects.count() == 0


def test_rows_of_others_are_as_unknown_as_rows_that_are_not_there(field):
    theirs, nothing = send(field, initiative=field.foreign.pk), send(field, initiative=10**9)
    assert theirs.faults == nothing.faults
    assert send(field, place=field.elsewhere.pk).status == 422


def test_nobody_records_for_others_and_no_adviser_records(field):
    for person in (field.fay, field.cleo, field.eli, field.dina, field.gus):
        with pytest.raises(NotAllowed):
            send(field, by=person)
    assert Activity.objects.count() == 0


def test_an_identifier_of_another_organisation_tells_nothing_and_keeps_nothing(field):
    identifier = uuid.uuid4()
    send(field, identifier)
    theirs = content(field, organisation="southholt", initiative=None, place=None)
    answer = accept(identifier, content=theirs, by=field.eli, now=NOW)
    assert answer.status == 409 and answer.activity is None
    assert Capture.objects.count() == 1


def test_the_first_form_is_still_accepted_and_a_newer_one_is_asked_to_wait(field):
    old = {k: v for k, v in content(field, schema=1).items() if k not in ("tallies", "counted")}
    assert accept(uuid.uuid4(), content=old, by=field.ben, now=NOW).status == 201
    with pytest.raises(NotYet):
        send(field, schema=reading.SCHEMA + 1)


def test_an_initiative_closed_since_then_is_no_reason_to_lose_a_record(field):
    field.stall.state, field.stall.ends = "closed", datetime.date(2026, 11, 21)
    field.stall.save()
    identifier = uuid.uuid4()
    assert send(field, identifier).status == 201
    field.stall.ends = datetime.date(2026, 1, 1)
    field.stall.save()
    assert send(field, identifier).status == 200  # recorded is recorded


@pytest.mark.parametrize(
    ("saved", "sent", "day", "noted"),
    [
        ("2026-11-18T10:00:00Z", "2026-11-20T15:00:00Z", "2026-11-18", False),  # two days without a signal
        ("2031-05-01T10:00:00Z", "2031-05-01T12:00:00Z", "2026-11-20", True),  # years ahead, both times
        ("1970-01-01T00:10:00Z", "1970-01-02T00:10:00Z", "2026-11-19", True),  # never set
        ("2031-05-01T10:00:00Z", "2026-11-20T15:00:00Z", "2026-11-20", True),  # put right in between
        ("1970-01-01T00:10:00Z", "2026-11-20T15:00:00Z", "2026-11-20", True),
        ("2026-11-20T14:59:30Z", "2026-11-20T15:01:00Z", "2026-11-20", False),  # a minute off
        ("no time", None, "2026-11-20", False),
        ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-11-20", True),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00", "2026-11-20", True),
        ("9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59-14:00", "2026-11-20", True),
    ],
)
def test_the_day_is_that_of_saving_whatever_the_clock_said(field, saved, sent, day, noted):
    answer = send(field, saved_at=saved, sent_at=reading.moment_of(sent))
    assert answer.happened_on == day
    assert ("clock" in answer.sentence) is noted


def test_late_in_the_evening_is_still_that_day_here(field):
    july = datetime.datetime(2026, 7, 1, 22, 40, tzinfo=datetime.UTC)
    answer = send(field, saved_at="2026-06-30T23:10:00Z", now=july)
    assert answer.happened_on == "2026-07-01"  # ten past midnight by British Summer Time


# RL1, RL2: no report, no name


def everything():
    """Every row of the database that could hold words, as text."""
    rows = [
        *Activity.objects.all(),
        *Capture.objects.all(),
        *Event.objects.all(),
        *ActivityImport.objects.all(),
    ]
    return serializers.serialize("json", rows, ensure_ascii=False)


@pytest.mark.parametrize("remark", [TIP, "Spoke to Sarah Holt", "ring 07700 900123"])
def test_rl2_what_the_screen_stops_is_stored_nowhere_and_the_rest_is_recorded(field, remark):
    identifier = uuid.uuid4()
    answer = send(field, identifier, remark=remark)
    assert (
        answer.status == 201 and answer.left_out and "not kept" in answer.why_left_out
    ) or "left out" in answer.why_left_out
    assert Activity.objects.get().remark == "" and Activity.objects.get().people == 12
    assert remark not in everything()
    # the answer may have been lost: it is told again
    again = send(field, identifier, remark=remark)
    assert again.status == 200 and again.left_out == answer.left_out


def test_rl2_nor_as_the_words_of_a_place_or_in_a_field_that_no_form_has(field):
    answer = send(field, remark="", place=None, place_words=TIP, secret_note=TIP)
    assert answer.status == 201 and answer.left_out == "report"
    assert TIP not in everything()


def test_rl2_one_action_erases_what_slipped_through_wherever_it_is(field):
    words = "zq slipped through"
    brought = ActivityImport.objects.create(
        organisation=field.police, visibility="own", filename="a.csv", sha256="0" * 64,
        reasons=[[3, f"the title “{words}” is too long"]], created_at=NOW, created_by="the tests",
    )  # fmt: skip
    row = log_activity(
        organisation=field.police, title=words, remark=words, place_words=words, happened_on=NOW.date(),
        brought_by=brought, by=field.ada,
    )  # fmt: skip
    Capture.objects.create(
        uuid=row.uuid, organisation=field.police, received_at=NOW, schema=1, content={"place_words": words},
        content_hash="1" * 64, activity=row,
    )  # fmt: skip
    assert everything().count(words) >= 6
    purge_remark(row, reason="It is a report", texts=("remark", "title", "place_words"), by=field.jon)
    assert words not in everything()
    trace = Event.objects.get(action="erased words from an activity")
    assert trace.actor_label == "Jon" and trace.detail["fields"] == ["remark", "title", "place_words"]


def test_rl2_others_erase_nothing(field):
    send(field)
    row = Activity.objects.get()
    for person in (field.fay, field.cleo, field.eli):
        with pytest.raises(NotAllowed):
            purge_remark(row, reason="x", by=person)
    assert Activity.objects.get().remark


# what is given back, and the lists


def test_it_gives_back_the_purpose_and_the_last_time_here(field):
    send(field, saved_at="2026-11-01T10:00:00Z", now=NOW - datetime.timedelta(days=19), people=7)
    now_here = send(field)
    found = backs_for(Occasion(field.police, field.stall, field.square, now_here.activity), viewer=field.ben)
    assert [one.heading for one in found] == ["What this was for", "Here before"]
    assert found[0].sentences[0] == "To hear you."
    assert found[1].sentences == ("Last here on 1 November 2026: Market stall, 7 people, asked.",)


def test_a_room_above_adds_what_it_knows_and_nothing_where_it_knows_nothing(field):
    giver = lambda occasion, viewer: Back("Promised here", ("A light by March.",)) if occasion.place else None  # noqa: E731
    register(giver, position=15)
    try:
        headings = [
            one.heading
            for one in backs_for(Occasion(field.police, field.stall, field.square), viewer=field.ben)
        ]
        assert headings == ["What this was for", "Promised here", "Here before"]
        assert len(backs_for(Occasion(field.police, field.stall, None), viewer=field.ben)) == 1
    finally:
        _givers.remove((15, giver))


def test_the_lists_hold_open_things_of_ones_own_with_the_last_used_first(
    field, django_assert_max_num_queries
):
    made = {"organisation": field.police, "visibility": "own", "created_at": NOW, "created_by": "x"}
    method = field.stall.method
    Initiative.objects.create(name="A new one", method=method, **made)
    Initiative.objects.create(name="Ended", method=method, state="closed", purpose="x", **made)
    Place.objects.create(name="A hall", kind="spot", code="S2", **made)
    Characteristic.objects.create(
        code="age", name="Age", visibility="network", created_at=NOW, created_by="x"
    ).categories.create(name="Under 25")
    send(field)
    with django_assert_max_num_queries(12):
        found = pick_lists(field.police, viewer=field.ben)
    assert [one.name for one in found.initiatives] == ["Market stall", "A new one"]
    assert found.places[0].name == "Market Square" and found.recent_places == (field.square.pk,)
    assert found.places[0].last_here.startswith("Last here on 20 November 2026: Market stall")
    assert "Their square" not in {one.name for one in found.places}
    assert [one.name for one in found.categories] == ["Under 25"]


# the API and the pages


def put(client, cast, identifier=None, **changes):
    identifier = identifier or uuid.uuid4()
    headers = changes.pop("headers", {})
    sent = {"saved_at": timezone.now().isoformat()} | changes
    return client.put(
        f"/api/v1/capture/{identifier}",
        json.dumps(content(cast, **sent)),
        content_type="application/json",
        headers=headers,
    )


def test_the_api_answers_201_200_409_422(field, as_):
    client, identifier, saved = as_(field.ben), uuid.uuid4(), timezone.now().isoformat()
    first = put(client, field, identifier, saved_at=saved)
    assert first.status_code == 201 and first.json()["uuid"] == str(identifier)
    assert put(client, field, identifier, saved_at=saved).status_code == 200
    assert put(client, field, identifier, saved_at=saved, people=1).status_code == 409
    unfit = put(client, field, people=-4)
    assert unfit.status_code == 422 and "people" in unfit.json()["faults"]
    assert (
        client.put(f"/api/v1/capture/{uuid.uuid4()}", "{", content_type="application/json").status_code == 422
    )
    assert client.put("/api/v1/capture/17", "{}", content_type="application/json").status_code == 404
    capitals = put(client, field, str(identifier).upper(), saved_at=saved)
    assert capitals.status_code == 200 and capitals.json()["uuid"] == str(identifier)
    assert "remark" not in first.json()


def test_the_api_records_nothing_for_somebody_signed_out_with_a_stale_token_or_of_another_account(field, as_):
    client = as_(field.ben)
    assert put(client, field, headers={"Account": str(field.ada.pk)}).status_code == 401
    assert put(client, field, headers={"Account": str(field.ben.pk)}).status_code == 201
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(field.ben, backend="django.contrib.auth.backends.ModelBackend")
    stale = put(strict, field)
    assert stale.status_code == 403 and "CSRF" in stale.json()["detail"]
    fresh = strict.get("/api/v1/capture/lists")
    assert fresh.status_code == 200
    token = fresh.cookies["csrftoken"].value
    assert put(strict, field, headers={"X-CSRFToken": token}).status_code == 201
    assert put(as_(None), field).status_code == 401
    assert put(as_(field.fay), field).status_code == 403
    assert Activity.objects.count() == 2


def test_the_page_works_without_a_script_and_a_second_press_records_once(field, as_):
    client = as_(field.ben)
    shown = client.get(reverse("capture"))
    assert shown.status_code == 200 and shown.context["lists"].organisation == "northmere"
    given = {
        "uuid": shown.context["uuid"], "initiative": field.stall.pk, "place": "", "place_words": "market square",
        "people": "12", "level": "L3", "hours_chip": "2", "hours": "", "remark": "", "counted": "people",
    }  # fmt: skip
    done = client.post(reverse("capture"), given)
    assert done.status_code == 200 and b"To hear you." in done.content
    again = client.post(reverse("capture"), given)
    assert b"Recorded before." in again.content
    row = Activity.objects.get()
    assert (row.place, row.people, float(row.hours), row.level) == (field.square, 12, 2.0, "L3")
    wrong = client.post(reverse("capture"), given | {"uuid": str(uuid.uuid4()), "people": "-3"})
    assert wrong.status_code == 422 and b'value="-3"' in wrong.content


def test_without_a_script_a_report_is_shown_the_routes_and_is_not_kept(field, as_):
    done = as_(field.ben).post(reverse("capture"), {"people": "3", "remark": TIP, "initiative_other": "none"})
    page = done.content.decode()
    assert "999" in page and "101" in page and "safeguarding" in page and TIP in page
    assert TIP not in everything() and Activity.objects.get().people == 3


def test_the_kept_page_holds_nothing_of_anybody(field, as_):
    signed, nobody = (as_(who).get(reverse("capture_shell")).content for who in (field.ben, None))
    assert signed == nobody
    for words in (b"Northmere", b"Ben", b"Market", b"csrfmiddlewaretoken"):
        assert words not in signed


def test_the_worker_minds_the_capture_page_alone_and_changes_with_its_files(field, as_, monkeypatch):
    client = as_(field.ben)
    first = client.get(reverse("capture_worker"))
    assert first["Content-Type"].startswith("text/javascript") and "no-store" in first["Cache-Control"]
    text = first.content.decode()
    assert "__" not in text.replace("__proto__", "") and 'PAGE = "/capture/"' in text
    assert client.get(reverse("capture_worker")).content == first.content
    from folkmoot.activities.views import capture as page

    monkeypatch.setattr(page, "PATTERNS_JSON", "{}")
    assert client.get(reverse("capture_worker")).content != first.content


def test_sent_and_differing_show_ones_own(field, as_):
    identifier = uuid.uuid4()
    send(field, identifier)
    send(field, identifier, people=30)
    assert b"Market Square" in as_(field.ben).get(reverse("captures_sent")).content
    assert b"Market Square" not in as_(field.jon).get(reverse("captures_sent")).content
    assert b"Take the second" in as_(field.ben).get(reverse("captures_differ")).content
    assert b"Take the second" not in as_(field.jon).get(reverse("captures_differ")).content
    waiting = Capture.objects.get(state="differs")
    assert (
        as_(field.jon).post(reverse("capture_settle", args=[waiting.pk]), {"keep": "second"}).status_code
        == 403
    )
    assert (
        as_(field.eli).post(reverse("capture_settle", args=[waiting.pk]), {"keep": "second"}).status_code
        == 404
    )
    assert (
        as_(field.ben).post(reverse("capture_settle", args=[waiting.pk]), {"keep": "second"}).status_code
        == 302
    )
    assert Activity.objects.get().people == 30


def test_the_page_that_erases(field, as_):
    send(field)
    row = Activity.objects.get()
    url = reverse("remark_purge", args=[row.pk])
    assert as_(field.eli).get(url).status_code == 404 and as_(field.fay).get(url).status_code == 403
    assert as_(field.ben).post(url, {"texts": ["remark"]}).status_code == 422
    assert as_(field.ben).post(url, {"texts": ["remark", "people"], "reason": "name"}).status_code == 302
    row.refresh_from_db()
    assert row.remark == "" and row.people == 12


def test_who_is_missing_here_is_told_where_it_is_known_and_left_out_where_it_is_not(field):
    here = Occasion(field.police, field.stall, field.square)
    assert "Who is missing here" not in [one.heading for one in backs_for(here, viewer=field.ben)]
    age = Characteristic.objects.create(
        code="age", name="Age", visibility="network", created_at=NOW, created_by="x"
    )
    young, old = (age.categories.create(name=name) for name in ("Under 25", "25 and over"))
    table = Population.objects.create(
        title="Who lives there", characteristic=age, source="a census", counted_on=NOW.date(), place_kind="spot",
        visibility="network", created_at=NOW, created_by="x",
    )  # fmt: skip
    for category, people in ((young, 300), (old, 900)):
        table.counts.create(place=field.square, category=category, people=people)
    cache.clear()  # who lives somewhere is remembered for a while
    log_activity(
        organisation=field.police, place=field.square, people=40, tallies={young.pk: 30},
        happened_on=timezone.localdate(), by=field.ben,
    )  # fmt: skip
    missing = backs_for(here, viewer=field.ben)[-1]
    assert missing.heading == "Who is missing here" and missing.url.endswith(f"?place={field.square.pk}")
    assert any("Age" in sentence for sentence in missing.sentences), missing.sentences
    assert any("25 and over" in sentence for sentence in missing.sentences), missing.sentences
