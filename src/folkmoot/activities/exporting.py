"""Activities out again, as a table that the import reads: the same rows come back, with the same identifiers.

What a spreadsheet would run as a formula is made plain text, and read back unchanged. Names of colleagues do
not go out. What does not belong here: who may export (``actions.exporting``, ``project.commands``).
"""

from __future__ import annotations

import csv
import pathlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import QuerySet

from folkmoot.activities.importing.fields import BY_KEY
from folkmoot.activities.models import (
    Activity,
    ActivityImport,
    Capture,
    HourRate,
    Initiative,
    LearnedMatch,
    Output,
    Tally,
)
from folkmoot.communities.models import Category
from folkmoot.core.errors import FolkmootError
from folkmoot.organisations.models import Organisation, User
from folkmoot.sources.cells import STARTS

ENDINGS = ("csv", "xlsx")
FIELDS = (
    "happened_on", "begins_at", "ends_at", "title", "initiative", "method", "place", "place_words", "people",
    "counted", "level", "hours", "remark", "by_specialist", "trigger", "hosting", "host", "uniform",
    "participant_level", "counterpart", "demand", "uuid",
)  # fmt: skip
SLICE = 2_000


class Asked(Protocol):
    """Who asks, and for which organisation."""

    @property
    def by(self) -> User: ...

    @property
    def organisation(self) -> Organisation: ...


def columns_for(organisation: Organisation) -> tuple[list[str], list[int]]:
    """The headings of an organisation's table, and the categories that its last columns count."""
    used = Tally.objects.filter(activity__organisation=organisation).values("category_id").distinct()
    found = Category.objects.filter(pk__in=used).select_related("characteristic")
    categories = sorted(
        found, key=lambda one: (one.characteristic.position, one.characteristic_id, one.position, one.pk)
    )
    return (
        [BY_KEY[key].label for key in FIELDS]
        + [f"{one.characteristic.name}: {one.name}" for one in categories],
        [one.pk for one in categories],
    )


Narrow = Callable[["QuerySet[Activity]"], "QuerySet[Activity]"]


def rows_of(
    organisation: Organisation, categories: Sequence[int], *, narrow: Narrow = lambda found: found
) -> Iterator[list[Any]]:
    """The activities of an organisation, oldest first, each as its cells; days, times and numbers as such.

    ``narrow`` takes the part that is asked for.
    """
    found = (
        narrow(Activity.objects.filter(organisation=organisation))
        .select_related("initiative", "method", "place", "host")
        .order_by("happened_on", "pk")
    )
    at = {pk: number for number, pk in enumerate(categories)}
    batch: list[Activity] = []
    for activity in found.iterator(chunk_size=SLICE):
        batch.append(activity)
        if len(batch) == SLICE:
            yield from _cells(batch, at)
            batch = []
    yield from _cells(batch, at)


def _cells(batch: list[Activity], at: dict[int, int]) -> Iterator[list[Any]]:
    counts: dict[int, list[Any]] = {}
    if at and batch:
        tallies = Tally.objects.filter(activity_id__in=[one.pk for one in batch])
        for pk, category, people in tallies.values_list("activity_id", "category_id", "people"):
            counts.setdefault(pk, [None] * len(at))[at[category]] = people
    for one in batch:
        place = one.place
        yield [
            one.happened_on,
            one.begins_at,
            one.ends_at,
            one.title,
            one.initiative.name if one.initiative else "",
            one.method.code if one.method else "",
            f"{place.kind}/{place.code}/{place.vintage}" if place else "",
            one.place_words,
            one.people,
            one.counted,
            _level(one, "level"),
            one.hours,
            one.remark,
            {True: "yes", False: "no", None: ""}[one.by_specialist],
            one.trigger,
            one.hosting,
            one.host.name if one.host else "",
            one.uniform,
            _level(one, "participant_level"),
            one.counterpart,
            one.demand,
            str(one.uuid),
            *counts.get(one.pk, [None] * len(at)),
        ]


def _level(activity: Activity, name: str) -> str:
    value = getattr(activity, name)
    if not value:
        return ""
    label = getattr(activity, f"get_{name}_display")()
    return f"{value} {label.partition(':')[0]}"


def neutral(value: Any) -> Any:
    """Text that a spreadsheet would run, or that looks as if we had kept it from running, after an apostrophe."""
    if isinstance(value, str) and value.lstrip("' \xa0\ufeff").startswith(STARTS):
        return f"'{value}"
    return value


def export_activities(path: pathlib.Path, asked: Asked, *, ending: str = "") -> int:
    """Write an organisation's activities as csv, or as xlsx where the name ends so; gives how many."""
    ending = ending or path.suffix.lstrip(".").lower() or "csv"
    if ending not in ENDINGS:
        raise FolkmootError(f"Activities are written as {' or '.join(ENDINGS)}, not as “{ending}”.")
    columns, categories = columns_for(asked.organisation)
    rows = rows_of(asked.organisation, categories)
    return (write_xlsx if ending == "xlsx" else write_csv)(path, columns, rows)


def write_csv(path: pathlib.Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """UTF-8 with a header and ISO days."""
    number = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([neutral(one) for one in columns])
        for row in rows:
            writer.writerow(["" if cell is None else neutral(cell) for cell in row])
            number += 1
    return number


def write_xlsx(path: pathlib.Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """One sheet; days, times and numbers as such."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Activities")
    sheet.freeze_panes = "A2"
    sheet.append([neutral(one) for one in columns])
    number = 0
    for row in rows:
        sheet.append([float(cell) if isinstance(cell, Decimal) else neutral(cell) for cell in row])
        number += 1
    with path.open("wb") as file:
        book.save(file)
    return number


Part = tuple[str, Iterable[dict[str, Any]]]


def parts(*, organisation_ids: Collection[int], team_ids: Collection[int]) -> Iterator[Part]:
    """Named parts of the export of everything: rows for files of JSON lines."""
    own = {"organisation__in": list(organisation_ids)}
    tables: tuple[tuple[str, QuerySet[Any]], ...] = (
        ("initiatives", Initiative.objects.filter(**own)),
        ("activities", Activity.objects.filter(**own)),
        ("tallies", Tally.objects.filter(activity__organisation__in=list(organisation_ids))),
        ("outputs", Output.objects.filter(initiative__organisation__in=list(organisation_ids))),
        ("hour rates", HourRate.objects.filter(**own)),
        ("captures", Capture.objects.filter(**own)),
        ("imports", ActivityImport.objects.filter(**own)),
        ("learned matches", LearnedMatch.objects.filter(**own)),
    )
    for name, found in tables:
        yield f"{name}.jsonl", found.order_by("pk").values().iterator(chunk_size=SLICE)
