"""One's own words beside the library's: which assumption of the library may be meant by a step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from folkmoot.mechanisms.comparing import nearest
from folkmoot.mechanisms.models import Assumption
from folkmoot.mechanisms.queries.lists import MechanismRow, library_of
from folkmoot.mechanisms.sheet import Row
from folkmoot.strategies.models import Aim


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An assumption of the library that shares words with a step."""

    assumption: Assumption
    overlap: float


@dataclass(frozen=True, slots=True)
class Beside:
    """The library's chains for the aims, and per step of one's own what shares words with it.

    ``unnamed`` are the library's steps that nothing typed comes near to, and no step keeps.
    """

    chains: tuple[MechanismRow, ...]
    suggestions: tuple[tuple[Suggestion, ...], ...]
    unnamed: tuple[Assumption, ...]


def beside_library(rows: Sequence[Row], *, aims: Iterable[Aim]) -> Beside:
    """Compare rows, with their causes written out, with the library's chains for these aims."""
    chains = library_of(aims)
    steps = {step.pk: step for chain in chains for step in chain.steps}
    said = {pk: (step.cause.wording, step.effect.wording) for pk, step in steps.items()}
    taken = {row.assumption_id for row in rows}
    suggestions = []
    for row in rows:
        candidates = {pk: words for pk, words in said.items() if pk not in taken}
        near = nearest((row.cause, f"{row.effect} {row.own_words}"), candidates=candidates)
        found = () if row.is_blank or row.assumption_id in steps else near
        suggestions.append(tuple(Suggestion(steps[one.key], one.overlap) for one in found))
    met = {one.assumption.pk for found in suggestions for one in found} | taken
    return Beside(
        tuple(chains), tuple(suggestions), tuple(step for pk, step in steps.items() if pk not in met)
    )
