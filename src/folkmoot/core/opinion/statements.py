"""Each statement: how many agree, overall and by group; what is common ground and what divides.

What does not belong here: finding the groups (groups.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.opinion.votes import AGREE, DISAGREE, PASS, Votes
from folkmoot.core.reach.shares import cautious_wilson
from folkmoot.core.results import Estimate

FEWEST_VOTERS = 5
LARGE_PART = 0.25  # a side as large as this is no fringe


@dataclass(frozen=True, slots=True)
class Answers:
    """The votes of some people on one statement. Shares are of the votes cast, passes among them."""

    group: int | None
    agree: int
    disagree: int
    passed: int
    agreement: Estimate
    disagreement: Estimate

    @property
    def voters(self) -> int:
        return self.agree + self.disagree + self.passed


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: everybody's answers, and those of each group with at least 5 voters on it."""

    name: str
    overall: Answers
    by_group: tuple[Answers, ...]

    @property
    def consensus(self) -> str | None:
        """“agree” or “disagree” where each interval, overall and in every group shown, is above half."""
        parts = (self.overall, *self.by_group)
        if self.overall.voters < FEWEST_VOTERS:
            return None
        if all(part.agreement.low > 0.5 for part in parts):
            return "agree"
        if all(part.disagreement.low > 0.5 for part in parts):
            return "disagree"
        return None

    @property
    def divisive(self) -> bool:
        """Groups on opposite sides of half, or without groups a large part on each side, beyond doubt."""
        if len(self.by_group) > 1:
            return any(part.agreement.low > 0.5 for part in self.by_group) and any(
                part.agreement.high < 0.5 for part in self.by_group
            )
        return self.overall.agreement.low >= LARGE_PART and self.overall.disagreement.low >= LARGE_PART


def statement_answers(
    votes: Votes, *, member: NDArray[np.int64] | None = None, groups: int = 0, level: float = 0.95
) -> tuple[Statement, ...]:
    """Every statement with a vote, in order, with Wilson's intervals corrected for continuity.

    ``member`` (length: people) gives each person's group, −1 for none. Groups with fewer than 5
    voters on a statement are left out of it. The intervals take the voters as if drawn at random
    from those who could have voted, and keep their level with few voters too: they are conservative.
    Statements nobody voted on are left out.
    """
    if not len(votes):
        raise CannotAnalyse("There are no votes.")
    overall = votes.counts(np.zeros(votes.people, dtype=np.int64), levels=1)[0]
    split = votes.counts(member, levels=groups) if member is not None and groups > 1 else None
    found = []
    for position, name in enumerate(votes.statements):
        if not overall[position].sum():
            continue
        by_group = (
            ()
            if split is None
            else tuple(
                _answers(split[group, position], group, level)
                for group in range(groups)
                if split[group, position].sum() >= FEWEST_VOTERS
            )
        )
        found.append(Statement(name, _answers(overall[position], None, level), by_group))
    return tuple(found)


def _answers(counts: NDArray[np.float64], group: int | None, level: float) -> Answers:
    agree, disagree, passed = (int(counts[answer]) for answer in (AGREE, DISAGREE, PASS))
    voters = agree + disagree + passed
    return Answers(
        group, agree, disagree, passed, _share(agree, voters, level), _share(disagree, voters, level)
    )


def _share(part: int, whole: int, level: float) -> Estimate:
    low, high = cautious_wilson(part, whole=whole, level=level)
    share = part / whole
    return Estimate(share, math.sqrt(share * (1 - share) / whole), low, high, level)
