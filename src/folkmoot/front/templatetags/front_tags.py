"""Words that only the front pages need."""

from __future__ import annotations

from django import template

register = template.Library()

FOUND = {
    "up": "moved as expected ▲",
    "down": "moved the opposite way ▼",
    "same": "was shown to change too little to matter =",
    "not_found": "showed no effect either way ○",
    "not_measured": "was not measured –",
}


@register.filter
def found(sign: str) -> str:
    """How a factor moved, in words with its sign."""
    return FOUND[sign]
