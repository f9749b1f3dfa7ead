"""Everything that bears on a set of assumptions, read in a fixed number of queries.

What does not belong here: judging it (``standings``) or laying it out for a page (``detail``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet, Value

from folkmoot.coding.queries import HeldBy, Scope, held_by, in_scope
from folkmoot.core.standing import Mark as Sign
from folkmoot.core.standing import TransferDistance, near
from folkmoot.core.standing.grid import FactorMark, Link, Record
from folkmoot.core.standing.library import HERE
from folkmoot.evidence.models import Appraisal, HoopClue, Mark, PoolPlan, PrintedEffect, Study
from folkmoot.mechanisms.models import Assumption, Step

# up to so many assumptions are named to the database; of more, everything is read and sifted here
FEW = 100
DIFFERENCES = ("unit", "population", "dose", "delivery")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Studies with their marks, appraisals, accounts and failed clues, for some assumptions in one scope."""

    scope: Scope
    assumptions: dict[int, Assumption]
    upstream: dict[int, frozenset[str]]
    studies: dict[int, Study]
    keys: dict[int, str]
    study_of: dict[str, int]
    marks: dict[int, tuple[FactorMark, ...]]
    by_factor: dict[int, frozenset[int]]
    randomised_at: dict[int, frozenset[int]]
    pools: dict[int, frozenset[int]]
    appraisals: dict[tuple[int, int], Appraisal]
    failed_hoops: dict[int, int]
    held: dict[int, HeldBy]
    plans: dict[int, PoolPlan] = field(default_factory=dict)
    effects: dict[int, tuple[PrintedEffect, ...]] = field(default_factory=dict)
    # a study is the same record for every assumption that nobody appraised it for: made once, when asked for
    unappraised: dict[int, Record] = field(default_factory=dict)

    def link(self, assumption: Assumption) -> Link:
        """The assumption as the rules see it."""
        return Link(
            key=str(assumption.pk),
            cause=str(assumption.cause_id),
            effect=str(assumption.effect_id),
            horizon_days=assumption.horizon_days or 0,
            upstream=self.upstream.get(assumption.pk, frozenset()),
        )

    def records(self, assumption: Assumption) -> list[Record]:
        """The studies that looked at its effect, each as appraised for this assumption."""
        return [self.record(key, assumption) for key in sorted(self.by_factor.get(assumption.effect_id, ()))]

    def record(self, study_id: int, assumption: Assumption | None) -> Record:
        """One study as a record, with what the newest appraisal for the assumption says of it."""
        appraisal = self.appraisals.get((study_id, assumption.pk)) if assumption else None
        if appraisal is not None:
            return self._record(study_id, appraisal)
        if study_id not in self.unappraised:
            self.unappraised[study_id] = self._record(study_id, None)
        return self.unappraised[study_id]

    def _record(self, study_id: int, appraisal: Appraisal | None) -> Record:
        study = self.studies[study_id]
        return Record(
            key=self.keys[study_id],
            level=appraisal.level if appraisal else study.level_low,
            team=study.evaluators,
            sample=study.sample or f"study {study_id}",
            marks=self.marks.get(study_id, ()),
            near=near(distance_of(study, appraisal)),
            read_in_full=appraisal.read_in_full if appraisal else study.read_in_full,
            # a finding made here that nobody else appraised was read by its evaluator alone
            appraiser_is_evaluator=(
                appraisal.appraiser_is_evaluator if appraisal else study.finding_id is not None
            ),
            is_review=study.kind == Study.Kind.REVIEW,
            inclusion_level=study.inclusion_level,
            pools=self._pooled(study),
            retracted=study.retracted_at is not None,
            association=study.association,
            randomised_at=frozenset(str(one) for one in self.randomised_at.get(study_id, ())),
        )

    def _pooled(self, study: Study) -> frozenset[str]:
        """The keys of what a review put together, as far as these studies are in scope."""
        if study.kind != Study.Kind.REVIEW:
            return frozenset()
        return frozenset(self.keys[one] for one in self.pools.get(study.pk, ()) if one in self.keys)


