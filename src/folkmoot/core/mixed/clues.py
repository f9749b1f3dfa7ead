"""The qualitative ledger: how far clues, registered beforehand, speak for one explanation over its rivals.

What does not belong here: numbers from studies (synthesis), whose pooled estimate stands beside this and is never merged
with it; who may code (the site sees to it that coders are blind to each other).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from folkmoot.core.errors import CannotAnalyse

CAP = math.log(100.0)  # the most that all clues of one source may move the log-odds, either way
SAID = "A sensitivity display: it shows what the coders' judgements imply, and proves nothing."


@dataclass(frozen=True, slots=True)
class Clue:
    """One clue of one source, as one coder judged it: its likelihood ratio lies between ``low`` and ``high``.

    The ratio is how likely the clue is if the explanation holds over how likely it is if the rivals do. Below 1 it
    speaks against; a clue searched for and not found is a clue too.
    """

    source: str
    low: float
    high: float
    found: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """The chance of the explanation, from ``low`` to ``high``, and what each source moved the log-odds by."""

    low: float
    high: float
    by_source: tuple[tuple[str, float, float], ...]
    capped: tuple[str, ...]
    not_found: int
    caveats: tuple[str, ...]


def weigh_clues(
    clues: Sequence[Clue], *, prior: float | tuple[float, float], same_source: float = 0.5, cap: float = CAP
) -> Reading:
    """What the clues make of a prior chance, in odds form, as an interval.

    Log likelihood ratios add up. The m clues of one source are discounted together by 1 / (1 + (m − 1) ρ), with
    ρ = ``same_source`` (0: each counts in full; 1: all together count as one on average), and what a source moves is kept
    within ``cap`` either way. ``prior`` is a chance or an interval of it. Each end takes the ends of all the clues at
    once: the interval is as wide as the judgements are.

    Assumes that the explanation and its rivals exclude each other and that sources are independent of one another.
    Raises CannotAnalyse for ratios that are not above 0 or in the wrong order, and for a prior outside 0 to 1.
    Source: Fairfield and Charman (2022), Social Inquiry and Bayesian Inference, chapters 3 and 4; the discount is that of
    a mean of m equally correlated judgements.
    """
    least, most = (prior, prior) if isinstance(prior, int | float) else prior
    if not 0 < least <= most < 1:
        raise CannotAnalyse("A prior chance lies between 0 and 1, its lower end first.")
    if not 0 <= same_source <= 1:
        raise CannotAnalyse("Clues of one source go together by something from 0 to 1.")
    if not cap > 0:
        raise CannotAnalyse("The most that one source may count is a number above 0.")
    by_name: dict[str, list[Clue]] = {}
    for clue in clues:
        if not 0 < clue.low <= clue.high < math.inf:
            raise CannotAnalyse(
                f"The likelihood ratio of a clue from “{clue.source}” must be above 0, its lower end first."
            )
        by_name.setdefault(clue.source, []).append(clue)
    moved, capped = [], []
    for name, held in by_name.items():
        discount = 1 / (1 + (len(held) - 1) * same_source)
        low, high = (
            discount * sum(math.log(end) for end in ends)
            for ends in zip(*((c.low, c.high) for c in held), strict=True)
        )
        if low < -cap or high > cap:
            capped.append(name)
        moved.append((name, max(-cap, min(low, cap)), max(-cap, min(high, cap))))
    caveats = [SAID]
    if not clues:
        caveats.append("There are no clues: what is shown is the prior.")
    if capped:
        caveats.append(f"What {', '.join(f'“{name}”' for name in capped)} may count for was capped.")
    if len(by_name) == 1:
        caveats.append("All clues come from one source.")
    return Reading(
        _chance(least, sum(part[1] for part in moved)),
        _chance(most, sum(part[2] for part in moved)),
        tuple(moved),
        tuple(capped),
        sum(not clue.found for clue in clues),
        tuple(caveats),
    )


def coders_together(judged: Mapping[str, Sequence[Clue]]) -> tuple[Clue, ...]:
    """One clue for each that the coders judged in the same order: the widest interval that holds all their judgements.

    At least two coders, the same sources in the same order; nothing is averaged away.
    """
    if len(judged) < 2:
        raise CannotAnalyse("At least two coders judge the clues, each without seeing the other's judgement.")
    lists = list(judged.values())
    if len({tuple((clue.source, clue.found) for clue in one) for one in lists}) != 1:
        raise CannotAnalyse("The coders have not judged the same clues in the same order.")
    return tuple(
        Clue(same[0].source, min(c.low for c in same), max(c.high for c in same), same[0].found)
        for same in zip(*lists, strict=True)
    )


def _chance(prior: float, moved: float) -> float:
    log_odds = math.log(prior / (1 - prior)) + moved
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -700 else 0.0
