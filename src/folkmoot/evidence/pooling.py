"""Several estimates of one effect put together, and what would change the conclusion. Pure, and kept for a while.

The methods are ``core.synthesis``'s. What belongs here is which of them fits: one effect a sample is pooled
by REML with Hartung and Knapp's errors, several effects of a sample by the three-level model with CR2 errors. Their intervals
are those that other programs print; what pages show, and what a standing is judged by, are the cautious ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate, Refusal
from folkmoot.core.synthesis.cautious import cautious_intervals
from folkmoot.core.synthesis.dependent import cautious_prediction_over_clusters, pool_dependent
from folkmoot.core.synthesis.pooling import FEW, leave_one_out, pool
from folkmoot.core.synthesis.robustness import WhatWouldChange, what_would_change

MOST_LEFT_OUT = 40
MOST_DEPENDENT_LEFT_OUT = 12
INDEPENDENT = "Random effects by REML, with Hartung and Knapp’s errors and Student’s t."
DEPENDENT = "Effects of one sample belong together: three-level REML, with CR2 errors and Satterthwaite’s degrees of freedom."


@dataclass(frozen=True, slots=True)
class Together:
    """What a set of estimates says together. ``samples`` counts independent ones; ``without`` has an entry a
    sample, None where leaving it out leaves nothing to pool.

    Intervals are the cautious ones; ``elsewhere`` and ``prediction_elsewhere`` are those of other programs.
    """

    estimate: Estimate
    prediction: tuple[float, float]
    elsewhere: tuple[float, float]
    prediction_elsewhere: tuple[float, float] | None
    tau2: float
    weights: tuple[float, ...]
    samples: int
    dependent: bool
    method: str
    change: WhatWouldChange
    without: tuple[Estimate | None, ...]
    caveats: tuple[str, ...]
    refused: tuple[Refusal, ...]

    @property
    def is_few(self) -> bool:
        return self.samples < FEW


@lru_cache(maxsize=1024)
def reckoned(
    estimates: tuple[float, ...], errors: tuple[float, ...], samples: tuple[int, ...], *, leaving_out: bool
) -> Together:
    """The estimates together; ``samples`` says which of them rest on the same people and places.

    Raises CannotAnalyse, with a sentence, for fewer than two samples and where no error can be worked out.
    """
    number = len(set(samples))
    if number < 2:
        raise CannotAnalyse(
            "There is one estimate that can be pooled: pooling needs two from different people and places."
            if number
            else "There is no estimate that can be pooled yet."
        )
    if number < len(samples):
        return _dependent(np.array(estimates), np.array(errors), np.array(samples), leaving_out=leaving_out)
    return _independent(np.array(estimates), np.array(errors), leaving_out=leaving_out)


def _independent(y: np.ndarray, errors: np.ndarray, *, leaving_out: bool) -> Together:
    found = pool(y, errors, knapp_hartung=True)
    without: tuple[Estimate | None, ...] = ()
    refused = list(found.refused)
    if leaving_out and 3 <= len(y) <= MOST_LEFT_OUT:
        try:
            without = tuple(
                cautious_intervals(np.delete(y, left), np.delete(errors, left)).over(one.estimate)
                for left, one in enumerate(leave_one_out(y, errors, knapp_hartung=True))
            )
        except CannotAnalyse as error:
            refused.append(Refusal("leave_one_out", str(error)))
    careful = cautious_intervals(y, errors)
    return Together(
        estimate=careful.over(found.estimate),
        prediction=careful.prediction,
        elsewhere=(found.estimate.low, found.estimate.high),
        prediction_elsewhere=found.prediction,
        tau2=found.tau2,
        weights=found.weights,
        samples=len(y),
        dependent=False,
        method=INDEPENDENT,
        change=what_would_change(y, errors, knapp_hartung=True, interval=careful.mean),
        without=without,
        caveats=found.caveats,
        refused=tuple(refused),
    )


def _dependent(y: np.ndarray, errors: np.ndarray, groups: np.ndarray, *, leaving_out: bool) -> Together:
    found = pool_dependent(y, errors, groups)
    listed = list(dict.fromkeys(groups.tolist()))
    without: tuple[Estimate | None, ...] = ()
    if leaving_out and 3 <= len(listed) <= MOST_DEPENDENT_LEFT_OUT:
        without = tuple(_without(y, errors, groups, one) for one in listed)
    e = found.shown
    excludes, bias = e.low > 0 or e.high < 0, e.low if e.estimate > 0 else e.high
    caveats = list(found.caveats)
    if found.clusters < FEW:
        caveats.insert(0, f"With {found.clusters} samples the variance between them is hardly known.")
    return Together(
        estimate=e,
        prediction=cautious_prediction_over_clusters(y, errors, groups),
        elsewhere=(found.estimate.low, found.estimate.high),
        prediction_elsewhere=found.prediction,
        tau2=found.tau2_between + found.tau2_within,
        weights=found.weights,
        samples=found.clusters,
        dependent=True,
        method=DEPENDENT,
        change=WhatWouldChange(
            excludes, bias, bias / e.estimate if e.estimate else None, None, None, None, ()
        ),
        without=without,
        caveats=tuple(caveats),
        refused=(),
    )


def _without(y: np.ndarray, errors: np.ndarray, groups: np.ndarray, left: int) -> Estimate | None:
    keep = groups != left
    try:
        if len(set(groups[keep].tolist())) == int(keep.sum()):
            alone = pool(y[keep], errors[keep], knapp_hartung=True).estimate
            return cautious_intervals(y[keep], errors[keep]).over(alone)
        return pool_dependent(y[keep], errors[keep], groups[keep]).shown
    except CannotAnalyse:
        return None
