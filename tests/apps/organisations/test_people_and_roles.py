"""People, roles, settings, the log: who may, what is refused, and that each change leaves its trace."""

from __future__ import annotations

import datetime
import pathlib
import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

import folkmoot
from folkmoot.audit.actions import TheInstance, action, record
from folkmoot.audit.models import Event
from folkmoot.audit.words import IN_WORDS, in_words
from folkmoot.core.errors import NotAllowed, Stale
from folkmoot.organisations import actions, queries
from folkmoot.organisations.models import Membership, Organisation, User

PAGES = ("people", "settings", "audit", "account")
OPEN_PAGES = ("help", "accessibility", "licence", "privacy", "account_login")


def test_an_action_that_leaves_no_trace_is_not_committed(cast):
    @action
    def forgets(*, by):
        Organisation.objects.create(slug="ghost", name="Ghost", kind="partner")

    with pytest.raises(RuntimeError, match="no audit row"):
        forgets(by=cast.ada)
    assert not Organisation.objects.filter(slug="ghost").exists()


def test_a_refused_action_leaves_neither_change_nor_trace(cast):
    @action
    def fails_late(*, by):
        made = Organisation.objects.create(slug="ghost", name="Ghost", kind="partner")
        record("made a ghost", by=by, on=made)
        raise NotAllowed("No.")

    before = Event.objects.count()
    with pytest.raises(NotAllowed):
        fails_late(by=cast.ada)
    assert Event.objects.count() == before
    assert not Organisation.objects.filter(slug="ghost").exists()


def test_only_an_administrator_gives_roles_and_never_their_own(cast):
    actions.give_role(cast.gus, organisation=cast.police, role="officer", by=cast.ira)
    assert Event.objects.filter(action="gave a role", actor_label="Ira").exists()
    with pytest.raises(NotAllowed):
        actions.give_role(cast.gus, organisation=cast.police, role="lead", by=cast.ada)
    with pytest.raises(NotAllowed):
        actions.give_role(cast.ira, organisation=cast.police, role="lead", by=cast.ira)
    with pytest.raises(NotAllowed):
        actions.give_role(cast.gus, organisation=cast.other, role="lead", by=cast.ira)


def test_a_stale_save_is_refused_and_names_who_changed_it(cast):
    actions.describe_organisation(cast.police, about="One", structure="", expected=1, by=cast.ira)
    again = Organisation.objects.get(pk=cast.police.pk)
    with pytest.raises(Stale, match="Ira"):
        actions.describe_organisation(again, about="Two", structure="", expected=1, by=cast.ira)
    assert Organisation.objects.get(pk=cast.police.pk).about == "One"


def test_the_settings_page_answers_a_stale_save_with_412_and_keeps_the_words(cast, as_):
    client = as_(cast.ira)
    actions.describe_organisation(cast.police, about="First", structure="", expected=1, by=cast.ira)
    answer = client.post(reverse("settings"), {"about": "My own words", "structure": "", "version": 1})
    assert answer.status_code == 412
    assert b"My own words" in answer.content and b"Ira" in answer.content


def test_a_new_local_policing_body_ends_the_one_before_it(cast):
    board = actions.create_organisation("Northmere Board", kind="local policing body", by=TheInstance())
    actions.name_local_policing_body(
        cast.police,
        body=cast.office,
        form="commissioner",
        since=datetime.date(2012, 11, 22),
        by=TheInstance(),
    )
    actions.name_local_policing_body(
        cast.police, body=board, form="board", since=datetime.date(2028, 5, 10), by=TheInstance()
    )
    assert [one.body for one in queries.bodies_on(datetime.date(2027, 1, 1))] == [cast.office]
    assert [one.body for one in queries.bodies_on(datetime.date(2029, 1, 1))] == [board]


