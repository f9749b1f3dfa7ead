"""Trials: places or people drawn by lot, in blocks or clusters, with covariates and partial take-up.

What does not belong here: repeated measures of one place (``differences``, ``staggered``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from folkmoot.core.effects.inference import (
    Codes,
    Flags,
    Numbers,
    as_estimate,
    check_level,
    check_variation,
    for_comparison,
)
from folkmoot.core.effects.randomisation import RandomisationResult, randomisation_test
from folkmoot.core.effects.regression import Fit, cr2_estimate, fit, plain_estimate
from folkmoot.core.effects.wild import WildResult, wild_bootstrap
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate

MOST_CELLS = 50_000_000  # people × blocks
INFERENCES = ("cr2", "wild", "randomisation", "design", "plain")


@dataclass(frozen=True, slots=True)
class TrialEffect:
    """The effect of a trial and what it rests on.

    ``estimate`` is the effect of being drawn or, where ``received`` was given, of receiving among those
    whom the draw moved; then ``offered`` is the effect of being drawn and ``take_up`` the difference the
    draw made to receiving. ``wild`` and ``randomisation`` carry their p-values where asked for.
    """

    estimate: Estimate
    offered: Estimate | None
    take_up: Estimate | None
    wild: WildResult | None
    randomisation: RandomisationResult | None
    inference: str
    people: int
    treated: int
    clusters: int | None
    clusters_treated: int | None
    blocks: int | None
    covariates: int
    interacted: bool
    caveats: tuple[str, ...]


def trial_effect(
    outcome: Numbers,
    *,
    treated: Numbers,
    blocks: Codes | None = None,
    clusters: Codes | None = None,
    covariates: Sequence[Numbers] = (),
    received: Numbers | None = None,
    inference: str = "cr2",
    level: float = 0.95,
    draws: int = 9999,
    random: np.random.Generator | None = None,
) -> TrialEffect:
    """The average effect of a draw by lot on ``outcome`` (rows = people), in the outcome's unit.

    ``treated`` is 1 for those drawn, else 0; ``clusters`` numbers what was drawn where groups were drawn
    whole; ``blocks`` number the parts within which the lots were drawn. Covariates and blocks are
    centred and interacted with treatment (Lin 2013), so each block counts by its people and adjustment
    cannot bias; blocks with a single drawn or undrawn unit enter without interaction.

    ``received`` (1 = received it, or a dose) asks for the effect of receiving by two-stage least squares.
    Assumptions: the draw acts only through receiving, and nobody does the opposite of the draw (Imbens
    and Angrist 1994).

    Errors: ``cr2`` (also as ``design``): CR2/HC2 with Satterthwaite degrees of freedom; ``wild``: wild cluster
    bootstrap; ``randomisation``: the lots drawn again, statistic adjusted for blocks and covariates;
    ``plain``: the textbook error, for comparison, without interval and p-value.
    """
    check_level(level)
    check_variation(outcome)
    if inference not in INFERENCES:
        raise CannotAnalyse(f"There is no inference “{inference}”; there are {', '.join(INFERENCES)}.")
    drawn = treated == 1.0
    people, count = int(outcome.size), int(drawn.sum())
    if count in (0, people):
        raise CannotAnalyse("Everybody is treated, or nobody: there is nobody to compare with.")
    caveats: list[str] = []
    groups = np.arange(people, dtype=np.int64) if clusters is None else clusters
    names, group_of = np.unique(groups, return_inverse=True)
    share = np.bincount(group_of, weights=drawn, minlength=names.size) / np.bincount(group_of)
    whole = bool(np.isin(share, (0.0, 1.0)).all())
    per_arm = (int((share == 0).sum()), int((share == 1).sum()))
    if names.size < 2:
        raise CannotAnalyse("There is only one cluster: its error cannot be known.")
    if whole and min(per_arm) < 2 and inference in ("cr2", "design", "wild"):
        what = "unit" if clusters is None else "cluster"
        raise CannotAnalyse(
            f"One arm holds a single {what}: how much {what}s differ by themselves cannot be known there."
            " Ask for randomisation, or draw more."
        )
    if clusters is not None and min(per_arm) < 6 and whole:
        caveats.append(
            f"Only {per_arm[1]} treated and {per_arm[0]} untreated clusters: errors from so few are"
            " uncertain themselves; look at the degrees of freedom."
        )
    design, interacted = _design(drawn, blocks, covariates, group_of, caveats)
    found = fit(outcome, design=design, clusters=group_of)
    offered, wild, randomised = _inferred(
        found,
        inference,
        level=level,
        draws=draws,
        random=random,
        drawn=drawn,
        group_of=group_of,
        whole=whole,
        blocks=blocks,
        covariates=covariates,
        outcome=outcome,
    )
    estimate, take_up = offered, None
    if received is not None:
        estimate, take_up = _receiving(
            outcome, received, design=design, group_of=group_of, inference=inference, level=level
        )
        caveats.append(
            "The effect of receiving holds for those whom the draw moved to receive it, if the draw acts in"
            " no other way."
        )
        strength = (take_up.estimate / (take_up.standard_error or np.inf)) ** 2
        if strength < 10:
            caveats.append(
                f"The draw moved receiving only weakly (F = {strength:.1f}, below 10): the effect of receiving"
                " is unreliable; trust the effect of the draw."
            )
    return TrialEffect(
        estimate=estimate,
        offered=None if received is None else offered,
        take_up=take_up,
        wild=wild,
        randomisation=randomised,
        inference=inference,
        people=people,
        treated=count,
        clusters=None if clusters is None else int(names.size),
        clusters_treated=None if clusters is None or not whole else per_arm[1],
        blocks=None if blocks is None else int(np.unique(blocks).size),
        covariates=len(covariates),
        interacted=interacted,
        caveats=tuple(caveats),
    )


def _design(
    drawn: Flags,
    blocks: Codes | None,
    covariates: Sequence[Numbers],
    group_of: Codes,
    caveats: list[str],
) -> tuple[Numbers, bool]:
    """Columns: treatment, constant, centred blocks and covariates, and these times the treatment."""
    people = drawn.size
    columns: list[Numbers] = []
    plain: list[Numbers] = []
    if blocks is not None:
        names, member = np.unique(blocks, return_inverse=True)
        if names.size > people / 2:
            raise CannotAnalyse("There are more blocks than half the people: a block needs both kinds.")
        if people * names.size > MOST_CELLS:
            raise CannotAnalyse(
                f"{names.size:,} blocks among {people:,} people are too many to be worked with."
            )
        dummies = [(member == place).astype(np.float64) for place in range(1, names.size)]
        arms = [
            np.unique(group_of[(member == place) & (drawn == arm)]).size
            for place in range(names.size)
            for arm in (False, True)
        ]
        empty = sum(1 for place in range(names.size) if 0 in arms[2 * place : 2 * place + 2])
        if empty:
            caveats.append(f"{empty} blocks hold only one kind and tell nothing about the difference.")
        (columns if min(arms) >= 2 else plain).extend(dummies)
    columns.extend(covariates)
    centred = [column - column.mean() for column in columns]
    limit = np.unique(group_of).size / 2
    interacted = bool(centred) and 2 + 2 * len(centred) + len(plain) < limit
    if centred and not interacted and covariates:
        caveats.append(
            "There are too few units for adjustment within each arm; covariates enter with one slope."
        )
    treatment = drawn.astype(np.float64)
    crossed = [treatment * column for column in centred] if interacted else []
    design = np.column_stack([treatment, np.ones(people), *plain, *centred, *crossed])
    return design, interacted


def _inferred(
    found: Fit,
    inference: str,
    *,
    level: float,
    draws: int,
    random: np.random.Generator | None,
    drawn: Flags,
    group_of: Codes,
    whole: bool,
    blocks: Codes | None,
    covariates: Sequence[Numbers],
    outcome: Numbers,
) -> tuple[Estimate, WildResult | None, RandomisationResult | None]:
    if inference == "plain":
        return for_comparison(plain_estimate(found, level=level)), None, None
    if inference == "randomisation":
        if not whole:
            raise CannotAnalyse(
                "Some clusters hold both kinds: the lot was not drawn by cluster. Leave the clusters out, or"
                " give them as blocks."
            )
        randomised = _drawn_again(
            outcome, drawn, group_of, blocks, covariates, level=level, draws=draws, random=random
        )
        return as_result(randomised, level=level), None, randomised
    base = cr2_estimate(found, level=level)
    if inference == "wild":
        boot = wild_bootstrap(found, level=level, draws=draws, random=random)
        return with_bootstrap(base, boot), boot, None
    return base, None, None


def with_bootstrap(base: Estimate, boot: WildResult) -> Estimate:
    """The estimate with the bootstrap's p-value and interval: from −∞ to ∞ where none is bounded."""
    return replace(
        base,
        p_value=boot.p_value,
        low=-math.inf if boot.low is None else boot.low,
        high=math.inf if boot.high is None else boot.high,
        degrees_of_freedom=None,
    )


