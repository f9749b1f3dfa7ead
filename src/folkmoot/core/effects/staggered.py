"""Work that starts at different times in different places: Callaway–Sant'Anna and Roth–Sant'Anna.

What does not belong here: unbalanced panels and covariates (``other_estimators`` hands those to
diff-diff), two-way regression (``differences``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from folkmoot.core.effects.cells import Cells, Target, comparison_cells, targets
from folkmoot.core.effects.cohorts import Cohorts, cohorts_of
from folkmoot.core.effects.inference import Numbers, as_estimate, check_level
from folkmoot.core.effects.panel import Panel
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate

ESTIMATORS = ("callaway-santanna", "roth-santanna")
SUMMARIES = ("simple", "cohort", "calendar", "event")
FEW_UNITS = 20  # in a cohort; below it Student's t takes the place of the normal
NEARLY_NORMAL = 100.0  # degrees of freedom from which it does not matter
# in the average cohort, for each period before the first start, before Neyman's error is reduced: with
# fewer the reduced error is too small (by simulation, intervals at 95 % held 85 to 91 %)
UNITS_A_PERIOD = 10


@dataclass(frozen=True, slots=True)
class EventTime:
    """The effect so many periods after the start (negative: before it, where none should be)."""

    event_time: float
    estimate: Estimate
    units: int


@dataclass(frozen=True, slots=True)
class GroupTime:
    """The effect on the units first treated in ``cohort`` in the period ``time``."""

    cohort: float
    time: float
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class StaggeredEffect:
    """One summary of the effects of a staggered start, its event times and where it came from.

    ``neyman_standard_error`` is the design-based error before the part that the periods before any
    start explain is taken off (None with the sampling error). ``weight_on_before`` is how much of the
    difference before the start is subtracted: 1 is differences in differences.
    """

    overall: Estimate
    event_times: tuple[EventTime, ...]
    group_times: tuple[GroupTime, ...]
    neyman_standard_error: float | None
    weight_on_before: float
    estimator: str
    summary: str
    comparison: str
    inference: str
    units: int
    periods: int
    cohorts: int
    units_never_treated: int
    units_left_out: int
    cohorts_left_out: int
    clusters: int | None
    caveats: tuple[str, ...]


def staggered_effect(
    panel: Panel,
    *,
    estimator: str = "callaway-santanna",
    summary: str = "simple",
    comparison: str | None = None,
    inference: str | None = None,
    base: str = "varying",
    level: float = 0.95,
    with_group_times: bool = False,
) -> StaggeredEffect:
    """The average effect on the treated where units start at different times.

    ``panel`` is balanced; units treated in its first period tell nothing about change and are left
    out, with a caveat. Effects are in the unit of the outcome.

    *callaway-santanna* compares each cohort's change since the period before its start with that of
    ``comparison`` units: ``never`` treated, or ``not-yet`` treated (the default where no unit stays
    untreated). Assumption: without the work, the cohort would have changed as the comparison did.
    *roth-santanna* subtracts only as much of the difference before the start as makes the estimate most
    precise. Assumption: which unit starts when was decided as if by lot; then it is more precise.

    ``summary``: ``simple`` weights every cohort and period by units; ``cohort`` averages within cohorts
    first; ``calendar`` within periods first; ``event`` averages the effects by time since the start.

    ``inference``: ``sampling`` treats units (or clusters) as drawn from a larger population
    (Callaway and Sant'Anna 2021, influence functions, cohort sizes estimated); ``design`` treats the
    units as all there are and the start as drawn by lot (Roth and Sant'Anna 2023, eq. 11 and 14). The
    default is the design for roth-santanna and where all units are treated in the end.

    Where a cohort has fewer than 20 units the interval is Student's, with Welch's degrees of freedom.

    ``base``: the period that pre-start effects are measured from: the one before (``varying``) or always
    the last before the start (``universal``).
    """
    check_level(level)
    if estimator not in ESTIMATORS:
        raise CannotAnalyse(f"There is no estimator “{estimator}” here; there are {', '.join(ESTIMATORS)}.")
    if summary not in SUMMARIES:
        raise CannotAnalyse(f"There is no summary “{summary}”; there are {', '.join(SUMMARIES)}.")
    cohorts, caveats, left_out, cohorts_left_out = cohorts_of(panel)
    never_treated = int((cohorts.first == panel.periods).sum())
    if comparison is None:
        comparison = "never" if never_treated and estimator == "callaway-santanna" else "not-yet"
    if comparison not in ("never", "not-yet"):
        raise CannotAnalyse("The comparison is either never or not-yet (treated).")
    if inference is None:
        inference = "design" if estimator == "roth-santanna" or not never_treated else "sampling"
    if inference not in ("design", "sampling"):
        raise CannotAnalyse(
            f"“{inference}” is no error for a staggered start; there are design, sampling and randomisation."
        )
    if inference == "design" and cohorts.clusters is not None:
        raise CannotAnalyse(
            "The design-based error takes each unit as started by its own lot; with clusters ask for the"
            " sampling error, or for randomisation."
        )
    if estimator == "roth-santanna" and inference == "sampling":
        raise CannotAnalyse("The Roth–Sant'Anna estimator has a design-based error only.")
    cells = comparison_cells(
        cohorts.starts, cohorts.sizes, periods=panel.periods, comparison=comparison, base=base
    )
    overall, events = targets(cells, sizes=cohorts.sizes, times=panel.times, summary=summary)
    moments = _Moments(cohorts, [overall, *[event for _, event in events]])
    if inference == "design":
        pairs = [
            moments.design(position, efficient=estimator == "roth-santanna", level=level)
            for position in range(len(events) + 1)
        ]
        estimates = [pair[0] for pair in pairs]
        neyman, weight = pairs[0][1], pairs[0][2]
    else:
        estimates, neyman, weight = moments.sampling(cells, level=level), None, 1.0
    if not estimates[0].standard_error:
        raise CannotAnalyse(
            "The error cannot be worked out: within each cohort all units change exactly alike."
        )
    smallest = int(cohorts.sizes.min())
    if smallest < FEW_UNITS:
        caveats.append(
            f"The smallest cohort has {smallest} units: errors from so few are likely to be too small; compare"
            " with randomisation inference."
        )
    event_times = tuple(
        EventTime(event_time=when, estimate=estimate, units=target.units)
        for (when, target), estimate in zip(events, estimates[1:], strict=True)
        if estimate.standard_error
    )
    group_times: tuple[GroupTime, ...] = ()
    if with_group_times:
        group_times = _group_times(cohorts, cells, panel.times, inference=inference, level=level)
    return StaggeredEffect(
        overall=estimates[0],
        event_times=event_times,
        group_times=group_times,
        neyman_standard_error=neyman,
        weight_on_before=weight,
        estimator=estimator,
        summary=summary,
        comparison=comparison,
        inference=inference,
        units=int(cohorts.sizes.sum()),
        periods=panel.periods,
        cohorts=int((cohorts.starts < panel.periods).sum()),
        units_never_treated=never_treated,
        units_left_out=left_out,
        cohorts_left_out=cohorts_left_out,
        clusters=None if cohorts.clusters is None else int(np.unique(cohorts.clusters).size),
        caveats=tuple(caveats),
    )


class _Moments:
    """What every estimate is made of: each cohort's means, and its spread along the weights asked for."""

    def __init__(self, cohorts: Cohorts, wanted: list[Target]) -> None:
        self.cohorts, self.wanted = cohorts, wanted
        # cohorts × periods × estimates
        self.after = np.stack([target.after for target in wanted], axis=2)
        self.before = np.stack([target.before for target in wanted], axis=2)
        self.means = np.stack([self._rows(place).mean(axis=0) for place in range(cohorts.starts.size)])
        self.spreads: list[Numbers] = []
        self.explained_by_before: list[Numbers] = []

    def _rows(self, place: int) -> Numbers:
        return self.cohorts.outcomes[self.cohorts.edges[place] : self.cohorts.edges[place + 1]]

    def _covariances(self) -> list[Numbers]:
        """Each cohort's covariance of its periods (n − 1), worked out once."""
        if not self.spreads:
            for place in range(self.cohorts.starts.size):
                centred = self._rows(place) - self.means[place]
                self.spreads.append(centred.T @ centred / (centred.shape[0] - 1))
        return self.spreads

    def design(self, position: int, *, efficient: bool, level: float) -> tuple[Estimate, float | None, float]:
        """Estimate, Neyman error and weight on the difference before (Roth and Sant'Anna 2023)."""
        after, before = self.after[:, :, position], self.before[:, :, position]
        spreads, sizes = self._covariances(), self.cohorts.sizes
        value_after = float((after * self.means).sum())
        value_before = float((before * self.means).sum())
        weight = 1.0
        if efficient:
            with_after = with_itself = 0.0
            for place, spread in enumerate(spreads):
                along = spread @ before[place]
                with_itself += float(before[place] @ along) / sizes[place]
                with_after += float(after[place] @ along) / sizes[place]
            weight = with_after / with_itself if with_itself > 0 else 0.0
        weights = after - weight * before
        parts = np.array(
            [
                float(weights[place] @ spread @ weights[place]) / sizes[place]
                for place, spread in enumerate(spreads)
            ]
        )
        neyman = max(float(parts.sum()), 0.0)
        variance = neyman - self._explained(after, spreads)
        if variance <= 1e-9 * neyman:
            variance = neyman  # so little data that everything looks explained: keep the cautious error
        value = value_after - weight * value_before
        degrees = self._degrees(parts[:, None], weights[:, :, None])[0]
        estimate = as_estimate(value, math.sqrt(variance), degrees_of_freedom=degrees, level=level)
        return estimate, math.sqrt(neyman), weight

    def _degrees(self, parts: Numbers, weights: Numbers) -> list[float | None]:
        """Degrees of freedom (Welch 1947) of each estimate from its cohorts' parts of the variance.

        None, for a normal interval as the sources have it, unless a cohort that counts has few units.
        """
        sizes = self.cohorts.sizes
        counted = np.abs(weights).max(axis=1) > 0
        few = (counted & (sizes < FEW_UNITS)[:, None]).any(axis=0)
        squares = (parts**2 / (sizes - 1.0)[:, None]).sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            degrees = np.where(squares > 0, parts.sum(axis=0) ** 2 / squares, np.inf)
        return [
            float(one) if small and one < NEARLY_NORMAL else None
            for one, small in zip(degrees, few, strict=True)
        ]

    def _explained(self, after: Numbers, spreads: list[Numbers]) -> float:
        """The part of Neyman's error that the periods before any start show not to be there (eq. 14).

        Neyman's error ignores that effects differ between units, and so is too large; what of those
        differences follows the outcome before the first start can be estimated and taken off.
        """
        head = int(self.cohorts.starts.min())
        if head < 1 or float(self.cohorts.sizes.mean()) < UNITS_A_PERIOD * head:
            return 0.0  # so few units for so many periods fit anything: the cautious error stays
        if not self.explained_by_before:
            self.explained_by_before = [
                np.linalg.pinv(spread[:head, :head], hermitian=True) @ spread[:head] for spread in spreads
            ]
        total = np.zeros(head)
        for place, slope in enumerate(self.explained_by_before):
            total += slope @ after[place]
        average = sum((spread[:head, :head] for spread in spreads), np.zeros((head, head))) / len(spreads)
        return float(total @ average @ total) / int(self.cohorts.sizes.sum())

    def sampling(self, cells: Cells, *, level: float) -> list[Estimate]:
        """Estimates with errors from influence functions, cohort shares estimated as well."""
        weights = self.after - self.before
        values = np.einsum("gtk,gt->k", weights, self.means)
        units = int(self.cohorts.sizes.sum())
        shifts = np.stack(
            [target.share_influence(self.means, cells=cells, units=units) for target in self.wanted], axis=1
        )  # cohorts × estimates: the same for all units of a cohort
        clusters = self.cohorts.clusters
        if clusters is None:
            parts = np.empty((self.cohorts.sizes.size, values.size))
            for place, size in enumerate(self.cohorts.sizes):
                centred = (self._rows(place) - self.means[place]) @ weights[place] / size
                parts[place] = (centred**2).sum(axis=0) + size * (shifts[place] / units) ** 2
            return [
                as_estimate(float(value), math.sqrt(square), degrees_of_freedom=degrees, level=level)
                for value, square, degrees in zip(
                    values, parts.sum(axis=0), self._degrees(parts, weights), strict=True
                )
            ]
        names, codes = np.unique(clusters, return_inverse=True)
        sums = np.zeros((names.size, values.size))
        for place, size in enumerate(self.cohorts.sizes):
            part = (self._rows(place) - self.means[place]) @ weights[place] / size + shifts[place] / units
            np.add.at(sums, codes[self.cohorts.edges[place] : self.cohorts.edges[place + 1]], part)
        squares = (sums**2).sum(axis=0) * names.size / (names.size - 1)
        return [
            as_estimate(float(value), math.sqrt(square), degrees_of_freedom=names.size - 1.0, level=level)
            for value, square in zip(values, squares, strict=True)
        ]


def _group_times(
    cohorts: Cohorts, cells: Cells, times: Numbers, *, inference: str, level: float
) -> tuple[GroupTime, ...]:
    wanted = [cells.single(place) for place in range(len(cells))]
    found: list[GroupTime] = []
    # a slice of cells at a time keeps the memory bounded where there are thousands
    for first in range(0, len(wanted), 200):
        moments = _Moments(cohorts, wanted[first : first + 200])
        if inference == "design":
            estimates = [
                moments.design(position, efficient=False, level=level)[0]
                for position in range(len(moments.wanted))
            ]
        else:
            estimates = moments.sampling(cells, level=level)
        for offset, estimate in enumerate(estimates):
            place = first + offset
            if estimate.standard_error:
                found.append(
                    GroupTime(
                        cohort=float(times[cohorts.starts[cells.cohort[place]]]),
                        time=float(times[cells.time[place]]),
                        estimate=estimate,
                    )
                )
    return tuple(found)
