"""Opinion: the share a characteristic explains and its test, and the agreement on each statement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from bench.calibrate.reach import CAUTIOUS, SHARES
from bench.calibrate.rows import Row, covers, share
from folkmoot.core.opinion.shared import shared_view
from folkmoot.core.opinion.statements import statement_answers
from folkmoot.core.opinion.votes import votes_from_matrix

STATEMENTS = 20
RUNS = 600
NOTHING = (
    "Conservative where hardly anything is explained: the interval ends at 0, and a share cannot be below it."
)


@dataclass(frozen=True, slots=True)
class Case:
    words: str
    sizes: tuple[int, ...]
    apart: float = 0.0  # how far the levels lie apart on a statement, in shares
    uneven: bool = False  # people outside the first level are of two kinds, far apart
    filled: float = 1.0
    not_at_random: bool = False  # people who agree vote more
    tilted: float = 0.0  # people who agree with everything: answers of a person go together


NULL = (
    Case("10 and 10 people", (10, 10)),
    Case("45 and 5 people, 40 % of the votes cast", (45, 5), filled=0.4),
    Case("30 and 30 people, one side split in two", (30, 30), uneven=True),
    Case("40 and 12 people, one side split in two, 50 % cast", (40, 12), uneven=True, filled=0.5),
    Case("20, 15 and 10 people, people who tend to agree, votes not at random", (20, 15, 10), tilted=0.15,
         filled=0.5, not_at_random=True),
)  # fmt: skip
SOME = (
    Case("10 and 10 people, a small share", (10, 10), apart=0.2),
    Case("10 and 10 people, a large share", (10, 10), apart=0.6),
    Case("25 and 25 people, a small share", (25, 25), apart=0.15),
    Case("45 and 5 people, a middling share, 50 % cast", (45, 5), apart=0.4, filled=0.5),
    Case("60 and 60 people, a large share, 30 % cast", (60, 60), apart=0.5, filled=0.3),
    Case("30, 20 and 10 people, a middling share", (30, 20, 10), apart=0.4),
)


def rows() -> list[Row]:
    return [*map(_alarms, NULL), *map(_coverage, (*NULL, *SOME)), _found(), *_statements()]


def _chances(case: Case, random: np.random.Generator) -> np.ndarray:
    """The chance of "agree" by level and statement, drawn once for a case."""
    middle = random.uniform(0.3, 0.7, STATEMENTS)
    chances = np.repeat(middle[None], len(case.sizes), axis=0)
    if case.apart:
        side = random.choice([-0.5, 0.5], (len(case.sizes), STATEMENTS))
        side[0], side[1] = np.abs(side[0]), -np.abs(side[0])
        chances = np.clip(middle + case.apart * side, 0.03, 0.97)
    return chances


def _drawn(case: Case, chances: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Votes and levels. Under ``uneven`` people outside the first level are of two kinds, far apart."""
    level = np.repeat(np.arange(len(case.sizes)), case.sizes)
    chance = chances[level]
    if case.tilted:
        chance = np.clip(chance + case.tilted * random.choice([-1, 1], level.size)[:, None], 0, 1)
    agree = random.random(chance.shape) < chance
    if case.uneven:
        # same shares on both sides, but the others lean to "agree" or away from it throughout
        spread = level != 0
        lean = random.choice([-0.25, 0.25], int(spread.sum()))[:, None]
        agree[spread] = random.random((int(spread.sum()), STATEMENTS)) < np.clip(chance[spread] + lean, 0, 1)
    votes = np.where(agree, 0, 1)
    cast = np.full(votes.shape, case.filled)
    if case.not_at_random:
        cast = np.where(agree, min(1.3 * case.filled, 1.0), 0.7 * case.filled)
    votes[random.random(votes.shape) >= cast] = -1
    return votes, level


def _answer(votes: np.ndarray, level: np.ndarray, permutations: int, random: np.random.Generator):  # type: ignore[no-untyped-def]
    return shared_view(
        votes_from_matrix(votes, statements=[str(number) for number in range(STATEMENTS)]),
        characteristic="side", level=level, names=tuple("abc"[: level.max() + 1]), rng=random,
        permutations=permutations,
    )  # fmt: skip


def _alarms(case: Case) -> Row:
    random = np.random.default_rng([5, *case.sizes])
    chances = _chances(case, random)
    alarms = [_answer(*_drawn(case, chances, random), 199, random).p_value <= 0.05 for _ in range(2 * RUNS)]
    return Row(
        "permutation test, nothing explained", case.words, "test", (share(alarms),), 2 * RUNS, promised=0.05
    )


def _truth(chances: np.ndarray, voters: np.ndarray) -> float:
    """1 − expected disagreement inside levels / expected disagreement of all, given who voted on what.

    ``chances`` and ``voters`` are levels × statements. A level with one voter is left out of a statement, as the
    method does.
    """
    counted = np.where(voters >= 2, voters, 0).astype(float)
    counted[:, (counted > 0).sum(axis=0) < 2] = 0
    whole = counted.sum(axis=0)
    differ = chances[:, None] * (1 - chances[None]) + chances[None] * (1 - chances[:, None])
    own = np.arange(len(chances))
    pairs = counted[:, None] * counted[None]
    pairs[own, own] -= counted
    total = (pairs * differ).sum(axis=(0, 1)) / np.maximum(whole - 1, 1)
    return float(1 - (counted * differ[own, own]).sum() / total.sum())


def _coverage(case: Case) -> Row:
    random = np.random.default_rng([6, *case.sizes])
    chances = _chances(case, random)
    hits, truths = [], []
    for _ in range(RUNS):
        votes, level = _drawn(case, chances, random)
        voters = np.array([(votes[level == one] >= 0).sum(axis=0) for one in range(len(case.sizes))])
        truths.append(_truth(chances, voters) if case.apart else 0.0)
        view = _answer(votes, level, 99, random)
        if view.interval is not None:
            hits.append(covers(view.interval, truths[-1]))
    name = f"share explained, {'none' if not case.apart else f'truly {np.mean(truths):.3f}'}"
    return Row(name, case.words, "interval", (share(hits),), RUNS, conservative=NOTHING)


def _found() -> Row:
    """A characteristic that explains half must be found practically always."""
    random = np.random.default_rng(7)
    case = Case("20 and 20 people, half is explained", (20, 20), apart=0.75)
    chances = _chances(case, random)
    alarms = [_answer(*_drawn(case, chances, random), 199, random).p_value <= 0.05 for _ in range(200)]
    return Row("permutation test finds it", case.words, "power", (share(alarms),), 200, promised=1.0)


def _statements() -> list[Row]:
    found = []
    for voters in (5, 10, 30, 100):
        ends = []
        for agree in range(voters + 1):
            votes = np.array([[0]] * agree + [[1]] * (voters - agree))
            one = statement_answers(votes_from_matrix(votes, statements=["s"]))[0].overall.agreement
            ends.append((one.low, one.high))
        low, high = np.array(ends).T
        chance = stats.binom.pmf(np.arange(voters + 1)[None, :], voters, SHARES[:, None])
        held = (low - 1e-12 <= SHARES[:, None]) & (SHARES[:, None] <= high + 1e-12)
        coverage = (chance * held).sum(axis=1)
        name = "agreement on a statement"
        for words, one in (
            ("mean over shares of .02 to .98", coverage.mean()),
            ("the lowest of these shares", coverage.min()),
        ):
            found.append(
                Row(name, f"{voters} voters, {words}", "interval", (float(one),), None, conservative=CAUTIOUS)
            )
    return found
