"""Did the trouble only move next door? The weighted displacement difference.

What does not belong here: rates, maps of the buffer; any model of crime.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from folkmoot.core.effects.inference import as_estimate, check_level
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate


@dataclass(frozen=True, slots=True)
class DisplacementEffect:
    """The net change in counts, treated area and its surroundings together, and each part.

    ``direct`` is the change in the treated area beyond that of its comparison, ``spill_over`` the same in the
    surroundings (above 0: trouble moved there; below: the benefit spread).
    """

    estimate: Estimate
    direct: Estimate
    spill_over: Estimate
    variance: float
    z: float
    events: int
    caveats: tuple[str, ...]


def displacement_effect(
    treated: tuple[float, float],
    *,
    control: tuple[float, float],
    treated_surroundings: tuple[float, float],
    control_surroundings: tuple[float, float],
    level: float = 0.95,
) -> DisplacementEffect:
    """The weighted displacement difference: how many events more or fewer, shifts next door included.

    Each pair is (count before, count after), over periods of equal length. The difference of the treated
    area's change from its comparison's, plus the same for the surroundings; the variance is the sum of the
    eight counts. Assumptions: counts are Poisson and independent, and without the work treated and
    comparison would have changed by the same *number*. Source: Wheeler and Ratcliffe 2018.
    """
    check_level(level)
    pairs = (treated, control, treated_surroundings, control_surroundings)
    for pair in pairs:
        for count in pair:
            if not math.isfinite(count) or count < 0 or count != int(count):
                raise CannotAnalyse(f"A count of events is a whole number, 0 or more; {count:g} is not.")
    direct = (treated[1] - treated[0]) - (control[1] - control[0])
    spill = (treated_surroundings[1] - treated_surroundings[0]) - (
        control_surroundings[1] - control_surroundings[0]
    )
    variance = float(sum(sum(pair) for pair in pairs))
    if variance == 0:
        raise CannotAnalyse("All eight counts are 0: there is nothing to compare.")
    caveats = [
        "Supposes that the comparison areas would have seen the same change in number; counts that come in"
        " bursts spread more than this error says."
    ]
    if min(min(pair) for pair in pairs) < 5:
        caveats.append("Some counts are below 5: the normal interval is rough.")
    direct_variance = float(sum(treated) + sum(control))
    spill_variance = float(sum(treated_surroundings) + sum(control_surroundings))
    total = direct + spill
    return DisplacementEffect(
        estimate=as_estimate(total, math.sqrt(variance), level=level),
        direct=as_estimate(direct, math.sqrt(direct_variance), level=level),
        spill_over=as_estimate(spill, math.sqrt(spill_variance), level=level),
        variance=variance,
        z=total / math.sqrt(variance),
        events=int(variance),
        caveats=tuple(caveats),
    )
