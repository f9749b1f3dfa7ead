"""What every page knows of the instance and of the person's place in it."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest

from folkmoot.organisations.models import Instance, Organisation
from folkmoot.organisations.visibility import access_of


def home_of(request: HttpRequest) -> Organisation | None:
    """The organisation that this person is working for now: the one chosen, else their first."""
    access = access_of(getattr(request, "user", None))
    if not access.organisations:
        return None
    kept = getattr(request, "_home", None)
    if kept is None:
        own = list(access.homes)
        chosen = request.session.get("home") if hasattr(request, "session") else None
        kept = (next((one for one in own if one.pk == chosen), own[0]), own)
        request._home = kept  # type: ignore[attr-defined]
    home: Organisation = kept[0]
    return home


INSTANCE_KEY = "folkmoot-instance"
INSTANCE_SECONDS = 30


def instance_here() -> Instance:
    """What this installation says of itself; read again every half minute, since every page prints it."""
    kept = cache.get(INSTANCE_KEY)
    if kept is None:
        kept = Instance.objects.first() or Instance()
        cache.set(INSTANCE_KEY, kept, INSTANCE_SECONDS)
    found: Instance = kept
    return found


def here(request: HttpRequest) -> dict[str, Any]:
    """``instance``, the person's ``organisations`` and the one they are working for (``organisation``)."""
    home = home_of(request)
    return {
        "instance": instance_here(),
        "organisations": request._home[1] if home else [],  # type: ignore[attr-defined]
        "organisation": home,
        "access": access_of(getattr(request, "user", None)),
    }
