"""SQLite as Django has it, but for how a writer waits for its turn.

SQLite's own waiting sleeps longer and longer, up to a tenth of a second, while whoever holds the database writes for
less than a millisecond: with several writers nobody writes most of the time. Here the threads of one process queue, so
that the next one begins the moment the one before has ended; among processes a transaction asks again soon.
What does not belong here: the settings of the database (``project.settings``).
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time

from django.db.backends.sqlite3 import base
from django.db.backends.utils import debug_transaction

A_TURN = 0.25  # seconds; after that whoever waits asks the database itself: a long import is under way
SOON = 0.0003  # seconds; a short transaction takes about as long
LATER = 0.02  # seconds; the longest sleep, where a long one is under way
LONGER = 1.25
BUSY = sqlite3.SQLITE_BUSY
DEFAULT_PATIENCE = 5.0  # seconds; what the sqlite3 module itself waits where nothing is said
_turns: dict[str, threading.Lock] = {}


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions begin soon after the writer before them has ended."""

    transaction_mode: str | None
    _turn: threading.Lock | None = None

    def _start_transaction_under_autocommit(self) -> None:
        """Begin, and ask again for as long as the settings' ``timeout`` says. Raises OperationalError after that."""
        if self.transaction_mode != "IMMEDIATE":
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        patience = float(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_PATIENCE))
        until = time.monotonic() + patience
        self._take_turn(min(A_TURN, patience))
        try:
            self._begin(until, patience)
        except BaseException:
            self._end_turn()
            raise

    def _begin(self, until: float, patience: float) -> None:
        execute = self.connection.execute
        wait = SOON
        with debug_transaction(self, "BEGIN"), self.wrap_database_errors:
            execute("PRAGMA busy_timeout = 0")
            try:
                while True:
                    try:
                        execute("BEGIN IMMEDIATE")
                        return
                    except sqlite3.OperationalError as error:
                        # the low byte is the kind; what is above it says more about one and the same
                        if error.sqlite_errorcode & 0xFF != BUSY or time.monotonic() >= until:
                            raise
                    time.sleep(wait * random.uniform(0.5, 1.5))  # so that two who wait do not ask in step
                    wait = min(LONGER * wait, LATER)
            finally:
                execute(f"PRAGMA busy_timeout = {round(1000 * patience)}")

    def _take_turn(self, patience: float) -> None:
        """Queue behind the other threads. The turn orders who asks first; what keeps writers apart is the database."""
        self._end_turn()
        name = str(self.settings_dict["NAME"])
        turn = _turns.setdefault(name, threading.Lock())
        if not turn.acquire(timeout=patience):
            # held long, or left behind by a thread that is gone: the next ones queue anew, and this one behind them
            turn = _turns[name] = threading.Lock()
            turn.acquire()
        self._turn = turn

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.release()

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._end_turn()  # where it failed the transaction goes on, and is rolled back

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()
