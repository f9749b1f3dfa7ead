"""What briefings give to the export of everything: their owner's briefings, editions, reviews and notices.

Editions are given as they are kept, with references in place of people's words. What does not
belong here: who may export (``project.commands.export_`` asks the policies first).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import Q, QuerySet

from folkmoot.briefings.models import Briefing, Edition, Notice, Review

Part = tuple[str, Iterable[dict[str, Any]] | bytes]


def parts(*, organisation_ids: Collection[int], team_ids: Collection[int]) -> Iterator[Part]:
    """Named parts of the export."""
    own = Briefing.objects.filter(Q(organisation__in=list(organisation_ids)) | Q(team__in=list(team_ids)))
    editions = Edition.objects.filter(briefing__in=own)
    yield "briefings.jsonl", _rows(own)
    yield "editions.jsonl", _rows(editions)
    yield "notices.jsonl", _rows(Notice.objects.filter(edition__in=editions))
    yield "reviews.jsonl", _rows(Review.objects.filter(edition__in=editions))


def _rows(found: QuerySet[Any]) -> Iterator[dict[str, Any]]:
    yield from found.order_by("pk").values().iterator(chunk_size=500)
