"""What templates of evidence ask of plain dictionaries."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from django import template

register = template.Library()


@register.filter
def has(kept: Container[Any], key: Any) -> bool:
    """Whether something is kept under this key."""
    return key in kept


@register.filter
def ended(words: str) -> str:
    """What somebody wrote, with a full stop where they put none."""
    said = words.strip()
    return said if not said or said[-1] in ".!?”)" else f"{said}."
