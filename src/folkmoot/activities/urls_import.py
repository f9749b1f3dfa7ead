"""The addresses of imports, and of taking activities out."""

from __future__ import annotations

from django.urls import path

from folkmoot.activities.views import importing

urlpatterns = [
    path("work/import/", importing.activities_import, name="activities_import"),
    path(
        "work/import/template.<str:ending>",
        importing.activities_import_template,
        name="activities_import_template",
    ),
    path("work/import/<int:pk>/", importing.activity_import, name="activity_import"),
    path("work/import/<int:pk>/columns/", importing.activity_import_columns, name="activity_import_columns"),
    path(
        "work/import/<int:pk>/values/<slug:key>/",
        importing.activity_import_values,
        name="activity_import_values",
    ),
    path("work/import/<int:pk>/undo/", importing.activity_import_undo, name="activity_import_undo"),
    path("work/import/<int:pk>/drop/", importing.activity_import_drop, name="activity_import_drop"),
    path("work/import/<int:pk>/rows.csv", importing.activity_import_report, name="activity_import_report"),
    path("work/export/", importing.activities_export, name="activities_export"),
]
