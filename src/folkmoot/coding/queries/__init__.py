"""Every read of codings and claims. Words come through the consent gate of sources; counts come from here."""

from folkmoot.coding.queries.held import (
    INTERVIEWS,
    SHARED,
    HeldBy,
    Interviewed,
    Scope,
    held_by,
    in_scope,
    interviewed,
    live_claims,
)

__all__ = [
    "INTERVIEWS",
    "SHARED",
    "HeldBy",
    "Interviewed",
    "Scope",
    "held_by",
    "in_scope",
    "interviewed",
    "live_claims",
]
