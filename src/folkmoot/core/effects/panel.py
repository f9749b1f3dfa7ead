"""Rows of (unit, time, outcome) as a table of units by periods, checked.

What does not belong here: estimators; reading files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from folkmoot.core.effects.inference import Codes, Numbers, check_variation
from folkmoot.core.errors import CannotAnalyse


@dataclass(frozen=True, slots=True)
class Panel:
    """A balanced panel: every unit seen once in every period.

    ``outcomes`` is units × periods; ``times`` the periods in order; ``first`` the position in
    ``times`` of each unit's first treated period (= number of periods: never treated here).
    ``clusters`` numbers the group a unit belongs to for its error (None: each unit alone).
    """

    outcomes: Numbers
    times: Numbers
    first: Codes
    clusters: Codes | None = None

    @property
    def units(self) -> int:
        return int(self.outcomes.shape[0])

    @property
    def periods(self) -> int:
        return int(self.outcomes.shape[1])

    @property
    def never(self) -> Codes:
        """Positions of the units that are not treated within the periods seen."""
        return np.flatnonzero(self.first >= self.periods)


def build_panel(
    outcome: Numbers,
    *,
    unit: Codes | Numbers,
    time: Numbers,
    first_treated: Numbers,
    clusters: Codes | None = None,
    unit_labels: Sequence[str] | None = None,
    time_labels: Sequence[str] | None = None,
) -> Panel:
    """The balanced panel in rows given in any order.

    ``first_treated`` is the period in which a unit is first treated, in the unit of ``time``; NaN,
    infinity, 0 (where 0 is no period) or a period after the last one mean never treated here.
    Refused: a unit seen twice in one period, a unit whose first treated period or cluster changes,
    a panel with holes, fewer than 2 periods or 2 units.
    """
    check_variation(outcome)
    codes, levels = positions(unit)
    times, when = _periods(time)
    units, periods = len(levels), len(times)
    if units < 2:
        raise CannotAnalyse("There is only one unit: nothing can be compared with it.")
    if periods < 2:
        raise CannotAnalyse("There is only one period: a change needs at least two.")
    cell = codes * periods + when
    seen = np.bincount(cell, minlength=units * periods)
    if seen.max() > 1:
        twice = int(np.argmax(seen > 1))
        label = _label(unit_labels, levels, twice // periods)
        period = time_labels[twice % periods] if time_labels else f"{times[twice % periods]:g}"
        raise CannotAnalyse(
            f"Unit {label} appears {int(seen[twice])} times in period {period}"
            f" ({int((seen > 1).sum())} such cases): each unit may have one row a period."
        )
    if cell.size != units * periods:
        raise CannotAnalyse(
            f"The panel has holes: {units} units × {periods} periods would be {units * periods} rows,"
            f" and there are {cell.size}."
        )
    outcomes = np.empty(units * periods)
    outcomes[cell] = outcome
    start = first_of_units(codes, first_treated, times=times, units=units, labels=unit_labels, levels=levels)
    groups = None
    if clusters is not None:
        groups = np.empty(units, dtype=np.int64)
        groups[codes] = clusters
        if not np.array_equal(groups[codes], clusters):
            raise CannotAnalyse("A unit changes its cluster over time: clusters must contain whole units.")
    return Panel(outcomes=outcomes.reshape(units, periods), times=times, first=start, clusters=groups)


def first_of_units(
    codes: Codes,
    first_treated: Numbers,
    *,
    times: Numbers,
    units: int,
    labels: Sequence[str] | None = None,
    levels: Numbers | None = None,
) -> Codes:
    """Each unit's first treated period as a position in ``times``; refused where it changes within a unit."""
    never = ~np.isfinite(first_treated) | (first_treated > times[-1])
    if times[0] > 0:
        never |= first_treated == 0
    start = np.searchsorted(times, np.where(never, times[-1] + 1, first_treated)).astype(np.int64)
    result = np.empty(units, dtype=np.int64)
    result[codes] = start
    changing = np.flatnonzero(result[codes] != start)
    if changing.size:
        label = _label(labels, levels, int(codes[changing[0]]))
        raise CannotAnalyse(
            f"The first treated period changes within unit {label}: it must be the same in all its rows."
        )
    return result


def positions(values: Codes | Numbers) -> tuple[Codes, Numbers]:
    """Each value's place among the sorted distinct ones; whole numbers of modest range without sorting."""
    if not np.isfinite(values).all():
        raise CannotAnalyse("Some rows name no unit.")
    if values.dtype.kind == "i" or (
        float(np.abs(values).max()) < 2**53 and np.array_equal(np.floor(values), values)
    ):
        whole = values.astype(np.int64)
        low = int(whole.min())
        span = int(whole.max()) - low + 1
        if span <= max(4 * values.size, 1_000_000):
            present = np.zeros(span, dtype=bool)
            present[whole - low] = True
            place = np.cumsum(present) - 1
            return place[whole - low].astype(np.int64), (np.flatnonzero(present) + low).astype(np.float64)
    levels, codes = np.unique(values, return_inverse=True)
    return codes.astype(np.int64), levels.astype(np.float64)


def _periods(time: Numbers) -> tuple[Numbers, Codes]:
    if not np.isfinite(time).all():
        raise CannotAnalyse("Some rows name no period.")
    codes, levels = positions(time)
    return levels, codes


def _label(labels: Sequence[str] | None, levels: Numbers | None, position: int) -> str:
    if labels is not None:
        return f"“{labels[position]}”"
    return f"{levels[position]:g}" if levels is not None else str(position + 1)