def distance_of(study: Study, appraisal: Appraisal | None) -> TransferDistance:
    """How far the study is from here: as appraised for the assumption, else as its record says."""
    if appraisal is not None:
        return TransferDistance(
            appraisal.same_country,
            appraisal.unit_differs,
            appraisal.population_differs,
            appraisal.dose_differs,
            appraisal.delivery_differs,
        )
    return TransferDistance(study.country == HERE, *(name in study.differs for name in DIFFERENCES))


def gather(
    assumption_ids: Collection[int] | None, *, viewer: Any, scope: Scope, effects_on: Collection[int] = ()
) -> Shelf:
    """Read what bears on these assumptions (None: on all that the viewer may see), in eight queries.

    Two more where a pooling plan is registered for one of them. ``effects_on`` asks for the printed effects
    on these factors, plan or no plan.
    """
    within = in_scope(viewer, scope)
    assumptions_seen = Assumption.objects.visible_to(viewer).select_related("cause", "effect")
    if assumption_ids is not None:
        assumptions_seen = assumptions_seen.filter(pk__in=list(assumption_ids))
    assumptions = {one.pk: one for one in assumptions_seen}
    studies = {one.pk: one for one in Study.objects.filter(within)}
    marks, by_factor = _marks(studies)
    keys = _keys(studies)
    tied = _tied(within)
    plans = _plans(tied["plan"], assumptions)
    wanted = {*effects_on, *(assumptions[one].effect_id for one in plans)}
    return Shelf(
        scope=scope,
        keys=keys,
        study_of={key: study for study, key in keys.items()},
        assumptions=assumptions,
        upstream=_upstream(assumptions, viewer, scope),
        studies=studies,
        marks=marks,
        by_factor=by_factor,
        randomised_at=tied["chance"],
        pools=tied["pools"],
        appraisals=_appraisals(assumptions, within),
        failed_hoops={key: len(clues) for key, clues in tied["missed"].items() if key in assumptions},
        held=held_by(assumption_ids, viewer=viewer, scope=scope),
        plans=plans,
        effects=_effects(wanted),
    )


def _keys(studies: dict[int, Study]) -> dict[int, str]:
    """A short name for each study that no other one here has: sentences speak of studies by it."""
    named: dict[str, int] = defaultdict(int)
    for study in studies.values():
        named[study.short] += 1
    return {
        key: study.short if named[study.short] == 1 else f"{study.short} (no. {key})"
        for key, study in studies.items()
    }


MARK = [
    "horizon",
    "horizon_days",
    "population",
    "outcome",
    "direct",
    "in_conflict",
    "association",
    "manipulated",
    "delivered",
    "fading",
    "note",
]


def _marks(studies: dict[int, Study]) -> tuple[dict[int, tuple[FactorMark, ...]], dict[int, frozenset[int]]]:
    found: dict[int, list[FactorMark]] = defaultdict(list)
    by_factor: dict[int, set[int]] = defaultdict(set)
    # plain values: there are thousands of marks, and a model for each would take most of the time
    rows = Mark.objects.order_by("study_id", "id").values_list("study_id", "factor_id", "sign", *MARK)
    for study_id, factor_id, sign, *rest in rows:
        if study_id not in studies:
            continue
        details: dict[str, Any] = dict(zip(MARK, rest, strict=True))
        found[study_id].append(FactorMark(factor=str(factor_id), mark=Sign(sign), **details))
        by_factor[factor_id].add(study_id)
    return (
        {study: tuple(rows) for study, rows in found.items()},
        {factor: frozenset(keys) for factor, keys in by_factor.items()},
    )


TIES = ("chance", "pools", "missed", "plan")


