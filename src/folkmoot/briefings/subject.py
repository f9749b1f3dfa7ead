"""What a briefing is about: the chains and assumptions that its objective or theme leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from folkmoot.briefings.models import Briefing
from folkmoot.coding.models import Claim, Code
from folkmoot.coding.queries import live_claims
from folkmoot.mechanisms.models import Assumption, Mechanism, MechanismVersion, Step
from folkmoot.organisations.visibility import visible


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain in force with its steps in order."""

    mechanism: Mechanism
    version: MechanismVersion
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """The assumptions in scope in order, the chains they come from, and readings that name none."""

    chains: tuple[Chain, ...]
    assumptions: tuple[Assumption, ...]
    loose: tuple[Claim, ...]


def subject_of(briefing: Briefing, *, keeper: Any) -> Subject:
    """Everything in scope as the keeper sees it."""
    if briefing.theme is not None:
        return _of_theme(briefing.theme, keeper)
    chains = tuple(
        _chain(mechanism)
        for mechanism in Mechanism.objects.filter(
            visible(keeper), objective=briefing.objective, retired_at=None
        ).order_by("name", "pk")
    )
    found = {step.assumption_id: step.assumption for chain in chains for step in chain.steps}
    return Subject(chains, tuple(found.values()), ())


def _chain(mechanism: Mechanism) -> Chain:
    version = mechanism.versions.get(is_current=True)
    steps = version.steps.select_related("assumption__cause", "assumption__effect").order_by("position")
    return Chain(mechanism, version, tuple(steps))


def _of_theme(theme: Code, keeper: Any) -> Subject:
    claims = (
        live_claims(keeper)
        .filter(passage__codings__code__in=theme_and_below(theme))
        .select_related("assumption__cause", "assumption__effect")
        .distinct()
        .order_by("pk")
    )
    listed = list(claims)
    found = {one.assumption_id: one.assumption for one in listed if one.assumption is not None}
    ordered = sorted(found.values(), key=lambda one: (one.code or "~", one.pk))
    return Subject((), tuple(ordered), tuple(one for one in listed if one.assumption_id is None))


def theme_and_below(theme: Code) -> list[int]:
    """The theme's key and those of the themes beneath it."""
    children: dict[int | None, list[int]] = {}
    for pk, parent in Code.objects.filter(codebook=theme.codebook_id).values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    found: list[int] = []
    waiting = [theme.pk]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.append(one)
            waiting.extend(children.get(one, ()))
    return found
