"""What the pages of this room share: for whom somebody edits."""

from __future__ import annotations

from django.http import HttpRequest

from folkmoot.core.errors import NotAllowed
from folkmoot.organisations.context import home_of
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.policies import may_edit_for
from folkmoot.organisations.refusals import attempt

__all__ = ["attempt", "editing_for", "required_home"]


def editing_for(request: HttpRequest) -> Organisation | None:
    """The organisation this person is working for now, if they may edit for it."""
    home = home_of(request)
    may = home is not None and may_edit_for(request.user, organisation_id=home.pk)
    return home if may else None


def required_home(request: HttpRequest) -> Organisation:
    """The organisation that a new row of this person would belong to; whether they may, the action says."""
    home = home_of(request)
    if home is None:
        raise NotAllowed("This is written on behalf of an organisation, and you have no role in any.")
    return home
