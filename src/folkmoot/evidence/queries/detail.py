"""All there is to say of one assumption: both sides, what counts and what does not, and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from folkmoot.coding.queries import Interviewed, Scope, in_scope, interviewed
from folkmoot.core.standing import Reading, Test
from folkmoot.core.standing.grid import FactorMark, evidence_on
from folkmoot.evidence.models import Appraisal, QualitativeFinding, Study
from folkmoot.evidence.queries.clues import ClueShown, clues_of
from folkmoot.evidence.queries.shelf import Shelf, distance_of, gather
from folkmoot.evidence.queries.standings import Judged, judge_one
from folkmoot.mechanisms.models import Assumption


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One study's word on one assumption, with everything that decides whether it counts.

    ``counted`` is False for what is shown only; ``why_not`` then says why in a sentence.
    """

    study: Study
    reading: str
    level: int
    counted: bool
    why_not: str
    population: str
    outcome: str
    horizon: str
    distance: str
    appraisal: Appraisal | None
    cause_marks: tuple[FactorMark, ...]
    effect_marks: tuple[FactorMark, ...]

    @property
    def key(self) -> str:
        return str(self.study.pk)


@dataclass(frozen=True, slots=True)
class ScopeNote:
    """Where the two scopes differ: what the other one says."""

    scope: Scope
    word: str
    leaning: str


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """An assumption's evidence in one scope, laid out by side."""

    judged: Judged
    other_scope: ScopeNote | None
    for_it: tuple[EvidenceItem, ...]
    against_it: tuple[EvidenceItem, ...]
    no_effect: tuple[EvidenceItem, ...]
    without_mechanism: tuple[EvidenceItem, ...]
    spans: tuple[EvidenceItem, ...]
    silent: tuple[EvidenceItem, ...]
    nearest: tuple[EvidenceItem, ...]
    explained_by: tuple[QualitativeFinding, ...]
    clues: tuple[ClueShown, ...]
    interviewed: Interviewed

    @property
    def not_for(self) -> int:
        """How many items stand on the side that does not read for it."""
        return len(self.against_it) + len(self.no_effect)

    @property
    def ended_early(self) -> str:
        """How long the longest study that ended too early followed people, in a sentence; empty where none did."""
        followed = [
            (mark.horizon_days, mark.horizon, mark.fading, item.study.short)
            for item in self.nearest
            for mark in item.effect_marks
            if mark.horizon_days is not None and mark.direct
        ]
        if not followed:
            return ""
        _, horizon, fading, study = max(followed)
        smaller = " and the effect was smaller by then" if fading else ""
        return f"The longest follow-up on record so far ended after {horizon}{smaller} ({study})."

    @property
    def tested_by(self) -> int:
        """How many studies tested it at all, counted or not."""
        return len({item.key for item in (*self.for_it, *self.against_it, *self.no_effect)})


SIDES = {
    Reading.FOR: "for_it",
    Reading.AGAINST: "against_it",
    Reading.NO_EFFECT: "no_effect",
    Reading.WITHOUT_MECHANISM: "without_mechanism",
    Reading.SPAN: "spans",
    Reading.SILENT: "silent",
}


def evidence_for(assumption: Assumption, *, viewer: Any, scope: Scope) -> EvidenceView:
    """Everything recorded on one assumption that this viewer may see, in one scope."""
    return evidence_of([assumption.pk], viewer=viewer, scope=scope)[assumption.pk]


def evidence_of(assumption_ids: Collection[int], *, viewer: Any, scope: Scope) -> dict[int, EvidenceView]:
    """The same for several assumptions: what bears on them all is read once. Unseen ones are left out."""
    shelf = gather(assumption_ids, viewer=viewer, scope=scope)
    other = gather(assumption_ids, viewer=viewer, scope="ours" if scope == "network" else "network")
    everybody = interviewed(viewer, scope=scope)
    return {
        key: _view(shelf, other, known, viewer=viewer, everybody=everybody)
        for key, known in shelf.assumptions.items()
    }


