"""What every row of coding says of its making and its owner."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from folkmoot.coding.models import Codebook
from folkmoot.organisations.models import User
from folkmoot.sources.models import Source


def owner_of(row: Source | Codebook) -> dict[str, int | None]:
    """The owner as the audit row names it."""
    return {"organisation_id": row.organisation_id, "team_id": row.team_id}


def made(by: User) -> dict[str, Any]:
    return {"created_at": timezone.now(), "created_by": by.label}
