"""What surveys give to an export: their rows as they are, and the files, for their owner alone.

What does not belong here: who may export (``project.commands.export_`` asks the policies first).
"""

from __future__ import annotations

import pathlib
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Model, Q

from folkmoot.surveys.models import (
    Indicator,
    InstrumentVersion,
    Margin,
    Microdata,
    Otherwise,
    Question,
    Series,
    SeriesArea,
    SeriesEvent,
    SeriesImport,
    SeriesValue,
    Survey,
    Turnout,
    Variable,
    Wave,
)

Part = tuple[str, Iterable[dict[str, Any]] | bytes]
# each kind of row with the path to the row that has an owner; a survey's key of its panel numbers stays here
KINDS: tuple[tuple[str, type[Model], str], ...] = (
    ("indicators", Indicator, ""),
    ("surveys", Survey, ""),
    ("instruments", InstrumentVersion, "survey__"),
    ("questions", Question, "instrument__survey__"),
    ("waves", Wave, "survey__"),
    ("turnouts", Turnout, "wave__survey__"),
    ("microdata", Microdata, "wave__survey__"),
    ("variables", Variable, "microdata__wave__survey__"),
    ("margins", Margin, "microdata__wave__survey__"),
    ("series", Series, ""),
    ("series-imports", SeriesImport, ""),
    ("series-areas", SeriesArea, "series__"),
    ("series-values", SeriesValue, "area__series__"),
    ("series-events", SeriesEvent, "series__"),
    ("otherwise", Otherwise, ""),
)
WITHHELD = frozenset({"salt"})


def parts(*, organisation_ids: Collection[int], team_ids: Collection[int]) -> Iterator[Part]:
    """Named parts of the export: rows for files of JSON lines, then the files as they came and their columns."""
    for name, kind, path in KINDS:
        own = Q(**{f"{path}organisation__in": list(organisation_ids)}) | Q(
            **{f"{path}team__in": list(team_ids)}
        )
        yield f"{name}.jsonl", _rows(kind, own)
    mine = Q(wave__survey__organisation__in=list(organisation_ids)) | Q(wave__survey__team__in=list(team_ids))
    for pk, *files in Microdata.objects.filter(mine).values_list("pk", "kept_as", "columns_as"):
        for label, stored_as in zip(("file", "columns.parquet"), files, strict=True):
            path_ = pathlib.Path(settings.ORIGINALS) / stored_as
            if stored_as and path_.is_file():
                yield f"answers/{pk}/{label}", path_.read_bytes()


def _rows(kind: type[Model], own: Q) -> Iterator[dict[str, Any]]:
    for row in kind._default_manager.filter(own).order_by("pk").values().iterator():
        yield {name: value for name, value in row.items() if name not in WITHHELD}
