"""Reach: the cautious interval of a share and its ratio, which is shown, and Wilson's beside it."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
from scipy import stats

from bench.calibrate.rows import Row, covers, share
from folkmoot.core.reach.people import Tally, reach

SHARES = np.arange(0.02, 0.985, 0.01)
WILSON = (
    "Wilson's interval by its formula, kept to compare with: counts are whole numbers, so that its coverage jumps up and down with"
    " the share, about 95 % on average and less at some shares near 0 and 1. The cautious one is shown in its place."
)
CAUTIOUS = "Conservative: the correction for continuity keeps the promise at every share, and so overdoes it at most."
BOTH = "Conservative: the ends allow for chance and for whoever the unrecorded people are at once."
ONE_OF_TWO = (
    "Wilson's interval widened to the bounds, kept to compare with: the ends allow for chance or for whoever the unrecorded are,"
    " whichever lies further out, not for both at once. The cautious one is shown in its place."
)


def rows() -> list[Row]:
    return [*_recorded(), *_unrecorded(), _perturbed(), *_attendances()]


@cache
def _interval(part: int, other: int, unknown: int = 0, *, cautious: bool = False) -> tuple[float, float]:
    people = [Tally("A", part), Tally("B", other), Tally(None, unknown)]
    found = reach(people, population=[Tally("A", 300), Tally("B", 700)])
    group = next(group for group in found.groups if group.group == "A")
    return group.cautious_interval if cautious else group.interval


def _recorded() -> list[Row]:
    """Exactly: over every count that could come about, weighted by its chance."""
    found = []
    for people, cautious in product((10, 30, 100, 400), (True, False)):
        ends = np.array([_interval(part, people - part, cautious=cautious) for part in range(people + 1)])
        chance = stats.binom.pmf(np.arange(people + 1)[None, :], people, SHARES[:, None])
        held = (ends[:, 0] - 1e-12 <= SHARES[:, None]) & (SHARES[:, None] <= ends[:, 1] + 1e-12)
        coverage = (chance * held).sum(axis=1)
        name = f"share reached and its ratio{', cautious' if cautious else ''}, all recorded"
        says = {"conservative": CAUTIOUS} if cautious else {"comparison": WILSON}
        for words, one in (
            ("mean over shares of .02 to .98", coverage.mean()),
            ("the lowest of these shares", coverage.min()),
        ):
            found.append(
                Row(
                    name,
                    f"{people} people, {words}",
                    "interval",
                    (float(one),),
                    None,
                    **says,
                )
            )
    return found


def _unrecorded() -> list[Row]:
    found = []
    settings = ((60, 0.3, (0.8, 0.8)), (60, 0.3, (0.9, 0.5)), (60, 0.1, (0.5, 0.9)))
    for (people, true, recorded), cautious in product(settings, (True, False)):
        name = f"share reached and its ratio{', cautious' if cautious else ''}, some not recorded"
        cells = (true * recorded[0], (1 - true) * recorded[1])
        covered = 0.0
        for part in range(people + 1):
            of_part = stats.binom.pmf(part, people, cells[0])
            rest = np.arange(people - part + 1)
            chances = of_part * stats.binom.pmf(rest, people - part, cells[1] / (1 - cells[0]))
            for other, chance in zip(rest.tolist(), chances.tolist(), strict=True):
                if chance < 1e-9:
                    continue
                if part + other == 0 or covers(
                    _interval(part, other, people - part - other, cautious=cautious), true
                ):
                    covered += chance
        setting = f"{people} people, {true:.0%} of the group; {recorded[0]:.0%} of it and {recorded[1]:.0%} of the rest recorded"
        found.append(
            Row(
                name,
                setting,
                "interval",
                (covered,),
                None,
                **({"conservative": BOTH} if cautious else {"comparison": ONE_OF_TWO}),
            )
        )
    return found


def _perturbed() -> Row:
    """The census count is disturbed by up to 5 either way; the ratio must still hold the true one."""
    random = np.random.default_rng(1)
    held = []
    for _ in range(4000):
        part = int(random.binomial(80, 0.2))
        here = np.array([60, 240]) + random.integers(-5, 6, 2)
        found = reach(
            [Tally("A", part), Tally("B", 80 - part)],
            population=[Tally("A", here[0]), Tally("B", here[1])],
            off_by=5,
        )
        ratio = next(group.cautious_ratio_interval for group in found.groups if group.group == "A")
        held.append(ratio is not None and covers(ratio, 0.2 / 0.2))
    return Row(
        "ratio, population counts off by up to 5", "80 people, 300 living here", "interval", (share(held),), 4000,
        conservative="Conservative: the ends allow for the largest disturbance on either side.",
    )  # fmt: skip


def _attendances() -> list[Row]:
    random = np.random.default_rng(2)
    found = []
    for come in ((0.3, 0.3), (0.6, 0.2)):
        held = []
        for _ in range(2000):
            group = random.random(60) < 0.3
            there = random.random((60, 6)) < np.where(group, come[0], come[1])[:, None]
            there[~there.any(axis=1), 0] = True  # nobody is counted who never came
            counts = [
                Tally("A" if of else "B", int(there[group == of, occasion].sum()))
                for of in (True, False)
                for occasion in range(6)
            ]
            answer = reach(counts, population=[Tally("A", 300), Tally("B", 700)], attendances=True)
            ends = next(one.cautious_interval for one in answer.groups if one.group == "A")
            held.append(covers(ends, 0.3))
        setting = f"60 people, 6 occasions, coming with chance {come[0]:g} (group) and {come[1]:g} (others)"
        found.append(
            Row(
                "share of different people, from attendances", setting, "interval", (share(held),), 2000,
                conservative="Conservative: the ends hold every number of different people that the attendances allow.",
            )
        )  # fmt: skip
    return found
