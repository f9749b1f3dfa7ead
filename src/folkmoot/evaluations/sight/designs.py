"""What one design could see: from past figures where there are any that fit it, from its sizes otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.power.alone import alone_power_from_history
from folkmoot.core.power.differences import did_power, did_power_from_history
from folkmoot.core.power.roll_out import roll_out_power_from_history
from folkmoot.core.power.stepped_wedge import stepped_wedge_power
from folkmoot.core.power.survey import survey_power
from folkmoot.core.power.two_arm import (
    power_of_two_means,
    power_of_two_proportions,
    smallest_difference_of_means,
    smallest_difference_of_proportions,
)
from folkmoot.evaluations.sight.asking import ALONE, BY_PERSON, WINDOW, Asked
from folkmoot.evaluations.sight.past import Numbers, Past

WANTED = 0.8
ALPHA = 0.05
USUAL_STEPS = 4
MOST_DRAWN = 600_000  # areas × draws: more draws of many areas tell no more and take long


@dataclass(frozen=True, slots=True)
class Seen:
    """The chance of finding the change, and the smallest that is found eight times in ten.

    ``false_alarms`` is how often this way of looking finds something where nothing happened (None where
    no past figures say so); ``words`` is the design with its numbers.
    """

    power: float
    smallest: float
    false_alarms: float | None
    words: str


def windows(asked: Asked, past: Past | None) -> tuple[int, int]:
    """How many figures before and after: as the plan says, or up to eight each where it does not."""
    usual = WINDOW if past is None else min(WINDOW, max(1, past.periods // 3))
    return asked.count("periods_before") or usual, asked.count("periods_after") or usual


def uses_past(asked: Asked) -> bool:
    """Whether past figures of areas can carry this design."""
    if asked.design in BY_PERSON or asked.design == "panel":
        return False
    return not (asked.design == "cluster" and "cluster_size" in asked.sizes)


def seen_by(asked: Asked, past: Past | None, *, seed: int) -> Seen:
    """What the design could see as it is planned. Refuses, in a sentence, where something is missing."""
    if past is not None and uses_past(asked):
        before, after = windows(asked, past)
        return on_figures(asked, past.figures, before=before, after=after, between=past.overlap, seed=seed)
    return _from_sizes(asked, past)


def apart(asked: Asked, past: Past, *, seed: int) -> Seen | None:
    """The same with figures that share no data; None where they do not overlap or too few are left."""
    if past.overlap == 1 or not uses_past(asked):
        return None
    before, after = (max(1, round(one / past.overlap)) for one in windows(asked, past))
    try:
        return on_figures(asked, past.apart, before=before, after=after, seed=seed)
    except CannotAnalyse:
        return None


def on_figures(
    asked: Asked, figures: Numbers, *, before: int, after: int, between: int = 1, seed: int
) -> Seen:
    """A design by areas tried on figures without the work; ``between`` figures lie from step to step of a roll-out.

    Steps that share data with the one before would blur into each other; where there is no room to keep
    them apart they follow figure by figure.
    """
    random = np.random.default_rng(seed)
    areas = asked.count("treated") or asked.count("clusters_per_arm") or 1
    draws = int(np.clip(MOST_DRAWN // max(1, figures.shape[0]), 400, 8_000))
    around = f"{_figures(before)} before and {after} after"
    if asked.design in ALONE:
        one = alone_power_from_history(
            figures, effect=asked.change, treated=areas, periods_before=before, periods_after=after, draws=draws,
            random=random,
        )  # fmt: skip
        return Seen(
            one.power,
            one.minimum_detectable_effect,
            ALPHA,
            f"{_areas(areas)} on {'its' if areas == 1 else 'their'} own, {around}",
        )
    compared = asked.count("compared")
    others = figures.shape[0] - areas if compared is None else compared
    if asked.design == "stepped":
        steps = asked.count("steps") or min(USUAL_STEPS, areas)
        fits = before + between * (steps - 1) + after <= figures.shape[1]
        roll = roll_out_power_from_history(
            figures, effect=asked.change, places=areas, steps=steps, compared=compared, periods_before=before,
            periods_between=between if fits else 1, periods_after=after, draws=min(draws // 2, 2_000), random=random,
        )  # fmt: skip
        return Seen(
            roll.power,
            roll.minimum_detectable_effect,
            roll.false_alarm_rate,
            f"{_areas(areas)} beginning in {_steps(steps)} in an order drawn by lot beside {others} that wait, {around}",
        )
    found = did_power_from_history(
        figures, effect=asked.change, treated=areas, compared=compared, periods_before=before, periods_after=after,
        draws=draws, random=random,
    )  # fmt: skip
    return Seen(
        found.power,
        found.minimum_detectable_effect,
        found.false_alarm_rate,
        f"{_areas(areas)} compared with {others} others, {around}",
    )


def _from_sizes(asked: Asked, past: Past | None) -> Seen:
    if asked.design in BY_PERSON:
        return by_person(asked, past, per_arm=_needed(asked, "per_arm", "how many people each group has"))
    if asked.design == "panel":
        return panel(
            asked, past, interviews=_needed(asked, "interviews", "how many people are asked each time")
        )
    if asked.design == "cluster":
        size = _needed(asked, "cluster_size", "how many people are asked in each area or team")
        groups = _needed(asked, "clusters_per_arm", "how many areas or teams each group has")
        alike = _needed(asked, "icc", "how alike people of one area or team are")
        one = by_person(asked, past, per_arm=size * groups, cluster_size=size, icc=alike)
        return replace(one, words=f"{groups:g} areas or teams in each group, {size:,g} people asked in each")
    if asked.design == "stepped":
        return _stepped(asked, past)
    if asked.design == "did":
        treated = int(_needed(asked, "treated", "how many areas get it"))
        compared = int(_needed(asked, "compared", "with how many other areas they are compared"))
        before, after = windows(asked, None)
        found = did_power(
            asked.change,
            treated=treated,
            compared=compared,
            periods_before=before,
            periods_after=after,
            standard_deviation=_needed(
                asked, "spread", "how far an area’s figures lie apart, or choose past figures"
            ),
            autocorrelation=_needed(
                asked, "autocorrelation", "how alike two figures in a row are, or choose past figures"
            ),
        )
        words = (
            f"{_areas(treated)} compared with {compared} others, {_figures(before)} before and {after} after"
        )
        return Seen(found.power, found.minimum_detectable_effect, None, words)
    raise CannotAnalyse(
        "What one area could show on its own is told by past figures alone: choose some, or compare with others."
    )


def _stepped(asked: Asked, past: Past | None) -> Seen:
    groups = int(_needed(asked, "treated", "how many areas or teams get it"))
    steps = asked.count("steps") or min(USUAL_STEPS, groups)
    each = _needed(asked, "cluster_size", "how many people are asked in each area or team each time")
    found = stepped_wedge_power(
        asked.change,
        clusters=groups,
        steps=steps,
        per_cell=each,
        icc=_needed(asked, "icc", "how alike people of one area or team are"),
        # left out, it would oversell
        cluster_autocorrelation=asked.sizes.get("cac", 0.8),
        standard_deviation=_person_spread(asked, past),
    )
    words = f"{_areas(groups)} beginning in {_steps(steps)} in an order drawn by lot, {each:,g} people asked in each each time"
    return Seen(found.power, found.minimum_detectable_effect, None, words)


def by_person(
    asked: Asked, past: Past | None, *, per_arm: float, cluster_size: float | None = None, icc: float = 0.0
) -> Seen:
    """Two groups of people, chance deciding who is in which."""
    words = f"{per_arm:,g} people in each of two groups drawn by lot"
    if asked.scale == "share":
        now = baseline(asked, past)
        power = power_of_two_proportions(
            towards(now, asked.change), baseline=now, per_arm=per_arm, cluster_size=cluster_size, icc=icc
        )
        least = smallest_difference_of_proportions(
            baseline=now, per_arm=per_arm, power=WANTED, cluster_size=cluster_size, icc=icc
        )
        return Seen(power, abs(least), None, words)
    spread = _person_spread(asked, past)
    power = power_of_two_means(
        asked.change, standard_deviation=spread, per_arm=per_arm, cluster_size=cluster_size, icc=icc
    )
    least = smallest_difference_of_means(
        standard_deviation=spread, per_arm=per_arm, power=WANTED, cluster_size=cluster_size, icc=icc
    )
    return Seen(power, least, None, words)


def panel(asked: Asked, past: Past | None, *, interviews: float) -> Seen:
    """The same people asked before and after."""
    alike = asked.sizes.get("correlation", 0.5)
    share = asked.scale == "share"
    now = baseline(asked, past) if share else None
    found = survey_power(
        interviews=interviews,
        baseline=now,
        standard_deviation=None if share else _person_spread(asked, past),
        change=asked.change if now is None else towards(now, asked.change),
        correlation=alike,
    )
    words = f"the same {interviews:,g} people asked twice, one person’s answers alike by {alike:g}"
    return Seen(found.power or 0.0, found.minimum_detectable_effect, None, words)


def baseline(asked: Asked, past: Past | None) -> float:
    """The share now: as the plan says, or the last of the past figures."""
    if "baseline" in asked.sizes:
        return asked.sizes["baseline"]
    if past is not None:
        return past.latest
    raise CannotAnalyse("Say what share it is now, or choose past figures that show it.")


def towards(now: float, change: float) -> float:
    """The change in the direction in which there is room for it."""
    return change if now + change <= 1.0 else -change


def _person_spread(asked: Asked, past: Past | None) -> float:
    if asked.scale == "share":
        now = baseline(asked, past)
        return float(max(now * (1.0 - now), 1e-6) ** 0.5)
    return _needed(asked, "spread", "how far people’s answers lie apart")


def _needed(asked: Asked, name: str, words: str) -> float:
    found = asked.number(name)
    if found is None:
        raise CannotAnalyse(f"Say {words}: without it nobody can tell what this plan could see.")
    return found


def _areas(count: int) -> str:
    return f"{count:,} area{'' if count == 1 else 's'}"


def _figures(count: int) -> str:
    return f"{count} figure{'' if count == 1 else 's'}"


def _steps(count: int) -> str:
    return f"{count} step{'' if count == 1 else 's'}"
