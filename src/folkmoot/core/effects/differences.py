"""Before and after, with and without places to compare: two-way differences in differences.

What does not belong here: starts at different times (``staggered``), one long series (``series``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from folkmoot.core.effects.inference import (
    Codes,
    Flags,
    Numbers,
    check_level,
    check_variation,
    for_comparison,
)
from folkmoot.core.effects.panel import Panel
from folkmoot.core.effects.randomisation import RandomisationResult, randomisation_test
from folkmoot.core.effects.regression import Fit, cr2_estimate, fit, plain_estimate
from folkmoot.core.effects.staggered import EventTime
from folkmoot.core.effects.trial import as_result, with_bootstrap
from folkmoot.core.effects.wild import WildResult, wild_bootstrap
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate
from folkmoot.core.sentences import counted, verb

INFERENCES = ("cr2", "wild", "randomisation", "design", "plain")
FEW = 6


@dataclass(frozen=True, slots=True)
class DifferenceEffect:
    """The effect from changes over time, its event times where one start date allows them.

    ``units_treated`` and ``clusters_treated`` count those treated at any time.
    """

    estimate: Estimate
    event_times: tuple[EventTime, ...]
    wild: WildResult | None
    randomisation: RandomisationResult | None
    inference: str
    rows: int
    units: int
    units_treated: int
    periods: int
    clusters: int
    clusters_treated: int
    starts: int
    balanced: bool
    caveats: tuple[str, ...]


def did_effect(
    outcome: Numbers,
    *,
    unit: Codes,
    time: Codes,
    treated: Numbers,
    clusters: Codes | None = None,
    covariates: Sequence[Numbers] = (),
    inference: str | None = None,
    level: float = 0.95,
    draws: int = 9999,
    random: np.random.Generator | None = None,
) -> DifferenceEffect:
    """The change of the treated beyond that of the untreated, in the outcome's unit.

    Rows are units in periods (numbered from 0, periods in order); ``treated`` is 1 in the rows in which a
    unit is treated. Regression on unit and period means and the treatment. Assumption: without the work
    the treated would have changed as the others did. Where units start at different times and effects
    differ or grow, this regression compares with the already treated: a caveat says so.

    ``inference``: ``cr2`` by cluster (the default; Pustejovsky and Tipton 2018), ``wild``,
    ``randomisation`` (who is treated drawn again), ``design`` (each unit's change, compared by a pooled
    t-test: Donald and Lang 2007; the default where one arm holds a single cluster), ``plain`` (the textbook error,
    for comparison: without interval and p-value).
    Refused: duplicate rows, no untreated or no treated unit, treatment that never changes.
    """
    check_level(level)
    check_variation(outcome)
    units, periods = int(unit.max()) + 1, int(time.max()) + 1
    seen = np.bincount(unit * periods + time, minlength=units * periods)
    twice = int((seen > 1).sum())
    if twice:
        raise CannotAnalyse(
            f"{counted(twice, 'unit')} {verb(twice, 'appears', 'appear')} more than once in a period: each may have"
            " one row a period."
        )
    ever = np.bincount(unit, weights=treated, minlength=units) > 0
    always = np.bincount(unit, weights=1.0 - treated, minlength=units) == 0
    if not ever.any():
        raise CannotAnalyse("No unit is ever treated.")
    if ever.all() and not _starts_differ(unit, time, treated):
        raise CannotAnalyse("Every unit is treated from the same period: there is nobody to compare with.")
    if always[ever].all():
        raise CannotAnalyse("No treated unit is seen before the work: its change cannot be known.")
    names, group_of = np.unique(unit if clusters is None else clusters, return_inverse=True)
    if names.size < 2:
        raise CannotAnalyse("There is only one cluster: its error cannot be known.")
    treated_clusters = np.bincount(group_of, weights=treated, minlength=names.size) > 0
    few = int(min(treated_clusters.sum(), (~treated_clusters).sum()))
    starts = _start_count(unit, time, treated)
    balanced = bool(outcome.size == units * periods)
    caveats = _caveats(treated_clusters, starts, always[ever], clusters is not None)
    if inference is None:
        inference = "design" if few < 2 and balanced and starts == 1 and not covariates else "cr2"
        if inference == "design":
            caveats.append(
                "One arm is a single place: its own ups and downs cannot be known, and the error supposes"
                " them to be those of the others."
            )
    if inference not in INFERENCES:
        raise CannotAnalyse(f"There is no inference “{inference}”; there are {', '.join(INFERENCES)}.")
    if inference in ("cr2", "wild") and few < 2 and starts == 1:
        raise CannotAnalyse(
            "One arm holds a single cluster: how much clusters change by themselves cannot be known there."
            " Ask for design or randomisation."
        )
    wild: WildResult | None = None
    randomised: RandomisationResult | None = None
    if inference in ("design", "randomisation"):
        if not balanced or covariates:
            raise CannotAnalyse(
                f"The {inference} inference needs every unit in every period and no covariates; ask for cr2."
            )
        outcomes, statuses = _square(outcome, treated, group_of, unit=unit, time=time, periods=periods)
        if inference == "design":
            estimate = pooled_change(outcomes, statuses, level=level)
        else:
            randomised = redraw_treated(outcomes, statuses, level=level, draws=draws, random=random)
            estimate = as_result(randomised, level=level)
    else:
        found = two_way_fit(
            outcome, unit=unit, time=time, treated=treated, clusters=group_of, covariates=covariates
        )
        if inference == "plain":
            estimate = for_comparison(plain_estimate(found, level=level))
        else:
            estimate = cr2_estimate(found, level=level)
            if inference == "wild":
                wild = wild_bootstrap(found, level=level, draws=draws, random=random)
                estimate = with_bootstrap(estimate, wild)
    return DifferenceEffect(
        estimate=estimate,
        event_times=_event_times(
            outcome, unit=unit, time=time, treated=treated, group_of=group_of, level=level
        )
        if starts == 1 and balanced and inference != "plain"
        else (),
        wild=wild,
        randomisation=randomised,
        inference=inference,
        rows=int(outcome.size),
        units=units,
        units_treated=int(ever.sum()),
        periods=periods,
        clusters=int(names.size),
        clusters_treated=int(treated_clusters.sum()),
        starts=starts,
        balanced=balanced,
        caveats=tuple(caveats),
    )


def two_way_fit(
    outcome: Numbers,
    *,
    unit: Codes,
    time: Codes,
    treated: Numbers,
    clusters: Codes,
    covariates: Sequence[Numbers] = (),
) -> Fit:
    """The regression on unit means (taken out), period means, covariates and the treatment (first)."""
    periods = int(time.max()) + 1
    count = np.bincount(unit).astype(np.float64)
    if outcome.size * (periods + len(covariates)) > 400_000_000:
        raise CannotAnalyse(
            "This panel is too large for the two-way regression; use the staggered design, which works from"
            " cohort means."
        )
    columns = [treated, *[(time == period).astype(np.float64) for period in range(1, periods)], *covariates]

    def within(column: Numbers) -> Numbers:
        return column - (np.bincount(unit, weights=column) / count)[unit]

    design = np.column_stack([within(column) for column in columns])
    # where nothing but unit means is left of a column it is rounding: make it exactly none
    design[np.abs(design) < 1e-12 * max(float(np.abs(design).max()), 1e-300)] = 0.0
    return fit(within(outcome), design=design, clusters=clusters, absorbed=int((count > 0).sum()))


def pooled_change(outcomes: Numbers, statuses: Numbers, *, level: float = 0.95) -> Estimate:
    """Each unit's change (mean after − mean before), the treated against the others, one pooled spread.

    ``outcomes`` and ``statuses`` are units × periods, one start date. Degrees of freedom: units − 2. Holds
    with a single treated unit if its changes spread as the others' do (Donald and Lang 2007).
    """
    after = statuses.max(axis=0) > 0
    if after.all() or not after.any():
        raise CannotAnalyse("There must be periods before and after the start.")
    change = outcomes[:, after].mean(axis=1) - outcomes[:, ~after].mean(axis=1)
    arm = (statuses.max(axis=1) > 0).astype(np.float64)
    if change.size < 3:
        raise CannotAnalyse("Two units are too few: one difference has no error. At least three are needed.")
    found = fit(
        change,
        design=np.column_stack([arm, np.ones(change.size)]),
        clusters=np.arange(change.size, dtype=np.int64),
    )
    return plain_estimate(found, level=level)


def redraw_treated(
    outcomes: Numbers,
    statuses: Numbers,
    *,
    level: float = 0.95,
    draws: int = 9999,
    random: np.random.Generator | None = None,
    with_interval: bool = True,
) -> RandomisationResult:
    """Randomisation inference for the two-way estimate: treatment histories exchanged among units.

    Supposes that every unit could as well have been the treated one.
    """
    histories, labels = np.unique(statuses, axis=0, return_inverse=True)

    def within(table: Numbers) -> Numbers:
        return np.asarray(
            table - table.mean(axis=1, keepdims=True) - table.mean(axis=0, keepdims=True) + table.mean()
        )

    own = within(statuses)
    size = float((own**2).sum())
    if size <= 0:
        raise CannotAnalyse("The treatment does not vary between units and periods.")
    # taking out period means on one side of a product is enough: exchanging units leaves them as they are
    return randomisation_test(
        within(outcomes) @ histories.T / size,
        of_treatment=own @ histories.T / size,
        labels=labels.reshape(-1).astype(np.int64),
        level=level,
        draws=draws,
        random=random,
        with_interval=with_interval,
    )


def before_after(
    outcome: Numbers,
    *,
    unit: Codes,
    after: Numbers,
    clusters: Codes | None = None,
    level: float = 0.95,
    inference: str | None = None,
) -> Estimate:
    """The mean after less the mean before in the same units, with nobody to compare with.

    Rows are units in periods; ``after`` is 1 in the rows after the start. The interval is one of the change seen in
    units like these between those times, common ups and downs included: no interval of what any work did, for
    whatever else changed meanwhile is in it.

    ``cr2``, the default with two or more units: each unit against itself, by unit (or cluster). ``rows``: each row
    another person, as in two samples (Welch's error with Bell and McCaffrey's degrees of freedom). ``plain``, all that
    is left of a single unit: the textbook error, which takes its periods as independent; they are not, so that it
    comes without interval and p-value.
    """
    check_level(level)
    check_variation(outcome)
    if not 0 < after.sum() < after.size:
        raise CannotAnalyse("There must be rows before and after the start.")
    names, group_of = np.unique(unit if clusters is None else clusters, return_inverse=True)
    count = np.bincount(unit).astype(np.float64)

    def within(column: Numbers) -> Numbers:
        return column - (np.bincount(unit, weights=column) / count[: unit.max() + 1])[unit]

    if inference == "rows":
        every = np.arange(outcome.size, dtype=np.int64)
        columns = np.column_stack([after, np.ones(outcome.size)])
        return cr2_estimate(fit(outcome, design=columns, clusters=every), level=level)
    both = within(after)
    both[np.abs(both) < 1e-12] = 0.0
    if not both.any():
        raise CannotAnalyse("No unit is seen both before and after the start.")
    chosen = inference or ("cr2" if names.size > 1 else "plain")
    found = fit(within(outcome), design=both[:, None], clusters=group_of, absorbed=int((count > 0).sum()))
    if chosen == "plain":
        return for_comparison(plain_estimate(found, level=level))
    if chosen in ("cr2", "design"):
        return cr2_estimate(found, level=level)
    raise CannotAnalyse(f"Before and after has no {chosen} inference; there are cr2 and plain.")


def panel_statuses(panel: Panel) -> Numbers:
    """1 where a unit of the panel is treated in a period (units × periods)."""
    return (np.arange(panel.periods)[None, :] >= panel.first[:, None]).astype(np.float64)


def _square(
    outcome: Numbers, treated: Numbers, group_of: Codes, *, unit: Codes, time: Codes, periods: int
) -> tuple[Numbers, Numbers]:
    """Clusters × periods: outcomes averaged and the treatment, which must be the same within a cluster."""
    groups = int(group_of.max()) + 1
    cell = group_of * periods + time
    count = np.bincount(cell, minlength=groups * periods)
    if (count == 0).any():
        raise CannotAnalyse("Some clusters are not seen in every period.")
    outcomes = np.bincount(cell, weights=outcome, minlength=groups * periods) / count
    statuses = np.bincount(cell, weights=treated, minlength=groups * periods) / count
    if not np.isin(statuses, (0.0, 1.0)).all():
        raise CannotAnalyse("Some clusters hold treated and untreated units in one period.")
    return outcomes.reshape(groups, periods), statuses.reshape(groups, periods)


def _event_times(
    outcome: Numbers, *, unit: Codes, time: Codes, treated: Numbers, group_of: Codes, level: float
) -> tuple[EventTime, ...]:
    """Each period's difference from the last one before the start; CR2 where it can be, else pooled."""
    units, periods = int(unit.max()) + 1, int(time.max()) + 1
    outcomes = np.empty((units, periods))
    outcomes[unit, time] = outcome
    statuses = np.empty((units, periods))
    statuses[unit, time] = treated
    groups = np.empty(units, dtype=np.int64)
    groups[unit] = group_of
    start = int(np.argmax(statuses.max(axis=0)))
    arm = statuses.max(axis=1)
    if start < 1 or not np.array_equal(statuses, arm[:, None] * (np.arange(periods) >= start)):
        return ()
    sides = [np.unique(groups[arm == side]).size for side in (0.0, 1.0)]
    result = []
    for period in range(periods):
        if period == start - 1:
            continue
        change = outcomes[:, period] - outcomes[:, start - 1]
        try:
            found = fit(change, design=np.column_stack([arm, np.ones(units)]), clusters=groups)
            estimate = (
                cr2_estimate(found, level=level) if min(sides) > 1 else plain_estimate(found, level=level)
            )
        except CannotAnalyse:
            continue  # no variation in this period: nothing to show
        result.append(EventTime(event_time=float(period - start), estimate=estimate, units=int(arm.sum())))
    return tuple(result)


