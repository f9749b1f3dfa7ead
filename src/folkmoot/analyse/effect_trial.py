"""``--design trial``.

What does not belong here: the numbers (core.effects.trial).
"""

from __future__ import annotations

import argparse

import numpy as np

from folkmoot.analyse.effect_laid import Laid
from folkmoot.analyse.effect_rows import rows_of
from folkmoot.analyse.effect_shared import TEXTBOOK, beside, inference_words
from folkmoot.analyse.tables import Table
from folkmoot.core.effects.trial import trial_effect
from folkmoot.core.errors import CannotAnalyse


def trial(table: Table, options: argparse.Namespace, random: np.random.Generator) -> Laid:
    rows = rows_of(table, options)
    if rows.treated is None:
        raise CannotAnalyse("A trial needs the column of who was drawn: --treated COLUMN.")
    if options.inference == "sampling":
        raise CannotAnalyse("A trial has cr2, wild, randomisation, design and plain inference.")
    found = trial_effect(
        rows.outcome,
        treated=rows.treated,
        blocks=rows.blocks,
        clusters=rows.clusters,
        covariates=list(rows.covariates.values()),
        received=rows.received,
        inference=options.inference or "cr2",
        level=options.level,
        draws=options.draws,
        random=random,
    )
    n = rows.counts() | {"treated": found.treated, "untreated": found.people - found.treated}
    if found.clusters is not None:
        n["clusters"] = found.clusters
        if found.clusters_treated is not None:
            n["clusters_treated"] = found.clusters_treated
    if found.blocks is not None:
        n["blocks"] = found.blocks
    how = "two-stage least squares with the draw as instrument" if found.offered else "difference of means"
    if found.blocks:
        how += " within blocks"
    if found.covariates:
        how += ", covariates by arm (Lin)" if found.interacted else ", covariates with one slope"
    laid = Laid(
        estimate=found.estimate,
        method=f"trial: {how}; {inference_words(found.inference, clustered=found.clusters is not None)}",
        n=n,
        caveats=rows.caveats() + list(found.caveats),
    )
    if found.offered is not None and found.take_up is not None:
        laid.extra["offered"], laid.extra["take_up"] = found.offered.as_json(), found.take_up.as_json()
    if found.inference == "plain":
        laid.give_for_comparison(TEXTBOOK)
    beside(laid, found.wild, found.randomisation, options)
    if options.placebo:
        laid.refuse(
            "placebo_false_alarm_rate", "A trial measured once has no history to run placebo cases on."
        )
    return laid
