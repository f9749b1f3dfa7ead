"""The same people asked again: how many came back, and who did not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.disclosure.published import Published
from folkmoot.core.reach.shares import wilson
from folkmoot.surveys.models import Microdata, Survey, Variable, Wave
from folkmoot.surveys.protecting import Guard, is_shown
from folkmoot.surveys.queries.microdata import Column, read_columns
from folkmoot.surveys.queries.waves import is_inside, percent

MOST_COMPARED = 6
DIVIDES = 12


@dataclass(frozen=True, slots=True)
class Stay:
    """One wave: its people, how many of the first wave are among them, how many are new."""

    wave: Wave
    people: Published
    of_first: Published
    share: float | None
    low: float | None
    high: float | None

    @property
    def percent(self) -> str:
        return percent(self.share, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Lost:
    """People who gave one answer in the first wave: how many of them answered the last."""

    words: str
    people: Published
    stayed: Published
    share: float | None
    low: float | None
    high: float | None

    @property
    def percent(self) -> str:
        return percent(self.share, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Panel:
    """Attrition over the waves that number their people. ``lost`` compares by questions of the first wave."""

    stays: tuple[Stay, ...]
    lost: tuple[tuple[str, tuple[Lost, ...]], ...]
    without: tuple[Wave, ...]


def panel_of(survey: Survey, *, viewer: Any) -> Panel:
    """Who stayed from the first wave on. Two queries a wave that has panel numbers."""
    inside = is_inside(viewer, survey)
    guard = Guard(public=not inside)
    waves = list(Wave.objects.filter(survey=survey).select_related("survey").order_by("number"))
    held: list[tuple[Wave, Microdata, NDArray[np.int64]]] = []
    without = []
    numbered = {
        one.wave_id: one
        for one in Microdata.objects.filter(
            wave__in=waves, erased_at=None, variables__role=Variable.Role.PANEL
        )
    }
    for wave in waves:
        microdata = numbered.get(wave.pk)
        if microdata is None:
            without.append(wave)
            continue
        numbers = read_columns(microdata, []).panel
        if numbers is not None:
            held.append((wave, microdata, numbers))
    if not held:
        return Panel((), (), tuple(without))
    first = held[0][2]
    stays = []
    for wave, _, numbers in held:
        stayed = int(np.isin(first, numbers).sum())
        cells = guard.line([stayed, first.size - stayed])
        shows = is_shown(cells[0])
        low, high = wilson(stayed, whole=first.size) if shows else (None, None)
        stays.append(
            Stay(
                wave,
                guard.line([numbers.size])[0],
                cells[0],
                stayed / first.size if shows else None,
                low,
                high,
            )
        )
    return Panel(tuple(stays), _lost(held, inside=inside), tuple(without))


def _lost(
    held: list[tuple[Wave, Microdata, NDArray[np.int64]]], *, inside: bool
) -> tuple[tuple[str, tuple[Lost, ...]], ...]:
    if len(held) < 2:
        return ()
    _, microdata, first = held[0]
    stayed = np.isin(first, held[-1][2])
    asked = [
        one
        for one in microdata.variables.filter(role=Variable.Role.CHOICE)
        if 2 <= len(one.answers) <= DIVIDES
    ]
    columns = read_columns(microdata, [one.name for one in asked]).columns
    # those first in whose groups staying differs most: who was lost is the point of the table
    ranked = sorted(columns, key=lambda column: -_spread(column, stayed))[:MOST_COMPARED]
    found = []
    for column in ranked:
        guard = Guard(public=not inside, special=column.special)
        table = np.array(
            [
                [
                    int((stayed & (column.values == place)).sum()),
                    int((~stayed & (column.values == place)).sum()),
                ]
                for place in range(len(column.answers))
            ],
            dtype=np.int64,
        )
        rows = []
        for word, (stay, left), cells in zip(column.answers, table.tolist(), guard.shown(table), strict=True):
            people = stay + left
            if not all(is_shown(cell) for cell in cells) or not people:
                unsaid = next((cell for cell in cells if not is_shown(cell)), cells[0])
                rows.append(Lost(word, unsaid, unsaid, None, None, None))
                continue
            low, high = wilson(stay, whole=people)
            rows.append(Lost(word, guard.line([people])[0], cells[0], stay / people, low, high))
        found.append((column.label or column.name, tuple(rows)))
    return tuple(found)


def _spread(column: Column, stayed: NDArray[np.bool_]) -> float:
    known = column.values >= 0
    counts = np.bincount(column.values[known].astype(np.int64), minlength=len(column.answers))
    kept = np.bincount(column.values[known & stayed].astype(np.int64), minlength=len(column.answers))
    large = counts >= 10
    if large.sum() < 2:
        return 0.0
    shares = kept[large] / counts[large]
    return float(shares.max() - shares.min())
