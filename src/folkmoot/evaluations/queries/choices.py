"""What a form of a plan, a request or an offer may give one person to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from folkmoot.organisations.models import Organisation, ResearchTeam
from folkmoot.organisations.ownership import Owner, owner_of
from folkmoot.surveys.models import OUTCOMES, Indicator, Series, Survey, Variable, Wave
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


def surveys_with_answers(owned: Any) -> list[Survey]:
    """Surveys of the same owner as ``owned`` that have answers in at least one wave."""
    rows = Survey.objects.filter(
        **owner_of(owned), waves__microdata__isnull=False, waves__microdata__erased_at=None
    )
    return list(rows.select_related("organisation", "team").distinct().order_by("title", "pk"))


def variables_of(waves: Sequence[Wave]) -> list[Variable]:
    """The columns that all of these waves have, as the last one has them."""
    if not waves:
        return []
    of_wave: dict[int, dict[str, Variable]] = {}
    rows = Variable.objects.filter(microdata__wave__in=waves, microdata__erased_at=None)
    for one in rows.select_related("microdata").order_by("position"):
        of_wave.setdefault(one.microdata.wave_id, {})[one.name] = one
    last = of_wave.get(waves[-1].pk, {})
    return [one for name, one in last.items() if all(name in held for held in of_wave.values())]


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
    "surveys_with_answers",
    "variables_of",
]
