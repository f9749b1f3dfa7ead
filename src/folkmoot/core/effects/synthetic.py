"""Synthetic control: the treated beside the mixture of untreated units that was most like them before.

What does not belong here: several starts (staggered); choosing which units may serve as controls.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from folkmoot.core.effects.inference import Codes, Numbers, check_level
from folkmoot.core.effects.panel import Panel
from folkmoot.core.effects.staggered import EventTime
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate
from folkmoot.core.sentences import counted

FEWEST_BEFORE = 4
FLOOR = 0.01  # of the outcome's spread before: a fit closer than this counts as this close
MOST_PLACEBOS = 199  # sets of several pretended units; a single one is pretended of every donor


@dataclass(frozen=True, slots=True)
class SyntheticControl:
    """The mean gap after the start, how it was made, and how it compares with pretended starts elsewhere.

    ``weights`` (donors) add up to 1; ``donors`` are their positions in the panel. ``gaps`` (periods) is treated less
    synthetic. ``fit_before`` is the root mean square gap before the start, ``ratio`` that after over it, ``placebos``
    the same ratio of each pretended start. ``attainable_minimum`` is the smallest p-value that so few can give.
    """

    estimate: Estimate
    event_times: tuple[EventTime, ...]
    weights: Numbers
    donors: Codes
    gaps: Numbers
    fit_before: float
    ratio: float
    placebos: Numbers
    attainable_minimum: float
    enumerated: bool
    units_treated: int


def synthetic_control(
    panel: Panel, *, level: float = 0.95, random: np.random.Generator | None = None
) -> SyntheticControl:
    """The treated units' mean against a weighted mean of untreated ones that followed it before the start.

    ``panel`` has one start; the treated are averaged. Weights are at least 0, add up to 1 and minimise the squared
    distance over the periods before. The p-value is the share, the treated among them, of sets of as many untreated
    units that show as large a ratio of gaps after to gaps before when the start is pretended of them (every unit where
    one is treated; otherwise up to 199 sets drawn by ``random``). The interval holds every constant effect that the same
    test would not refuse; with fewer than 19 untreated units it is unbounded at 95 %. Effects are in the unit of the
    outcome; there is no standard error.

    Assumes that what made the mixture follow the treated before would have gone on, that untreated units were not
    touched, and, for the test, that the treated might as well have been any of the others.
    Source: Abadie, Diamond and Hainmueller (2010); interval after Firpo and Possebom (2018).
    """
    check_level(level)
    starts = np.unique(panel.first[panel.first < panel.periods])
    if starts.size != 1:
        raise CannotAnalyse(
            "No unit is treated."
            if not starts.size
            else "Synthetic control needs one start for all treated units."
        )
    start = int(starts[0])
    if start < FEWEST_BEFORE:
        raise CannotAnalyse(
            f"{counted(start, 'period')} before the start: too few to find what follows the treated; {FEWEST_BEFORE} are needed."
        )
    treated, donors = np.flatnonzero(panel.first < panel.periods), panel.never
    many = treated.size
    if donors.size < many + 2:
        raise CannotAnalyse(
            f"There are {counted(int(donors.size), 'untreated unit')}: too few to mix and to pretend the start of."
        )
    spread = float(panel.outcomes[:, :start].std())
    floor = FLOOR * spread if spread > 0 else 1.0
    gaps, weights = _gaps(panel.outcomes[treated].mean(axis=0), panel.outcomes[donors], start)
    sets, enumerated = _pretended(donors, many, random)
    pretended = np.stack(
        [
            _gaps(panel.outcomes[one].mean(axis=0), panel.outcomes[np.setdiff1d(donors, one)], start)[0]
            for one in sets
        ]
    )
    scales = np.maximum(_root(pretended[:, :start]), floor)
    scale = max(float(_root(gaps[None, :start])[0]), floor)
    placebos = _root(pretended[:, start:]) / scales
    ratio = float(_root(gaps[None, start:])[0]) / scale
    count = len(sets) + 1
    p_value = (1 + int((placebos >= ratio * (1 - 1e-9)).sum())) / count
    after = gaps[start:]
    mean = float(after.mean())
    rank = math.floor((1 - level) * count + 1e-9)
    half = math.inf
    if rank:
        # the constant effects c for which the ratio of (gap − c) stays among the placebos' largest
        bound = float(np.sort(placebos)[-rank]) * scale
        half = math.sqrt(max(bound**2 - float(after.var()), 0.0))
    events = []
    for place, gap in enumerate(after):
        width = math.inf
        if rank:
            width = float(np.sort(np.abs(pretended[:, start + place]) / scales)[-rank]) * scale
            events.append(
                EventTime(
                    float(place),
                    Estimate(float(gap), None, float(gap) - width, float(gap) + width, level),
                    many,
                )
            )
    return SyntheticControl(
        Estimate(mean, None, mean - half, mean + half, level, None, p_value),
        tuple(events), weights, donors, gaps, float(_root(gaps[None, :start])[0]), ratio, placebos,
        1 / count, enumerated, int(many),
    )  # fmt: skip


def _gaps(target: Numbers, donors: Numbers, start: int) -> tuple[Numbers, Numbers]:
    """The target less its mixture in every period, and the mixture's weights."""
    weights = simplex_weights(target[:start], donors[:, :start])
    return target - weights @ donors, weights


def simplex_weights(target: Numbers, donors: Numbers) -> Numbers:
    """Weights of ``donors`` (units × periods), at least 0 and adding up to 1, nearest to ``target`` (periods).

    Non-negative least squares of the distances from the target, with a row that asks for a sum of 1. Weights s v with v
    of sum 1 miss by s² q(v) + (s − 1)², which is least at q(v) / (1 + q(v)) whatever s: so v has the least q, and
    dividing by the sum is exact.
    """
    apart = (
        donors - target[None, :]
    ).T  # periods × units: a mixture with weights of sum 1 misses by apart @ weights
    size = float(np.abs(apart).max())
    if not size > 0:
        return np.full(donors.shape[0], 1.0 / donors.shape[0])
    asked = np.vstack([apart / size, np.ones((1, donors.shape[0]))])
    wanted = np.zeros(asked.shape[0])
    wanted[-1] = 1.0
    found, _ = nnls(asked, wanted, maxiter=50 * donors.shape[0])
    total = float(found.sum())
    if not total > 0:
        raise CannotAnalyse("No mixture of the untreated units could be found.")
    return np.asarray(found / total)


def _pretended(donors: Codes, many: int, random: np.random.Generator | None) -> tuple[list[Codes], bool]:
    """The sets of untreated units of which the start is pretended, and whether these are all there are."""
    if math.comb(donors.size, many) <= MOST_PLACEBOS or many == 1:
        return [np.array(one) for one in itertools.combinations(donors.tolist(), many)], True
    draw = random or np.random.default_rng(1)
    return [draw.choice(donors, many, replace=False) for _ in range(MOST_PLACEBOS)], False


def _root(gaps: Numbers) -> Numbers:
    return np.asarray(np.sqrt((gaps**2).mean(axis=1)))
