"""Who a newcomer may sign in as, on the sign-in page of the demo. No other page and no other instance says so."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from folkmoot.demo.network import PASSWORD, sign_ins
from folkmoot.demo.reading import MARK


def who_may_sign_in(request: HttpRequest) -> dict[str, Any]:
    """``demo_sign_ins`` (role, name, e-mail) and ``demo_password``; nothing outside the demo's own folder.

    The demo is known by the file that its build leaves: an instance that only calls itself fictional
    may hold people of the same names with passwords of their own.
    """
    if request.path != reverse("account_login") or not (settings.DIR / MARK).is_file():
        return {}
    return {"demo_sign_ins": sign_ins(), "demo_password": PASSWORD}
