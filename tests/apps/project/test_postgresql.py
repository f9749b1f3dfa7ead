"""What is ours in speaking to PostgreSQL: plans that are kept, and a server that has gone is noticed."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError, connection

from folkmoot.audit.asking import asked
from folkmoot.project.postgresql import base
from folkmoot.project.settings import _planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def own():
    """A connection of its own, which a test may lose."""
    if connection.vendor != "postgresql":
        pytest.skip("this run is on SQLite; the run on PostgreSQL does this one")
    found = connection.copy()
    yield found
    found.close()


def end(number: int) -> None:
    """End the server's side of another connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])


def test_rows_are_the_same_however_often_they_are_asked_for():
    for number in (1, 2, 300, 70_000, None, 5, 6):
        ((same, words),) = asked("SELECT %s + 0, 'a' || 'b'", [number])
        assert (same, words) == (number, "ab")


def test_a_statement_asked_again_and_again_is_planned_once(own):
    for _ in range(6):
        with own.planned_cursor() as cursor:
            cursor.execute("SELECT %s::integer + 1", [7])
            assert cursor.fetchone() == (8,)
    with own.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%integer + 1%%'")
        assert cursor.fetchone() == (1,)


def test_a_lost_connection_is_noticed_after_an_error_at_once_and_without_one_within_a_second(
    own, monkeypatch
):
    own.ensure_connection()
    end(own.connection.info.backend_pid)
    assert own.is_usable()  # it answered a moment ago: nobody asks again
    with pytest.raises((OperationalError, InterfaceError)), own.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert own.errors_occurred and not own.is_usable()
    own.close()
    own.ensure_connection()
    end(own.connection.info.backend_pid)
    monkeypatch.setattr(base, "FRESH", 0.0)
    assert not own.is_usable()


def test_behind_a_pooler_plans_are_not_kept():
    assert _planned({})["prepare_threshold"] == 3
    assert _planned({"prepare_threshold": "none", "sslmode": "require"}) == {
        "prepare_threshold": None,
        "sslmode": "require",
    }
