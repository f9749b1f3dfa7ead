"""Groups of opinion, found from the votes cast and only if they hold; or no stable groups.

What does not belong here: what the groups agree on (statements.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.opinion.votes import Votes

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

STABLE = 0.6  # least mean adjusted Rand index
FEWEST_IN_GROUP = 5
FEWEST_PEOPLE = 20
KEPT = 0.75  # of the people and of the statements, in each redraw
PRIOR = (
    8.0  # votes with which the common opinion counts in each group's share: fewer foretell hidden votes worse
)
ROUNDS = 60
FOLDS = 4
CLEARLY = 2.0  # standard errors by which one more group must foretell hidden votes better
STARTS = 4


@dataclass(frozen=True, slots=True)
class Groups:
    """A grouping of the people who voted, and how far it can be trusted.

    ``member`` (length: people) is the group's position, −1 without a vote; all 0 when there is one
    group. ``criterion`` lists (number of groups, mean log chance given to a hidden vote): higher is
    better, and one group is among them.
    ``stability`` is the mean adjusted Rand index between groupings of redrawn people and
    statements; None for one group, where there is nothing to agree on.
    """

    member: Integers
    sizes: tuple[int, ...]
    criterion: tuple[tuple[int, float], ...]
    stability: float | None
    redraws: int
    threshold: float

    @property
    def stable(self) -> bool:
        return self.stability is not None and self.stability >= self.threshold


@dataclass(frozen=True, slots=True)
class _Fit:
    """``belongs`` (people × groups) are chances; ``log_shares`` (3 · statements × groups) of each answer."""

    belongs: Floats
    log_shares: Floats

    @property
    def member(self) -> Integers:
        return np.asarray(self.belongs.argmax(axis=1))


def opinion_groups(
    votes: Votes,
    *,
    rng: np.random.Generator,
    most: int = 6,
    redraws: int = 10,
    threshold: float = STABLE,
) -> Groups:
    """People grouped by latent classes: within a group, answers to different statements are independent.

    Fitted by EM to the votes cast; a vote that was not cast adds nothing and is never filled in.
    The number of groups, from 1 to ``most``: each vote is hidden once, and one more group is taken
    only where it foretells the hidden votes better by 2 standard errors (over people) and every
    group has 5 people. Stability: ``redraws`` times three quarters of the people and three
    quarters of the statements are drawn, grouped anew, and every two groupings compared over the
    people they share. Below ``threshold`` the groups are not ``stable`` and should not be shown.

    Sources: Lazarsfeld and Henry (1968) for the model; Hubert and Arabie (1985), Journal of
    Classification 2, p. 193, for the adjusted Rand index.
    Raises CannotAnalyse under 20 people with a vote or without two statements.
    """
    if most < 1 or redraws < 2:
        raise CannotAnalyse("Groups need at least one group to try and two redraws to compare.")
    voted = np.bincount(votes.person, minlength=votes.people) > 0
    if voted.sum() < FEWEST_PEOPLE or len(votes.statements) < 2:
        raise CannotAnalyse(
            f"Groups of opinion need at least {FEWEST_PEOPLE} people who voted and two statements;"
            f" here are {int(voted.sum())} people and {len(votes.statements)} statements."
        )
    some = votes.of(voted)
    part = rng.integers(FOLDS, size=len(some))  # each vote is held out once
    before = _held_out(some, 1, part, rng)
    criterion = [(1, float(before.sum() / len(some)))]
    best, chosen, worse = np.zeros(some.people, dtype=np.int64), 1, 0
    for number in range(2, most + 1):
        if number * FEWEST_IN_GROUP > some.people:
            break
        now = _held_out(some, number, part, rng)
        criterion.append((number, float(now.sum() / len(some))))
        gain = now - before
        enough = gain.sum() > CLEARLY * math.sqrt(gain.size) * gain.std()
        found = _fitted(some.one_hot(), number, rng, starts=STARTS).member if enough else best
        if enough and np.bincount(found, minlength=number).min() >= FEWEST_IN_GROUP:
            best, chosen, before, worse = found, number, now, 0
        else:
            worse += 1
        if worse == 2:
            break
    member = np.full(votes.people, -1, dtype=np.int64)
    order = np.argsort(-np.bincount(best, minlength=chosen), kind="stable")
    rank = np.empty(chosen, dtype=np.int64)
    rank[order] = np.arange(chosen)
    member[voted] = rank[best]
    return Groups(
        member=member,
        sizes=tuple(int(size) for size in np.bincount(member[voted], minlength=chosen)),
        criterion=tuple(criterion),
        stability=_stability(some, chosen, redraws, rng) if chosen > 1 else None,
        redraws=redraws,
        threshold=threshold,
    )


def adjusted_rand(one: Integers, other: Integers) -> float:
    """How far two groupings of the same people agree beyond chance: 1 the same, about 0 unrelated."""
    table = np.zeros((int(one.max(initial=0)) + 1, int(other.max(initial=0)) + 1))
    np.add.at(table, (one, other), 1)
    pairs = (table * (table - 1)).sum() / 2
    rows = table.sum(axis=1)
    columns = table.sum(axis=0)
    in_rows, in_columns = (rows * (rows - 1)).sum() / 2, (columns * (columns - 1)).sum() / 2
    every = one.size * (one.size - 1) / 2
    expected = in_rows * in_columns / every if every else 0.0
    most = (in_rows + in_columns) / 2
    return float((pairs - expected) / (most - expected)) if most != expected else 1.0


def _held_out(votes: Votes, number: int, part: Integers, rng: np.random.Generator) -> Floats:
    """For each person, the log chance that ``number`` groups gave to their votes while these were hidden."""
    gained = np.zeros(votes.people)
    for fold in range(FOLDS):
        hidden = part == fold
        shown = Votes(
            votes.person[~hidden],
            votes.statement[~hidden],
            votes.answer[~hidden],
            votes.people,
            votes.statements,
        )
        fit = _fitted(shown.one_hot(), number, rng, starts=2 if number > 1 else 1)
        person = votes.person[hidden]
        cell = votes.statement[hidden] * 3 + votes.answer[hidden]
        chance = (fit.belongs[person] * np.exp(fit.log_shares[cell])).sum(axis=1)
        np.add.at(gained, person, np.log(chance))
    return gained


def _fitted(one_hot: Any, number: int, rng: np.random.Generator, *, starts: int) -> _Fit:
    """The best of several starts: each begins at a few people's votes, and the most likely goes on."""
    turned = one_hot.T.tocsr()
    overall = np.asarray(one_hot.sum(axis=0)).reshape(-1, 3)
    whole = overall.sum(axis=1, keepdims=True)
    common = np.where(whole > 0, overall / np.where(whole > 0, whole, 1), 1 / 3)
    common = np.clip(common, 1e-6, None)
    cast = np.asarray(one_hot.sum(axis=1)).ravel()
    tried = []
    for _ in range(starts):
        seeds = (
            rng.choice(cast.size, size=number, replace=False, p=cast / cast.sum())
            if (np.count_nonzero(cast) >= number)
            else rng.integers(cast.size, size=number)
        )
        belongs = np.zeros((cast.size, number))
        belongs[seeds, np.arange(number)] = 1.0
        tried.append(_climbed(one_hot, turned, common, belongs, rounds=6))
    best = max(tried, key=lambda found: found[0])
    _, belongs = _climbed(one_hot, turned, common, best[1], rounds=ROUNDS)
    return _Fit(belongs, _shares(turned, common, belongs)[0])


