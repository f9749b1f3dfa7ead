"""Factors whose words were withdrawn while something stood on them: what their owner has to put anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from folkmoot.coding.models import TakenWords
from folkmoot.mechanisms.models import Factor, Mechanism
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.visibility import access_of


@dataclass(frozen=True, slots=True)
class ToReplace:
    """One factor with the chains it stands in, and whether this person may put it in other words."""

    factor: Factor
    chains: Sequence[Mechanism]
    may_edit: bool


def to_replace(viewer: Any) -> list[ToReplace]:
    """What this person's own team or organisation has to put in its own words. Nobody else's is listed."""
    access = access_of(viewer)
    waiting = TakenWords.objects.filter(to_replace=True).values("factor")
    own = Factor.objects.filter(pk__in=waiting).select_related("organisation", "team")
    listed = [
        factor
        for factor in own.order_by("pk")
        if factor.team_id in access.teams or factor.organisation_id in access.organisations
    ]
    return [ToReplace(factor, _chains(factor), may_edit(viewer, factor)) for factor in listed]


def _chains(factor: Factor) -> list[Mechanism]:
    through = "versions__steps__assumption"
    cause = Mechanism.objects.filter(**{f"{through}__cause": factor})
    effect = Mechanism.objects.filter(**{f"{through}__effect": factor})
    return list((cause | effect).distinct().order_by("name", "pk"))
