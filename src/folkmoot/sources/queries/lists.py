"""Lists of sources with their counts. Outside the owner a source has no title, only its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.fields import CharField

from folkmoot.organisations.visibility import access_of
from folkmoot.sources.models import RedactionMark, Source, Turn
from folkmoot.sources.policies import is_own
from folkmoot.sources.queries.words import label_of
from folkmoot.sources.sharing import readings_of


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One line of the list. Outside the owner ``setting``, ``held_on`` and the open work are empty."""

    pk: int
    label: str
    kind: str
    owner: str
    own: bool
    held_on: date | None
    setting: str
    consent: str
    state: str
    redaction: str
    visibility: str
    words: int
    turns: int
    proposals: int
    doubtful: int
    readings: int

    @property
    def is_withdrawn(self) -> bool:
        return self.state == Source.State.WITHDRAWN

    @property
    def unread(self) -> bool:
        """Nobody has coded anything in it."""
        return not self.is_withdrawn and self.readings == 0


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """How many sources of their own the viewer has, and what is still to do with them."""

    own: int
    shared: int
    unread: int
    open_redaction: int
    withdrawn: int


def sources_for(viewer: Any, *, filters: Mapping[str, str]) -> QuerySet[Source]:
    """The sources that the viewer may see: their own first, by title, then those of others.

    ``filters``: kind, consent, state (live, withdrawn), redaction, whose (ours, others), todo
    (unread), words (in a title of their own; a title of others is neither shown nor searched).
    """
    access = access_of(viewer)
    own = Q(team__in=list(access.teams)) | Q(organisation__in=list(access.organisations))
    found: QuerySet[Source] = Source.objects.visible_to(viewer)
    for name in ("kind", "consent", "state", "redaction"):
        if filters.get(name):
            found = found.filter(**{name: filters[name]})
    if filters.get("whose") == "ours":
        found = found.filter(own)
    elif filters.get("whose") == "others":
        found = found.exclude(own)
    if filters.get("words"):
        found = found.filter(own, title__icontains=filters["words"])
    if filters.get("todo") == "unread":
        live = list(found.filter(state=Source.State.LIVE).values_list("pk", flat=True))
        read = readings_of(live)
        found = found.filter(pk__in=[pk for pk in live if pk not in read])
    found = found.select_related("organisation", "team")
    if not access.belongs:
        # nothing is their own: the order below would be by a constant, which PostgreSQL refuses
        return found.order_by("pk")
    shown = Case(When(own, then="title"), default=Value("\uffff"), output_field=CharField())
    return found.alias(shown=shown).order_by("shown", "pk")


def source_rows(sources: Iterable[Source], *, viewer: Any) -> list[SourceRow]:
    """The lines for these sources, with all counts in a fixed number of queries."""
    listed = list(sources)
    ids = [source.pk for source in listed]
    turns = _counts(Turn.objects.filter(source__in=ids))
    doubtful = _counts(Turn.objects.filter(source__in=ids).exclude(doubt=""))
    waiting = RedactionMark.objects.filter(source__in=ids, state=RedactionMark.State.PROPOSED)
    proposals = _counts(waiting)
    readings = readings_of(ids)
    rows = []
    for source in listed:
        own = is_own(viewer, source)
        rows.append(
            SourceRow(
                pk=source.pk,
                label=label_of(source, viewer=viewer),
                kind=source.get_kind_display(),
                owner=source.owner_label,
                own=own,
                held_on=source.held_on if own else None,
                setting=source.setting if own else "",
                consent=source.consent,
                state=source.state,
                redaction=source.redaction,
                visibility=source.visibility,
                words=source.words,
                turns=turns.get(source.pk, 0),
                proposals=proposals.get(source.pk, 0) if own else 0,
                doubtful=doubtful.get(source.pk, 0) if own else 0,
                readings=readings.get(source.pk, 0) if own else 0,
            )
        )
    return rows


def _counts(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.order_by().values_list("source").annotate(number=Count("pk")))


def source_counts(viewer: Any) -> SourceCounts:
    """What the head of the list says."""
    access = access_of(viewer)
    own = Q(team__in=list(access.teams)) | Q(organisation__in=list(access.organisations))
    rows = list(
        Source.objects.visible_to(viewer)
        .annotate(mine=Case(When(own, then=Value(True)), default=Value(False)))
        .order_by()
        .values_list("pk", "mine", "state", "redaction")
    )
    live = [(pk, redaction) for pk, mine, state, redaction in rows if mine and state == Source.State.LIVE]
    read = readings_of([pk for pk, _ in live])
    return SourceCounts(
        own=sum(mine for _, mine, _, _ in rows),
        shared=sum(not mine for _, mine, _, _ in rows),
        unread=sum(pk not in read for pk, _ in live),
        open_redaction=sum(redaction == Source.Redaction.OPEN for _, redaction in live),
        withdrawn=sum(mine and state == Source.State.WITHDRAWN for _, mine, state, _ in rows),
    )
