"""SQLite as Django has it, but for how a writer waits for its turn.

SQLite's own waiting sleeps longer and longer, up to a tenth of a second, while whoever holds the database writes for
less than a millisecond: with several writers nobody writes most of the time. Here a transaction asks again soon.
What does not belong here: the settings of the database (``project.settings``).
"""

from __future__ import annotations

import random
import sqlite3
import time

from django.db.backends.sqlite3 import base
from django.db.backends.utils import debug_transaction

SOON = 0.0003  # seconds; a short transaction takes about as long
LATER = 0.02  # seconds; the longest sleep, where a long one is under way
LONGER = 1.25
BUSY = sqlite3.SQLITE_BUSY
DEFAULT_PATIENCE = 5.0  # seconds; what the sqlite3 module itself waits where nothing is said


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions begin soon after the writer before them has ended."""

    transaction_mode: str | None

    def _start_transaction_under_autocommit(self) -> None:
        """Begin, and ask again for as long as the settings' ``timeout`` says. Raises OperationalError after that."""
        if self.transaction_mode != "IMMEDIATE":
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        patience = float(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_PATIENCE))
        execute = self.connection.execute
        until = time.monotonic() + patience
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
