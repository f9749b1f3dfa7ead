"""The sizes of effects on one assumption: which can be put together, by which plan, and what they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from folkmoot.coding.queries import Scope
from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.results import Estimate
from folkmoot.core.standing import RULES, Pooled
from folkmoot.core.standing.grid import evidence_on
from folkmoot.core.standing.marks import Reading
from folkmoot.evidence.models import PoolPlan, PrintedEffect, Study
from folkmoot.evidence.models.effects import Measure
from folkmoot.evidence.pooling import Together, reckoned
from folkmoot.evidence.queries.shelf import Shelf, distance_of, gather
from folkmoot.mechanisms.models import Assumption

Scale = tuple[str, str]
NOT_READ = "Nobody has read this figure in the study itself."
SILENT = {
    Reading.SPAN: "It measured across this step, not at it.",
    Reading.SILENT: "It failed before this step, so it says nothing of it.",
    Reading.WITHOUT_MECHANISM: "The outcome moved without this step.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One effect with its study; ``why_not`` says why it stays out of every pool, empty where it does not."""

    effect: PrintedEffect
    study: Study
    key: str
    sample: str
    level: int
    same_country: bool
    read_in_full: bool
    why_not: str

    @property
    def scale(self) -> Scale:
        return self.effect.measure, self.effect.unit.casefold()

    @property
    def low(self) -> float:
        """The lower end of its own 95 per cent interval."""
        return self.effect.estimate - 1.959964 * self.effect.standard_error

    @property
    def high(self) -> float:
        return self.effect.estimate + 1.959964 * self.effect.standard_error


@dataclass(frozen=True, slots=True)
class Without:
    """What remains when the figures of one sample are left out."""

    name: str
    estimate: Estimate | None


@dataclass(frozen=True, slots=True)
class Pool:
    """The effects of one scale (and one outcome, where one was asked for), together where that can be."""

    measure: str
    unit: str
    outcome: str
    entries: tuple[Entry, ...]
    together: Together | None
    why_not: str
    plan: PoolPlan | None = None

    @property
    def scale_words(self) -> str:
        label = Measure(self.measure).label
        return f"{label}: {self.unit}" if self.unit else label

    @property
    def samples(self) -> int:
        return len({one.sample for one in self.entries})

    @property
    def without(self) -> tuple[Without, ...]:
        if self.together is None or not self.together.without:
            return ()
        named: dict[str, list[str]] = defaultdict(list)
        for one in self.entries:
            if one.key not in named[one.sample]:
                named[one.sample].append(one.key)
        return tuple(
            Without(" and ".join(keys), left)
            for keys, left in zip(named.values(), self.together.without, strict=True)
        )

    def as_pooled(self) -> Pooled | None:
        """The pooling as the rules of standing see it; None while nothing can be pooled."""
        if self.plan is None or self.together is None:
            return None
        low, high = self.together.prediction
        return Pooled(
            comparable_estimates=self.together.samples,
            plan_registered=self.plan.was_beforehand,
            papers_read_in_full=all(one.read_in_full for one in self.entries),
            prediction_low=low,
            prediction_high=high,
            smallest_change=self.plan.smallest_change,
        )


def pooled_by_plan(shelf: Shelf, assumption: Assumption) -> Pooled | None:
    """What the registered plan of an assumption makes of the figures; None without a plan or with too few."""
    plan = shelf.plans.get(assumption.pk)
    return by_plan(plan, entries_of(shelf, assumption)).as_pooled() if plan else None


def entries_of(shelf: Shelf, assumption: Assumption) -> list[Entry]:
    """Every effect on the assumption's effect in scope, the earliest look that reaches its time first."""
    found = [
        _entry(shelf, assumption, effect)
        for effect in shelf.effects.get(assumption.effect_id, ())
        if effect.study_id in shelf.studies
    ]
    return sorted(_first_looks(found), key=lambda one: (one.key, one.effect.outcome, one.effect.pk))


def by_plan(plan: PoolPlan, listed: Iterable[Entry], *, leaving_out: bool = False) -> Pool:
    """The effects that a plan lets in, together."""
    scale = (plan.measure, plan.unit.casefold())
    chosen = [
        one
        for one in listed
        if not one.why_not
        and one.scale == scale
        and (not plan.outcome or one.effect.outcome.casefold() == plan.outcome.casefold())
        and one.level >= plan.lowest_level
        and (one.same_country or not plan.only_here)
    ]
    return together_of(plan.measure, plan.unit, plan.outcome, chosen, plan=plan, leaving_out=leaving_out)


