"""Draws the demo's answers from the planted truths: counts by street, by ward and alert, by kind of answer.

Run as a program it prints the lines that stand in ``content/evaluating.toml``. Only the tests use it.
"""

from __future__ import annotations

import pathlib
import tomllib
from collections import Counter
from typing import Any

import numpy as np

PLANTED = tomllib.loads((pathlib.Path(__file__).parent / "planted.toml").read_text(encoding="utf-8"))


def trial(one: dict[str, Any]) -> list[list[int]]:
    """A line a street, or a ward and alert: drawn or not, people asked, how many said yes, how many the step between."""
    random = np.random.default_rng(one["seed"])
    groups, found = one["groups"], []
    own = random.normal(0.0, one["spread"] / 100, groups)
    between = one.get("between")
    for _ in range(one.get("rounds", 1)):
        drawn = np.zeros(groups, dtype=int)
        drawn[random.choice(groups, groups // 2, replace=False)] = 1
        for group in range(groups):
            asked = int(one["asked"] + random.integers(-4, 5))
            share = np.clip((one["without"] + one["truth"] * drawn[group]) / 100 + own[group], 0.02, 0.98)
            line = [int(drawn[group]), asked, int(random.binomial(asked, share))]
            if between:
                line.append(
                    int(random.binomial(asked, (between["without"] + between["truth"] * drawn[group]) / 100))
                )
            found.append(line)
    return found


def panel(one: dict[str, Any]) -> list[list[int]]:
    """A line a kind of person: safe before and after, noticed before and after, and how many such people."""
    random = np.random.default_rng(one["seed"])
    safe = _twice(random, one["people"], one["before"], one["truth"], one["change"])
    noticed = one["noticed"]
    seen = _twice(random, one["people"], noticed["before"], noticed["truth"], noticed["change"])
    kinds = Counter(zip(*safe, *seen, strict=True))
    return [[*kind, count] for kind, count in sorted(kinds.items())]


def _twice(
    random: Any, people: int, before: float, truth: float, change: float
) -> tuple[list[int], list[int]]:
    """Answers of the same people at two times; ``change`` in a hundred answer otherwise the second time."""
    first = random.random(people) < before / 100
    to_yes = (change + truth) / 2 / (100 - before)
    to_no = (change - truth) / 2 / before
    moved = random.random(people)
    second = np.where(first, moved >= to_no, moved < to_yes)
    return first.astype(int).tolist(), second.astype(int).tolist()


def lines(rows: list[list[int]]) -> str:
    """As they stand in the content: many to a line."""
    parts = ["[" + ",".join(str(one) for one in row) + "]" for row in rows]
    per = 10
    return "\n".join("  " + ", ".join(parts[at : at + per]) + "," for at in range(0, len(parts), per))


if __name__ == "__main__":
    for one in PLANTED["trial"]:
        print(one["key"], "counts = [", lines(trial(one)), "]", sep="\n")
    for one in PLANTED["panel"]:
        print(one["key"], "counts = [", lines(panel(one)), "]", sep="\n")
