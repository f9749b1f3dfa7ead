"""What search may see: the words of reviewed turns after redaction, without any name of the team's list.

Rebuilt whenever a review ends or a decision changes, removed when a source is withdrawn. What does
not belong here: asking (``queries.search``). Called inside actions only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db import connection

from folkmoot.sources.hiding import Hidden, hide
from folkmoot.sources.models import Body, ProtectedName, RedactionMark, SearchText, Source, Turn
from folkmoot.sources.names import spans_of


def index_sources(sources: Collection[Source]) -> None:
    """Build what search sees of these sources, all of them reviewed and live."""
    ids = [source.pk for source in sources]
    if not ids:
        return
    forget_sources(ids)
    names = names_by_team({source.team_id for source in sources if source.team_id})
    hidden: dict[int, list[Hidden]] = defaultdict(list)
    for source_id, start, end, replacement in RedactionMark.objects.filter(
        source__in=ids, state=RedactionMark.State.ACCEPTED
    ).values_list("source_id", "start", "end", "replacement"):
        hidden[source_id].append(Hidden(start, end, replacement))
    for source in sources:
        text = Body.objects.values_list("text", flat=True).get(source=source)
        spans = list(hidden[source.pk])
        spans += [
            Hidden(start, end, "[NAME]")
            for start, end in spans_of(text, names=names.get(source.team_id or 0, ()))
        ]
        spans.sort(key=lambda one: one.start)
        SearchText.objects.bulk_create(_rows(source, text, spans), batch_size=2000)


def _rows(source: Source, text: str, spans: Sequence[Hidden]) -> list[SearchText]:
    rows = []
    first = 0
    for pk, start, end in (
        Turn.objects.filter(source=source).order_by("start").values_list("pk", "start", "end")
    ):
        while first < len(spans) and spans[first].end <= start:
            first += 1
        touching = []
        for span in spans[first:]:
            if span.start >= end:
                break
            touching.append(span)
        words = hide(text[start:end], start=start, hidden=touching)
        rows.append(SearchText(turn_id=pk, source=source, text=words))
    return rows


def forget_sources(source_ids: Collection[int]) -> None:
    """Take these sources out of search."""
    SearchText.objects.filter(source__in=list(source_ids)).delete()


def names_by_team(team_ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = ProtectedName.objects.filter(team__in=list(team_ids))
    for team_id, name in rows.values_list("team_id", "name"):
        found[team_id].append(name)
    return found


def erase_traces() -> None:
    """Rewrite SQLite's index so that no word of a withdrawn source is left in its old segments.

    PostgreSQL does the same by itself when it vacuums.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("insert into sources_search(sources_search) values ('optimize')")


def overwrite_deleted() -> None:
    """From here on SQLite fills what it deletes with zeros instead of only forgetting where it was."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("pragma secure_delete = on")
