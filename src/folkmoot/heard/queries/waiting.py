"""Words from the public that wait to be read, the oldest first, with the day by which they should have been."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from folkmoot.heard.models import Correction, Reply
from folkmoot.heard.models.public import PublicWords
from folkmoot.organisations.visibility import access_of

MOST = 200
KINDS: dict[str, type[PublicWords]] = {"reply": Reply, "correction": Correction}


def waiting_for(viewer: Any) -> Sequence[PublicWords]:
    """Replies and corrections on concerns of this person's organisations that nobody has read."""
    mine = list(access_of(viewer).organisations)
    found: list[PublicWords] = []
    replies = Reply.objects.filter(concern__organisation__in=mine, state="waiting")
    corrections = Correction.objects.filter(concern__organisation__in=mine, state="waiting")
    found += replies.select_related("concern").order_by("pk")[:MOST]
    found += corrections.select_related("concern").order_by("pk")[:MOST]
    return sorted(found, key=lambda one: one.created_at)


def public_words(kind: str, *, pk: int, viewer: Any) -> PublicWords | None:
    """One of them, as somebody of the organisation sees it."""
    model = KINDS.get(kind)
    if model is None:
        return None
    mine = list(access_of(viewer).organisations)
    rows = model._default_manager.filter(pk=pk).filter(Q(concern__organisation__in=mine))
    found: PublicWords | None = rows.first()
    return found
