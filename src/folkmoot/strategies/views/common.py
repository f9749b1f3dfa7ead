"""What the pages of this room share: for whom somebody edits, and how a refusal gets back into the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest

from folkmoot.core.errors import FolkmootError, NotAllowed, Stale
from folkmoot.organisations.context import home_of
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.policies import may_edit_for


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


def attempt(form: forms.Form, write: Callable[[], Any]) -> tuple[Any, int]:
    """What the action gives, with 200; or None with the refusal's status, its sentence in the form.

    A person who may not write at all is refused on a page of its own, not in the form.
    """
    try:
        return write(), 200
    except NotAllowed:
        raise
    except Stale as error:
        form.add_error(None, str(error))
        return None, 412
    except FolkmootError as error:
        form.add_error(None, str(error))
        return None, 422
