"""New rows, written with statements that are put together once for their kind; a row and what goes with it in one go.

The ORM's ``save`` builds its SQL anew each time, which costs more than the write; under load that is most of the time a
database is held. What does not belong here: rows that are there already, rows with children in other tables.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models


@functools.cache
def _statement(kind: type[models.Model], vendor: str, after: str = "") -> tuple[str, tuple[Any, ...], bool]:
    """The statement that writes a row of this kind, its fields, and whether it gives the row's number.

    ``after`` names fields that take the number that was given last to a row of another kind, in SQL.
    """
    fields = tuple(field for field in kind._meta.concrete_fields if not field.primary_key)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    named, _, number = after.partition("=")
    marks = ", ".join(number if field.name == named else "%s" for field in fields)
    sql = f"INSERT INTO {quote(kind._meta.db_table)} ({columns}) VALUES ({marks})"
    returns = connection.features.can_return_columns_from_insert
    key = kind._meta.pk
    if returns and key is not None:
        sql += f" RETURNING {quote(str(key.column))}"
    return sql, tuple(field for field in fields if field.name != named), returns


@functools.cache
def _last_number(kind: type[models.Model]) -> str:
    """The number that PostgreSQL gave last to a row of this kind over this connection, in SQL."""
    key = kind._meta.pk
    assert key is not None
    return (
        f"currval(pg_get_serial_sequence('{connection.ops.quote_name(kind._meta.db_table)}', '{key.column}'))"
    )


def _values(row: models.Model, fields: tuple[Any, ...]) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]


def _is_written(row: models.Model, number: Any) -> None:
    row.pk = number
    row._state.adding = False
    row._state.db = connection.alias


def insert(row: models.Model) -> None:
    """Write the new row and give it its number. Raises IntegrityError as ``save`` does; it sends no signals."""
    sql, fields, returns = _statement(type(row), connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(row, fields))
        _is_written(row, cursor.fetchone()[0] if returns else cursor.lastrowid)


@dataclass(frozen=True, slots=True)
class Ready:
    """New rows with their statements and values, put together before the database is held.

    ``rows`` has each row, the field that takes the number of the first (none for the first itself), its statement,
    its values, and the place of that field among them.
    """

    rows: tuple[tuple[models.Model, str, str, list[Any], int], ...]


def ready(first: models.Model, others: Sequence[tuple[models.Model, str]]) -> Ready:
    """A new row and others that hold its number, each in the field named beside it, ready to be written.

    Pure but for the clock of fields that take the time.
    """
    at_once = connection.vendor == "postgresql"
    rows = []
    for row, name in [(first, ""), *others]:
        after = f"{name}={_last_number(type(first))}" if name and at_once else ""
        sql, fields, _ = _statement(type(row), connection.vendor, after)
        place = -1 if at_once or not name else [field.name for field in fields].index(name)
        rows.append((row, name, sql, _values(row, fields), place))
    return Ready(tuple(rows))


def insert_ready(given: Ready) -> None:
    """Write them and give each its number. Raises IntegrityError as ``save`` does; it sends no signals.

    Where every statement is a way to another process and back, all of them go at once.
    """
    first = given.rows[0][0]
    returns = connection.features.can_return_columns_from_insert
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statements = "; ".join(sql for _, _, sql, _, _ in given.rows)
            cursor.execute(statements, [value for _, _, _, values, _ in given.rows for value in values])
        for row, name, sql, values, place in given.rows:
            if connection.vendor == "postgresql":
                if row is not first:
                    cursor.nextset()
            else:
                if place >= 0:
                    values[place] = _as_number(row, name, first.pk)
                cursor.execute(sql, values)
            _is_written(row, cursor.fetchone()[0] if returns else cursor.lastrowid)
            if name:
                _point(row, name, first.pk)


def _as_number(row: models.Model, name: str, number: Any) -> Any:
    return number if row._meta.get_field(name).is_relation else str(number)


def _point(row: models.Model, name: str, number: Any) -> None:
    field: Any = row._meta.get_field(name)
    setattr(row, field.attname, _as_number(row, name, number))
