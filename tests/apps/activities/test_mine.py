"""What is held about me: all of it, for me, and nowhere a figure about anybody."""

from __future__ import annotations

import csv
import io
import pathlib
import re

import pytest
from django.urls import reverse

import folkmoot.activities
from folkmoot.activities.actions.occasions import log_activity
from folkmoot.activities.queries.mine import held_about, rows_of
from folkmoot.audit.models import Event
from folkmoot.jobs.models import Job
from tests.apps.activities.conftest import DAY, STAMP


@pytest.fixture
def mine(cast, work):
    return [
        log_activity(
            organisation=cast.police, happened_on=DAY, title=f"{by.name} was there", remark=f"said {by.name}", by=by
        )
        for by in (cast.ben, cast.ada)
    ]  # fmt: skip


def test_i_see_my_account_my_rows_and_my_log(cast, mine):
    held = held_about(cast.ben)
    assert [str(one) for one in held.activities] == ["Ben was there"]
    assert [one.get_role_display() for one in held.memberships] == ["Officer or staff"]
    assert held.events.filter(action="logged an activity").count() == 1
    rows = rows_of(cast.ben)
    assert {row[0] for row in rows} == {"account", "role", "activity", "log"}
    assert any("said Ben" in row[3] for row in rows)
    assert not any("Ada" in cell for row in rows for cell in row)


def test_the_page_and_the_file_hold_only_ones_own(as_, cast, mine):
    page = as_(cast.ben).get(reverse("held_about_me"))
    assert "Ben was there" in page.text
    assert "Ada was there" not in page.text
    answer = as_(cast.ben).get(reverse("held_about_me") + "?as=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["what", "when", "organisation", "says"]
    assert len(rows) == 1 + len(rows_of(cast.ben))


def test_rows_of_every_other_room_that_name_me_are_counted_and_listed(cast, as_, mine):
    Job.objects.create(
        kind="count", title="Count", asked_by=cast.ben, organisation=cast.police, visibility="own", **STAMP
    )
    found = {(one.what, one.named_as): one.number for one in held_about(cast.ben).elsewhere}
    assert found["jobs", "asked by"] == 1
    assert "Jobs, as asked by: 1" in as_(cast.ben).get(reverse("held_about_me")).text
    assert [row[3] for row in rows_of(cast.ben) if row[0] == "elsewhere"] == [
        f"job {Job.objects.get().pk}, as asked by"
    ]
    assert not held_about(cast.ada).elsewhere


def test_no_parameter_asks_about_somebody_else(as_, cast, mine):
    for asked in ("user", "person", "logged_by", "by", "pk", "id"):
        text = as_(cast.ben).get(reverse("held_about_me"), {asked: cast.ada.pk}).text
        assert "Ada was there" not in text


def test_what_others_did_to_my_roles_is_told(cast, mine):
    membership = cast.ben.memberships.get()
    Event.objects.create(
        at="2026-01-01T00:00Z", actor_id=cast.ira.pk, actor_label="Ira", action="gave a role",
        object_kind="organisations.membership", object_id=str(membership.pk),
    )  # fmt: skip
    assert [one.action for one in held_about(cast.ben).about] == ["gave a role"]
    assert not held_about(cast.ada).about.exists()


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(as_, cast, work):
    log_activity(organisation=cast.police, happened_on=DAY, title="=1+1", by=cast.ben)
    cast.ben.name = "=HYPERLINK()"
    cast.ben.save()
    rows = csv.reader(
        io.StringIO(as_(cast.ben).get(reverse("held_about_me") + "?as=csv").content.decode("utf-8-sig"))
    )
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_an_officer_who_left_still_learns_of_the_record_but_not_of_the_remark(cast, mine):
    cast.ben.memberships.all().delete()
    cast.ben.__dict__.pop("_access", None)
    rows = [row for row in rows_of(cast.ben) if row[0] == "activity"]
    assert len(rows) == 1
    assert "said Ben" not in rows[0][3]


def test_nothing_else_in_this_room_asks_who_recorded(cast):
    """RL8: no query, view or page but “mine” groups, filters or orders by a person."""
    room = pathlib.Path(folkmoot.activities.__file__).parent
    asking = re.compile(r"logged_by(_id)?\s*=[^=]|[\"'](-?logged_by|created_by)|order_by\([^)]*logged_by")
    found = []
    for folder in ("queries", "views", "templates", "templatetags"):
        for file in (room / folder).rglob("*.*"):
            if file.suffix in {".py", ".html"} and file.stem not in {"mine"}:
                found += [
                    f"{file.name}: {line.strip()}"
                    for line in file.read_text().splitlines()
                    if asking.search(line)
                ]
    assert found == []
