"""How a writer waits on SQLite: soon, for as long as the settings say, and with Django's own error after that."""

from __future__ import annotations

import sqlite3
import threading
import time

import pytest
from django.db import OperationalError

from folkmoot.project.sqlite import base
from folkmoot.project.sqlite.base import DatabaseWrapper


@pytest.fixture
def connection(tmp_path, db):
    """A connection to a file of its own that waits for a fifth of a second."""
    settings = {
        "NAME": str(tmp_path / "waiting.sqlite3"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 0.2, "init_command": "PRAGMA journal_mode=WAL;"},
        "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "TIME_ZONE": None, "AUTOCOMMIT": True,
        "ATOMIC_REQUESTS": False, "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "TEST": {},
    }  # fmt: skip
    made = DatabaseWrapper(settings, alias="waiting")
    made.inc_thread_sharing()
    made.ensure_connection()
    made.connection.execute("CREATE TABLE words (word text)")
    yield made
    made.close()


@pytest.fixture
def other(connection):
    holder = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    yield holder
    holder.close()


def begin_and_write(connection):
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    connection.cursor().execute("INSERT INTO words VALUES ('ours')")
    connection.commit()
    connection.set_autocommit(True)


def test_a_writer_writes_as_soon_as_the_one_before_has_ended(connection, other):
    threading.Timer(0.05, lambda: other.execute("COMMIT")).start()
    begin_and_write(connection)
    assert connection.connection.execute("SELECT count(*) FROM words").fetchone() == (1,)


def test_a_writer_who_waited_in_vain_gets_the_error_that_django_gives(connection, other):
    began = time.monotonic()
    with pytest.raises(OperationalError, match="locked"):
        begin_and_write(connection)
    assert time.monotonic() - began >= 0.2


def test_what_writes_outside_a_transaction_still_waits(connection, other):
    other.execute("COMMIT")
    begin_and_write(connection)
    assert connection.connection.execute("PRAGMA busy_timeout").fetchone() == (200,)


def test_another_fault_is_no_reason_to_wait(connection):
    connection.connection.execute("BEGIN")
    began = time.monotonic()
    with pytest.raises(OperationalError, match="within a transaction"):
        connection._start_transaction_under_autocommit()
    assert time.monotonic() - began < 0.2


@pytest.mark.parametrize("ending", ["commit", "rollback", "close"])
def test_a_turn_ends_with_its_transaction_however_that_ends(connection, other, ending):
    other.execute("COMMIT")
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    assert connection._turn is not None and connection._turn.locked()
    turn = connection._turn
    getattr(connection, ending)()
    assert connection._turn is None and not turn.locked()


def test_a_turn_ends_where_the_transaction_could_not_begin(connection, other):
    with pytest.raises(OperationalError):
        begin_and_write(connection)
    assert connection._turn is None


def test_a_turn_left_behind_by_a_thread_that_is_gone_holds_nobody_up_for_long(connection, other, monkeypatch):
    """The turn only orders who asks first: whoever waited for it in vain asks the database itself."""
    other.execute("COMMIT")
    monkeypatch.setattr(base, "A_TURN", 0.05)
    name = str(connection.settings_dict["NAME"])
    left = base._turns[name] = threading.Lock()
    left.acquire()
    for _ in range(3):
        begin_and_write(connection)
    began = time.monotonic()
    begin_and_write(connection)
    assert time.monotonic() - began < 0.05  # the next ones queue anew
    assert connection.connection.execute("SELECT count(*) FROM words").fetchone() == (4,)


def test_many_threads_write_each_row_once(connection, other):
    other.execute("COMMIT")

    def write():
        mine = DatabaseWrapper(connection.settings_dict, alias="waiting")
        try:
            for _ in range(25):
                begin_and_write(mine)
        finally:
            mine.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert connection.connection.execute("SELECT count(*) FROM words").fetchone() == (150,)
    assert not base._turns[str(connection.settings_dict["NAME"])].locked()
