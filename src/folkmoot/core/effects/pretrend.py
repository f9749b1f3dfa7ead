"""Did the treated already drift away before the start? What can be seen of it, and what cannot.

What does not belong here: a verdict. A drift that is not significant does not make trends parallel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from folkmoot.core.effects.inference import Codes, Numbers
from folkmoot.core.effects.regression import cr2_estimate, fit
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate
from folkmoot.core.sentences import counted


@dataclass(frozen=True, slots=True)
class PreTrend:
    """The drift of the treated against the others before the start, per period.

    ``carried_on`` is what the same drift, continued, would add to the effect by itself (the drift times
    the mean distance between the periods before and after).
    """

    drift: Estimate
    carried_on: Estimate
    periods: int


def pre_trend(
    outcomes: Numbers, *, treated: Numbers, start: int, clusters: Codes | None = None, level: float = 0.95
) -> PreTrend:
    """Each unit's slope before ``start`` (units × periods), the treated against the others, CR2 errors."""
    if start < 3:
        raise CannotAnalyse(
            f"{counted(start, 'period')} before the start: too few to see a drift; 3 are needed."
        )
    groups = np.arange(treated.size, dtype=np.int64) if clusters is None else clusters
    if min(np.unique(groups[treated == arm]).size for arm in (0.0, 1.0)) < 2:
        raise CannotAnalyse(
            "One arm holds a single cluster: its drift cannot be told from its ups and downs."
        )
    line = np.arange(start) - (start - 1) / 2.0
    slopes = outcomes[:, :start] @ line / float(line @ line)
    found = fit(slopes, design=np.column_stack([treated, np.ones(treated.size)]), clusters=groups)
    drift = cr2_estimate(found, level=level)
    periods = outcomes.shape[1]
    distance = (start + periods - 1) / 2.0 - (start - 1) / 2.0
    carried = Estimate(
        estimate=drift.estimate * distance,
        standard_error=None if drift.standard_error is None else drift.standard_error * distance,
        low=drift.low * distance,
        high=drift.high * distance,
        level=level,
        degrees_of_freedom=drift.degrees_of_freedom,
        p_value=drift.p_value,
    )
    return PreTrend(drift=drift, carried_on=carried, periods=start)
