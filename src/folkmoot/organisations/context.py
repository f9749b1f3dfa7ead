"""What every page knows of the instance and of the person's place in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from folkmoot.organisations.models import Instance, Organisation
from folkmoot.organisations.visibility import access_of


def here(request: HttpRequest) -> dict[str, Any]:
    """``instance``, the person's ``organisations`` and the one they are working for (``home``)."""
    instance = Instance.objects.first() or Instance()
    access = access_of(getattr(request, "user", None))
    own = list(Organisation.objects.filter(pk__in=access.organisations)) if access.organisations else []
    chosen = request.session.get("home") if hasattr(request, "session") else None
    home = next((one for one in own if one.pk == chosen), own[0] if own else None)
    return {"instance": instance, "own_organisations": own, "home": home, "access": access}