def _tied(within: Q) -> dict[str, dict[int, frozenset[int]]]:
    """What ties one row to others, in one query: what chance decided in a study (“chance”), what a
    review pools (“pools”), the clues of an assumption that two different coders looked for and did not
    find, and that nobody found (“missed”), and the plans registered for pooling its effects (“plan”).
    """
    missed = Count("verdicts", filter=Q(verdicts__verdict=HoopClue.Verdict.NOT_FOUND), distinct=True)
    seen = Count("verdicts", filter=Q(verdicts__verdict=HoopClue.Verdict.FOUND), distinct=True)
    clues = HoopClue.objects.filter(within).annotate(missed=missed, seen=seen).filter(missed__gte=2, seen=0)
    chance: Any = Study.randomised_at.through
    pools: Any = Study.pools.through
    rows = _ties(chance.objects.all(), "chance", "study_id", "factor_id").union(
        _ties(pools.objects.all(), "pools", "from_study_id", "to_study_id"),
        _ties(clues, "missed", "assumption_id", "id"),
        _ties(PoolPlan.objects.filter(within, withdrawn_at=None), "plan", "assumption_id", "id"),
        all=True,
    )
    found: dict[str, dict[int, set[int]]] = {name: defaultdict(set) for name in TIES}
    for tie, one, other in rows:
        found[tie][one].add(other)
    return {tie: {key: frozenset(values) for key, values in rows.items()} for tie, rows in found.items()}


def _ties(rows: QuerySet[Any], tie: str, one: str, other: str) -> QuerySet[Any, Any]:
    listed: QuerySet[Any, Any] = (
        rows.order_by()
        .annotate(tie=Value(tie, output_field=CharField()), one=F(one), other=F(other))
        .values_list("tie", "one", "other")
    )
    return listed


def _plans(tied: dict[int, frozenset[int]], assumptions: dict[int, Assumption]) -> dict[int, PoolPlan]:
    """The plan that governs each assumption: of several in scope the one registered first."""
    wanted = [plan for assumption, plans in tied.items() if assumption in assumptions for plan in plans]
    found: dict[int, PoolPlan] = {}
    for plan in PoolPlan.objects.filter(pk__in=wanted).order_by("registered_at", "pk") if wanted else ():
        found.setdefault(plan.assumption_id, plan)
    return found


def _effects(factors: Collection[int]) -> dict[int, tuple[PrintedEffect, ...]]:
    found: dict[int, list[PrintedEffect]] = defaultdict(list)
    for one in PrintedEffect.objects.filter(factor__in=list(factors)) if factors else ():
        found[one.factor_id].append(one)
    return {factor: tuple(rows) for factor, rows in found.items()}


def _appraisals(assumptions: dict[int, Assumption], within: Q) -> dict[tuple[int, int], Appraisal]:
    """The newest appraisal of each study for each assumption, in scope."""
    newest: dict[tuple[int, int], Appraisal] = {}
    rows = Appraisal.objects.filter(within).order_by("created_at", "id")
    if len(assumptions) <= FEW:
        rows = rows.filter(assumption__in=list(assumptions))
    for one in rows:
        if one.assumption_id in assumptions:
            newest[one.study_id, one.assumption_id] = one
    return newest


def _upstream(assumptions: dict[int, Assumption], viewer: Any, scope: Scope) -> dict[int, frozenset[str]]:
    """For each assumption the factors before its cause, in any chain in force and in scope that contains it."""
    arrows: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    within = in_scope(viewer, scope, through="version__mechanism")
    chains = Step.objects.filter(within, version__is_current=True, version__mechanism__retired_at=None)
    rows = chains.values_list("version_id", "assumption_id", "assumption__cause_id", "assumption__effect_id")
    for version, assumption, cause, effect in rows:
        arrows[version].append((assumption, cause, effect))
    found: dict[int, set[str]] = defaultdict(set)
    for steps in arrows.values():
        before: dict[int, set[int]] = defaultdict(set)
        for _, cause, effect in steps:
            before[effect].add(cause)
        for assumption, cause, _ in steps:
            if assumption in assumptions:
                found[assumption].update(str(factor) for factor in _ancestors(cause, before))
    return {key: frozenset(factors) for key, factors in found.items()}


def _ancestors(factor: int, before: dict[int, set[int]]) -> set[int]:
    seen: set[int] = set()
    waiting = list(before.get(factor, ()))
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting.extend(before.get(one, ()))
    return seen
