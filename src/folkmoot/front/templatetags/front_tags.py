"""Words that only the front pages need."""

from __future__ import annotations

from django import template

from folkmoot.core.standing.marks import Mark

register = template.Library()


@register.filter
def in_brackets(words: str) -> str:
    """A note between brackets, without the full stop that would stand before the closing one."""
    return f"({words.strip().removesuffix('.')})"


@register.filter
def found(mark: Mark) -> str:
    """How a factor moved, in words with its sign."""
    return f"{mark.clause} {mark.sign}"
