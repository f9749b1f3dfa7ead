"""PostgreSQL as Django has it, but for statements that are asked again and again, and for how often it is asked whether it is there.

What does not belong here: the settings of the database (``project.settings``).
"""

from __future__ import annotations

import time
from typing import Any

from django.db.backends.postgresql import base

FRESH = 1.0  # seconds for which a connection that answered is taken to be there


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that can have a statement planned once, and that is looked after no more than once a second."""

    _answered = float("-inf")

    def planned_cursor(self) -> Any:
        """A cursor whose statement PostgreSQL plans once for this connection, not each time: planning can cost more
        than the answer. For a fixed text with its values beside it."""
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = base.ServerBindingCursor(self.connection)  # type: ignore[call-arg]
        return self._prepare_cursor(cursor)  # type: ignore[attr-defined]

    def is_usable(self) -> bool:
        """Is somebody there? After an error it is always asked; else not again within a second."""
        now = time.monotonic()
        if self.connection is not None and not self.errors_occurred and now - self._answered < FRESH:
            return True
        if not super().is_usable():
            return False
        self._answered = now
        return True

    def connect(self) -> None:
        super().connect()
        self._answered = time.monotonic()
