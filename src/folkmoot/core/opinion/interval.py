"""The interval of the share of disagreement explained.

What does not belong here: whether chance alone could give the share (permutation.py).
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.opinion.disagreement import Disagreement, disagreement, raw_share_explained
from folkmoot.core.opinion.pairs import BLOCK, deviations, drawn
from folkmoot.core.opinion.votes import Votes

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def interval_of_share(
    votes: Votes,
    level: Integers,
    *,
    levels: int,
    found: Disagreement,
    rng: np.random.Generator,
    coverage: float = 0.95,
) -> tuple[float, float] | None:
    """The interval of the share explained, within [0, 1]; None where the noise cannot be measured.

    θ̂ is taken as c(χ²_k(λ) − k) with θ = cλ: a sum of squares of noisy differences between
    levels. Its variance at θ = 0 is V_Q (noise times noise), so 2c²k = V_Q; c moves from the value
    that fits pure noise to the one that also gives the linear part of the error, measured by a
    jackknife inside levels, its due. Both ends come from inverting the distribution in λ (Sankaran
    1959, Biometrika 46, p. 235, for the distribution), at θ̂ or at 0 where θ̂ is negative.

    ``level`` has one entry a person, all known. ``rng`` is used only above pairs.MOST_PAIRED people.
    """
    share = float(found.share_explained)
    floor = max(share, 0.0)
    bias = raw_share_explained(found) - share
    noise = noise_variance(votes, level, levels=levels, found=found, rng=rng)
    if not noise > 0 or not bias > 0:
        return None
    linear = max(jackknife_variance(votes, level, levels=levels, found=found) - 2 * noise, 0.0)
    weight = floor**2 / (floor**2 + noise)
    pure = noise / (2 * bias)
    blend = (1 - weight) * pure + (weight * linear / (4 * floor) if floor > 0 else 0.0)
    scale = max(blend, 0.02 * pure)
    freedom = noise / (2 * scale**2)
    at = floor / scale + freedom
    tail = (1 - coverage) / 2
    low = scale * _noncentrality(at, freedom, 1 - tail)
    high = scale * _noncentrality(at, freedom, tail)
    return min(low, 1.0), min(high, 1.0)


def noise_variance(
    votes: Votes, level: Integers, *, levels: int, found: Disagreement, rng: np.random.Generator
) -> float:
    """V_Q: the variance that θ̂ has from noise alone, 2 Σ_{i≠k} (Σ_j w_ikj ⟨e_ij, e_kj⟩)² / T².

    w is the weight of a pair in T − W: 1/(n_gj − 1) − 1/(n_j − 1) inside level g and −1/(n_j − 1)
    across. The residual e is the answer less its level's mean, the mean shrunk towards the
    statement's by n_gj τ²/(n_gj τ² + σ_j²), with σ_j² the disagreement inside levels and τ² what
    levels differ by beyond it over all statements (0 or more). Each e is enlarged for the part of
    it that its own mean took away.
    """
    counts, voters = found.counts, found.voters
    whole = voters.sum(axis=0)
    safe = np.maximum(voters, 1)
    mean = counts.sum(axis=0) / np.maximum(whole, 1)[:, None]
    apart = counts / safe[..., None] - mean * (voters > 0)[..., None]
    inside = np.divide(found.within_level, voters, out=np.zeros_like(voters), where=voters > 0)
    left_over = 1 - voters / np.maximum(whole, 1)
    between = (voters * (apart**2).sum(axis=-1) - inside * left_over).sum()
    room = (voters * left_over).sum()
    spread = max(between / room, 0.0) if room > 0 else 0.0
    own = found.within / np.maximum(whole, 1)
    held = voters * spread
    shrunk = np.divide(held, held + own, out=np.zeros_like(held), where=held + own > 0)
    centre = mean[None] + shrunk[..., None] * apart
    enlarge = 1 / np.sqrt(np.maximum(1 - (2 * shrunk - shrunk**2) / safe, 1e-6))
    across = np.where(whole > 1, 1 / np.maximum(whole - 1, 1), 0.0)
    same = np.where(voters > 1, 1 / np.maximum(voters - 1, 1), 0.0) * (voters > 0)

    chosen = drawn(level, levels=levels, rng=rng)
    some, at = votes.of(chosen), level[chosen]
    counted = (voters > 0)[at[some.person], some.statement]  # a level may be left out of a statement
    some = Votes(
        some.person[counted], some.statement[counted], some.answer[counted], some.people, some.statements
    )
    people_of = [np.flatnonzero(at == one) for one in range(levels)]
    weights = np.zeros((some.people, some.people), dtype=np.float32)
    for first in range(0, len(some.statements), BLOCK):
        last = min(first + BLOCK, len(some.statements))
        block = np.zeros((some.people, last - first, 3), dtype=np.float32)
        for one, members in enumerate(people_of):
            mine = np.zeros(some.people, dtype=bool)
            mine[members] = True
            own_block = deviations(some.of(mine), centre[one], first=first, last=last)
            own_block *= enlarge[one, first:last][None, :, None].astype(np.float32)
            block[members] = own_block
        flat = (block * np.sqrt(across[first:last])[None, :, None].astype(np.float32)).reshape(
            some.people, -1
        )
        weights -= flat @ flat.T
        for one, members in enumerate(people_of):
            inner = block[members] * np.sqrt(same[one, first:last])[None, :, None].astype(np.float32)
            inner = inner.reshape(members.size, -1)
            weights[np.ix_(members, members)] += inner @ inner.T
    np.square(weights, out=weights)
    np.fill_diagonal(weights, 0)
    sizes = np.bincount(level, minlength=levels)
    variance = 0.0
    for one, members in enumerate(people_of):
        rows = weights[members]
        for other, others in enumerate(people_of):
            drawn_pairs = members.size * (others.size - (one == other))
            all_pairs = sizes[one] * (sizes[other] - (one == other))
            if drawn_pairs:
                variance += float(rows[:, others].sum(dtype=np.float64)) * float(all_pairs) / drawn_pairs
    return float(2 * variance / found.total.sum() ** 2)


def jackknife_variance(votes: Votes, level: Integers, *, levels: int, found: Disagreement) -> float:
    """V_J: Σ over levels of (n_g − 1)/n_g Σ (θ̂ without person i − their mean)², exactly, from counts.

    Leaving out one vote of a level changes a statement's T and W in one of 3 × levels ways, so the
    work is in proportion to the votes. People without a vote on the statements used do not count.
    """
    change_total = np.zeros((levels, len(votes.statements), 3))
    change_within = np.zeros_like(change_total)
    for one in range(levels):
        for answer in range(3):
            fewer = found.counts.copy()
            takes = fewer[one, :, answer] > 0
            fewer[one, takes, answer] -= 1
            left = disagreement(fewer)
            change_total[one, :, answer] = np.where(takes, left.total - found.total, 0.0)
            change_within[one, :, answer] = np.where(takes, left.within - found.within, 0.0)
    at = level[votes.person]
    counted = (found.voters > 0)[at, votes.statement]
    person = votes.person[counted]
    cell = (at[counted], votes.statement[counted], votes.answer[counted])
    total = found.total.sum() + np.bincount(person, weights=change_total[cell], minlength=votes.people)
    within = found.within.sum() + np.bincount(person, weights=change_within[cell], minlength=votes.people)
    voted = np.bincount(person, minlength=votes.people) > 0
    without = np.where(total > 0, 1 - within / np.where(total > 0, total, 1.0), 0.0)
    variance = 0.0
    for one in range(levels):
        values = without[(level == one) & voted]
        if values.size > 1:
            variance += (values.size - 1) / values.size * float(((values - values.mean()) ** 2).sum())
    return variance


def _noncentrality(at: float, freedom: float, chance: float) -> float:
    """The λ ≥ 0 with P(χ²_freedom(λ) ≤ at) = ``chance``; 0 where even λ = 0 gives less."""
    if _cumulative(at, freedom, 0.0) <= chance:
        return 0.0
    high = 1.0
    while _cumulative(at, freedom, high) > chance:
        high *= 2
    low = 0.0
    for _ in range(200):
        middle = (low + high) / 2
        if _cumulative(at, freedom, middle) > chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _cumulative(at: float, freedom: float, shift: float) -> float:
    """P(χ²_freedom(shift) ≤ at) by Sankaran's normal approximation, good to about three digits."""
    first, second, third = freedom + shift, freedom + 2 * shift, freedom + 3 * shift
    power = 1 - 2 * first * third / (3 * second**2)
    spread = second / first**2
    skew = (power - 1) * (1 - 3 * power)
    value = (at / first) ** power - (1 + power * spread * (power - 1 - 0.5 * (2 - power) * skew * spread))
    return NormalDist().cdf(value / (power * math.sqrt(2 * spread) * (1 + 0.5 * skew * spread)))