def as_result(found: RandomisationResult, *, level: float) -> Estimate:
    """A randomisation result as an estimate; its interval reaches to ∞ where so few draws bound nothing."""
    return Estimate(
        estimate=found.estimate,
        standard_error=found.standard_error,
        low=-math.inf if found.low is None else found.low,
        high=math.inf if found.high is None else found.high,
        level=level,
        p_value=found.p_value,
    )


def _drawn_again(
    outcome: Numbers,
    drawn: Flags,
    group_of: Codes,
    blocks: Codes | None,
    covariates: Sequence[Numbers],
    *,
    level: float,
    draws: int,
    random: np.random.Generator | None,
) -> RandomisationResult:
    """The lots drawn again: the outcome, adjusted once without the treatment, summed by drawn unit."""
    people = outcome.size
    controls = [np.ones(people), *[column - column.mean() for column in covariates]]
    if blocks is not None:
        names, member = np.unique(blocks, return_inverse=True)  # no more than _design let pass
        controls.extend((member == place).astype(np.float64) for place in range(1, names.size))
    others = np.column_stack(controls)
    basis, triangle = np.linalg.qr(others)
    scale = np.abs(np.diag(triangle))
    basis = basis[:, scale > 1e-9 * max(float(scale.max()), 1e-300)]
    treatment = drawn.astype(np.float64)
    groups = int(group_of.max()) + 1
    result = []
    for column in (outcome, treatment):
        left = column - basis @ (basis.T @ column)
        own = np.bincount(group_of, weights=left, minlength=groups)
        result.append(np.column_stack([np.zeros(groups), own]))
    label = np.zeros(groups, dtype=np.int64)
    label[group_of] = drawn.astype(np.int64)
    block_of = None
    if blocks is not None:
        block_of = np.zeros(groups, dtype=np.int64)
        block_of[group_of] = blocks
        if not np.array_equal(block_of[group_of], blocks):
            raise CannotAnalyse("A cluster lies in more than one block: blocks must hold whole clusters.")
    return randomisation_test(
        result[0],
        of_treatment=result[1],
        labels=label,
        blocks=block_of,
        level=level,
        draws=draws,
        random=random,
    )