def _starts_differ(unit: Codes, time: Codes, treated: Numbers) -> bool:
    return _start_count(unit, time, treated) > 1


def _start_count(unit: Codes, time: Codes, treated: Numbers) -> int:
    """How many different periods treatments begin in; a unit unseen around its start may fit any of them."""
    units, periods = int(unit.max()) + 1, int(time.max()) + 1
    first = np.full(units, periods)
    rows = treated > 0
    np.minimum.at(first, unit[rows], time[rows])
    untreated = np.full(units, -1)
    before = (treated == 0) & (time < first[unit])
    np.maximum.at(untreated, unit[before], time[before])
    changing = (first < periods) & (untreated >= 0)
    if not changing.any() or untreated[changing].max() < first[changing].min():
        return int(changing.any())
    return int(np.unique(first[changing]).size)


def _caveats(
    treated_clusters: Flags,
    starts: int,
    always: Flags,
    clustered: bool,
) -> list[str]:
    found = []
    what = "clusters" if clustered else "units"
    treated, others = int(treated_clusters.sum()), int((~treated_clusters).sum())
    if starts > 1:
        found.append(
            f"Treatment starts at {starts} different times: this regression also compares with the already"
            " treated and can even get the sign wrong; the staggered design does not."
        )
    if min(treated, others) < FEW:
        found.append(
            f"Only {treated} treated and {others} untreated {what}: so few seldom show a realistic effect,"
            " and errors from them are uncertain; compare with randomisation inference."
        )
    if always.any():
        found.append(f"{int(always.sum())} units are treated in every period and only help as comparison.")
    return found
