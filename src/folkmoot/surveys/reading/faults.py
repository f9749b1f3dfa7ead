"""What one published measure hides from its readers: said by the figures themselves.

What does not belong here: faults of the file as a whole (``series``).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.effects.overlap import OVERLAP_CORRELATION, rolling_overlap
from folkmoot.surveys.reading.series import Figure
from folkmoot.surveys.reading.wording import listed

SUDDEN = 0.12  # of a share, within a year, in nearly all areas at once
EVERYWHERE = 0.95
YEAR = 12


@dataclass(frozen=True, slots=True)
class Judged:
    """What a measure's figures say of themselves."""

    scale: str
    months: int
    covers: int
    rolling: bool
    faults: tuple[str, ...]
    suspected: tuple[dict[str, Any], ...]


def alike(found: Sequence[Judged]) -> list[Judged]:
    """The measures of one file, judged together: where most overlap, a measure whose own figures cannot show
    it (a break drowns it) is taken to overlap as well, and that is said."""
    if sum(one.rolling for one in found) * 2 <= len(found):
        return list(found)
    sentence = (
        "Most measures of this file overlap as rolling years do, and this one is taken to as well: a sudden change or"
        " too few figures keep it from showing."
    )
    return [
        one if one.rolling else replace(one, rolling=True, covers=YEAR, faults=(sentence, *one.faults))
        for one in found
    ]


def judged(
    figures: Sequence[Figure], *, others_begin: date | None = None, others_end: date | None = None
) -> Judged:
    """Scale, spacing, overlap, gaps and sudden changes of one measure, with a sentence on each fault."""
    areas = list(dict.fromkeys(one.area for one in figures))
    periods = sorted({one.period for one in figures})
    row = {name: place for place, name in enumerate(areas)}
    column = {day: place for place, day in enumerate(periods)}
    table = np.full((len(areas), len(periods)), np.nan)
    for one in figures:
        table[row[one.area], column[one.period]] = one.value
    scale = _scale(table)
    months = _months(periods)
    faults: list[str] = []
    correlation = _overlap(table, months)
    rolling = correlation is not None and correlation < OVERLAP_CORRELATION
    if rolling:
        faults.append(
            f"The figures overlap: their changes answer each other a year later (correlation {_true(correlation)}), as"
            " those of rolling years do. Neighbouring figures share most of their interviews, so a change shows late"
            " and rises of several quarters in a row are no proof of a trend."
        )
    if all(one.n is None for one in figures):
        faults.append("No figure says on how many people it rests.")
    if all(one.low is None or one.high is None for one in figures):
        faults.append("No figure carries an interval: how far chance could have moved it is not published.")
    step = _rounded(table, scale)
    if step:
        faults.append(step)
    holes = int(np.isnan(table).sum())
    if holes:
        faults.append(f"{holes:,} of {table.size:,} figures are missing.")
    gap = _gaps(periods, months)
    if gap:
        faults.append(gap)
    if others_begin and periods[0] > others_begin:
        faults.append(f"It begins on {_day(periods[0])}, later than other measures of the file.")
    if others_end and periods[-1] < others_end:
        faults.append(f"It ends on {_day(periods[-1])}, earlier than other measures of the file.")
    suspected = _sudden(table, periods, months, scale)
    for sudden in suspected:
        faults.append(
            f"Between {_day(date.fromisoformat(sudden['from']))} and {_day(date.fromisoformat(sudden['to']))} it"
            f" {'fell' if sudden['change'] < 0 else 'rose'} by {abs(sudden['change']):.0f} points in nearly every area at"
            " once. Look whether the question or the method changed; if so, declare a break."
        )
    return Judged(scale, months, YEAR if rolling else 0, rolling, tuple(faults), suspected)


def _scale(table: NDArray[np.float64]) -> str:
    known = table[~np.isnan(table)]
    if known.min() >= 0 and known.max() <= 1 and (known % 1 != 0).any():
        return "share"
    return "percent" if known.min() >= 0 and known.max() <= 100 and known.max() > 1 else "number"


def _months(periods: Sequence[date]) -> int:
    """Months from one period to the next where they are equal (a gap counts as several); 0 elsewhere."""
    numbers = [one.year * 12 + one.month for one in periods]
    steps = np.diff(numbers)
    if not steps.size or steps.min() < 1:
        return 0
    step = int(np.median(steps))
    return step if all(one % step == 0 for one in steps) else 0


def _overlap(table: NDArray[np.float64], months: int) -> float | None:
    """The lag correlation of yearly windows, averaged over areas; None where the series are too short."""
    if months not in {1, 3}:
        return None
    found = [
        overlap.autocorrelation
        for values in table
        if not np.isnan(values).any() and (overlap := rolling_overlap(values, windows=(YEAR // months,)))
    ]
    return float(np.mean(found)) if found else None


def _rounded(table: NDArray[np.float64], scale: str) -> str:
    known = table[~np.isnan(table)] * (100 if scale == "share" else 1)
    if scale in {"share", "percent"} and np.allclose(known, np.round(known), atol=1e-6):
        return "Figures are rounded to whole points: a change of less than a point cannot be seen."
    return ""


def _gaps(periods: Sequence[date], months: int) -> str:
    if not months:
        return "Periods do not follow each other at equal distances." if len(periods) > 2 else ""
    jumps = [
        (first, second)
        for first, second in itertools.pairwise(periods)
        if (second.year - first.year) * 12 + second.month - first.month > months
    ]
    if not jumps:
        return ""
    return (
        "Nothing was published between "
        + listed([f"{_day(a)} and {_day(b)}" for a, b in jumps], most=4)
        + "."
    )


def _sudden(
    table: NDArray[np.float64], periods: Sequence[date], months: int, scale: str
) -> tuple[dict[str, Any], ...]:
    """The strongest change of each run of sudden changes within a year that nearly all areas share."""
    if scale not in {"share", "percent"} or months not in {1, 3, 6, 12} or len(table) < 4:
        return ()
    unit = 100.0 if scale == "share" else 1.0
    span = max(1, YEAR // months)
    found: list[dict[str, Any]] = []
    last = -1
    for place in range(len(periods) - span):
        change = (table[:, place + span] - table[:, place]) * unit
        change = change[~np.isnan(change)]
        if change.size < 4:
            continue
        middle = float(np.median(change))
        if abs(middle) < SUDDEN * 100 or float((np.sign(change) == np.sign(middle)).mean()) < EVERYWHERE:
            continue
        one = {"from": periods[place].isoformat(), "to": periods[place + span].isoformat(), "change": middle}
        if found and place - last <= span and np.sign(found[-1]["change"]) == np.sign(middle):
            if abs(middle) > abs(found[-1]["change"]):
                found[-1] = one
        else:
            found.append(one)
        last = place
    return tuple(found)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _true(value: float | None) -> str:
    return f"{value or 0:.2f}".replace("-", "−")
