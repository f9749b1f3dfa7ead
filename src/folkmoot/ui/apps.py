"""The Django app that holds what every page looks like."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """No models: templates, template tags, static files and pictures."""

    name = "folkmoot.ui"
    label = "ui"
    verbose_name = "Components"
