"""Access tokens: a program that carries one is its person, until it ends, expires or the person leaves."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from folkmoot.audit.models import Event
from folkmoot.core.errors import NotAllowed, NotYet
from folkmoot.organisations.actions.tokens import AT_ONCE, end_token, make_token
from folkmoot.organisations.models import Token

pytestmark = pytest.mark.django_db


def asked(secret, path="me", **more):
    """The answer to a program that has nothing but this token."""
    headers = {"Authorization": f"Bearer {secret}"} if secret is not None else {}
    return Client(enforce_csrf_checks=True).get(f"/api/v1/{path}", headers=headers, **more)


@pytest.fixture
def token(cast):
    """A token of Ada's and its secret."""
    return make_token("monthly figures", by=cast.ada)


def test_a_token_reaches_what_its_person_reaches_and_no_more(cast, token):
    mine = asked(token[1]).json()
    assert mine["name"] == "Ada"
    assert mine["organisations"] == [{"organisation": "northmere", "role": "lead"}]
    assert asked(token[1], "organisations").status_code == 200
    gus = make_token("mine", by=cast.gus)[1]
    assert asked(gus).json()["organisations"] == []


@pytest.mark.parametrize("secret", ["", "fm_wrong", "x" * 5000, "fm_\u00e9", "Bearer"])
def test_a_wrong_token_is_401_even_for_what_everybody_may_read(token, secret):
    for path in ("me", "aims", "organisations", "nothing/here"):
        answer = asked(secret, path)
        assert answer.status_code in {401, 429} and "token" in answer.json()["detail"]
    assert asked("fm_wrong").headers.get("WWW-Authenticate", "Bearer") == "Bearer"


def test_an_ended_token_an_expired_one_and_one_of_an_account_out_of_use_are_401(cast, token):
    row, secret = token
    assert asked(secret).status_code == 200
    cast.ada.is_active = False
    cast.ada.save()
    assert asked(secret).status_code == 401
    cast.ada.is_active = True
    cast.ada.save()
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert asked(secret).status_code == 401
    Token.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert asked(secret).status_code == 200
    end_token(row, by=cast.ada)
    assert asked(secret).status_code == 401


def test_a_token_counts_before_the_session_beside_it_and_opens_no_page(cast, token, as_):
    client = as_(cast.dina)
    headers = {"Authorization": f"Bearer {token[1]}"}
    assert client.get("/api/v1/me", headers=headers).json()["name"] == "Ada"
    assert client.get("/api/v1/me", headers={"Authorization": "Bearer fm_no"}).status_code == 401
    assert client.get("/api/v1/me").json()["name"] == "Dina"
    # pages know sessions alone
    assert Client().get("/people/", headers=headers).status_code == 302
    assert Client().post("/me/tokens/", {"name": "more"}, headers=headers).status_code == 302
    assert Token.objects.count() == 1


def test_the_secret_is_kept_nowhere_but_as_its_digest(token):
    row, secret = token
    assert len(secret) > 40 and secret.startswith("fm_")
    kept = [str(value) for one in Token.objects.values() for value in one.values()]
    kept += [str(one) for one in Event.objects.values_list("object_label", "detail")]
    assert not any(secret in one or secret[3:] in one for one in kept)
    assert row.expires_at - timezone.now() > timedelta(days=364)


def test_it_is_made_on_the_account_page_shown_once_and_ended_there(cast, as_):
    client = as_(cast.ada)
    nameless = client.post("/me/tokens/", {"name": "  "})
    assert nameless.status_code == 422 and "Name it after what will use it" in nameless.content.decode()
    made = client.post("/me/tokens/", {"name": "yearly return"})
    page = html.unescape(made.content.decode())
    secret = re.search(r"fm_[\w-]{40,}", page)[0]
    assert made.status_code == 200 and "no-store" in made.headers["Cache-Control"]
    assert asked(secret).json()["name"] == "Ada"
    again = html.unescape(client.get("/me/").content.decode())
    assert "yearly return" in again and secret not in again
    row = Token.objects.get()
    assert as_(cast.ben).post(f"/me/tokens/{row.pk}/end/").status_code == 404
    assert "yearly return" not in as_(cast.ben).get("/me/").content.decode()
    assert as_(cast.ada).post(f"/me/tokens/{row.pk}/end/").status_code == 302
    assert asked(secret).status_code == 401
    with pytest.raises(NotAllowed):
        end_token(row, by=cast.ben)


def test_making_ending_and_each_day_of_use_leave_a_row_in_the_log(cast, token):
    row, secret = token
    for _ in range(3):
        assert asked(secret).status_code == 200
    end_token(row, by=cast.ada)
    told = Event.objects.order_by("pk").values_list("action", "actor_label", "object_label")
    assert list(told) == [
        (what, "Ada", "monthly figures")
        for what in ("made an access token", "used an access token", "ended an access token")
    ]


def test_nobody_keeps_tokens_without_number(cast):
    for number in range(AT_ONCE):
        make_token(f"program {number}", by=cast.ada)
    with pytest.raises(NotYet, match="End one"):
        make_token("one more", by=cast.ada)


def test_wrong_tokens_are_limited_as_wrong_passwords_are_and_a_right_one_is_not_held_up(token, settings):
    cache.clear()
    settings.AXES_FAILURE_LIMIT = 3
    answers = [asked(f"fm_{number}").status_code for number in range(5)]
    assert answers == [401, 401, 401, 429, 429]
    assert asked(token[1]).status_code == 200
    assert asked("fm_x", REMOTE_ADDR="10.0.0.9").status_code == 401


def test_the_description_says_how_to_carry_a_token(client):
    schemes = client.get("/api/v1/openapi.json").json()["components"]["securitySchemes"]
    assert {"type": "http", "scheme": "bearer"}.items() <= schemes["AccessToken"].items()
