"""Priorities that came with a file are something that its page shows, not a matching of columns."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def move(apps: Any, schema_editor: Any) -> None:
    imports = apps.get_model("activities", "ActivityImport")
    for one in imports.objects.using(schema_editor.connection.alias).filter(matching__has_key="priorities"):
        one.shown = {**one.shown, "priorities": one.matching.pop("priorities")}
        one.save(update_fields=["matching", "shown"])


class Migration(migrations.Migration):
    dependencies = [("activities", "0007_activities_by_level")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
