"""What somebody proposes as a chain, before it is one: plain values, checked, nothing saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from folkmoot.core.errors import FolkmootError
from folkmoot.mechanisms.models import Assumption, Factor, MechanismVersion


@dataclass(frozen=True, slots=True)
class StepDraft:
    """One step as proposed. ``assumption`` keeps an existing one; else cause and effect make one.

    A cause or effect given as text becomes a factor in the speakers' own words; given as a Factor it
    is that very factor. ``own_words`` is how people here put an assumption that they share.
    """

    cause: str | Factor = ""
    effect: str | Factor = ""
    assumption: Assumption | None = None
    population: str = ""
    horizon: str = ""
    horizon_days: int | None = None
    smallest_change: str = ""
    smallest_change_value: float | None = None
    own_words: str = ""
    context: str = ""

    @property
    def cause_words(self) -> str:
        return words_of(self.assumption.cause if self.assumption else self.cause)

    @property
    def effect_words(self) -> str:
        return words_of(self.assumption.effect if self.assumption else self.effect)


@dataclass(frozen=True, slots=True)
class BackfireDraft:
    """A way in which it may go wrong, and the factor from which it does (by its words; "" if any)."""

    wording: str
    from_words: str = ""


def words_of(factor: str | Factor) -> str:
    return factor.wording if isinstance(factor, Factor) else " ".join(factor.split())


def require_sound(steps: Sequence[StepDraft]) -> None:
    """Refuse, saying which step, a chain that is empty, incomplete, repeated or goes in a circle."""
    if not steps:
        raise FolkmootError("A chain needs at least one step: what leads to what?")
    arrows: list[tuple[str, str]] = []
    for number, step in enumerate(steps, start=1):
        cause, effect = step.cause_words.casefold(), step.effect_words.casefold()
        if not cause:
            raise FolkmootError(f"Step {number} does not say what leads to its effect.")
        if not effect:
            raise FolkmootError(f"Step {number} does not say what its cause leads to.")
        if max(len(cause), len(effect)) > 300:
            raise FolkmootError(f"Step {number} has more than 300 characters in one factor; say it shorter.")
        if cause == effect:
            raise FolkmootError(f"Step {number} leads from a thing to itself.")
        if (cause, effect) in arrows:
            raise FolkmootError(f"Step {number} repeats an earlier step.")
        arrows.append((cause, effect))
    if _has_circle(arrows):
        raise FolkmootError("These steps go in a circle: a chain has to end at what it is for.")


def _has_circle(arrows: Sequence[tuple[str, str]]) -> bool:
    """Kahn's way: take away what nothing leads to, until nothing is left or only circles are."""
    left = list(arrows)
    while left:
        effects = {effect for _, effect in left}
        remaining = [(cause, effect) for cause, effect in left if cause in effects]
        if len(remaining) == len(left):
            return True
        left = remaining
    return False


def drafts_of(version: MechanismVersion) -> list[StepDraft]:
    """A version's steps as drafts, each keeping its assumption."""
    return [
        StepDraft(
            assumption=step.assumption,
            own_words=step.own_words,
            population=step.population,
            context=step.context,
        )
        for step in version.steps.select_related("assumption__cause", "assumption__effect").order_by(
            "position"
        )
    ]


def backfires_of(version: MechanismVersion) -> list[BackfireDraft]:
    """A version's ways to go wrong, as drafts."""
    return [
        BackfireDraft(one.wording, one.from_factor.wording if one.from_factor else "")
        for one in version.backfires.select_related("from_factor")
    ]