def comparable_on_record(plan: PoolPlan, *, viewer: Any) -> int:
    """How many independent estimates a plan would pool now, whoever has read them: their numbers are known here."""
    assumption = Assumption.objects.select_related("cause", "effect").get(pk=plan.assumption_id)
    scope: Scope = "ours" if plan.visibility in {"own", "team"} else "network"
    shelf = gather([assumption.pk], viewer=viewer, scope=scope, effects_on=[assumption.effect_id])
    listed = [_seen_or_not(one) for one in entries_of(shelf, assumption)]
    return by_plan(plan, listed).samples


def governing(
    assumption: Assumption, *, organisation_id: int | None = None, team_id: int | None = None
) -> PoolPlan | None:
    """The plan that this owner registered for an assumption and has not given up."""
    mine = PoolPlan.objects.filter(assumption=assumption, organisation=organisation_id, team=team_id)
    return mine.filter(withdrawn_at=None).order_by("registered_at", "pk").first()


def _entry(shelf: Shelf, assumption: Assumption, effect: PrintedEffect) -> Entry:
    study = shelf.studies[effect.study_id]
    record = shelf.record(study.pk, assumption)
    said = evidence_on(shelf.link(assumption), [record])
    tests = [one for one in said.tests if one.reading.is_a_test]
    level = max((one.level_here() for one in tests), default=0)
    distance = distance_of(study, shelf.appraisals.get((study.pk, assumption.pk)))
    return Entry(
        effect=effect,
        study=study,
        key=shelf.keys[study.pk],
        sample=record.sample,
        level=level,
        same_country=distance.same_country,
        read_in_full=record.read_in_full,
        why_not=_why_not(
            assumption,
            effect,
            study,
            [one.reading for one in said.tests],
            level,
            any(one.in_conflict for one in tests),
        ),
    )


def _why_not(
    assumption: Assumption,
    effect: PrintedEffect,
    study: Study,
    readings: list[Reading],
    level: int,
    in_conflict: bool,
) -> str:
    """Why an effect stays out of every pool, in a sentence; empty where it may go in."""
    wanted = assumption.horizon_days or 0
    if study.retracted_at is not None:
        return "The study was retracted."
    if not effect.is_verified:
        return NOT_READ
    if in_conflict:
        return "Its reports conflict and nobody has resolved it."
    if study.kind == Study.Kind.REVIEW:
        return "It is a review: what it puts together is pooled study by study."
    if effect.population:
        return f"It holds for a part of its people only: {effect.population}."
    if wanted and (effect.horizon_days is None or effect.horizon_days < wanted):
        return "It was measured before the time that this assumption speaks of, or nobody read when."
    if not any(one.is_a_test for one in readings):
        found = next((SILENT[one] for one in readings if one in SILENT), "")
        return (
            found or "The study is not marked as a test of this step: mark how cause and effect moved in it."
        )
    if level < RULES.counted_level:
        return f"At level {level} for this step it is below the {RULES.counted_level} that counts."
    return ""


def _first_looks(found: list[Entry]) -> list[Entry]:
    """Of several looks at the same people by the same measure the first that reaches the time is pooled."""
    first: dict[tuple[Any, ...], Entry] = {}
    for one in sorted(found, key=lambda one: (one.effect.horizon_days or 0, one.effect.pk)):
        if not one.why_not:
            first.setdefault((one.study.pk, one.effect.outcome.casefold(), one.scale), one)
    kept = {one.effect.pk for one in first.values()}
    later = "A later look at the same people: the first that reaches the time is pooled."
    return [one if one.why_not or one.effect.pk in kept else _because(one, later) for one in found]


def _because(one: Entry, why_not: str) -> Entry:
    return Entry(
        one.effect, one.study, one.key, one.sample, one.level, one.same_country, one.read_in_full, why_not
    )


def _seen_or_not(one: Entry) -> Entry:
    return _because(one, "") if one.why_not == NOT_READ else one


def together_of(
    measure: str,
    unit: str,
    outcome: str,
    chosen: list[Entry],
    *,
    plan: PoolPlan | None = None,
    leaving_out: bool = False,
) -> Pool:
    places = {sample: number for number, sample in enumerate(dict.fromkeys(one.sample for one in chosen))}
    try:
        found = reckoned(
            tuple(one.effect.estimate for one in chosen),
            tuple(one.effect.standard_error for one in chosen),
            tuple(places[one.sample] for one in chosen),
            leaving_out=leaving_out,
        )
    except CannotAnalyse as error:
        return Pool(measure, unit, outcome, tuple(chosen), None, str(error), plan)
    return Pool(measure, unit, outcome, tuple(chosen), found, "", plan)
