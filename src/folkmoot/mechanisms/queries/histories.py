"""What each version of a chain changed from the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from folkmoot.mechanisms.models import Assumption, Mechanism, MechanismVersion
from folkmoot.mechanisms.queries.chains import Chain, ChainStep, chain_of


@dataclass(frozen=True, slots=True)
class Changes:
    """One version beside the one before: steps kept, begun anew, left out, and what else differs."""

    version: MechanismVersion
    chain: Chain
    kept: tuple[Assumption, ...]
    begun: tuple[Assumption, ...]
    left_out: tuple[Assumption, ...]
    other: tuple[str, ...]
    is_first: bool


def history_of(mechanism: Mechanism, *, viewer: Any) -> list[Changes]:
    """Every version, the newest first, with its differences."""
    shown: list[Changes] = []
    before: Chain | None = None
    for number in mechanism.versions.order_by("number").values_list("number", flat=True):
        chain = chain_of(mechanism, viewer=viewer, number=number)
        if chain is not None:
            shown.append(changes_between(before, chain))
            before = chain
    return shown[::-1]


def changes_between(before: Chain | None, after: Chain) -> Changes:
    """What the later of two versions kept, began anew, left out and said otherwise."""
    old = {step.assumption.pk: step for step in before.steps} if before else {}
    new = {step.assumption.pk: step for step in after.steps}
    return Changes(
        version=after.version,
        chain=after,
        kept=tuple(step.assumption for key, step in new.items() if key in old),
        begun=tuple(step.assumption for key, step in new.items() if key not in old),
        left_out=tuple(step.assumption for key, step in old.items() if key not in new),
        other=_otherwise(before, after, old, new) if before else (),
        is_first=before is None,
    )


def _otherwise(
    before: Chain, after: Chain, old: dict[int, ChainStep], new: dict[int, ChainStep]
) -> tuple[str, ...]:
    said: list[str] = []
    common = [key for key in new if key in old]
    if common != [key for key in old if key in new]:
        said.append("The steps stand in another order.")
    for key in common:
        one, other = old[key], new[key]
        if (one.own_words, one.population, one.context) != (other.own_words, other.population, other.context):
            said.append(f"Step {other.position} is put in other words or for other people or places.")
    if before.version.context != after.version.context:
        said.append("Where it should work is said differently.")
    ways, ways_before = ({one.wording for one in chain.backfires} for chain in (after, before))
    said += [f"May also go wrong: {wording}" for wording in sorted(ways - ways_before)]
    said += [f"No longer named as a way to go wrong: {wording}" for wording in sorted(ways_before - ways)]
    return tuple(said)
