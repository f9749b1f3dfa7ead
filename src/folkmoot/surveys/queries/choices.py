"""What a form here may offer one person: owners, assumptions, indicators, waves with channels."""

from __future__ import annotations

from typing import Any

from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.models import Organisation, ResearchTeam
from folkmoot.organisations.ownership import Owner
from folkmoot.organisations.policies import may_edit_for
from folkmoot.organisations.visibility import access_of, visible
from folkmoot.surveys.models import Indicator, Variable

NETWORK = "network"
MOST_ANSWERS_OF_A_CHANNEL = 6


def owners_for(user: Any, *, network: bool = False) -> list[tuple[str, str, Owner | None]]:
    """For whom this person may write here: key, words, row; the network only where ``network`` allows it."""
    access = access_of(user)
    own = Organisation.objects.filter(
        pk__in=[pk for pk in access.organisations if may_edit_for(user, organisation_id=pk)]
    )
    teams = ResearchTeam.objects.filter(pk__in=[pk for pk in access.teams if may_edit_for(user, team_id=pk)])
    found: list[tuple[str, str, Owner | None]] = [(f"organisation-{one.pk}", one.name, one) for one in own]
    found += [(f"team-{one.pk}", f"{one.name} (research team)", one) for one in teams]
    if network and may_edit_for(user):
        found.append((NETWORK, "The network’s shared library", None))
    return found


def may_write(user: Any) -> bool:
    """Whether there is anybody for whom this person may write here."""
    access = access_of(user)
    return any(may_edit_for(user, organisation_id=pk) for pk in access.organisations) or any(
        may_edit_for(user, team_id=pk) for pk in access.teams
    )


def assumption_choices(user: Any) -> list[tuple[str, str]]:
    """Every assumption that this person may see, by its code and its two ends."""
    rows = Assumption.objects.filter(visible(user)).order_by("code", "pk")
    return [
        (str(pk), f"{code} {cause} → {effect}".strip())
        for pk, code, cause, effect in rows.values_list("pk", "code", "cause__wording", "effect__wording")
    ]


def indicator_choices(user: Any) -> list[tuple[str, str]]:
    """Every indicator in use that this person may see, with its kind."""
    rows = Indicator.objects.visible_to(user).filter(ended_on=None)
    return [(str(one.pk), f"{one.name} ({one.get_kind_display().split(':')[0].lower()})") for one in rows]


def channel_choices(wave_id: int) -> list[tuple[str, str]]:
    """Questions of a wave whose answer may say that a message came through a channel: one choice an answer."""
    rows = Variable.objects.filter(
        microdata__wave=wave_id, microdata__erased_at=None, role=Variable.Role.CHOICE
    ).only("name", "label", "answers")
    return [
        (f"{one.name}|{word}", f"{one.label or one.name}: {word}")
        for one in rows
        if 2 <= len(one.answers) <= MOST_ANSWERS_OF_A_CHANNEL
        for word in one.answers
    ]
