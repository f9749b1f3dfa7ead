"""What this room gives to an export: concerns with what became of them, contributions, and votes as Pol.is writes them.

What was taken back goes out as a mark without words; no code and no digest of one ever goes out. What does not
belong here: who may export (``project.commands.export_`` asks the policies first).
"""

from __future__ import annotations

import io
import pathlib
import zipfile
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Protocol

from django.db.models import Count, Q, QuerySet

from folkmoot.heard.models import (
    Concern,
    Contribution,
    Conversation,
    Correction,
    Decision,
    ElectionPeriod,
    Priority,
    PriorityWords,
    Promise,
    Reply,
    Said,
    Telling,
    ThemeMark,
)
from folkmoot.heard.votes.boxes import opened
from folkmoot.heard.votes.writing import Worded, packed_export
from folkmoot.organisations.models import Organisation, User
from folkmoot.sources.cells import write_table

COLUMNS = (
    "concern", "title", "state", "open to influence", "could not be changed", "place", "initiative", "contributions",
    "decided", "outcome", "what", "because", "who", "promises kept", "promises broken", "promises open", "times told",
    "visibility",
)  # fmt: skip
SECRET = {"receipt", "box", "released_counts"}
Rows = Iterable[dict[str, Any]]


class Asked(Protocol):
    """Who asks, and for which organisation."""

    @property
    def by(self) -> User: ...

    @property
    def organisation(self) -> Organisation: ...

    @property
    def team_ids(self) -> tuple[int, ...]: ...


def export_concerns(path: pathlib.Path, asked: Asked) -> int:
    """Write the organisation's concerns with their last decision as CSV; returns how many."""
    with path.open("w", encoding="utf-8", newline="") as file:
        return write_table(file, _concerns(asked.organisation), columns=COLUMNS)


def export_votes(path: pathlib.Path, asked: Asked) -> int:
    """Write the organisation's conversations, each as a zip that Pol.is tools read, into one zip; returns how many."""
    number = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for one in Conversation.objects.filter(organisation=asked.organisation).iterator():
            archive.writestr(f"votes-{one.pk}.zip", conversation_file(one))
            number += 1
    return number


def conversation_file(conversation: Conversation) -> bytes:
    """One conversation as Pol.is writes it."""
    statements = [Worded(one.number, one.text, one.moderated) for one in conversation.statements.all()]
    return packed_export(
        conversation.title,
        credit=conversation.credit,
        ballots=opened(conversation.box),
        statements=statements,
    )


def parts(
    *, organisation_ids: Collection[int], team_ids: Collection[int]
) -> Iterator[tuple[str, Rows | bytes]]:
    """Named parts of the export of everything: rows for files of JSON lines, and the votes."""
    mine = list(organisation_ids)
    concerns = Concern.objects.filter(organisation__in=mine)
    found: QuerySet[Any]
    for name, found in (
        ("concerns", concerns),
        ("contributions", Contribution.objects.filter(organisation__in=mine)),
        ("said", Said.objects.filter(concern__in=concerns)),
        ("themes", ThemeMark.objects.filter(contribution__organisation__in=mine)),
        ("decisions", Decision.objects.filter(concern__in=concerns)),
        ("promises", Promise.objects.filter(concern__in=concerns)),
        ("tellings", Telling.objects.filter(concern__in=concerns)),
        ("replies", Reply.objects.filter(concern__in=concerns)),
        ("corrections", Correction.objects.filter(concern__in=concerns)),
        ("priorities", Priority.objects.filter(organisation__in=mine)),
        ("priority-statements", PriorityWords.objects.filter(priority__organisation__in=mine)),
        ("election-periods", ElectionPeriod.objects.filter(organisation__in=mine)),
        ("conversations", Conversation.objects.filter(organisation__in=mine)),
    ):
        columns = [one.attname for one in found.model._meta.concrete_fields if one.attname not in SECRET]
        yield f"{name}.jsonl", found.order_by("pk").values(*columns).iterator(chunk_size=1_000)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for one in Conversation.objects.filter(organisation__in=mine).iterator():
            archive.writestr(f"votes-{one.pk}.zip", conversation_file(one))
    yield "votes.zip", held.getvalue()


def _concerns(organisation: Organisation) -> Iterator[dict[str, Any]]:
    rows = (
        Concern.objects.filter(organisation=organisation)
        .select_related("place", "initiative")
        .annotate(
            said_number=Count("said", distinct=True),
            kept=Count("promises", filter=Q(promises__state="kept"), distinct=True),
            broken=Count("promises", filter=Q(promises__state="broken"), distinct=True),
            still_open=Count("promises", filter=Q(promises__state="open"), distinct=True),
            told=Count("tellings", distinct=True),
        )
        .prefetch_related("decisions")
        .order_by("pk")
    )
    for one in rows:
        decisions = list(one.decisions.all())
        last = decisions[0] if decisions else None
        yield {
            "concern": one.pk,
            "title": one.title,
            "state": one.get_state_display(),
            "open to influence": one.get_influence_display() or "not said",
            "could not be changed": one.not_open,
            "place": str(one.place or ""),
            "initiative": str(one.initiative or ""),
            "contributions": one.said_number,
            "decided": last.decided_on if last else "",
            "outcome": last.get_outcome_display() if last else "",
            "what": last.what if last else "",
            "because": last.because if last else one.closed_because,
            "who": last.who if last else "",
            "promises kept": one.kept,
            "promises broken": one.broken,
            "promises open": one.still_open,
            "times told": one.told,
            "visibility": one.visibility,
        }
