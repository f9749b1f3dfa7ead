"""Who is signed in to the API: by a session, or by an access token that ``bearing`` has looked up already."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer, django_auth


class AccessToken(HttpBearer):
    """The person whose token the request carries; a wrong one never comes this far."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return request.user if request.user.is_authenticated else None


SIGNED_IN = [django_auth, AccessToken()]
