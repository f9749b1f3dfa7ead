"""Whose access token a request carries, and which tokens of a person still open something."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.utils import timezone

from folkmoot.organisations.models import Token, User


def digest_of(secret: str) -> str:
    """The form in which a token's secret is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def live_tokens(user: User) -> list[Token]:
    """A person's tokens that still open something, the newest first."""
    return list(Token.objects.filter(user=user, ended_at=None, expires_at__gt=timezone.now()))


def bearer_of(secret: str, *, now: datetime) -> Token | None:
    """The live token with this secret, of somebody whose account is in use; else None."""
    found = Token.objects.filter(
        digest=digest_of(secret), ended_at=None, expires_at__gt=now, user__is_active=True
    )
    token: Token | None = found.select_related("user").first()
    return token
