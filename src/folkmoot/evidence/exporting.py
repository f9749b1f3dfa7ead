"""What evidence gives to an export, for its owner: studies with marks as a table, judgements as rows.

What does not belong here: who may export (``project.commands.export_`` asks the policies first).
"""

from __future__ import annotations

import io
import pathlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import Q, QuerySet

from folkmoot.evidence.models import (
    Appraisal,
    Change,
    HoopClue,
    HoopVerdict,
    Mark,
    PoolPlan,
    PrintedEffect,
    QualitativeFinding,
    Reference,
    ReferenceImport,
    StandingChange,
    Study,
)
from folkmoot.evidence.table import COLUMNS, name_in_file, rows_of
from folkmoot.sources.cells import write_table

Part = tuple[str, Iterable[dict[str, Any]] | bytes]


def export_evidence(path: pathlib.Path, asked: Any) -> int:
    """The studies that the organisation and the person's teams own, as ``folkmoot import study`` takes them."""
    content, number = _table(_own([asked.organisation.pk], asked.team_ids))
    path.write_bytes(content)
    return number


def parts(*, organisation_ids: Collection[int], team_ids: Collection[int]) -> Iterator[Part]:
    """Named parts of the export of everything."""
    own = _own(organisation_ids, team_ids)
    yield "evidence.csv", _table(own)[0]
    for name, kind in (
        ("studies", Study),
        ("appraisals", Appraisal),
        ("findings", QualitativeFinding),
        ("clues", HoopClue),
        ("pooling-plans", PoolPlan),
        ("reference-files", ReferenceImport),
        ("references", Reference),
    ):
        yield f"{name}.jsonl", _rows(kind._default_manager.filter(own))
    mine = Study.objects.filter(own)
    yield "marks.jsonl", _rows(Mark.objects.filter(study__in=mine))
    # the owner takes out everything, figures that wait to be read in the study too: each says whether it was
    yield "printed-effects.jsonl", _rows(PrintedEffect.objects.filter(study__in=mine))
    yield "study-changes.jsonl", _rows(Change.objects.filter(study__in=mine))
    yield "standing-changes.jsonl", _rows(StandingChange.objects.filter(change__study__in=mine))
    yield "verdicts.jsonl", _rows(HoopVerdict.objects.filter(clue__in=HoopClue.objects.filter(own)))


def _own(organisation_ids: Collection[int], team_ids: Collection[int]) -> Q:
    return Q(organisation__in=list(organisation_ids)) | Q(team__in=list(team_ids))


def _rows(found: QuerySet[Any]) -> Iterator[dict[str, Any]]:
    yield from found.order_by("pk").values().iterator(chunk_size=2000)


def _table(own: Q) -> tuple[bytes, int]:
    studies = list(Study.objects.filter(own).order_by("pk").prefetch_related("pools", "randomised_at"))
    marks: dict[int, list[Mark]] = defaultdict(list)
    listed = Mark.objects.filter(study__in=[one.pk for one in studies]).select_related("factor")
    for mark in listed.order_by("study_id", "pk"):
        marks[mark.study_id].append(mark)
    rows = [
        row
        for study in studies
        for row in rows_of(
            study,
            marks[study.pk],
            randomised={one.pk for one in study.randomised_at.all()},
            pools=[name_in_file(one) for one in study.pools.all()],
        )
    ]
    file = io.StringIO(newline="")
    number = write_table(file, rows, columns=COLUMNS)
    return b"\xef\xbb\xbf" + file.getvalue().encode(), number
