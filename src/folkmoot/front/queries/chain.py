"""The page of one chain: its drawing with standings, spans, outcomes without the mechanism, backfires."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from folkmoot.coding.queries import Scope
from folkmoot.core.standing import Weakest, weakest
from folkmoot.evidence.queries import Judged, gather, judged_by
from folkmoot.evidence.queries.chains import Around, around_chain, factors_in_order
from folkmoot.evidence.queries.history import Moved, moved_for
from folkmoot.mechanisms.models import Backfire, Factor, Mechanism, MechanismVersion, Step
from folkmoot.ui.pictures import chain as picture
from folkmoot.ui.pictures.picture import Picture


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step of the chain with its standing and what is particular to it here."""

    step: Step
    judged: Judged
    is_weakest: bool
    moved: tuple[Moved, ...] = ()


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
    moved = moved_for(list(judged), viewer=viewer, scope=scope)
    shown = tuple(
        StepShown(
            step,
            judged[step.assumption_id],
            weak is not None and str(step.assumption_id) in weak.assumptions,
            moved.get(step.assumption_id, ())[:1],
        )
        for step in shown_steps
    )
    factors = factors_in_order(steps)
    around = around_chain(shelf, steps, factors)
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
