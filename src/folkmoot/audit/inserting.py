"""New rows, written with statements that are put together once for their kind; a row and what goes with it in one go.

The ORM's ``save`` builds its SQL anew each time, which costs more than the write; under load that is most of the time a
database is held. What does not belong here: rows that are there already, rows with children in other tables.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction


class _Column(NamedTuple):
    """A field, and what need not be asked of it for every row: its value, where nothing has to be done to it."""

    field: Any
    moves: bool  # it may set its own value, as a field does that takes the time
    is_text: bool  # a text goes into it as it is


class ReadyRow(NamedTuple):
    """A new row with its statement and values. ``points`` is the field that takes the number of the first row.

    It is empty for the first itself. ``place`` is where that field stands among the values, -1 where the statement
    takes the number by itself.
    """

    row: models.Model
    points: str
    sql: str
    values: list[Any]
    place: int


def _here() -> Any:
    """The connection itself: ``django.db.connection`` looks it up again whenever anything is asked of it."""
    return connections[DEFAULT_DB_ALIAS]


@functools.cache
def _columns(kind: type[models.Model]) -> tuple[_Column, ...]:
    """The columns of a new row of this kind: all but its number."""
    return tuple(_column(field) for field in kind._meta.concrete_fields if not field.primary_key)


def _column(field: Any) -> _Column:
    kind = type(field)
    as_it_is = kind.get_db_prep_save is models.Field.get_db_prep_save and isinstance(
        field, models.CharField | models.TextField
    )
    return _Column(field, kind.pre_save is not models.Field.pre_save, as_it_is)


@functools.lru_cache(maxsize=1_000)
def _statement(kind: type[models.Model], vendor: str, marks: tuple[str, ...]) -> str:
    """The statement that writes a row of this kind, with these marks for its values; it gives the row's number."""
    connection = _here()
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(one.field.column)) for one in _columns(kind))
    sql = f"INSERT INTO {quote(kind._meta.db_table)} ({columns}) VALUES ({', '.join(marks)})"
    key = kind._meta.pk
    if connection.features.can_return_columns_from_insert and key is not None:
        sql += f" RETURNING {quote(str(key.column))}"
    return sql


@functools.cache
def _last_number(kind: type[models.Model]) -> str:
    """The number that PostgreSQL gave last to a row of this kind over this connection, in SQL."""
    connection, key = _here(), kind._meta.pk
    assert key is not None
    with connection.cursor() as cursor:
        # asked once: the name is the table's for good
        cursor.execute(
            "SELECT pg_get_serial_sequence(%s, %s)",
            [connection.ops.quote_name(kind._meta.db_table), key.column],
        )
        return f"currval('{cursor.fetchone()[0]}')"


def _put_together(row: models.Model, points: str = "", number: str = "") -> ReadyRow:
    """The row with its statement. ``number`` is what the field that points takes, in SQL; without it, a value later.

    What is empty stands in the statement itself: many columns are, and psycopg takes apart a statement with more than
    fifty values anew each time.
    """
    connection = _here()
    marks: list[str] = []
    values: list[Any] = []
    place = -1
    for field, moves, is_text in _columns(type(row)):
        if field.name == points:
            marks.append(number or "%s")
            if not number:
                place = len(values)
                values.append(None)
            continue
        value = field.pre_save(row, True) if moves else getattr(row, field.attname)
        if value is None:
            marks.append("NULL")
            continue
        marks.append("%s")
        values.append(value if is_text and type(value) is str else field.get_db_prep_save(value, connection))
    return ReadyRow(row, points, _statement(type(row), connection.vendor, tuple(marks)), values, place)


def _is_written(row: models.Model, number: Any, connection: Any) -> None:
    row.pk = number
    row._state.adding = False
    row._state.db = connection.alias


def insert(row: models.Model) -> None:
    """Write the new row and give it its number. Raises IntegrityError as ``save`` does; it sends no signals."""
    connection = _here()
    given = _put_together(row)
    with connection.cursor() as cursor:
        cursor.execute(given.sql, given.values)
        _is_written(row, _number(cursor, connection), connection)


def _number(cursor: Any, connection: Any) -> Any:
    return cursor.fetchone()[0] if connection.features.can_return_columns_from_insert else cursor.lastrowid


@dataclass(frozen=True, slots=True)
class Ready:
    """New rows with their statements and values, put together before the database is held."""

    rows: tuple[ReadyRow, ...]


def ready(first: models.Model, others: Sequence[tuple[models.Model, str]]) -> Ready:
    """A new row and others that hold its number, each in the field named beside it, ready to be written.

    Pure but for the clock of fields that take the time.
    """
    number = _last_number(type(first)) if _here().vendor == "postgresql" else ""
    return Ready((_put_together(first), *(_put_together(row, name, number) for row, name in others)))


def insert_ready(given: Ready) -> None:
    """Write them and give each its number. Raises IntegrityError as ``save`` does; it sends no signals.

    Where every statement is a way to another process and back, all of them go at once.
    """
    connection = _here()
    first = given.rows[0].row
    at_once = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if at_once:
            statements = "; ".join(one.sql for one in given.rows)
            cursor.execute(statements, [value for one in given.rows for value in one.values])
        for row, points, sql, values, place in given.rows:
            if at_once:
                if row is not first:
                    cursor.nextset()
            else:
                if place >= 0:
                    values[place] = _as_number(row, points, first.pk)
                cursor.execute(sql, values)
            _is_written(row, _number(cursor, connection), connection)
            if points:
                _point(row, points, first.pk)


def is_one_transaction() -> bool:
    """Is ``insert_ready`` a transaction by itself here? What is sent to PostgreSQL at once is, where none was begun."""
    connection = _here()
    return connection.vendor == "postgresql" and connection.get_autocommit()


def insert_whole(given: Ready) -> None:
    """``insert_ready`` in a transaction of its own, on the disk when it returns: all of the rows, or none."""
    if is_one_transaction():
        # a BEGIN and a COMMIT would each be a way to the database and back
        insert_ready(given)
    else:
        with transaction.atomic():
            insert_ready(given)


def _as_number(row: models.Model, name: str, number: Any) -> Any:
    return number if row._meta.get_field(name).is_relation else str(number)


def _point(row: models.Model, name: str, number: Any) -> None:
    field: Any = row._meta.get_field(name)
    setattr(row, field.attname, _as_number(row, name, number))
