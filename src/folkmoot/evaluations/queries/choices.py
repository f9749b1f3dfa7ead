"""What a form of a plan, a request or an offer may give one person to choose from."""

from __future__ import annotations

from typing import Any

from folkmoot.organisations.models import Organisation, ResearchTeam
from folkmoot.organisations.ownership import Owner
from folkmoot.surveys.models import OUTCOMES, Indicator, Series
from folkmoot.surveys.queries.choices import assumption_choices, may_write, owners_for


def outcome_choices(user: Any) -> list[tuple[str, str]]:
    """Indicators of outcomes in use that this person may see; what counts work is never among them."""
    rows = Indicator.objects.visible_to(user).filter(ended_on=None, kind__in=OUTCOMES)
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def past_choices(user: Any) -> list[tuple[str, str]]:
    """Published series that this person may see."""
    rows = Series.objects.visible_to(user).order_by("title", "pk")
    return [
        (str(pk), f"{title} ({publisher})")
        for pk, title, publisher in rows.values_list("pk", "title", "publisher")
    ]


def researchers_for(user: Any) -> list[tuple[str, str, Owner | None]]:
    """For whom this person may offer an evaluation: research teams, and organisations that are research bodies."""
    return [
        one
        for one in owners_for(user)
        if isinstance(one[2], ResearchTeam)
        or (isinstance(one[2], Organisation) and one[2].kind == Organisation.Kind.RESEARCH)
    ]


__all__ = [
    "assumption_choices",
    "may_write",
    "outcome_choices",
    "owners_for",
    "past_choices",
    "researchers_for",
]
