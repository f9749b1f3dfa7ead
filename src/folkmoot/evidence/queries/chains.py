"""Evidence on a chain that fits no single link: spans, and outcomes without the mechanism."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from folkmoot.core.standing import Reading
from folkmoot.core.standing.grid import evidence_on
from folkmoot.evidence.models import Study
from folkmoot.evidence.queries.shelf import Shelf
from folkmoot.evidence.queries.standings import chain_spans
from folkmoot.mechanisms.models import Factor, Step


@dataclass(frozen=True, slots=True)
class Around:
    """Evidence that fits no single link: what measured only two ends, or moved the outcome alone."""

    start: Factor
    end: Factor
    studies: tuple[Study, ...]
    without_mechanism: bool
    readings: tuple[str, ...]

    @property
    def readings_in_words(self) -> tuple[str, ...]:
        """What each of the studies says of the two ends, as a sentence says it."""
        return tuple(Reading(one).meaning for one in self.readings)


def factors_in_order(steps: list[Step]) -> list[Factor]:
    """The chain's factors, causes before their effects, in the order the steps name them."""
    found: dict[int, Factor] = {}
    for step in steps:
        for factor in (step.assumption.cause, step.assumption.effect):
            found.setdefault(factor.pk, factor)
    return list(found.values())


def around_chain(shelf: Shelf, steps: list[Step], factors: list[Factor]) -> tuple[Around, ...]:
    """The studies that measured only two ends of a chain, or saw the outcome move without a step."""
    by_pk = {str(factor.pk): factor for factor in factors}
    grouped: dict[tuple[str, str, bool], dict[int, str]] = defaultdict(dict)
    for span in chain_spans(shelf, [factor.pk for factor in factors]):
        alone = span.reading is Reading.WITHOUT_MECHANISM
        grouped[span.start, span.end, alone][shelf.study_of[span.key]] = span.reading.value
    for step in steps:
        known = shelf.assumptions.get(step.assumption_id)
        if known is None:
            continue
        for test in evidence_on(shelf.link(known), shelf.records(known)).tests:
            if test.reading is Reading.WITHOUT_MECHANISM and not test.retracted:
                ends = str(known.cause_id), str(known.effect_id), True
                grouped[ends][shelf.study_of[test.key]] = test.reading.value
    return tuple(
        Around(
            start=by_pk[start],
            end=by_pk[end],
            studies=tuple(shelf.studies[key] for key in sorted(found)),
            without_mechanism=alone,
            readings=tuple(found[key] for key in sorted(found)),
        )
        for (start, end, alone), found in grouped.items()
    )
