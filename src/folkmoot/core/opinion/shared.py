"""Does a shared characteristic mean a shared view?

What does not belong here: groups of opinion found from the votes themselves (groups.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.opinion.disagreement import agreement_within_and_between, disagreement
from folkmoot.core.opinion.interval import interval_of_share
from folkmoot.core.opinion.permutation import permutation_p
from folkmoot.core.opinion.votes import Votes
from folkmoot.core.results import Refusal

FEWEST_RECORDED = 5
FEWEST_PERMUTATIONS = 99
MATTERS = 0.02
MOST_LEVELS = 50


@dataclass(frozen=True, slots=True)
class LevelAgreement:
    """One level: its people with a vote, and the chance that two of them (or one and somebody else) agree."""

    level: str
    people: int
    within: float
    between: float


@dataclass(frozen=True, slots=True)
class SharedView:
    """What a characteristic explains of the disagreement in a set of votes.

    ``share`` is unbiased and may be slightly negative; ``interval`` None where it could not be
    worked out (``refused`` says why). ``matters`` is the share that would matter to the reader.
    """

    characteristic: str
    levels: tuple[LevelAgreement, ...]
    statements_used: int
    votes_used: int
    share: float
    interval: tuple[float, float] | None
    p_value: float
    permutations: int
    matters: float
    refused: tuple[Refusal, ...]

    @property
    def cannot_say(self) -> bool:
        """The interval holds both no difference at all and one that would matter."""
        return self.interval is None or (self.interval[0] <= 0 and self.interval[1] >= self.matters)


def shared_view(
    votes: Votes,
    *,
    characteristic: str,
    level: NDArray[np.int64],
    names: tuple[str, ...],
    rng: np.random.Generator,
    permutations: int = 999,
    matters: float = MATTERS,
    coverage: float = 0.95,
) -> SharedView:
    """How much of the disagreement goes with a characteristic, with its interval and p-value.

    ``level`` (length: people) is each person's position in ``names``, −1 unknown (left out).
    ``votes`` must not contain the statements that define the characteristic. People without any
    vote are not recorded. Levels with fewer than 5 recorded are left out and named in ``refused``.

    Assumption of the p-value: under no difference, the level could have been dealt to anybody.
    Raises CannotAnalyse where fewer than two levels remain, more than 50, or nobody disagrees.
    """
    if permutations < FEWEST_PERMUTATIONS:
        raise CannotAnalyse(f"A permutation test needs at least {FEWEST_PERMUTATIONS} permutations.")
    if not 0 < matters < 1:
        raise CannotAnalyse("The share that would matter lies between 0 and 1.")
    if level.size != votes.people:
        raise CannotAnalyse("A characteristic needs one entry for each person.")
    level = np.asarray(level, dtype=np.int64)
    cast = np.bincount(votes.person, minlength=votes.people)
    recorded = np.bincount(level[(level >= 0) & (cast > 0)], minlength=len(names))
    refused = [
        Refusal(
            f"{characteristic}: {names[one]}",
            f"only {recorded[one]} with this recorded cast a vote; under {FEWEST_RECORDED} nothing is said.",
        )
        for one in range(len(names))
        if recorded[one] < FEWEST_RECORDED
    ]
    kept = [one for one in range(len(names)) if recorded[one] >= FEWEST_RECORDED]
    if len(kept) < 2:
        counts = ", ".join(f"“{names[one]}” {recorded[one]}" for one in range(min(len(names), 8)))
        raise CannotAnalyse(
            f"“{characteristic}” needs two levels with at least {FEWEST_RECORDED} people who voted"
            f" (recorded: {counts or 'nobody'})."
        )
    if len(kept) > MOST_LEVELS:
        raise CannotAnalyse(
            f"“{characteristic}” has {len(kept)} levels; put them together into {MOST_LEVELS} or fewer first."
        )
    renumber = np.full(len(names) + 1, -1, dtype=np.int64)
    renumber[kept] = np.arange(len(kept))
    at = renumber[level]
    known = (at >= 0) & (cast > 0)
    some, at = votes.of(known), at[known]
    found = disagreement(some.counts(at, levels=len(kept)))
    if not found.total.sum() > 0:
        raise CannotAnalyse(
            f"“{characteristic}”: on the statements that both sides voted on, nobody disagrees with anybody,"
            " so there is nothing to explain."
        )
    interval = interval_of_share(some, at, levels=len(kept), found=found, rng=rng, coverage=coverage)
    if interval is None:
        refused.append(
            Refusal(
                f"{characteristic}: interval",
                "inside the levels there is too little disagreement to measure the noise by.",
            )
        )
    p_value = permutation_p(some, at, levels=len(kept), permutations=permutations, rng=rng)
    within, between = agreement_within_and_between(found)
    used = np.flatnonzero(found.used)
    on_used = some.on(found.used)
    has_vote = np.bincount(on_used.person, minlength=on_used.people) > 0
    return SharedView(
        characteristic=characteristic,
        levels=tuple(
            LevelAgreement(
                names[original],
                int((has_vote & (at == position)).sum()),
                float(within[position]),
                float(between[position]),
            )
            for position, original in enumerate(kept)
            if np.isfinite(within[position])
        ),
        statements_used=int(used.size),
        votes_used=int(found.voters.sum()),
        share=float(found.share_explained),
        interval=interval,
        p_value=p_value,
        permutations=permutations,
        matters=matters,
        refused=tuple(refused),
    )