def _view(
    shelf: Shelf, other: Shelf, known: Assumption, *, viewer: Any, everybody: Interviewed
) -> EvidenceView:
    scope = shelf.scope
    judged = judge_one(shelf, known)
    sides: dict[str, list[EvidenceItem]] = {name: [] for name in SIDES.values()}
    found = evidence_on(shelf.link(known), shelf.records(known))
    reasons = {one.key: one.reason for one in judged.judgement.set_aside}
    judgement = judged.judgement
    counted = {*judgement.counted_for, *judgement.counted_against, *judgement.counted_no_effect}
    for test in found.tests:
        sides[SIDES[test.reading]].append(_item(shelf, known, test, "", counted, reasons))
    for part in found.for_parts:
        sides[SIDES[part.test.reading]].append(
            _item(shelf, known, part.test, part.population, set(), reasons)
        )
    nearest = tuple(_nearest(shelf, known, one.key, one.reading, one.text) for one in judged.standing.nearest)
    elsewhere = judge_one(other, known)
    differs = (elsewhere.word, elsewhere.leaning) != (judged.word, judged.leaning)
    findings: QuerySet[QualitativeFinding] = (
        QualitativeFinding.objects.filter(in_scope(viewer, scope), assumption=known)
        .exclude(state="superseded")
        .select_related("study")
        .prefetch_related("claims")
    )
    return EvidenceView(
        judged=judged,
        other_scope=ScopeNote(other.scope, elsewhere.word, elsewhere.leaning) if differs else None,
        nearest=nearest,
        explained_by=tuple(findings),
        clues=clues_of(in_scope(viewer, scope), assumption_id=known.pk, viewer=viewer),
        interviewed=everybody,
        **{name: tuple(items) for name, items in sides.items()},
    )


def _item(
    shelf: Shelf,
    assumption: Assumption,
    test: Test,
    population: str,
    counted: set[str],
    reasons: dict[str, str],
) -> EvidenceItem:
    study = shelf.studies[shelf.study_of[test.key]]
    appraisal = shelf.appraisals.get((study.pk, assumption.pk))
    counts = test.key in counted and test.reading.is_a_test
    why_not = "" if counts else reasons.get(test.key, "")
    if population and not counts:
        why_not = f"It holds for a part of its people only: {population}."
    effects = _marks_of(shelf, study, assumption.effect_id, population, test.outcome)
    return EvidenceItem(
        study=study,
        reading=test.reading.value,
        level=test.level_here(),
        counted=counts,
        why_not=why_not,
        population=population,
        outcome=test.outcome,
        horizon=effects[0].horizon if effects else "",
        distance=distance_of(study, appraisal).sentence,
        appraisal=appraisal,
        cause_marks=_marks_of(shelf, study, assumption.cause_id, population, None),
        effect_marks=effects,
    )


def _nearest(shelf: Shelf, assumption: Assumption, key: str, reading: Reading, horizon: str) -> EvidenceItem:
    study = shelf.studies[shelf.study_of[key]]
    appraisal = shelf.appraisals.get((study.pk, assumption.pk))
    return EvidenceItem(
        study=study,
        reading=reading.value,
        level=shelf.record(study.pk, assumption).level,
        counted=False,
        why_not="It ended before the time that this assumption speaks of.",
        population="",
        outcome="",
        horizon=horizon,
        distance=distance_of(study, appraisal).sentence,
        appraisal=appraisal,
        cause_marks=_marks_of(shelf, study, assumption.cause_id, "", None),
        effect_marks=_marks_of(shelf, study, assumption.effect_id, "", None),
    )


def _marks_of(
    shelf: Shelf, study: Study, factor_id: int, population: str, outcome: str | None
) -> tuple[FactorMark, ...]:
    return tuple(
        mark
        for mark in shelf.marks.get(study.pk, ())
        if mark.factor == str(factor_id)
        and mark.population in {population, ""}
        and (outcome is None or mark.outcome == outcome)
    )
