"""One study's test of one assumption, and a pooled result: what a judgement is made from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.standing.levels import Randomised, level_for_link
from folkmoot.core.standing.marks import Reading
from folkmoot.core.standing.rules import RULES_2026_1, Rules


@dataclass(frozen=True, slots=True)
class Test:
    """What one study says about one assumption, with all that decides whether and how it counts.

    ``key`` names the study: two tests with one key are two outcomes of it. ``sample`` names the
    participants and the place; tests with one sample are not independent. ``level`` is the study's
    own (lower end, 0 = below the scale); what it is worth here follows from the other fields.
    ``team`` is who evaluated; an empty team is unknown and never counts as a second one.
    ``pools`` are the keys of the studies a review put together.
    """

    __test__: ClassVar[bool] = False  # not a pytest class, whatever it is called

    key: str
    reading: Reading
    level: int
    team: str
    sample: str
    near: bool = False
    read_in_full: bool = False
    appraiser_is_evaluator: bool = False
    is_review: bool = False
    inclusion_level: int | None = None
    pools: frozenset[str] = frozenset()
    retracted: bool = False
    in_conflict: bool = False
    association: bool = False
    randomised: Randomised | str = Randomised.NO
    outcome: str = ""

    def __post_init__(self) -> None:
        if not self.key or not self.sample:
            raise CannotAnalyse("A test needs the key of its study and of its sample.")
        if self.key in self.pools:
            raise CannotAnalyse(f"{self.key} cannot be one of the studies that it pools.")
        if self.pools and not self.is_review:
            raise CannotAnalyse(f"{self.key} pools other studies, so it has to be recorded as a review.")
        self.level_here()  # refuses a level outside the scale now, not in the middle of a judgement

    def level_here(self, rules: Rules = RULES_2026_1) -> int:
        """Its level for this assumption."""
        return level_for_link(
            self.level,
            association=self.association,
            randomised=self.randomised,
            is_review=self.is_review,
            inclusion_level=self.inclusion_level,
            rules=rules,
        )

    @property
    def is_sound(self) -> bool:
        """Read in full, and appraised by someone other than its evaluator."""
        return self.read_in_full and not self.appraiser_is_evaluator

    def order(self) -> tuple[object, ...]:
        """A fixed order for lists and for choosing among equals. It says nothing about worth."""
        return (
            self.key,
            self.outcome,
            self.reading.value,
            -self.level,
            self.team,
            self.sample,
            self.near,
            self.read_in_full,
            self.appraiser_is_evaluator,
            self.is_review,
            -1 if self.inclusion_level is None else self.inclusion_level,
            tuple(sorted(self.pools)),
            self.retracted,
            self.in_conflict,
            self.association,
            str(self.randomised),
        )


@dataclass(frozen=True, slots=True)
class Pooled:
    """Comparable estimates pooled, with the interval for a new place.

    Everything is turned so that above zero is the expected direction, in one unit with
    ``smallest_change``. It replaces the counts only if the plan was registered beforehand, the
    papers were read in full and there are enough estimates.
    """

    comparable_estimates: int
    plan_registered: bool
    papers_read_in_full: bool
    prediction_low: float
    prediction_high: float
    smallest_change: float

    def __post_init__(self) -> None:
        if math.isnan(self.prediction_low) or math.isnan(self.prediction_high):
            raise CannotAnalyse("A pooled result needs both ends of its prediction interval.")
        if self.prediction_low > self.prediction_high:
            raise CannotAnalyse("The prediction interval's lower end lies above its upper end.")
        if not self.smallest_change > 0:
            raise CannotAnalyse("The smallest change that matters has to be above zero to judge by it.")

    def why_not(self, rules: Rules = RULES_2026_1) -> str:
        """Why it does not replace the counts, in a sentence; empty when it does."""
        if self.comparable_estimates < rules.pooled_from:
            return (
                f"The pooled result rests on {self.comparable_estimates} comparable estimates; "
                f"{rules.pooled_from} are needed before it replaces the counts."
            )
        if not self.plan_registered:
            return "The pooling followed no plan registered beforehand, so it does not replace the counts."
        if not self.papers_read_in_full:
            return "Not every pooled paper was read in full, so the pooling does not replace the counts."
        return ""
