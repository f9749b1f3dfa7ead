"""Each design of ``folkmoot analyse power``: from the options to what core.power says of them.

What does not belong here: options, grids and the layout of the result (verbs.power).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.power.differences import did_power, did_power_from_history
from folkmoot.core.power.stepped_wedge import stepped_wedge_power
from folkmoot.core.power.survey import interviews_needed, survey_power
from folkmoot.core.power.two_arm import (
    design_effect,
    power_of_two_means,
    power_of_two_proportions,
    smallest_difference_of_means,
    smallest_difference_of_proportions,
    two_arm_means,
    two_arm_proportions,
)

Words = dict[str, Any]
History = NDArray[np.float64] | None


def _survey(words: Words, options: argparse.Namespace, history: History) -> Words:
    del history
    interviews = words.get("interviews", words.get("n"))
    common: Words = {
        "baseline": words.get("baseline"),
        "standard_deviation": words.get("sd"),
        "design_effect": words.get("design_effect", 1.0),
        "correlation": words.get("correlation", 0.0),
        "alpha": words["alpha"],
        "wanted_power": options.power,
    }
    needed: Words = {}
    if words.get("effect") is not None:
        needed["needed_interviews"] = interviews_needed(words["effect"], **common)
        interviews = needed["needed_interviews"] if interviews is None else interviews
    if interviews is None:
        raise CannotAnalyse(
            "Say how many interviews a wave has (--interviews), or what change to see (--effect)."
        )
    found = survey_power(interviews=interviews, change=words.get("effect"), **common)
    result: Words = needed if found.power is None else {"power": found.power, **needed}
    return result | {
        "minimum_detectable_effect": found.minimum_detectable_effect,
        "margin": found.margin,
        "n": {"interviews_per_wave": interviews, "waves": 2},
    }


def _two_arms(words: Words, options: argparse.Namespace, history: History) -> Words:
    del history
    clustered = options.design == "cluster"
    size = words.get("cluster_size") if clustered else None
    if clustered and size is None:
        raise CannotAnalyse("Say how many people a cluster has: --cluster-size N.")
    if clustered and "icc" not in words:
        raise CannotAnalyse(
            "Say how alike people of one cluster are: --icc R (0.01 to 0.05 is usual for attitudes)."
        )
    common: Words = {
        "alpha": words["alpha"],
        "cluster_size": size,
        "icc": words.get("icc", 0.0),
        "size_variation": words.get("cv", 0.0),
    }
    per_arm = words.get("per_arm", words["n"] / 2.0 if "n" in words else None)
    clusters = words.get("clusters_per_arm", words["clusters"] / 2.0 if "clusters" in words else None)
    if clusters is not None and size is not None:
        if clusters < 2:
            raise CannotAnalyse(
                "Each group needs at least two clusters: one cannot show how clusters differ."
            )
        per_arm = clusters * size
    effect, baseline, spread = words.get("effect"), words.get("baseline"), words.get("sd", 1.0)
    if effect is None and per_arm is None:
        raise CannotAnalyse(
            "Say what change is to be seen (--effect) or how many people there are (--per-arm)."
        )
    result: Words = {}
    if effect is not None:
        needed = (
            two_arm_means(effect, standard_deviation=spread, power=options.power, **common)
            if baseline is None
            else two_arm_proportions(effect, baseline=baseline, power=options.power, **common)
        )
        result["needed_per_arm"] = needed.per_arm
        if needed.clusters_per_arm is not None:
            result["needed_clusters_per_arm"] = needed.clusters_per_arm
        per_arm = float(needed.per_arm) if per_arm is None else per_arm
    arm = float(per_arm or 0.0)
    if arm < 2:
        raise CannotAnalyse("Each group needs at least two people.")
    if effect is not None:
        result["power"] = (
            power_of_two_means(effect, standard_deviation=spread, per_arm=arm, **common)
            if baseline is None
            else power_of_two_proportions(effect, baseline=baseline, per_arm=arm, **common)
        )
    result["minimum_detectable_effect"] = (
        smallest_difference_of_means(standard_deviation=spread, per_arm=arm, power=options.power, **common)
        if baseline is None
        else smallest_difference_of_proportions(baseline=baseline, per_arm=arm, power=options.power, **common)
    )
    counts: Words = {"people_per_arm": arm}
    if size is not None:
        counts["clusters_per_arm"] = arm / size
        result["design_effect"] = design_effect(
            cluster_size=size, icc=common["icc"], size_variation=common["size_variation"]
        )
    return result | {"n": counts}


def _wedge(words: Words, options: argparse.Namespace, history: History) -> Words:
    del history
    for name in ("clusters", "steps", "per_cell", "icc"):
        if name not in words:
            raise CannotAnalyse(f"A stepped wedge needs --{name.replace('_', '-')}.")
    baseline = words.get("baseline")
    if baseline is not None and not 0 < baseline < 1:
        raise CannotAnalyse("The share now must lie between 0 and 1.")
    spread = words.get("sd", 1.0 if baseline is None else (baseline * (1 - baseline)) ** 0.5)
    effect = words.get("effect")
    found = stepped_wedge_power(
        effect if effect is not None else 1.0,
        clusters=words["clusters"],
        steps=words["steps"],
        per_cell=words["per_cell"],
        icc=words["icc"],
        cluster_autocorrelation=words.get("cac", 1.0),
        standard_deviation=spread,
        alpha=words["alpha"],
        wanted_power=options.power,
    )
    result: Words = {} if effect is None else {"power": found.power}
    return result | {
        "minimum_detectable_effect": found.minimum_detectable_effect,
        "n": {
            "clusters": found.clusters,
            "steps": found.steps,
            "periods": found.steps + 1,
            "people": found.per_cell * found.clusters * (found.steps + 1),
        },
    }


def _did(words: Words, options: argparse.Namespace, history: History) -> Words:
    effect = words.get("effect")
    size = effect if effect is not None else 1.0
    if history is not None:
        found = did_power_from_history(
            history,
            effect=size,
            treated=words["treated"],
            compared=words.get("compared"),
            periods_before=words.get("periods_before"),
            periods_after=words.get("periods_after"),
            alpha=words["alpha"],
            wanted_power=options.power,
            draws=options.draws,
            random=np.random.default_rng(abs(options.seed)),
        )
    else:
        for name in ("treated", "compared", "sd"):
            if name not in words:
                raise CannotAnalyse(f"Without a history this design needs --{name}.")
        found = did_power(
            size,
            treated=words["treated"],
            compared=words["compared"],
            periods_before=words.get("periods_before", 1),
            periods_after=words.get("periods_after", 1),
            standard_deviation=words["sd"],
            autocorrelation=words.get("autocorrelation", 0.0),
            alpha=words["alpha"],
            wanted_power=options.power,
        )
    result: Words = {} if effect is None else {"power": found.power}
    if found.false_alarm_rate is not None:
        result["false_alarm_rate"] = found.false_alarm_rate
    return result | {
        "minimum_detectable_effect": found.minimum_detectable_effect,
        "n": {
            "treated": found.treated,
            "compared": found.compared,
            "periods_before": found.periods_before,
            "periods_after": found.periods_after,
        },
    }


DESIGNS: dict[str, Callable[[Words, argparse.Namespace, History], Words]] = {
    "survey": _survey,
    "trial": _two_arms,
    "cluster": _two_arms,
    "stepped-wedge": _wedge,
    "did": _did,
}
