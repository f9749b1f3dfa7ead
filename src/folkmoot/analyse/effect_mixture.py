"""``--design did --estimator synthetic-control``.

What does not belong here: the numbers (core.effects.synthetic).
"""

from __future__ import annotations

import argparse

import numpy as np

from folkmoot.analyse.effect_laid import Laid
from folkmoot.analyse.effect_rows import Codes, Numbers, Rows
from folkmoot.analyse.effect_shared import both
from folkmoot.core.effects.panel import Panel
from folkmoot.core.effects.synthetic import synthetic_control
from folkmoot.core.errors import CannotAnalyse

CLOSE = 0.5  # of the gap after: a fit before that misses by more is said to be poor


def mixed(
    rows: Rows, options: argparse.Namespace, treated: Numbers, caveats: list[str], random: np.random.Generator
) -> Laid:
    """The treated beside a mixture of the others, with pretended starts for a test."""
    unit, time = both(rows)
    if rows.clusters is not None or rows.covariates:
        raise CannotAnalyse("The synthetic control takes neither clusters nor covariates.")
    if options.inference not in (None, "randomisation"):
        raise CannotAnalyse(
            "The synthetic control is tested by pretended starts (randomisation) and in no other way."
        )
    periods, position = np.unique(time, return_inverse=True)
    if (
        unit.size != (int(unit.max()) + 1) * periods.size
        or np.unique(unit * periods.size + position).size != unit.size
    ):
        raise CannotAnalyse("The synthetic control needs every unit once in every period.")
    panel = square(rows.outcome, unit, position, treated, periods)
    found = synthetic_control(panel, level=options.level, random=random)
    names = rows.unit_names or [str(one) for one in range(panel.units)]
    held = sorted(zip(found.weights.tolist(), found.donors.tolist(), strict=True), reverse=True)
    laid = Laid(
        estimate=found.estimate,
        method="synthetic control: mean gap after the start to the mixture of untreated units nearest before it;"
        " p-value and interval from pretended starts (ratio of gaps after to gaps before)",
        n=rows.counts()
        | {
            "units": panel.units,
            "units_treated": found.units_treated,
            "donors": len(found.donors),
            "periods": panel.periods,
        },
        caveats=[
            *caveats,
            "Supposes that the mixture would have gone on following the treated, and that no untreated unit was touched.",
        ],
        extra={
            "estimator": "synthetic-control",
            "weights": [{"unit": names[at], "weight": weight} for weight, at in held if weight > 1e-6],
            "fit_before": found.fit_before,
            "ratio": found.ratio,
            "gaps": found.gaps.tolist(),
            "attainable_minimum": found.attainable_minimum,
            "enumerated": found.enumerated,
            "draws": len(found.placebos),
        },
        events=found.event_times,
    )
    laid.refuse("standard_error", "pretended starts give a p-value and an interval, and no standard error.")
    if found.fit_before > CLOSE * abs(found.estimate.estimate):
        laid.caveats.append(
            "Before the start the mixture misses the treated by more than half of the effect: what comes after may be"
            " the same misfit."
        )
    if found.attainable_minimum > 1.0 - options.level + 1e-12:
        laid.caveats.append(
            f"With {len(found.placebos)} pretended starts the smallest p-value there can be is"
            f" {found.attainable_minimum:.3g}: this test cannot alarm at {1.0 - options.level:.0%}, whatever happened."
        )
    if options.placebo:
        laid.refuse(
            "placebo_false_alarm_rate",
            "The test's pretended starts keep its rate by construction; it is not run.",
        )
    if options.sensitivity is not None:
        laid.refuse("sensitivity_to_trends", "The bounds are for comparisons of trends, not for a mixture.")
    return laid


def square(outcome: Numbers, unit: Codes, position: Codes, treated: Numbers, times: Numbers) -> Panel:
    """Rows of a whole panel as units × periods, with each unit's first treated period."""
    units, periods = int(unit.max()) + 1, times.size
    outcomes, first = np.empty((units, periods)), np.full(units, periods, dtype=np.int64)
    outcomes[unit, position] = outcome
    on = treated == 1.0
    np.minimum.at(first, unit[on], position[on])
    return Panel(outcomes=outcomes, times=times, first=first)