def _climbed(
    one_hot: Any, turned: Any, common: Floats, belongs: Floats, *, rounds: int
) -> tuple[float, Floats]:
    """EM from a first guess of who belongs where; stops when the likelihood hardly moves."""
    before = -math.inf
    for _ in range(rounds):
        log_shares, log_sizes = _shares(turned, common, belongs)
        joint = one_hot @ log_shares + log_sizes
        total = _log_sum(joint)
        belongs = np.exp(joint - total[:, None])
        now = float(total.sum())
        if now - before < 1e-6 * abs(now):
            before = now
            break
        before = now
    return before, belongs


def _shares(turned: Any, common: Floats, belongs: Floats) -> tuple[Floats, Floats]:
    """Logs of each group's answers, drawn a little towards the common ones, and of the group's sizes."""
    number = belongs.shape[1]
    given = np.asarray(turned @ belongs).reshape(-1, 3, number) + PRIOR * common[..., None]
    shares = given / given.sum(axis=1, keepdims=True)
    sizes = (belongs.sum(axis=0) + 1) / (belongs.sum() + number)
    return np.log(shares).reshape(-1, number), np.log(sizes)


def _log_sum(joint: Floats) -> Floats:
    high = joint.max(axis=1)
    return np.asarray(high + np.log(np.exp(joint - high[:, None]).sum(axis=1)))


def _stability(votes: Votes, number: int, redraws: int, rng: np.random.Generator) -> float:
    found: list[Integers] = []
    for _ in range(redraws):
        people = np.zeros(votes.people, dtype=bool)
        people[rng.permutation(votes.people)[: math.ceil(KEPT * votes.people)]] = True
        statements = np.zeros(len(votes.statements), dtype=bool)
        statements[rng.permutation(len(votes.statements))[: math.ceil(KEPT * len(votes.statements))]] = True
        part = votes.of(people).on(statements)
        cast = np.bincount(part.person, minlength=part.people) > 0
        member = np.full(votes.people, -1, dtype=np.int64)
        inside = np.flatnonzero(people)[cast]
        if inside.size >= number:
            member[inside] = _fitted(part.of(cast).one_hot(), number, rng, starts=2).member
        found.append(member)
    agreement = []
    for index, one in enumerate(found):
        for other in found[index + 1 :]:
            both = (one >= 0) & (other >= 0)
            if both.sum() > 1:
                agreement.append(adjusted_rand(one[both], other[both]))
    return float(np.mean(agreement)) if agreement else 0.0
