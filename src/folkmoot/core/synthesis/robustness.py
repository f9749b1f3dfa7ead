"""What would change a pooled conclusion: how biased the studies, how many or how large the missing ones.

What does not belong here: whether such a bias or such studies are likely; that is a judgement.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from folkmoot.core.results import Refusal
from folkmoot.core.synthesis.pooling import checked, pool


@dataclass(frozen=True, slots=True)
class WhatWouldChange:
    """What it takes to move the interval to (or off) no effect.

    ``excludes_zero`` is the present conclusion. ``bias`` is what would have to be taken off every estimate
    for the interval to touch zero, in the unit of the estimate, and ``bias_share`` that over the estimate.
    ``null_studies`` is the smallest number of studies of ordinary size finding nothing, and
    ``null_study_error`` the largest standard error of a single one, that would make the interval include
    zero. ``more_studies`` is the number of ordinary studies finding the pooled estimate that would make it
    exclude zero.
    """

    excludes_zero: bool
    bias: float
    bias_share: float | None
    null_studies: int | None
    null_study_error: float | None
    more_studies: int | None
    refused: tuple[Refusal, ...]


def what_would_change(
    estimates: ArrayLike,
    standard_errors: ArrayLike,
    *,
    method: str = "reml",
    knapp_hartung: bool = False,
    level: float = 0.95,
    interval: tuple[float, float] | None = None,
) -> WhatWouldChange:
    """How far the conclusion (the interval excludes zero, or not) is from flipping.

    An ordinary study has the median standard error of those at hand. Further studies are taken to scatter
    around their own mean as those at hand do, so tau², the scale of the error and the critical value stay
    as they are; refitting with exact zeros instead would shrink tau² and flatter the conclusion.

    ``interval`` is the one that the conclusion rests on where it is not that of ``pool`` itself (the cautious one);
    its width then stands for error and critical value.

    Source: Rosenberg (2005), extended to Hartung and Knapp's scale and to a single study.
    """
    y, v = checked(estimates, standard_errors)
    found = pool(y, np.sqrt(v), method=method, knapp_hartung=knapp_hartung, level=level)
    e = found.estimate
    if interval is not None:
        e = replace(e, low=interval[0], high=interval[1])
    excludes = e.low > 0 or e.high < 0
    bias = e.low if e.estimate > 0 else e.high
    share = bias / e.estimate if e.estimate else None
    weight = float((1 / (v + found.tau2)).sum())
    ordinary = 1 / (float(np.median(np.sqrt(v))) ** 2 + found.tau2)
    # half the interval's width, on the side that would have to give, in units of what one more weight does to it
    half = abs(e.estimate - bias) * math.sqrt(weight)
    if not excludes:
        already = tuple(
            Refusal(part, "the interval includes zero already")
            for part in ("null_studies", "null_study_error")
        )
        if e.estimate == 0:
            none = Refusal(
                "more_studies", "the pooled estimate is zero: no number of such studies excludes it"
            )
            return WhatWouldChange(False, bias, share, None, None, None, (*already, none))
        needed = (half / e.estimate) ** 2 - weight
        return WhatWouldChange(False, bias, share, None, None, _whole(needed / ordinary), already)
    done = Refusal("more_studies", "the interval excludes zero already")
    needed = (weight * e.estimate / half) ** 2 - weight
    variance = 1 / needed - found.tau2 if needed > 0 else math.inf
    if variance > 0 and math.isfinite(variance):
        return WhatWouldChange(
            True, bias, share, _whole(needed / ordinary), math.sqrt(variance), None, (done,)
        )
    reason = "no single study finding nothing would do it, however large"
    return WhatWouldChange(
        True, bias, share, _whole(needed / ordinary), None, None, (Refusal("null_study_error", reason), done)
    )


def _whole(studies: float) -> int:
    """At least one study, rounded up; a hair over a whole number is that number."""
    return max(1, math.ceil(studies - 1e-9))
