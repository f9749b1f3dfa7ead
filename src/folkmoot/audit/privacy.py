"""Every model says of every field how private it is, and how long its rows are kept.

A model carries ``privacy = declared(retention=…, personal="name email", …)``. A test goes through
all models and fails on a field that nobody declared. What does not belong here: deciding who may
see a row; that is ``organisations.visibility``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Privacy(StrEnum):
    """How private one field is, from the most open to the most closed."""

    PUBLIC = "public"
    ORGANISATIONAL = "organisational"
    CONFIDENTIAL = "confidential"  # a research team's own: never beyond the team without consent
    PERSONAL = "personal"
    SPECIAL = "special"  # special-category data in law: aggregates only
    CREDENTIAL = "credential"


class Retention(StrEnum):
    """How long rows of a kind are kept before somebody has to look at them again."""

    REFERENCE = "reference"  # as long as the instance lives
    ACCOUNT = "account"  # two years after the last sign-in, then review
    RESEARCH = "research"  # as the consent says; review six years after the project ends
    RECORD = "record"  # seven years after the work ends, then review
    PUBLISHED = "published"  # kept: editions stay citable; withdrawals are marked in them
    AUDIT = "audit"  # seven years, append only


REVIEW_AFTER_YEARS = {
    Retention.REFERENCE: None,
    Retention.ACCOUNT: 2,
    Retention.RESEARCH: 6,
    Retention.RECORD: 7,
    Retention.PUBLISHED: None,
    Retention.AUDIT: 7,
}

# Columns that the shared abstract models bring along, declared once for all.
SHARED = {
    "id": Privacy.ORGANISATIONAL,
    "version": Privacy.ORGANISATIONAL,
    "changed_at": Privacy.ORGANISATIONAL,
    "changed_by": Privacy.PERSONAL,
    "created_at": Privacy.ORGANISATIONAL,
    "created_by": Privacy.PERSONAL,
    "organisation": Privacy.ORGANISATIONAL,
    "team": Privacy.ORGANISATIONAL,
    "visibility": Privacy.ORGANISATIONAL,
}


@dataclass(frozen=True, slots=True)
class Declaration:
    """A model's word on each of its fields and on how long its rows are kept."""

    retention: Retention
    fields: dict[str, Privacy]

    def of(self, field: str) -> Privacy | None:
        return self.fields.get(field) or SHARED.get(field)


def declared(*, retention: Retention, **classes: str) -> Declaration:
    """Declare fields by class: ``declared(retention=…, public="code name", personal="email")``."""
    fields: dict[str, Privacy] = {}
    for name, listed in classes.items():
        for field in listed.split():
            if field in fields:
                raise ValueError(f"{field} is declared twice")
            fields[field] = Privacy(name)
    return Declaration(retention, fields)
