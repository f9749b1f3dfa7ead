"""Published series as arrays for the core and for pages.

What does not belong here: power, placebo runs and effects (``core``); who plans them (``evaluations``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.surveys.models import Series, SeriesArea, SeriesEvent, SeriesValue

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something dated on a series. ``is_break``: figures before and after are not the same measure.

    ``area`` is None where it concerns all areas.
    """

    pk: int
    on: date
    what: str
    is_break: bool
    area: str | None


@dataclass(frozen=True, slots=True)
class History:
    """A series as a table of areas by periods, for ``core.power`` and ``core.effects``.

    ``values`` is areas × periods in the unit of ``scale`` ("share", "percent" or "number"), NaN where
    nothing was published. ``periods`` are the days on which periods end, in order; ``months`` from one
    to the next (0: unequal). ``n``, ``low`` and ``high`` have the same shape, NaN where the publisher
    gave none. ``rolling`` with ``covers`` says that each figure covers so many months and shares some
    with its neighbour (``overlap`` periods share data: 4 for yearly figures every quarter; 1: none).
    ``whole`` are areas that hold the others and are left out of ``values``.
    """

    series: int
    title: str
    scale: str
    areas: tuple[str, ...]
    area_ids: tuple[int, ...]
    place_ids: tuple[int | None, ...]
    periods: tuple[date, ...]
    values: Numbers
    n: Numbers
    low: Numbers
    high: Numbers
    months: int
    covers: int
    rolling: bool
    happenings: tuple[Happening, ...]
    whole: tuple[str, ...]

    @property
    def overlap(self) -> int:
        """How many neighbouring figures share data; 1 where none do."""
        if not self.rolling or not self.months:
            return 1
        return max(1, (self.covers or 12) // self.months)

    @property
    def complete(self) -> Numbers:
        """The areas without a hole, as ``core.effects.placebo`` and ``core.power`` want them."""
        return np.asarray(self.values[~np.isnan(self.values).any(axis=1)])

    def since_last_break(self) -> History:
        """The same from the last declared break on: what lies before is another measure."""
        last = max((one.on for one in self.happenings if one.is_break), default=None)
        if last is None:
            return self
        kept = [place for place, day in enumerate(self.periods) if day >= last]
        return self._only(kept)

    def _only(self, kept: list[int]) -> History:
        return History(
            self.series, self.title, self.scale, self.areas, self.area_ids, self.place_ids,
            tuple(self.periods[place] for place in kept),
            self.values[:, kept], self.n[:, kept], self.low[:, kept], self.high[:, kept],
            self.months, self.covers, self.rolling, self.happenings, self.whole,
        )  # fmt: skip


def history(series_id: int, *, areas: Collection[int] | None = None, viewer: Any) -> History | None:
    """The series as arrays, or None where this person may not see it. Four queries whatever the size.

    ``areas`` (numbers of SeriesArea) narrows it; areas that hold the others never count among them.
    Figures before a declared break are there: use ``since_last_break`` where they must not be.
    """
    series = Series.objects.visible_to(viewer).filter(pk=series_id).first()
    if series is None:
        return None
    listed = list(SeriesArea.objects.filter(series=series))
    chosen = [one for one in listed if not one.whole and (areas is None or one.pk in areas)]
    place = {one.pk: row for row, one in enumerate(chosen)}
    rows = SeriesValue.objects.filter(area__series=series, area__whole=False)
    if areas is not None:
        rows = rows.filter(area__in=list(place))
    given = list(rows.values_list("area_id", "period", "value", "n", "low", "high"))
    periods = sorted({row[1] for row in given})
    when = {day: column for column, day in enumerate(periods)}
    tables = [np.full((len(chosen), len(periods)), np.nan) for _ in range(4)]
    for area, day, *figures in given:
        for table, figure in zip(tables, figures, strict=True):
            if figure is not None:
                table[place[area], when[day]] = figure
    for table in tables:
        table.setflags(write=False)
    return History(
        series=series.pk,
        title=series.title,
        scale=series.scale,
        areas=tuple(one.name for one in chosen),
        area_ids=tuple(one.pk for one in chosen),
        place_ids=tuple(one.place_id for one in chosen),
        periods=tuple(periods),
        values=tables[0],
        n=tables[1],
        low=tables[2],
        high=tables[3],
        months=series.months,
        covers=series.covers,
        rolling=series.rolling,
        happenings=happenings_of(series),
        whole=tuple(one.name for one in listed if one.whole),
    )


def happenings_of(series: Series) -> tuple[Happening, ...]:
    """Events and breaks of a series in order of time."""
    rows = SeriesEvent.objects.filter(series=series).select_related("area").order_by("on", "pk")
    return tuple(
        Happening(
            pk=one.pk,
            on=one.on,
            what=one.what,
            is_break=one.kind == SeriesEvent.Kind.BREAK,
            area=one.area.name if one.area else None,
        )
        for one in rows
    )
