"""Could chance alone give a share explained as large as this? A permutation test.

What does not belong here: how large the share may be (interval.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.opinion.disagreement import disagreement
from folkmoot.core.opinion.pairs import MOST_PAIRED, squared_likeness
from folkmoot.core.opinion.votes import Votes

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def permutation_p(
    votes: Votes, level: Integers, *, levels: int, permutations: int, rng: np.random.Generator
) -> float:
    """The share of reshuffles of the characteristic that explain at least as much as it does itself.

    ``level`` gives each person's level (0…levels-1; everybody known). Each reshuffle deals the
    same levels out anew and compares θ̂/√V; p = (1 + as many as reached it)/(1 + permutations), so
    that it is never 0. The studentising by V keeps the false alarms near the nominal rate when
    levels differ in how much their members disagree and in how much they vote.

    Above MOST_PAIRED people V is worked out on a fixed draw of them: the test stays exact, for
    any fixed measure may be compared over reshuffles. Source: the studentised permutation idea of
    Chung and Romano (2013), Annals of Statistics 41, p. 484.
    """
    answers = votes.one_hot().T.tocsr()
    paired = np.arange(votes.people)
    if votes.people > MOST_PAIRED:
        paired = np.sort(rng.permutation(votes.people)[:MOST_PAIRED])
    keep = np.zeros(votes.people, dtype=bool)
    keep[paired] = True
    alike = squared_likeness(votes.of(keep))
    cast = np.bincount(votes.person, minlength=votes.people).astype(np.float64)
    size = max(1, min(64, 24_000_000 // max(1, 3 * len(votes.statements) * levels)))
    observed = _studentised(level[:, None], levels, answers, alike, paired, cast)[0]
    reached = 0
    done = 0
    while done < permutations:
        batch = min(size, permutations - done)
        dealt = np.empty((votes.people, batch), dtype=np.int64)
        for column in range(batch):
            dealt[:, column] = rng.permutation(level)
        values = _studentised(dealt, levels, answers, alike, paired, cast)
        # rounding must not make a reshuffle that equals the truth look smaller than it
        reached += int((values >= observed - 1e-6 * max(abs(observed), 1e-12)).sum())
        done += batch
    return (1 + reached) / (1 + permutations)


def _studentised(
    dealt: Integers,
    levels: int,
    answers: object,
    alike: NDArray[np.float32],
    paired: Integers,
    cast: Floats,
) -> Floats:
    """θ̂/√V for each column of levels dealt; −∞ where a deal leaves nothing to compare."""
    people, batch = dealt.shape
    statements = answers.shape[0] // 3  # type: ignore[attr-defined]
    counts = np.empty((batch, levels, statements, 3))
    everybody = np.asarray(answers @ np.ones(people)).reshape(statements, 3)  # type: ignore[operator]
    inside = np.empty((levels, batch))
    share = np.empty((levels, batch))
    rest_counts = np.broadcast_to(everybody, (batch, statements, 3)).copy()
    rest_alike = np.zeros((paired.size, batch), dtype=np.float32)
    rest_members = np.zeros((paired.size, batch), dtype=np.float32)
    of_each = alike.sum(axis=1, dtype=np.float64)
    for one in range(levels - 1):
        members = (dealt == one).astype(np.float64)
        given = np.asarray(answers @ members).T.reshape(batch, statements, 3)  # type: ignore[operator]
        counts[:, one] = given
        rest_counts -= given
        some = members[paired].astype(np.float32)
        near = alike @ some
        inside[one] = np.einsum("ib,ib->b", some, near, dtype=np.float64)
        rest_alike += near
        rest_members += some
        share[one] = cast @ members
    counts[:, levels - 1] = rest_counts
    # the last level is everybody but the others, so its pairs need no product of their own
    whole = of_each.sum()
    inside[levels - 1] = (
        whole
        - 2 * (of_each @ rest_members)
        + np.einsum("ib,ib->b", rest_members, rest_alike, dtype=np.float64)
    )
    share[levels - 1] = cast.sum() - share[: levels - 1].sum(axis=0)
    share /= cast.sum()
    explained = disagreement(counts).share_explained
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = 2 * (((1 / share - 1) ** 2 - 1) * inside).sum(axis=0) + 2 * whole
        value = explained / np.sqrt(variance)
    return np.where(np.isfinite(value), value, -np.inf)
