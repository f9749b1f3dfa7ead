"""The full-text index, by vendor: an FTS5 table kept by triggers, or a tsvector column with a GIN index."""

from django.db import migrations

SQLITE = [
    # the words stay in sources_searchtext; the index only points at them
    """create virtual table sources_search using fts5(
        text, content='sources_searchtext', content_rowid='turn_id',
        tokenize="porter unicode61 remove_diacritics 2")""",
    """create trigger sources_search_added after insert on sources_searchtext begin
        insert into sources_search(rowid, text) values (new.turn_id, new.text); end""",
    """create trigger sources_search_removed after delete on sources_searchtext begin
        insert into sources_search(sources_search, rowid, text) values ('delete', old.turn_id, old.text); end""",
    """create trigger sources_search_changed after update on sources_searchtext begin
        insert into sources_search(sources_search, rowid, text) values ('delete', old.turn_id, old.text);
        insert into sources_search(rowid, text) values (new.turn_id, new.text); end""",
]
SQLITE_BACK = [
    "drop trigger sources_search_changed",
    "drop trigger sources_search_removed",
    "drop trigger sources_search_added",
    "drop table sources_search",
]
POSTGRESQL = [
    # its parser keeps addresses and "police/community" whole: these signs part words, as they do there
    # stems like the English dictionary but drops no small words, as the other vendor does
    "create text search dictionary folkmoot_stem (template = snowball, language = english)",
    "create text search configuration folkmoot (copy = english)",
    "alter text search configuration folkmoot alter mapping replace english_stem with folkmoot_stem",
    """alter table sources_searchtext add column words tsvector
        generated always as (
            to_tsvector('folkmoot', translate(text, '/\\@.-_:+=~%#&?', '              '))) stored""",
    "create index sources_search on sources_searchtext using gin (words) with (fastupdate = off)",
]
POSTGRESQL_BACK = [
    "drop index sources_search",
    "alter table sources_searchtext drop column words",
    "drop text search configuration folkmoot",
    "drop text search dictionary folkmoot_stem",
]


def build(apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement, params=None)


def remove(apps, editor):
    for statement in SQLITE_BACK if editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial")]
    operations = [migrations.RunPython(build, remove)]
