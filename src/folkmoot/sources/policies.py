"""Who may do what with a source. Who may *see* one at all is ``organisations.visibility``."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from folkmoot.audit.actions import TheInstance
from folkmoot.core.errors import NotAllowed, NotYet
from folkmoot.organisations.policies import may_edit, may_edit_for, may_lead_team, require_edit
from folkmoot.organisations.visibility import Visibility, access_of, visible
from folkmoot.sources.models import Source


def is_own(user: Any, source: Source) -> bool:
    """Does the source belong to this person's team or organisation?"""
    access = access_of(user)
    return source.team_id in access.teams or source.organisation_id in access.organisations


def may_be_told(source: Source) -> bool:
    """May words of this source be shown to anybody beyond its owner, once it is shared with them?"""
    return (
        source.consent == Source.Consent.QUOTE
        and source.redaction == Source.Redaction.REVIEWED
        and source.state == Source.State.LIVE
    )


def may_read(user: Any, source: Source) -> bool:
    """May this person read the words? The person sees the source already."""
    if source.is_withdrawn:
        return False
    return is_own(user, source) or (
        may_be_told(source) and source.visibility in {Visibility.NETWORK, Visibility.PUBLIC}
    )


def readable(user: Any, *, through: str = "") -> Q:
    """The condition under which ``may_read`` holds, for lists and search; ``through`` is a path to the source."""
    path = f"{through}__" if through else ""
    access = access_of(user)
    own = Q(**{f"{path}team__in": list(access.teams)}) | Q(
        **{f"{path}organisation__in": list(access.organisations)}
    )
    told = Q(**{f"{path}consent": Source.Consent.QUOTE, f"{path}redaction": Source.Redaction.REVIEWED})
    return Q(**{f"{path}state": Source.State.LIVE}) & (own | (visible(user, through=through) & told))


def may_withdraw(user: Any, source: Source) -> bool:
    """Withdrawal and consent: the lead researcher of the team, or whoever edits for the organisation."""
    if source.team_id is not None:
        return may_lead_team(user, team_id=source.team_id)
    return may_edit(user, source)


def require_withdraw(user: Any, source: Source) -> None:
    if isinstance(user, TheInstance):
        return  # a restore carries out again what a person had decided
    if not may_withdraw(user, source):
        who = "a lead researcher of the team" if source.team_id else "people who edit for its owner"
        raise NotAllowed(f"Only {who} can decide on the consent and the withdrawal of this source.")


def require_change(user: Any, source: Source) -> None:
    """Changing anything else about a source that is still there."""
    require_edit(user, source)
    require_live(source)


def require_live(source: Source) -> None:
    if source.is_withdrawn:
        raise NotYet("This source was withdrawn; nothing of it is left to change.")


def may_import_anywhere(user: Any) -> bool:
    """Is there any owner for whom this person may bring sources in?"""
    access = access_of(user)
    return any(may_edit_for(user, team_id=one) for one in access.teams) or any(
        may_edit_for(user, organisation_id=one) for one in access.organisations
    )
