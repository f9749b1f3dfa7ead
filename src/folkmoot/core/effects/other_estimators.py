"""Staggered starts that cohort means cannot carry: panels with holes, covariates, other estimators.

They are worked out by the diff-diff package, which is imported only here and only when it is needed.
What does not belong here: balanced panels without covariates (``staggered``, quicker and in a third of the memory).
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from folkmoot.core.effects.inference import Codes, Numbers, check_variation
from folkmoot.core.effects.staggered import EventTime
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate

OTHERS = {
    "callaway-santanna": "CallawaySantAnna",
    "sun-abraham": "SunAbraham",
    "imputation": "ImputationDiD",
    "two-stage": "TwoStageDiD",
}


@dataclass(frozen=True, slots=True)
class OtherEffect:
    """What diff-diff returned: the effect averaged over treated cells, and by time since the start."""

    overall: Estimate
    event_times: tuple[EventTime, ...]
    estimator: str
    units: int
    units_treated: int
    periods: int
    rows: int


def other_staggered_effect(
    outcome: Numbers,
    *,
    unit: Codes,
    time: Numbers,
    first_treated: Numbers,
    estimator: str = "callaway-santanna",
    comparison: str = "never",
    clusters: Codes | None = None,
    covariates: Mapping[str, Numbers] | None = None,
    level: float = 0.95,
) -> OtherEffect:
    """The simple average effect of a staggered start, by an estimator of the diff-diff package.

    Arguments as for ``panel.build_panel``, holes allowed; ``first_treated`` is NaN for the never treated.
    ``covariates`` are named columns held constant by doubly robust weighting (callaway-santanna) or
    regression (the others). Duplicate unit-periods and a column without variation are refused.
    """
    if estimator not in OTHERS:
        raise CannotAnalyse(f"There is no estimator “{estimator}”; there are {', '.join(OTHERS)}.")
    check_variation(outcome)
    periods = np.unique(time)
    position = np.searchsorted(periods, time)
    cell = unit * periods.size + position
    if np.unique(cell).size != cell.size:
        raise CannotAnalyse("Some units appear more than once in a period: each may have one row a period.")
    if periods.size < 2:
        raise CannotAnalyse("There is only one period: a change needs at least two.")
    never = ~np.isfinite(first_treated) | (first_treated > periods[-1]) | (first_treated == 0)
    starts = np.where(never, 0, np.searchsorted(periods, first_treated) + 1)
    if never.all():
        raise CannotAnalyse("No unit starts within the periods seen.")
    import diff_diff
    import pandas

    columns: dict[str, object] = {"y": outcome, "unit": unit, "time": position + 1, "start": starts}
    names = []
    for place, (name, values) in enumerate((covariates or {}).items()):
        check_variation(values, name=f"covariate {name}")
        names.append(f"x{place}")
        columns[names[-1]] = values
    if clusters is not None:
        columns["cluster"] = clusters
    frame = pandas.DataFrame(columns)
    if frame.groupby("unit")["start"].nunique().max() > 1:
        raise CannotAnalyse(
            "The first treated period changes within a unit: it must be the same in all rows."
        )
    options: dict[str, object] = {"alpha": 1.0 - level}
    if clusters is not None:
        options["cluster"] = "cluster"
    if estimator == "callaway-santanna":
        options["control_group"] = "never_treated" if comparison == "never" else "not_yet_treated"
        options["allow_unbalanced_panel"] = True
    arguments: dict[str, object] = {"covariates": names or None}
    if estimator != "sun-abraham":
        arguments["aggregate"] = "event_study"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = getattr(diff_diff, OTHERS[estimator])(**options).fit(
                frame, outcome="y", unit="unit", time="time", first_treat="start", **arguments
            )
    except Exception as error:  # the package raises many kinds; each means that these data do not do
        sentence = " ".join(str(error).split())[:200] or type(error).__name__
        raise CannotAnalyse(f"The {estimator} estimator refused these data: {sentence}") from None
    step = float(np.median(np.diff(periods)))
    first_rows = np.unique(unit, return_index=True)[1]
    events = []
    for when, part in sorted((found.event_study_effects or {}).items()):
        numbers = (part["effect"], part["se"], *part["conf_int"], part["p_value"])
        if np.isfinite(numbers).all() and part["se"] > 0:
            events.append(
                EventTime(
                    event_time=float(when) * step,
                    estimate=_estimate(
                        part["effect"], part["se"], part["conf_int"], part["p_value"], level=level
                    ),
                    units=_units_at(
                        int(when), starts[first_rows], periods.size, base=estimator == "callaway-santanna"
                    ),
                )
            )
    numbers = (found.overall_att, found.overall_se, *found.overall_conf_int, found.overall_p_value)
    if not np.isfinite(numbers).all():
        raise CannotAnalyse(f"The {estimator} estimator found no effect and error that these data identify.")
    return OtherEffect(
        overall=_estimate(
            found.overall_att, found.overall_se, found.overall_conf_int, found.overall_p_value, level=level
        ),
        event_times=tuple(events),
        estimator=estimator,
        units=int(np.unique(unit).size),
        units_treated=int(np.unique(unit[~never]).size),
        periods=int(periods.size),
        rows=int(outcome.size),
    )


def _estimate(
    value: float, error: float, interval: tuple[float, float], p_value: float, *, level: float
) -> Estimate:
    return Estimate(
        estimate=float(value),
        standard_error=float(error),
        low=float(interval[0]),
        high=float(interval[1]),
        level=level,
        p_value=float(p_value),
    )


def _units_at(when: int, starts: Codes, periods: int, *, base: bool) -> int:
    """How many treated units are so many periods from their start within the panel."""
    reached = starts + when
    earliest = 2 if base and when < 0 else 1  # a period before the start is compared with the one before it
    return int(((starts > 0) & (reached >= earliest) & (reached <= periods)).sum())
