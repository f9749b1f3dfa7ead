"""One new row, written with a statement that is put together once for its kind.

The ORM's ``save`` builds its SQL anew each time, which costs more than the write; under load that is most of the time a
database is held. What does not belong here: rows that are there already, rows with children in other tables.
"""

from __future__ import annotations

import functools
from typing import Any

from django.db import connection, models


@functools.cache
def _statement(kind: type[models.Model], vendor: str) -> tuple[str, tuple[Any, ...], bool]:
    fields = tuple(field for field in kind._meta.concrete_fields if not field.primary_key)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(kind._meta.db_table)} ({columns}) VALUES ({marks})"
    returns = connection.features.can_return_columns_from_insert
    key = kind._meta.pk
    if returns and key is not None:
        sql += f" RETURNING {quote(str(key.column))}"
    return sql, fields, returns


def insert(row: models.Model) -> None:
    """Write the new row and give it its number. Raises IntegrityError as ``save`` does; it sends no signals."""
    sql, fields, returns = _statement(type(row), connection.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row.pk = cursor.fetchone()[0] if returns else cursor.lastrowid
    row._state.adding = False
    row._state.db = connection.alias
