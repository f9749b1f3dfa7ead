"""The page of one chain: its drawing with standings, spans, outcomes without the mechanism, backfires."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from folkmoot.coding.queries import Scope
from folkmoot.core.standing import Reading, Weakest, weakest
from folkmoot.core.standing.grid import evidence_on
from folkmoot.evidence.models import Study
from folkmoot.evidence.queries import Judged, Shelf, chain_spans, gather, judged_by
from folkmoot.mechanisms.models import Backfire, Factor, Mechanism, MechanismVersion, Step
from folkmoot.ui.pictures import chain as picture
from folkmoot.ui.pictures.picture import Picture


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step of the chain with its standing and what is particular to it here."""

    step: Step
    judged: Judged
    is_weakest: bool


@dataclass(frozen=True, slots=True)
class Around:
    """Evidence that fits no single link: what measured only two ends, or moved the outcome alone."""

    start: Factor
    end: Factor
    studies: tuple[Study, ...]
    without_mechanism: bool
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChainPage:
    """Everything the page of one chain shows."""

    mechanism: Mechanism
    version: MechanismVersion
    steps: tuple[StepShown, ...]
    weakest: Weakest | None
    around: tuple[Around, ...]
    backfires: tuple[Backfire, ...]
    drawn: Picture
    versions: tuple[MechanismVersion, ...]


def chain_page(
    mechanism: Mechanism, *, viewer: Any, scope: Scope, number: int | None = None
) -> ChainPage | None:
    """Read one version of a chain (the current one if no number is given); None where there is no such version."""
    versions = tuple(mechanism.versions.order_by("-number"))
    version = next(
        (one for one in versions if (one.number == number if number is not None else one.is_current)), None
    )
    if version is None:
        return None
    steps = list(version.steps.select_related("assumption__cause", "assumption__effect").order_by("position"))
    shelf = gather([step.assumption_id for step in steps], viewer=viewer, scope=scope)
    judged = judged_by(shelf)
    shown_steps = [step for step in steps if step.assumption_id in judged]
    weak = (
        weakest({str(step.assumption_id): judged[step.assumption_id].judgement for step in shown_steps})
        if shown_steps
        else None
    )
    shown = tuple(
        StepShown(
            step, judged[step.assumption_id], weak is not None and str(step.assumption_id) in weak.assumptions
        )
        for step in shown_steps
    )
    factors = factors_in_order(steps)
    around = _around(shelf, steps, factors)
    backfires = tuple(version.backfires.select_related("from_factor"))
    return ChainPage(
        mechanism=mechanism,
        version=version,
        steps=shown,
        weakest=weak,
        around=around,
        backfires=backfires,
        drawn=_draw(mechanism, shown, factors, around, backfires),
        versions=versions,
    )


def factors_in_order(steps: list[Step]) -> list[Factor]:
    """The chain's factors, causes before their effects, in the order the steps name them."""
    found: dict[int, Factor] = {}
    for step in steps:
        for factor in (step.assumption.cause, step.assumption.effect):
            found.setdefault(factor.pk, factor)
    return list(found.values())


def _around(shelf: Shelf, steps: list[Step], factors: list[Factor]) -> tuple[Around, ...]:
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


def _draw(
    mechanism: Mechanism,
    steps: tuple[StepShown, ...],
    factors: list[Factor],
    around: tuple[Around, ...],
    backfires: tuple[Backfire, ...],
) -> Picture:
    causes = {one.step.assumption.cause_id for one in steps}
    effects = {one.step.assumption.effect_id for one in steps}
    nodes = [
        picture.FactorNode(
            key=str(factor.pk),
            text=factor.wording,
            role="activity"
            if factor.pk in causes - effects
            else "objective"
            if factor.pk in effects - causes
            else "",
        )
        for factor in factors
    ]
    edges = [
        picture.AssumptionEdge(
            key=str(one.step.assumption_id),
            cause=str(one.step.assumption.cause_id),
            effect=str(one.step.assumption.effect_id),
            url=reverse("assumption", args=[one.step.assumption_id]),
            word=one.judged.word,
            leaning=one.judged.leaning or None,
            for_count=one.judged.for_count,
            against_count=one.judged.against_count,
            code=one.step.assumption.code,
            weakest=one.is_weakest,
        )
        for one in steps
    ]
    spans = [
        picture.Span(
            start=str(one.start.pk),
            end=str(one.end.pk),
            text="1 study" if len(one.studies) == 1 else f"{len(one.studies)} studies",
            url="#around",
            without_mechanism=one.without_mechanism,
        )
        for one in around
    ]
    last = nodes[0].key if nodes else ""
    ways = [
        picture.Backfire(
            at=str(one.from_factor_id) if one.from_factor_id else last, text=one.wording, url="#backfires"
        )
        for one in backfires
        if nodes and (one.from_factor_id is None or str(one.from_factor_id) in {node.key for node in nodes})
    ]
    return picture.draw(nodes, edges, spans=spans, backfires=ways, title=mechanism.name)
