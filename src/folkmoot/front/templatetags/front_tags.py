"""Words that only the front pages need."""

from __future__ import annotations

from django import template

from folkmoot.core.standing.marks import Mark

register = template.Library()


@register.filter
def found(mark: Mark) -> str:
    """How a factor moved, in words with its sign."""
    return f"{mark.clause} {mark.sign}"
