"""How much people disagree, inside levels of a characteristic and altogether, from counts alone.

What does not belong here: chance: intervals and p-values are in interval.py and permutation.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FEWEST_VOTERS = 2  # of a level on a statement: with one there is no pair


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What counts of shape (…, levels, statements, 3) hold, statement by statement.

    ``counts`` and ``voters`` (…, levels, statements) are 0 where a level was left out of a
    statement. ``total`` T and ``within`` W have shape (…, statements), 0 for statements left out;
    ``within_level`` (…, levels, statements) are the addends of W. ``used`` marks the statements.
    """

    counts: Floats
    voters: Floats
    total: Floats
    within_level: Floats
    used: NDArray[np.bool_]

    @property
    def within(self) -> Floats:
        return np.asarray(self.within_level.sum(axis=-2))

    @property
    def share_explained(self) -> Floats:
        """θ̂ = 1 − ΣW/ΣT, shape (…); NaN where nobody disagrees with anybody."""
        total = self.total.sum(axis=-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(total > 0, 1 - self.within.sum(axis=-1) / total, np.nan))


def disagreement(counts: Floats) -> Disagreement:
    """Pairs of different people who differ, altogether (T) and inside levels (W).

    T_j = n_j × the chance that two different voters on j gave different answers; W_j is the sum of
    the same inside each level. A level with fewer than 2 voters on a statement is left out of it,
    a statement with fewer than 2 remaining levels is left out. Because only pairs of different
    people count, 1 − ΣW/ΣT is free of the upward bias of shares that pair a person with himself;
    it may be slightly negative. It is Goodman and Kruskal's (1954) tau pooled over statements.
    """
    voters = counts.sum(axis=-1)
    keeps = voters >= FEWEST_VOTERS
    used = keeps.sum(axis=-2) >= 2
    keeps = keeps & used[..., None, :]
    kept = counts * keeps[..., None]
    voters = voters * keeps
    all_counts = kept.sum(axis=-3)
    all_voters = voters.sum(axis=-2)
    return Disagreement(kept, voters, _differing(all_counts, all_voters), _differing(kept, voters), used)


def raw_share_explained(found: Disagreement) -> float:
    """The share explained with each person paired with himself too: biased upwards, never shown.

    Its distance from the unbiased share measures the noise that the bias is made of.
    """
    n, whole = found.voters, found.voters.sum(axis=-2)
    squares = (found.counts**2).sum(axis=-1)
    inside = np.divide(n * n - squares, n, out=np.zeros_like(n), where=n > 0).sum()
    all_squares = (found.counts.sum(axis=-3) ** 2).sum(axis=-1)
    outside = np.divide(whole * whole - all_squares, whole, out=np.zeros_like(whole), where=whole > 0).sum()
    return float(1 - inside / outside)


def agreement_within_and_between(found: Disagreement) -> tuple[Floats, Floats]:
    """For each level: the share of pairs inside it that agree, and of pairs with everybody else.

    Pair shares of the statements where the level has two voters, weighted by the votes cast on
    each. NaN for a level that has no such statement.
    """
    n = found.voters
    whole = n.sum(axis=0)
    pairs = n * (n - 1)
    same = (found.counts**2).sum(axis=-1) - n
    across = n * (whole - n)
    same_across = (found.counts * (found.counts.sum(axis=0) - found.counts)).sum(axis=-1)
    weight = np.where(pairs > 0, whole, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        within = np.where(pairs > 0, same / pairs, 0.0)
        between = np.where(across > 0, same_across / across, 0.0)
        return (
            (weight * within).sum(axis=1) / weight.sum(axis=1),
            (weight * between).sum(axis=1) / weight.sum(axis=1),
        )


def _differing(counts: Floats, voters: Floats) -> Any:
    """n (n² − ΣK²)/(n² − n), 0 where there are no two voters."""
    differing = voters * voters - (counts**2).sum(axis=-1)
    return np.divide(differing, voters - 1, out=np.zeros_like(differing), where=voters > 1)
