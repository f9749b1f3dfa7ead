"""Beside every count of work: whether people were given anything back for what they said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from folkmoot.activities import answered

register = template.Library()


@register.simple_tag
def answered_of(rows: Iterable[Any]) -> Mapping[int, Any]:
    """The words for a list of rows with an ``initiative`` each, asked together."""
    return answered.of_initiatives([row.initiative.pk for row in rows])


@register.simple_tag
def answered_strand(initiative: Any) -> Any:
    """The word for one initiative, or nothing."""
    return answered.of_initiatives([initiative.pk]).get(initiative.pk)


@register.simple_tag
def answered_occasion(activity: Any) -> Any:
    """The word for one occasion, or nothing."""
    return answered.of_activities([activity.pk]).get(activity.pk)


@register.filter
def word_for(words: Mapping[int, Any], number: int) -> SafeString | str:
    """The word of one row of the list; extraction stands out by its tag, not by colour alone."""
    found = words.get(number) if words else None
    if found is None:
        return "not known"
    if found.is_extraction:
        return format_html('<strong class="govuk-tag govuk-tag--red">{}</strong>', found.word)
    return str(found.word)
