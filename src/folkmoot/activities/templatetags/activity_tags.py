"""Figures of the work in words: what was not recorded is said, and nothing is more exact than it is known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from folkmoot.activities.models import Activity, Level
from folkmoot.activities.pictures import people_words as group_people
from folkmoot.activities.queries.log import Levels, Year
from folkmoot.activities.queries.reach import GroupShown
from folkmoot.activities.queries.sums import Sums
from folkmoot.core.disclosure.published import HIDDEN, TOO_FEW, Published
from folkmoot.ui.pictures.intervals import percent as percent_of
from folkmoot.ui.pictures.intervals import percent_range

register = template.Library()


@register.filter
def several(number: int, words: str) -> str:
    """A number with its noun: ``3|several:"activity,activities"``."""
    one, many = words.split(",")
    return f"{number:,} {one if number == 1 else many}"


@register.filter
def named(activity: Activity) -> str:
    """What an activity is called on a page: its title, its initiative, its method, or just that."""
    return activity.title or str(activity.initiative or activity.method or "Activity")


@register.filter
def count_or_not(number: int | None) -> str:
    return "not recorded" if number is None else f"{number:,}"


@register.filter
def hours_or_not(hours: Decimal | None) -> str:
    return "not recorded" if hours is None else plain(hours)


def plain(hours: Decimal) -> str:
    """2 for 2.00, 2.5 for 2.50."""
    return f"{hours:,.2f}".rstrip("0").rstrip(".")


@register.filter
def percent(share: float | None) -> str:
    return "" if share is None else percent_of(share)


@register.filter
def not_recorded(sums: Sums) -> str:
    """What is missing from these figures, before the figures."""
    if not sums.without_people and not sums.without_hours:
        return "Nothing: every occasion has its people and its hours."
    of = f"of {sums.activities:,}"
    parts = []
    if sums.without_people:
        parts.append(f"how many people, in {several(sums.without_people, 'occasion,occasions')} {of}")
    if sums.without_hours:
        parts.append(f"hours, in {several(sums.without_hours, 'occasion,occasions')} {of}")
    return "; ".join(parts).capitalize() + "."


@register.filter
def people_words(sums: Sums) -> str:
    """How many people, with what the counting can carry."""
    if sums.without_people == sums.activities:
        return "Nobody noted how many."
    if not sums.attendances:
        return f"{sums.people:,}, counted as different people."
    return (
        f"Between {sums.fewest:,} and {sums.heads:,} different people: {sums.attendances:,} are attendances, "
        "where one person may count again."
    )


@register.filter
def hours_words(sums: Sums) -> str:
    """Hours and what they cost, with the hours that nobody recorded or that have no rate."""
    if sums.without_hours == sums.activities:
        return "hours not recorded."
    words = f"{plain(sums.hours)} hours"
    if sums.cost is not None:
        words += f", £{sums.cost:,.0f}"
        if sums.hours_without_rate:
            words += f" (without {plain(sums.hours_without_rate)} hours that have no rate)"
    if sums.without_hours:
        words += f"; not recorded for {sums.without_hours:,}"
    return words + "."


@register.filter
def others_words(year: Year) -> str:
    """The share of activities recorded by people who are no engagement specialists (R14)."""
    known = year.sums.activities - year.recorder_unknown
    words = (
        f"{year.recorder_unknown:,} do not say whether a specialist recorded them. "
        if year.recorder_unknown
        else ""
    )
    if not known:
        return words
    return f"{words}{year.by_others:,} of {known:,} ({percent_of(year.by_others / known)}) were recorded by people who are no engagement specialists."


@register.filter
def level_words(levels: Levels) -> str:
    """Planned against reached in a line, what was not recorded first."""
    parts = [f"not recorded {levels.not_recorded:,}"]
    if levels.not_planned:
        parts.append(f"no level planned {levels.not_planned:,}")
    if levels.judged:
        parts += [
            f"as planned {levels.met:,}",
            f"people were more active than planned {levels.above:,}",
            f"less active than planned {levels.below:,}",
        ]
    if levels.shadow:
        parts.append(f"managed or mined {levels.shadow:,}")
    return ", ".join(parts) + "."


@register.filter
def level_name(level: str, otherwise: str) -> str:
    """A level by its name, without the explanation; ``otherwise`` where there is none."""
    return str(dict(Level.choices)[level]).partition(":")[0] if level else otherwise


@register.filter
def level_rows(levels: Levels) -> list[tuple[str, str, int]]:
    labels = dict(Level.choices)
    return [(value, str(labels[value]), number) for value, number in levels.by_level]


@register.filter
def shown_words(shown: Published) -> str:
    if shown == HIDDEN:
        return "fewer than 5"
    return "none, or too few to say" if shown == TOO_FEW else str(shown)


@register.filter
def group_words(group: GroupShown) -> str:
    return group_people(group)


@register.filter
def share_words(group: GroupShown) -> str:
    """A share with its ends, in one cell."""
    if group.found is None or group.shown in (HIDDEN, TOO_FEW):
        return shown_words(group.shown)
    return percent_range(group.found.cautious_interval)


@register.filter
def living_share(group: GroupShown) -> str:
    found = group.found
    if found is None or found.share_living_here is None:
        return "not known"
    ends = found.share_living_here_range
    return percent_range(ends) if ends else percent_of(found.share_living_here)


@register.filter
def living_words(living: Any) -> str:
    if living is None:
        return "not known"
    return f"{living.people:,}" if living.low == living.high else f"{living.low:,} to {living.high:,}"


@register.filter
def group_url(category: int, request: Any) -> str:
    """The same page with one group opened."""
    asked = request.GET.copy()
    asked["group"] = str(category)
    return f"?{asked.urlencode()}#inside"


class RowNode(Node):
    def __init__(self, key: Any, content: NodeList) -> None:
        self.key, self.content = key, content

    def render(self, context: Any) -> SafeString:
        return format_html(
            '<div class="govuk-summary-list__row govuk-summary-list__row--no-actions">'
            '<dt class="govuk-summary-list__key">{}</dt><dd class="govuk-summary-list__value">{}</dd></div>',
            conditional_escape(self.key.resolve(context)),
            mark_safe(self.content.render(context)),
        )


@register.tag
def row(parser: Parser, token: Token) -> RowNode:
    """``{% row "Key" %}value{% endrow %}``: a row of a summary list."""
    _, key = token.split_contents()
    content = parser.parse(("endrow",))
    parser.delete_first_token()
    return RowNode(parser.compile_filter(key), content)