def _receiving(
    outcome: Numbers,
    received: Numbers,
    *,
    design: Numbers,
    group_of: Codes,
    inference: str,
    level: float,
) -> tuple[Estimate, Estimate]:
    """Two-stage least squares with the draw as the instrument, and the first stage."""
    check_variation(received, name="column of what was received")
    if inference not in ("cr2", "design"):
        raise CannotAnalyse("The effect of receiving is worked out with cr2 errors only.")
    first = fit(received, design=design, clusters=group_of)
    scale = float(np.abs(received).max())
    moved = float(first.coefficients[0])
    if abs(moved) < 1e-9 * scale:
        raise CannotAnalyse("The draw moved nobody to receive it: its effect on receiving is 0.")
    whole = fit(outcome, design=design, clusters=group_of)
    ratio = float(whole.coefficients[0]) / moved
    # the structural residuals carry the error; the draw's own column is scaled by what it moved
    structural = fit(outcome - ratio * received, design=design, clusters=group_of)
    error = cr2_estimate(structural, level=level)
    deviation = (error.standard_error or 0.0) / abs(moved)
    estimate = as_estimate(ratio, deviation, degrees_of_freedom=error.degrees_of_freedom, level=level)
    try:
        take_up = cr2_estimate(first, level=level)
    except CannotAnalyse:
        # everybody drawn received it and nobody else did: the draw is the receipt
        take_up = Estimate(estimate=moved, standard_error=0.0, low=moved, high=moved, level=level)
    return estimate, take_up
