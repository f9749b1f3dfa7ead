"""Activities and tallies laid out as the database takes them, many at once.

Done before the transaction begins: on SQLite nobody else can write while one is open, so it is kept to the
bare insertion. What does not belong here: the insertion (``actions.bulk``).
"""

from __future__ import annotations

import uuid as identifiers
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from folkmoot.activities.importing.planning import EVERY, Tell
from folkmoot.activities.models import Activity, ActivityImport, Tally
from folkmoot.activities.tallying import copied
from folkmoot.audit.actions import Actor, made

# what a row may say; everything else is the same for all rows of an import
_OWN = frozenset(
    [
        "uuid",
        "initiative_id",
        "method_id",
        "mechanism_version_id",
        "title",
        "happened_on",
        "begins_at",
        "ends_at",
        "place_id",
        "place_words",
        "people",
        "counted",
        "level",
        "hours",
        "remark",
        "by_specialist",
        "hosting",
        "host_id",
        "uniform",
        "trigger",
        "participant_level",
        "counterpart",
        "demand",
    ]
)


@dataclass(frozen=True, slots=True)
class Laid:
    """``activities`` and ``tallies`` as parameters; the first of a tally is its activity's identifier."""

    activity_sql: str
    activities: list[tuple[Any, ...]]
    tally_sql: str
    tallies: list[tuple[identifiers.UUID, tuple[Any, ...]]]


def laid_out(
    rows: Iterable[Mapping[str, Any]],
    *,
    import_: ActivityImport,
    by: Actor,
    total: int | None = None,
    tell: Tell = lambda done, total, step: None,
) -> Laid:
    """Rows that passed ``checking`` (columns of an activity by name, and ``tallies``) ready to be inserted."""
    usual = Activity(
        organisation_id=import_.organisation_id,
        visibility="own",
        brought_by_id=import_.pk,
        logged_by=None,
        **made(by),
    )
    fields = [one for one in Activity._meta.concrete_fields if not one.primary_key]
    prepare = {one.attname: _preparing(one) for one in fields}
    same = {name: prepare[name](getattr(usual, name)) for name in prepare}
    own = [name for name in prepare if name in _OWN]
    tally_fields = [one for one in Tally._meta.concrete_fields if not one.primary_key]
    prepare_tally = {one.attname: _preparing(one) for one in tally_fields}
    activities: list[tuple[Any, ...]] = []
    tallies: list[tuple[identifiers.UUID, tuple[Any, ...]]] = []
    for done, row in enumerate(rows):
        if not done % EVERY:
            tell(done, total, "Preparing to store")
        key = row.get("uuid") or identifiers.uuid4()
        given = {**same, **{name: prepare[name](row[name]) for name in own if name in row}}
        given["uuid"] = prepare["uuid"](key)
        activities.append(tuple(given.values()))
        counts = row.get("tallies")
        if counts:
            copy = copied(
                Activity(
                    organisation_id=import_.organisation_id,
                    **{name: row[name] for name in own if name in row and name != "uuid"},
                )
            )
            for category, people in sorted(counts.items()):
                value = {**copy, "activity_id": None, "category_id": category, "people": people}
                tallies.append((key, tuple(prepare_tally[name](value[name]) for name in prepare_tally)))
    return Laid(_insertion(Activity, fields), activities, _insertion(Tally, tally_fields), tallies)


def _preparing(field: models.Field) -> Callable[[Any], Any]:
    """The field's own way to the database, remembered for the values that come again and again."""
    kept: dict[Any, Any] = {}

    def prepared(value: Any) -> Any:
        if value is None:
            return None
        if value not in kept:
            if len(kept) > 5000:
                kept.clear()
            kept[value] = field.get_db_prep_save(value, connection)
        return kept[value]

    def fresh(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    return fresh if isinstance(field, models.UUIDField) else prepared


def _insertion(kind: type[models.Model], fields: list[Any]) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(one.column) for one in fields)
    return f"INSERT INTO {quote(kind._meta.db_table)} ({names}) VALUES ({', '.join(['%s'] * len(fields))})"


ACTIVITY_AT = next(
    number
    for number, one in enumerate(one for one in Tally._meta.concrete_fields if not one.primary_key)
    if one.attname == "activity_id"
)
