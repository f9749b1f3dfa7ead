"""The pages of published series: lists, and one series drawn with its breaks and events."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Count, Max, Min, QuerySet

from folkmoot.surveys.models import Series, SeriesArea, SeriesValue
from folkmoot.surveys.queries.series import Happening, History, happenings_of, history
from folkmoot.ui.pictures import lines
from folkmoot.ui.pictures.picture import Picture

MOST_FAINT = 60
UNITS = {"share": "per cent", "percent": "per cent", "number": "figure"}


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """One series for a page: its picture, areas to choose from, what happened."""

    picture: Picture
    areas: tuple[SeriesArea, ...]
    chosen: frozenset[int]
    happenings: tuple[Happening, ...]
    periods: int
    figures: int
    has_n: bool
    has_intervals: bool


def listed_series(viewer: Any) -> QuerySet[Series]:
    """The series that this person may see, with how many areas and from when to when."""
    found: QuerySet[Series] = (
        Series.objects.visible_to(viewer)
        .select_related("organisation", "team", "indicator")
        .annotate(
            how_many=Count("areas", distinct=True),
            begins=Min("areas__values__period"),
            ends=Max("areas__values__period"),
        )
        .order_by("title", "pk")
    )
    return found


def series_page(series: Series, *, chosen: Collection[int], viewer: Any) -> SeriesPage:
    """The series drawn: the areas chosen with their names, the others faintly behind them. Six queries."""
    areas = tuple(SeriesArea.objects.filter(series=series))
    known = {one.pk for one in areas}
    picked = [pk for pk in chosen if pk in known][: lines.MOST_CHOSEN]
    if not picked:
        picked = [one.pk for one in areas if one.whole][:1] or [one.pk for one in areas][:1]
    table = history(series.pk, viewer=viewer)
    assert table is not None  # whoever asks for the page has been let in
    return SeriesPage(
        picture=_drawn(series, table, areas, picked),
        areas=areas,
        chosen=frozenset(picked),
        happenings=table.happenings,
        periods=len(table.periods),
        figures=int(np.isfinite(table.values).sum()),
        has_n=bool(np.isfinite(table.n).any()),
        has_intervals=bool(np.isfinite(table.low).any()),
    )


def _drawn(series: Series, table: History, areas: tuple[SeriesArea, ...], picked: list[int]) -> Picture:
    factor = 100.0 if series.scale == Series.Scale.SHARE else 1.0
    whole = _whole(series, [one.pk for one in areas if one.whole])
    days = sorted({*table.periods, *(day for held in whole.values() for day in held)})
    row = {pk: place for place, pk in enumerate(table.area_ids)}
    column = {day: place for place, day in enumerate(table.periods)}

    def values(pk: int, of: Any) -> tuple[float | None, ...]:
        if pk in whole:
            return tuple(_times(whole[pk].get(day), factor) for day in days)
        return tuple(_times(of[row[pk], column[day]], factor) if day in column else None for day in days)

    by_pk = {one.pk: one for one in areas}
    faint = [one.pk for one in areas if one.pk not in picked and not one.whole][:MOST_FAINT]
    drawn = [
        lines.Line(
            by_pk[pk].name,
            values(pk, table.values),
            chosen=pk in picked,
            low=values(pk, table.low) if pk in row else (),
            high=values(pk, table.high) if pk in row else (),
        )
        for pk in [*picked, *faint]
    ]
    drawn = [_with_interval(one) for one in drawn]
    names = {by_pk[pk].name for pk in picked}
    marks = [
        lines.Mark(one.on, one.what if one.area is None else f"{one.what} ({one.area})", one.is_break)
        for one in table.happenings
        if one.area is None or one.area in names
    ]
    notes = []
    if table.rolling:
        notes.append(
            f"Each figure covers {table.covers or 12} months and shares most of them with its neighbour: a change shows"
            " late and smoothly."
        )
    return lines.draw(
        drawn,
        periods=days,
        marks=marks,
        unit=UNITS[series.scale],
        title=f"{series.title} over time",
        caption=(
            f"{', '.join(by_pk[pk].name for pk in picked)}"
            + (f"; faint: {len(faint)} other areas" if faint else "")
            + ". Lines say what was published, not why it moved."
        ),
        notes=notes,
    )


def _with_interval(line: lines.Line) -> lines.Line:
    if any(one is not None for one in line.low) and any(one is not None for one in line.high):
        return line
    return lines.Line(line.label, line.values, line.url, line.chosen)


def _whole(series: Series, areas: Collection[int]) -> dict[int, dict[Any, float]]:
    found: dict[int, dict[Any, float]] = {pk: {} for pk in areas}
    if areas:
        for pk, day, value in SeriesValue.objects.filter(area__in=areas).values_list(
            "area_id", "period", "value"
        ):
            found[pk][day] = value
    return found


def _times(value: Any, factor: float) -> float | None:
    return None if value is None or np.isnan(value) else round(float(value) * factor, 4)


__all__ = ["SeriesPage", "happenings_of", "listed_series", "series_page"]
