"""The stamp of who made a row and when."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from folkmoot.organisations.models import User


def made(by: User) -> dict[str, Any]:
    """``created_at`` and ``created_by`` of a row that this person makes now."""
    return {"created_at": timezone.now(), "created_by": by.label}
