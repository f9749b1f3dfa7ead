"""How the secret of a member check is kept: never itself, only its digest."""

from __future__ import annotations

import hashlib


def digest_of(secret: str) -> str:
    """The form in which a member check's secret is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()
