"""Small words of this room: a state with its colour, how many people said something, how late something is."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from folkmoot.heard.states import CONCERN, CONTRIBUTION, PROMISE, PUBLIC_WORDS
from folkmoot.heard.wording import late_words

register = template.Library()

COLOURS = {
    "hearing": "blue", "deciding": "yellow", "decided": "yellow", "told": "light-blue", "answered": "green",
    "disputed": "red", "closed": "grey", "open": "yellow", "read": "green", "aside": "grey", "withdrawn": "grey",
    "kept": "green", "broken": "red", "waiting": "yellow", "shown": "green",
}  # fmt: skip
LIVES = {"concern": CONCERN, "contribution": CONTRIBUTION, "promise": PROMISE, "words": PUBLIC_WORDS}


@register.simple_tag
def life_tag(kind: str, state: str, late: bool = False) -> SafeString:
    """The state as a tag. The word carries it; the colour only helps."""
    label = "Overdue" if late else LIVES[kind].label(state)
    colour = "red" if late else COLOURS.get(state, "grey")
    return format_html('<strong class="govuk-tag govuk-tag--{} fm-life">{}</strong>', colour, label)


@register.filter
def people_who(number: int) -> str:
    """“2 people who …” (R26): a number of people, never a group that thinks something."""
    return "1 person" if number == 1 else f"{number:,} people"


@register.filter
def too_few(value: object) -> str:
    """A published count as it is printed: a number, 0, or “too few to say”."""
    if isinstance(value, int):
        return f"{value:,}"
    return "too few to say"


@register.filter
def about(value: object) -> str:
    """A rounded count of people as a sentence says it: “about 25”, “nobody yet” or “too few to say”."""
    if isinstance(value, int):
        return f"about {value:,}" if value else "nobody yet"
    return "too few to say"


@register.filter
def late_by(due: date, today: date) -> str:
    return late_words(due, today)
