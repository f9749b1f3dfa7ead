"""How often the public forms take something: from one device, on one concern, and from everybody.

Counted in memory for an hour and forgotten; the device's address is only ever held as a digest with this
instance's own key. What does not belong here: how much may wait to be read (``actions.public``).
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from folkmoot.core.errors import FolkmootError

HOUR = 3_600
FROM_ONE = 12
ON_ONE = 60
FROM_ALL = 600
SORRY = (
    "So much has come in within this hour that nothing more is taken for now. Nothing was stored. Try again in an hour, or "
    "say it in person, by telephone or by letter."
)


class Flood(FolkmootError):
    """Too much at once."""


def count_visit(request: HttpRequest, *, about: int) -> None:
    """Count one sending. Raises Flood above any of the three limits."""
    for key, most in (
        (f"heard-from-{_device(request)}", FROM_ONE),
        (f"heard-about-{about}", ON_ONE),
        ("heard-all", FROM_ALL),
    ):
        cache.add(key, 0, HOUR)
        try:
            number = cache.incr(key)
        except ValueError:  # it ran out between the two
            cache.set(key, 1, HOUR)
            number = 1
        if number > most:
            raise Flood(SORRY)


def _device(request: HttpRequest) -> str:
    where = str(request.META.get("REMOTE_ADDR", ""))
    return hmac.new(settings.SECRET_KEY.encode(), where.encode(), hashlib.sha256).hexdigest()[:32]
