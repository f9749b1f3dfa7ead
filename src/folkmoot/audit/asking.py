"""A statement that is asked with every record that a phone sends, read as plain rows.

What does not belong here: what may be answered to whom; whoever asks sees to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def asked(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a fixed statement with ``%s`` for its values, planned once where the database can do that."""
    connection = connections[DEFAULT_DB_ALIAS]
    begin = getattr(connection, "planned_cursor", connection.cursor)
    with begin() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
