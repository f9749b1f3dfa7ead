"""What the writing of evidence asks of every row: how far it may be shared, and what a level may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from folkmoot.core.errors import FolkmootError
from folkmoot.organisations.models import Organisation, ResearchTeam

WITH_LEVEL = {"trial", "quasi", "panel", "survey", "review", "own"}


def require_levels(details: Mapping[str, Any]) -> None:
    low, high = details.get("level_low"), details.get("level_high")
    if details.get("kind") in WITH_LEVEL and (low is None or high is None):
        raise FolkmootError("Give the study's level, from the lower to the upper end.")
    if low is not None and high is not None and not 0 <= low <= high <= 5:
        raise FolkmootError("A level lies between 0 and 5, the lower end first.")


def require_reach(owner: Organisation | ResearchTeam | None, visibility: str) -> None:
    """Whether a row of this owner may be shared so far; a sentence instead of a broken constraint."""
    own = "own" if isinstance(owner, Organisation) else "team" if isinstance(owner, ResearchTeam) else ""
    if visibility not in {own, "network", "public"} - {""}:
        raise FolkmootError(
            "What belongs to the network is seen by the network or by everybody."
            if owner is None
            else "Choose how far it is shared: with your own, with the network or with everybody."
        )
