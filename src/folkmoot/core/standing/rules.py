"""The rules of standing as data: rows tried in order, the first whose conditions hold gives the word.

A version is never edited once evidence was judged by it; a change is a new version beside the old
one, so that an old judgement can be reached again. Not here: how the quantities are counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from folkmoot.core.standing.words import Word

Quantity = Literal[
    "tests",
    "accounts",
    "for",
    "against",
    "no effect",
    "sound for",
    "sound for teams",
    "sound for near",
    "at odds",
    "pooled",
    "pooled below the smallest change",
    "pooled above zero",
]
"""What a condition may look at.

``tests`` every usable test and failed hoop clue, at any level · ``accounts`` those who hold it ·
``for``, ``against``, ``no effect`` independent tests at the counted level or more (a failed hoop
clue adds to ``against``) · ``sound for`` those for it read in full and not appraised by their own
evaluator, with the ``teams`` among them and how many are ``near`` · ``at odds`` samples whose own
reports disagree · ``pooled`` and its two: 1 when true, else 0.
"""

QUANTITY_WORDS: dict[Quantity, str] = {
    "tests": "tests of any strength",
    "accounts": "accounts",
    "for": "F",
    "against": "A",
    "no effect": "N",
    "sound for": "sound F",
    "sound for teams": "teams of sound F",
    "sound for near": "near among sound F",
    "at odds": "samples at odds",
    "pooled": "pooled interval replaces the counts",
    "pooled below the smallest change": "all of it under the smallest change that matters",
    "pooled above zero": "all of it over zero",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. ``bound`` is a number or the name of another quantity."""

    quantity: Quantity
    comparison: Literal["=", "≥", "<"]
    bound: int | Quantity

    def holds(self, quantities: Mapping[Quantity, int]) -> bool:
        """Whether it is true of these counts."""
        left = quantities[self.quantity]
        right = self.bound if isinstance(self.bound, int) else quantities[self.bound]
        if self.comparison == "=":
            return left == right
        return left >= right if self.comparison == "≥" else left < right

    @property
    def text(self) -> str:
        """The condition as the reference page prints it."""
        bound = str(self.bound) if isinstance(self.bound, int) else QUANTITY_WORDS[self.bound]
        if self.quantity.startswith("pooled") and self.bound == 1:
            return QUANTITY_WORDS[self.quantity]
        return f"{QUANTITY_WORDS[self.quantity]} {self.comparison} {bound}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: the word, and the ways it can come to hold.

    ``ways`` are alternatives, and every condition of one way must hold. An empty way always holds,
    so a table that ends with one is total. ``because`` completes "… because".
    """

    key: str
    word: Word
    ways: tuple[tuple[Condition, ...], ...]
    because: str

    def holds(self, quantities: Mapping[Quantity, int]) -> bool:
        """Whether any of its ways holds."""
        return any(all(condition.holds(quantities) for condition in way) for way in self.ways)

    @property
    def text(self) -> str:
        """Its conditions as the reference page prints them."""
        return "; or ".join(", ".join(c.text for c in way) for way in self.ways if way) or "anything else"


@dataclass(frozen=True, slots=True)
class Rules:
    """One version of the rules, with every threshold it uses."""

    version: str
    counted_level: int
    association_at_most: int
    randomised_before_cause_at_most: int
    unstated_review_at_most: int
    pooled_from: int
    rows: tuple[Row, ...]

    def first_that_holds(self, quantities: Mapping[Quantity, int]) -> Row:
        """The row that fires. The last row always holds, so there is one."""
        return next(row for row in self.rows if row.holds(quantities))

    def __post_init__(self) -> None:
        if not self.rows or () not in self.rows[-1].ways:
            raise ValueError("the last row of the rules must hold always, or some evidence has no standing")


RULES_2026_1 = Rules(
    version="2026.1",
    counted_level=3,
    association_at_most=2,
    randomised_before_cause_at_most=3,
    unstated_review_at_most=2,
    pooled_from=5,
    rows=(
        Row(
            "pooled-below",
            Word.CHALLENGED,
            ((Condition("pooled", "=", 1), Condition("pooled below the smallest change", "=", 1)),),
            "the pooled estimates leave no room for a change that matters in a new place",
        ),
        Row(
            "pooled-above",
            Word.SUPPORTED,
            ((Condition("pooled", "=", 1), Condition("pooled above zero", "=", 1)),),
            "the pooled estimates expect a change in the stated direction in a new place too",
        ),
        Row(
            "pooled-between",
            Word.CONTESTED,
            ((Condition("pooled", "=", 1),),),
            "the pooled estimates leave open whether it would hold in a new place",
        ),
        Row(
            "nothing",
            Word.NONE,
            ((Condition("tests", "=", 0), Condition("accounts", "=", 0)),),
            "no test and no account is recorded",
        ),
        Row(
            "accounts-only",
            Word.ANECDOTAL,
            ((Condition("tests", "=", 0),),),
            "people hold it and nothing recorded has tested it",
        ),
        Row(
            "tests-disagree",
            Word.CONTESTED,
            (
                (Condition("for", "≥", 1), Condition("against", "≥", 1)),
                (Condition("for", "≥", 1), Condition("no effect", "≥", "for")),
            ),
            "tests strong enough to count disagree",
        ),
        Row(
            "tests-against",
            Word.CHALLENGED,
            ((Condition("for", "=", 0), Condition("against", "≥", 2)),),
            "at least two tests strong enough to count read against it and none for it",
        ),
        Row(
            "tests-agree",
            Word.SUPPORTED,
            (
                (
                    Condition("for", "≥", 2),
                    Condition("against", "=", 0),
                    Condition("no effect", "<", "for"),
                    Condition("sound for", "≥", 2),
                    Condition("sound for teams", "≥", 2),
                    Condition("sound for near", "≥", 1),
                    Condition("at odds", "=", 0),
                ),
            ),
            "independent tests by two teams, read in full and one of them near, agree",
        ),
        Row(
            "otherwise",
            Word.THIN,
            ((),),
            "what has tested it is not enough to settle it",
        ),
    ),
)

RULES = RULES_2026_1
"""The version in force."""
