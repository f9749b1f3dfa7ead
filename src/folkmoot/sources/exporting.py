"""What sources give to an export: their rows as they are, with their words and files, for their owner.

What does not belong here: who may export (``project.commands.export_`` asks the policies first).
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models import Q

from folkmoot.sources.cells import write_table
from folkmoot.sources.models import (
    Body,
    Import,
    Original,
    Passage,
    ProtectedName,
    RedactionMark,
    Source,
    Speaker,
    Turn,
)
from folkmoot.sources.queries.reading import turns_for_owner
from folkmoot.sources.storage import path_of

Part = tuple[str, Iterable[dict[str, Any]] | bytes]
TURN_COLUMNS = ("interview", "turn", "speaker", "role", "time", "text")


def parts(*, organisation_ids: Collection[int], team_ids: Collection[int]) -> Iterator[Part]:
    """Named parts of the export: rows for a file of JSON lines, or the bytes of a file."""
    own = Q(organisation__in=list(organisation_ids)) | Q(team__in=list(team_ids))
    sources = Source.objects.filter(own).order_by("pk")
    yield "imports.jsonl", _rows(Import.objects.filter(own))
    yield "sources.jsonl", _rows(sources)
    yield "texts.jsonl", _rows(Body.objects.filter(source__in=sources), order="source_id")
    for name, kind in (
        ("speakers", Speaker),
        ("turns", Turn),
        ("passages", Passage),
        ("redactions", RedactionMark),
    ):
        yield f"{name}.jsonl", _rows(kind._default_manager.filter(source__in=sources))
    yield "names.jsonl", _rows(ProtectedName.objects.filter(team__in=list(team_ids)))
    yield "turns.csv", _turn_table(sources)
    originals = Original.objects.filter(own)
    yield "originals.jsonl", _rows(originals)
    for original in originals.filter(erased_at=None):
        path = path_of(original)
        if path.is_file():
            yield f"originals/{original.pk}-{original.sha256}", path.read_bytes()


def _rows(found: models.QuerySet[Any], *, order: str = "pk") -> Iterator[dict[str, Any]]:
    yield from found.order_by(order).values().iterator(chunk_size=2000)


def _turn_table(sources: models.QuerySet[Source]) -> bytes:
    """The turns as a table for a spreadsheet, with the words as the team reads them: hidden spans hidden."""
    file = io.StringIO(newline="")
    write_table(file, _turns(sources), columns=TURN_COLUMNS)
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _turns(sources: models.QuerySet[Source]) -> Iterator[dict[str, Any]]:
    for source in sources.filter(state=Source.State.LIVE):
        for turn in turns_for_owner(source):
            yield {
                "interview": source.title,
                "turn": turn.number,
                "speaker": turn.speaker,
                "role": turn.role,
                "time": turn.time_mark,
                "text": turn.text,
            }
