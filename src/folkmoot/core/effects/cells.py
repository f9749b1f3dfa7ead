"""Which cohort, in which period, is compared with whom; and how cells add up to a summary.

What does not belong here: outcomes, errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from folkmoot.core.effects.inference import Codes, Flags, Numbers
from folkmoot.core.errors import CannotAnalyse


@dataclass(frozen=True, slots=True)
class Cells:
    """One row per cohort and period that can be compared.

    ``cohort`` indexes cohorts, ``time`` and ``base`` periods; ``weights[i]`` are the shares of the
    comparison cohorts (they sum to 1). A cell is after its start where ``time`` ≥ the start.
    """

    cohort: Codes
    time: Codes
    base: Codes
    comparison: Numbers
    starts: Codes
    sizes: Codes

    def __len__(self) -> int:
        return int(self.cohort.size)

    @property
    def after(self) -> Flags:
        return np.asarray(self.time >= self.starts[self.cohort])

    def effects(self, means: Numbers) -> Numbers:
        """Each cell's difference in differences, from cohort means (cohorts × periods)."""
        own = means[self.cohort, self.time] - means[self.cohort, self.base]
        others = (self.comparison * (means[:, self.time] - means[:, self.base]).T).sum(axis=1)
        return np.asarray(own - others)

    def weigh(self, places: Codes, weights: Numbers, *, periods: int) -> tuple[Numbers, Numbers]:
        """A weighted sum of cells as weights on cohort means: (in their periods, in their base periods)."""
        groups = self.starts.size
        after, before = np.zeros((groups, periods)), np.zeros((groups, periods))
        np.add.at(after, (self.cohort[places], self.time[places]), weights)
        np.add.at(before, (self.cohort[places], self.base[places]), weights)
        spread = weights[:, None] * self.comparison[places]
        np.add.at(after.T, self.time[places], -spread)
        np.add.at(before.T, self.base[places], -spread)
        return after, before

    def single(self, place: int) -> Target:
        """The target that is one cell alone."""
        periods = int(max(self.time.max(), self.base.max())) + 1
        return _target(self, [(np.array([place]), np.ones(1))], periods=periods)


@dataclass(frozen=True, slots=True)
class Target:
    """A summary of cells: an equal average of blocks, each weighted by cohort size × a fixed factor.

    ``after`` and ``before`` are its weights on cohort means; ``blocks`` hold (cells, factors).
    """

    after: Numbers
    before: Numbers
    blocks: tuple[tuple[Codes, Numbers], ...]
    units: int

    def share_influence(self, means: Numbers, *, cells: Cells, units: int) -> Numbers:
        """By how much one more unit of each cohort moves the summary through the cohorts' shares.

        Shares weigh the treated cohorts against each other, and the cohorts that a comparison pools.
        ``means`` are cohort means (cohorts × periods); the result is centred over units.
        """
        groups = cells.starts.size
        effects = cells.effects(means)
        moves = (means[:, cells.time] - means[:, cells.base]).T  # cells × cohorts
        pooled = (cells.comparison * moves).sum(axis=1, keepdims=True)
        apart = cells.comparison * (moves - pooled) * (units / cells.sizes)
        result = np.zeros(groups)
        for places, factors in self.blocks:
            shares = cells.sizes[cells.cohort[places]] / units
            total = float((shares * factors).sum())
            average = float((shares * factors * effects[places]).sum()) / total
            pull = factors * (effects[places] - average) / total
            result += np.bincount(cells.cohort[places], weights=pull, minlength=groups)
            result -= (shares * factors / total) @ apart[places]
        return np.asarray(result / len(self.blocks))


def comparison_cells(
    starts: Codes, sizes: Codes, *, periods: int, comparison: str, base: str = "varying"
) -> Cells:
    """Every cohort and period for which somebody untreated in both periods remains to compare with."""
    if base not in ("varying", "universal"):
        raise CannotAnalyse("The base period is either varying or universal.")
    cohort: list[int] = []
    time: list[int] = []
    from_period: list[int] = []
    rows: list[Numbers] = []
    shares: dict[tuple[int, int], Numbers | None] = {}

    def compared_with(latest: int, group: int) -> Numbers | None:
        """Shares of the cohorts still untreated in ``latest`` (never those of the cohort itself)."""
        # the cohort itself is untreated only before its own start
        key = (latest, group if starts[group] > latest else -1)
        if key not in shares:
            free = starts >= periods if comparison == "never" else starts > latest
            weights = np.where(free, sizes, 0).astype(np.float64)
            weights[group] = 0.0 if starts[group] > latest else weights[group]
            total = float(weights.sum())
            shares[key] = weights / total if total > 0 else None
        return shares[key]

    for group, start in enumerate(starts):
        if start >= periods:
            continue
        for period in range(periods):
            if period >= start:
                reference = int(start) - 1
            elif base == "universal":
                reference = int(start) - 1
                if period == reference:
                    continue
            else:
                reference = period - 1
                if reference < 0:
                    continue
            weights = compared_with(max(period, reference), group)
            if weights is None:
                continue
            cohort.append(group)
            time.append(period)
            from_period.append(reference)
            rows.append(weights)
    if not any(period >= starts[group] for group, period in zip(cohort, time, strict=True)):
        raise CannotAnalyse("No untreated unit remains to compare the treated with.")
    return Cells(
        cohort=np.array(cohort, dtype=np.int64),
        time=np.array(time, dtype=np.int64),
        base=np.array(from_period, dtype=np.int64),
        comparison=np.stack(rows),
        starts=starts,
        sizes=sizes,
    )


def targets(
    cells: Cells, *, sizes: Codes, times: Numbers, summary: str
) -> tuple[Target, list[tuple[float, Target]]]:
    """The summary asked for, and the effect at each time since the start.

    Time since the start is in the unit of ``times`` (years, quarters counted 1, 2, …).
    """
    periods = times.size
    started = np.flatnonzero(cells.after)
    since = times[cells.time] - times[cells.starts[cells.cohort]]
    moments, member = np.unique(since.round(9), return_inverse=True)
    by_event = [(float(when), np.flatnonzero(member == place)) for place, when in enumerate(moments)]
    ones = np.ones(len(cells))
    blocks: list[tuple[Codes, Numbers]]
    if summary == "simple":
        blocks = [(started, ones[started])]
    elif summary == "cohort":
        count = np.bincount(cells.cohort[started], minlength=cells.starts.size)
        blocks = [(started, 1.0 / count[cells.cohort[started]])]
    elif summary == "calendar":
        blocks = [
            (places, ones[places])
            for period in np.unique(cells.time[started])
            for places in [started[cells.time[started] == period]]
        ]
    else:
        blocks = [(places, ones[places]) for when, places in by_event if when >= 0]
    overall = _target(cells, blocks, periods=periods)
    events = [(when, _target(cells, [(places, ones[places])], periods=periods)) for when, places in by_event]
    return overall, events


def _target(cells: Cells, blocks: list[tuple[Codes, Numbers]], *, periods: int) -> Target:
    after = np.zeros((cells.starts.size, periods))
    before = np.zeros_like(after)
    involved: set[int] = set()
    for places, factors in blocks:
        weights = cells.sizes[cells.cohort[places]] * factors
        weights = weights / weights.sum() / len(blocks)
        one_after, one_before = cells.weigh(places, weights, periods=periods)
        after += one_after
        before += one_before
        involved.update(cells.cohort[places].tolist())
    return Target(
        after=after,
        before=before,
        blocks=tuple(blocks),
        units=int(cells.sizes[sorted(involved)].sum()),
    )
