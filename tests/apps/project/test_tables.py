"""A new instance has the tables that the models ask for, whichever way its migrations make them."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from folkmoot.audit.together import Together

pytestmark = pytest.mark.django_db
OURS = [model for model in apps.get_models() if model.__module__.startswith("folkmoot.")]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label_lower)
def test_every_column_constraint_and_index_of_a_model_is_in_the_database(model):
    meta = model._meta
    with connection.cursor() as cursor:
        columns = {
            one.name: one for one in connection.introspection.get_table_description(cursor, meta.db_table)
        }
        held = connection.introspection.get_constraints(cursor, meta.db_table)
    fields = {field.column: field for field in meta.local_concrete_fields}
    # the column of the search index on PostgreSQL is the database's own
    assert set(columns) - {"words"} <= set(fields) <= set(columns)
    for name, field in fields.items():
        assert columns[name].null_ok == field.null, name
        if field.is_relation and field.db_constraint:
            keys = [one["foreign_key"] for one in held.values() if one["columns"] == [name]]
            assert (field.related_model._meta.db_table, field.target_field.column) in keys, name
    asked = {one.name for one in (*meta.constraints, *meta.indexes)}
    assert asked <= set(held)


@pytest.mark.django_db(transaction=True)
def test_tables_that_are_made_together_can_be_taken_back_and_made_again():
    """Those of one room, on a database in which nothing points at them."""
    executor = MigrationExecutor(connection)
    (together,) = executor.loader.get_migration("briefings", "0001_initial").operations
    assert isinstance(together, Together)
    before = executor.loader.project_state([("briefings", "0001_initial")], at_end=False)
    after = before.clone()
    together.state_forwards("briefings", after)
    tables = {model._meta.db_table for model in apps.get_app_config("briefings").get_models()}
    assert {
        after.apps.get_model(*key)._meta.db_table for key in after.models if key[0] == "briefings"
    } == tables
    assert tables <= set(connection.introspection.table_names())
    with connection.schema_editor() as editor:
        together.database_backwards("briefings", editor, after, before)
    assert not tables & set(connection.introspection.table_names())
    with connection.schema_editor() as editor:
        together.database_forwards("briefings", editor, before, after)
    assert tables <= set(connection.introspection.table_names())
    assert "Create model Briefing" in together.describe()
    assert together.references_model("Edition", "briefings")
