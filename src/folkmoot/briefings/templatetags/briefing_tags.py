"""Printing the pieces of an edition: which template a piece has, and where a link leads."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter
def piece(block: Any) -> str:
    """The template of a block, by its kind."""
    return f"briefings/blocks/{type(block).__name__.lower()}.html"


@register.simple_tag(takes_context=True)
def to(context: Any, path: str) -> str:
    """An address below the site's root; in a file of its own with the site before it."""
    return f"{context.get('site', '')}{path}"
