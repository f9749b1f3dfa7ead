"""``{% map_head %}`` in the head and ``{% map shown id="…" %}`` in the content: a map with its table."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from folkmoot.ui.maps import MapShown
from folkmoot.ui.maps import swatch as drawn

register = template.Library()


@register.inclusion_tag("ui/parts/map_head.html")
def map_head() -> dict[str, Any]:
    """The styles and scripts that a page with a map needs, once in its head."""
    return {}


@register.inclusion_tag("ui/parts/map.html")
def map(shown: MapShown, id: str = "map", first: int | None = None) -> dict[str, Any]:
    """The map (with JavaScript), its key and its table; ``first`` rows of the table stand open."""
    rows = list(shown.rows)
    return {
        "shown": shown,
        "id": id,
        "rows": rows,
        "first": first,
        "open": first is None or len(rows) <= first,
    }


@register.simple_tag
def swatch(pattern: str) -> SafeString:
    """The pattern of a class as a small square; its word stands beside it."""
    return mark_safe(drawn(pattern))  # our own numbers and colours only