def test_a_row_has_one_owner_or_the_network(cast):
    from folkmoot.coding.models import Codebook

    fields = {"name": "x", "created_at": "2026-01-01T00:00Z", "created_by": "test"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Codebook.objects.create(organisation=cast.police, team=cast.team, visibility="own", **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Codebook.objects.create(visibility="own", **fields)
    Codebook.objects.create(visibility="network", **fields)


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_people_are_for_those_who_signed_in(cast, as_, page):
    assert as_(None).get(reverse(page)).status_code == 302
    assert as_(cast.ira).get(reverse(page)).status_code == 200


def test_who_may_not_give_roles_is_told_who_does(cast, as_):
    told = "An administrator enters people here"
    assert told in as_(cast.ben).get(reverse("people")).content.decode()
    assert told not in as_(cast.ira).get(reverse("people")).content.decode()


def test_somebody_without_a_place_gets_no_settings(cast, as_):
    assert as_(cast.gus).get(reverse("settings")).status_code == 404
    assert as_(cast.gus).get(reverse("people")).status_code == 200


@pytest.mark.parametrize("page", OPEN_PAGES)
def test_pages_that_everybody_may_read(cast, as_, page):
    assert as_(None).get(reverse(page)).status_code == 200


def test_the_log_shows_only_what_one_answers_for(cast, as_):
    actions.give_role(cast.gus, organisation=cast.police, role="officer", by=cast.ira)
    assert b"gave a role" in as_(cast.ira).get(reverse("audit")).content
    assert b"gave a role" in as_(cast.jon).get(reverse("audit")).content
    for name in ("ben", "cleo", "dina", "eli", "gus"):
        assert b"gave a role" not in as_(cast.people[name]).get(reverse("audit")).content


def test_an_outsider_ends_no_role(cast, as_):
    place = Membership.objects.get(user=cast.ben)
    assert as_(cast.cleo).post(reverse("role_end", args=[place.pk])).status_code == 404
    assert as_(cast.ada).post(reverse("role_end", args=[place.pk])).status_code == 403
    assert as_(cast.ira).post(reverse("role_end", args=[place.pk])).status_code == 302
    assert not Membership.objects.filter(user=cast.ben).exists()


def test_one_works_only_for_ones_own_organisations(cast, as_):
    client = as_(cast.ada)
    assert client.post(reverse("switch_organisation"), {"organisation": "southholt"}).status_code == 404
    answer = client.post(
        reverse("switch_organisation"), {"organisation": "northmere", "next": "https://elsewhere.example/"}
    )
    assert answer.status_code == 302 and "elsewhere" not in answer.url


def test_an_administrator_enters_a_person_and_sees_the_password_once(cast, as_):
    answer = as_(cast.ira).post(
        reverse("people"), {"name": "Kit", "email": "Kit@Example.org", "role": "officer"}
    )
    assert answer.status_code == 200 and b"shown only now" in answer.content
    kit = User.objects.get(email="kit@example.org")
    assert Membership.objects.get(user=kit).role == "officer"


def test_sign_in_works_by_e_mail_and_nobody_signs_up_alone(cast, client):
    answer = client.post(
        reverse("account_login"), {"login": "ada@example.org", "password": "a long enough secret"}
    )
    assert answer.status_code == 302
    client.logout()
    page = client.get(reverse("account_signup"))
    assert b"password1" not in page.content


def test_where_a_second_factor_is_required_nobody_gets_past_its_set_up(cast, as_, settings):
    settings.MFA_REQUIRED = True
    answer = as_(cast.ada).get(reverse("people"))
    assert answer.status_code == 302 and answer.url == reverse("mfa_index")


def test_every_answer_carries_a_policy_that_allows_nothing_inline(cast, client):
    policy = client.get(reverse("help")).headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "script-src 'self'" in policy


def test_the_sign_in_page_leads_once_to_a_forgotten_password(client, db):
    page = client.get("/account/login/").content.decode()
    assert page.count('href="/account/password/reset/"') == 1


def test_everything_that_is_logged_reads_as_what_somebody_did():
    package = pathlib.Path(folkmoot.__file__).parent
    written = {
        words
        for path in package.rglob("*.py")
        for words in re.findall(r'\brecord\(\s*f?"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(written) > 150
    codes = {one for one in written if "." in one and "{" not in one}
    assert len(codes) > 50
    assert not codes - IN_WORDS.keys()
    assert not {said for said in map(in_words, written) if "." in said}


def test_a_page_of_the_log_holds_no_code_of_the_programme(cast, as_):
    @action
    def decides(*, by):
        record("heard.decided", by=by, on=cast.police, organisation_id=cast.police.pk)

    decides(by=cast.ada)
    page = as_(cast.ira).get("/audit/").content.decode()
    assert "recorded a decision and why" in page and "heard." not in page


def test_nobody_becomes_an_administrator_because_it_stood_first(cast, as_):
    sent = {"name": "Kim", "email": "kim@example.org", "role": ""}
    page = as_(cast.ira).post("/people/", sent).content.decode()
    assert "Choose what this person is here." in page
    assert not User.objects.filter(email="kim@example.org").exists()
