"""What belongs to a code that somebody was given: a contribution, a reply or a correction."""

from __future__ import annotations

from folkmoot.heard.models import Contribution, Correction, Reply
from folkmoot.heard.receipts import digest_of


def behind(code: str) -> Contribution | Reply | Correction | None:
    """What the code stands for; None for no code, a wrong one, or words that are gone already."""
    digest = digest_of(code)
    if not digest:
        return None
    for model in (Contribution, Reply, Correction):
        found: Contribution | Reply | Correction | None = (
            model._default_manager.filter(receipt=digest).exclude(state="withdrawn").first()
        )
        if found is not None:
            return found
    return None
