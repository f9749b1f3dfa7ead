"""What writing here asks of every row: how far it may be shared, and what may be said of an indicator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.organisations.models import Organisation, ResearchTeam
from folkmoot.organisations.ownership import Owner
from folkmoot.surveys.models import OUTCOMES, Indicator


def require_reach(owner: Owner | None, visibility: str) -> None:
    """Whether a row of this owner may be shared so far; a sentence instead of a broken constraint."""
    own = "own" if isinstance(owner, Organisation) else "team" if isinstance(owner, ResearchTeam) else ""
    if visibility not in {own, "network", "public"} - {""}:
        raise FolkmootError("Choose how far it is shared: with your own, with the network or with everybody.")


def require_owner(owner: Owner | None) -> Owner:
    """Surveys and series belong to somebody: the network runs none."""
    if owner is None:
        raise NotAllowed("It belongs to an organisation or a research team: choose which.")
    return owner


def require_sound_indicator(values: Mapping[str, Any]) -> None:
    """Refuse an indicator whose kind and place in the reasoning do not fit each other."""
    kind, assumption, end = values["kind"], values.get("assumption"), values.get("end", "")
    if kind not in Indicator.Kind.values:
        raise FolkmootError("Say what kind of indicator it is: activity, output, near or far outcome.")
    if not str(values.get("name", "")).strip() or not str(values.get("measured_as", "")).strip():
        raise FolkmootError("An indicator needs its name and what is asked or counted, of whom.")
    if not str(values.get("unit", "")).strip():
        raise FolkmootError("Say in which unit it is measured.")
    if values.get("judged_by") not in Indicator.Judge.values:
        raise FolkmootError("Say whose judgement it is.")
    if kind in OUTCOMES and assumption is None:
        raise FolkmootError(
            "An outcome stands at an end of an assumption: choose which assumption it measures."
        )
    if (assumption is None) != (end == ""):
        raise FolkmootError("Say which end of the assumption it measures: its cause or its effect.")
    if kind in OUTCOMES and values["judged_by"] == Indicator.Judge.RECORDS and not values.get("better"):
        raise FolkmootError("Say which direction is better.")
    if kind not in OUTCOMES and values.get("smallest_change") is not None:
        raise FolkmootError(
            "A count of activities or outputs takes no smallest change: it would become a target."
        )
    smallest = values.get("smallest_change")
    if smallest is not None and not 0 < smallest < 1e9:
        raise FolkmootError("The smallest change that matters is a number above 0.")
