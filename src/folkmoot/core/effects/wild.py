"""The wild cluster bootstrap: enumerated where clusters are few, drawn where they are many.

What does not belong here: the fit itself (``regression``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from folkmoot.core.effects.inference import Numbers
from folkmoot.core.effects.randomisation import interval_edge
from folkmoot.core.effects.regression import Fit
from folkmoot.core.errors import CannotAnalyse

ENUMERATE_UP_TO = 12
TIES = 1e-9
MOST_CLUSTERS = 2000


@dataclass(frozen=True, slots=True)
class WildResult:
    """The p-value of no effect, and the interval of effects that the bootstrap does not reject.

    ``attainable_minimum`` is the smallest p-value that so many clusters can give, whatever the data:
    above 1 − level there is no bounded interval, and ``low`` and ``high`` are None.
    """

    estimate: float
    standard_error: float
    p_value: float
    low: float | None
    high: float | None
    attainable_minimum: float
    draws: int
    enumerated: bool
    clusters: int


def wild_bootstrap(
    found: Fit,
    *,
    level: float = 0.95,
    draws: int = 9999,
    random: np.random.Generator | None = None,
    with_interval: bool = True,
) -> WildResult:
    """Test the first coefficient of ``found`` by flipping whole clusters' residuals, no effect imposed.

    Rademacher signs, a t-statistic studentised by clusters in every draw, two-sided. With up to 12
    clusters all 2^G sign patterns are run through, so the p-value is exact and cannot fall below
    2/2^G: the data as they are and their mirror image always count. Ties are compared with a
    tolerance. With more clusters ``draws`` patterns are drawn with ``random``. The interval is the
    set of effects with p above 1 − level. Sources: Cameron, Gelbach and Miller 2008; Roodman et al. 2019.
    """
    clusters = found.clusters
    if clusters < 2:
        raise CannotAnalyse("There is only one cluster: its residuals cannot be set against others.")
    if clusters > MOST_CLUSTERS:
        raise CannotAnalyse(
            f"With {clusters:,} clusters the bootstrap says nothing that cr2 does not say sooner; ask for cr2."
        )
    enumerated = clusters <= ENUMERATE_UP_TO
    if enumerated:
        # the first sign is fixed: a pattern and its mirror image give the same |t|
        patterns = np.arange(2 ** (clusters - 1))
        signs: Numbers = 1.0 - 2.0 * ((patterns[:, None] >> np.arange(clusters)[None, :]) & 1).astype(
            np.float64
        )
        count, attainable = 2**clusters, 2.0 / 2**clusters
    else:
        if random is None:
            raise CannotAnalyse("The wild bootstrap with many clusters needs a source of chance.")
        signs = random.choice(np.array([-1.0, 1.0]), size=(draws, clusters))
        count, attainable = draws, 1.0 / (draws + 1)
    parts = _Parts(found)

    def p_value(effect: float) -> float:
        actual, others = parts.statistics(effect, signs)
        as_extreme = float((others >= actual * (1.0 - TIES)).mean())
        return as_extreme if enumerated else (as_extreme * draws + 1.0) / (draws + 1.0)

    error = parts.standard_error
    alpha = 1.0 - level
    value = parts.value
    low: float | None = None
    high: float | None = None
    if with_interval and attainable < alpha * (1.0 - TIES):
        low = interval_edge(p_value, value, step=-error, alpha=alpha)
        high = interval_edge(p_value, value, step=error, alpha=alpha)
    return WildResult(
        estimate=value,
        standard_error=error,
        p_value=p_value(0.0),
        low=low,
        high=high,
        attainable_minimum=attainable,
        draws=count,
        enumerated=enumerated,
        clusters=clusters,
    )


class _Parts:
    """Everything a draw needs, summed by cluster once: scores are linear in the effect imposed."""

    def __init__(self, found: Fit) -> None:
        others = found.design[:, 1:]
        treatment = found.design[:, 0]
        if others.shape[1]:
            treatment = treatment - others @ np.linalg.lstsq(others, treatment, rcond=None)[0]
            response = found.outcome - others @ np.linalg.lstsq(others, found.outcome, rcond=None)[0]
        else:
            response = found.outcome
        self.size = float(treatment @ treatment)
        self.value = float(treatment @ response) / self.size
        starts = found.edges[:-1]
        self.own_of_outcome = np.add.reduceat(treatment * response, starts)
        self.own_of_treatment = np.add.reduceat(treatment * treatment, starts)
        weighted = np.add.reduceat(found.design * treatment[:, None], starts, axis=0)
        self.pull = weighted @ found.bread  # clusters × columns
        self.moments_of_outcome = np.add.reduceat(found.design * response[:, None], starts, axis=0)
        self.moments_of_treatment = np.add.reduceat(found.design * treatment[:, None], starts, axis=0)
        clusters, rows = found.clusters, found.rows
        columns = found.design.shape[1] + found.absorbed
        self.correction = clusters / (clusters - 1.0) * (rows - 1.0) / max(rows - columns, 1.0)
        scores = np.add.reduceat(treatment * found.residuals, starts)
        self.scores = scores
        self.standard_error = math.sqrt(self.correction * float(scores @ scores)) / self.size
        if not self.standard_error > 0:
            raise CannotAnalyse("No variation between clusters is left to work out an error from.")

    def statistics(self, effect: float, signs: Numbers) -> tuple[float, Numbers]:
        """|t| of the data against ``effect``, and |t*| of every sign pattern with that effect imposed."""
        own = self.own_of_outcome - effect * self.own_of_treatment
        moments = self.moments_of_outcome - effect * self.moments_of_treatment
        shifts = signs @ own / self.size
        scores = signs * own - (signs @ moments) @ self.pull.T
        errors = np.sqrt(self.correction * (scores**2).sum(axis=1)) / self.size
        with np.errstate(divide="ignore", invalid="ignore"):
            others = np.where(errors > 1e-12 * self.standard_error, np.abs(shifts) / errors, np.inf)
        others = np.where((errors <= 1e-12 * self.standard_error) & (np.abs(shifts) <= 1e-300), 0.0, others)
        return abs(self.value - effect) / self.standard_error, others
