"""What a plan must say before it is kept, and before it is registered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.evaluations.models import Plan, Sight
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.models import Organisation, ResearchTeam
from folkmoot.organisations.ownership import Owner
from folkmoot.surveys.models import Indicator

WORDS = {
    "title": "a title",
    "activity": "what is done, where and for whom",
    "population": "whom it is about",
    "comparison": "with whom or what it is compared, and who decides who gets it",
    "outcome": "what is measured",
    "horizon": "how soon the outcome should move",
    "if_for": "what it would mean if the outcome moved as expected",
    "if_against": "what it would mean if it moved the other way or too little to matter",
    "if_unclear": "what it would mean if the result could be either",
}


@dataclass(frozen=True, slots=True)
class RivalDraft:
    """Another explanation of the same outcome, and what would be seen if that were the reason."""

    words: str
    told_apart_by: str


def require_sound_plan(values: dict[str, Any]) -> None:
    """Refuse what could not be a plan at all: no outcome in view, no change that matters, a count as an outcome."""
    for name in ("title", "outcome", "population"):
        if not str(values.get(name) or "").strip():
            raise FolkmootError(f"A plan says {WORDS[name]}.")
    if values.get("design") not in Plan.Design.values:
        raise FolkmootError("Choose how the difference is to be seen: the design.")
    if values.get("scale") not in Plan.Scale.values:
        raise FolkmootError("Say whether the outcome is a share of people or a mean.")
    change = values.get("smallest_change")
    if not isinstance(change, (int, float)) or not math.isfinite(change) or change <= 0:
        raise FolkmootError("Say the smallest change that matters: a number above 0.")
    if values["scale"] == Plan.Scale.SHARE and change >= 1:
        raise FolkmootError("A share cannot change by a hundred in a hundred or more.")
    if change >= 1e9:
        raise FolkmootError("The smallest change that matters is a number that people use.")
    require_outcome(values.get("indicator"))


def require_outcome(indicator: Indicator | None) -> None:
    """What was done or handed out is never what an evaluation measures as its outcome."""
    if indicator is not None and not indicator.is_outcome:
        raise FolkmootError(
            f"“{indicator.name}” counts work: it is an {indicator.get_kind_display().split(':')[0].lower()}, and never "
            "an outcome. Choose what changed in people."
        )


def require_rivals(rivals: Sequence[RivalDraft]) -> None:
    for one in rivals:
        if not one.words.strip() or not one.told_apart_by.strip():
            raise FolkmootError(
                "Each rival explanation needs its words and what would be seen if it were the reason."
            )


def missing_for_registration(
    plan: Plan, *, rivals: int, sight: Sight | None, current: bool
) -> tuple[str, ...]:
    """What a plan still lacks before it can be registered, as parts of “Still missing: …”."""
    missing = [words for name, words in WORDS.items() if not str(getattr(plan, name)).strip()]
    if not rivals:
        missing.append("at least one rival explanation, and what would tell it apart")
    if sight is None:
        missing.append("an answer to “could this see it?”")
    elif not current:
        missing.append("an answer to “could this see it?” for the plan as it now stands")
    return tuple(missing)


def require_registrable(plan: Plan, *, rivals: int, sight: Sight | None, current: bool) -> None:
    """Refuse to register a plan that lacks a part, names it, and refuses one that could not see its own change."""
    missing = missing_for_registration(plan, rivals=rivals, sight=sight, current=current)
    if missing:
        raise NotYet(f"It cannot be registered yet. Still missing: {'; '.join(missing)}.")
    require_outcome(plan.indicator)
    refused = refused_by_sight(sight)
    if refused:
        raise NotYet(refused)


def refused_by_sight(sight: Sight | None) -> str:
    """Why an answer to “could this see it?” keeps a plan from being registered; empty where it does not."""
    answer = sight.answer if sight else {}
    if answer.get("verdict") == "unknown":
        return f"Nobody can tell yet whether this could see it. {answer.get('why_not', '')}".strip()
    if answer.get("verdict") == "hopeless":
        return (
            f"This could not see it: a change that matters would be found {100 * answer['power']:.0f} times in 100. "
            "Choose one of the ways that would work instead, or say that it cannot be measured."
        )
    return ""


def require_reach_of_plan(owner: Owner | None, visibility: str) -> Owner:
    """A plan, a request and an offer belong to somebody, and are shared as far as that owner may share."""
    own = "own" if isinstance(owner, Organisation) else "team" if isinstance(owner, ResearchTeam) else ""
    if owner is None:
        raise FolkmootError("It belongs to an organisation or a research team: choose which.")
    if visibility not in {own, "network", "public"}:
        raise FolkmootError("Choose how far it is shared: with your own, with the network or with everybody.")
    return owner


WIDTH = {"own": 0, "team": 0, "network": 1, "public": 2}


def require_assumption_as_far(assumption: Assumption, *, owner: Owner, visibility: str) -> None:
    """What is shared cannot rest on an assumption that those who see it may not see."""
    theirs = assumption.organisation or assumption.team
    if WIDTH[visibility] > WIDTH[assumption.visibility] or (
        WIDTH[assumption.visibility] == 0 and theirs != owner
    ):
        raise FolkmootError(
            "Its assumption is not shared so far. Share the chain with the assumption first, or keep this to those who "
            "keep the assumption."
        )
