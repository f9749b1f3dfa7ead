"""The list of studies, and one study: its grid of factors and what it reads for each assumption."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from folkmoot.coding.queries import Scope, in_scope
from folkmoot.core.standing import Mark as Sign
from folkmoot.core.standing import Reading, Test
from folkmoot.core.standing.grid import evidence_on
from folkmoot.evidence.models import Appraisal, Mark, PrintedEffect, QualitativeFinding, Study
from folkmoot.evidence.queries.history import ChangeShown, changes_of_study
from folkmoot.evidence.queries.shelf import Shelf, distance_of, gather
from folkmoot.evidence.queries.standings import judge_one
from folkmoot.mechanisms.models import Assumption, Factor, Mechanism, Step
from folkmoot.organisations.visibility import access_of, visible

SEARCHED = ("authors", "title", "design", "setting", "country", "key", "summary")


@dataclass(frozen=True, slots=True)
class StudyFilters:
    """What the reader asked for; an empty part filters nothing."""

    words: str = ""
    kind: str = ""
    read: str = ""
    retracted: str = ""
    whose: str = ""


def studies_for(viewer: Any, filters: StudyFilters) -> QuerySet[Study]:
    """The studies this viewer may see that pass the filters, by author, with the number of their marks."""
    found: QuerySet[Study] = Study.objects.visible_to(viewer)
    for word in filters.words.split()[:8]:
        condition = Q()
        for name in SEARCHED:
            condition |= Q(**{f"{name}__icontains": word})
        if word.isdecimal() and len(word) == 4:
            condition |= Q(year=int(word))
        found = found.filter(condition)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.read:
        found = found.filter(read_where=filters.read)
    if filters.retracted:
        found = found.filter(retracted_at__isnull=filters.retracted == "no")
    if filters.whose:
        access = access_of(viewer)
        own = Q(organisation__in=list(access.organisations)) | Q(team__in=list(access.teams))
        network = Q(organisation=None, team=None)
        found = found.filter({"own": own, "network": network}.get(filters.whose, ~own & ~network))
    counted = found.annotate(factors=Count("marks__factor", distinct=True))
    # a count takes the model's own order away
    return counted.select_related("organisation", "team").order_by("authors", "year", "id")


@dataclass(frozen=True, slots=True)
class CellMark:
    """One mark of the grid: its sign, its word, and what belongs to it."""

    mark: Mark
    sign: str
    word: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """One factor with its marks, a cell for each column."""

    factor: Factor
    by_chance: bool
    cells: tuple[tuple[CellMark, ...], ...]


@dataclass(frozen=True, slots=True)
class GridGroup:
    """The factors of one chain, in its order; without a chain where none contains them."""

    mechanism: Mechanism | None
    rows: tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class FactorGrid:
    """Factors down, grouped by chain; across, each horizon and population."""

    columns: tuple[tuple[str, str], ...]
    groups: tuple[GridGroup, ...]


@dataclass(frozen=True, slots=True)
class AssumptionRead:
    """What the study reads for one assumption, with all that decides whether it counts there."""

    assumption: Assumption
    reading: str
    word: str
    outcome: str
    population: str
    level: int
    counted: bool
    why_not: str
    distance: str
    appraisal: Appraisal | None

    @property
    def may_be_appraised(self) -> bool:
        """True where it tests the assumption at all, so that its distance from here matters."""
        return self.reading in TESTS


TESTS = {one.value for one in Reading if one.is_a_test}
WORDS = {
    Reading.FOR: "for",
    Reading.AGAINST: "against",
    Reading.NO_EFFECT: "no effect found",
    Reading.WITHOUT_MECHANISM: "outcome without the mechanism",
    Reading.SPAN: "span",
    Reading.SILENT: "silent",
}


@dataclass(frozen=True, slots=True)
class StudyPage:
    """Everything the page of one study shows."""

    study: Study
    distance: str
    grid: FactorGrid
    reads: tuple[AssumptionRead, ...]
    appraisals: tuple[Appraisal, ...]
    pools: tuple[Study, ...]
    pooled_in: tuple[Study, ...]
    findings: tuple[QualitativeFinding, ...]
    same_sample: tuple[Study, ...]
    effects: tuple[PrintedEffect, ...]
    changes: tuple[ChangeShown, ...]


def study_page(study: Study, *, viewer: Any) -> StudyPage:
    """Read all there is on one study, judged with the widest evidence this viewer may use."""
    scope: Scope = "ours" if access_of(viewer).belongs else "network"
    marks = list(Mark.objects.filter(study=study).select_related("factor").order_by("factor_id", "id"))
    appraisals = (
        Appraisal.objects.filter(in_scope(viewer, scope), study=study)
        .select_related("assumption__cause", "assumption__effect", "organisation", "team")
        .order_by("-created_at", "-id")
    )
    same = Study.objects.filter(visible(viewer), sample=study.sample).exclude(pk=study.pk)
    return StudyPage(
        study=study,
        distance=distance_of(study, None).sentence,
        grid=_grid(study, marks, viewer),
        reads=_reads(study, marks, viewer=viewer, scope=scope),
        appraisals=tuple(appraisals),
        pools=tuple(study.pools.filter(visible(viewer))),
        pooled_in=tuple(study.pooled_in.filter(visible(viewer))),
        findings=tuple(
            QualitativeFinding.objects.filter(visible(viewer), study=study)
            .exclude(state="superseded")
            .select_related("assumption__cause", "assumption__effect")
        ),
        same_sample=tuple(same) if study.sample else (),
        effects=tuple(PrintedEffect.objects.filter(study=study).select_related("factor")),
        changes=changes_of_study(study, viewer=viewer, scope=scope),
    )


def _grid(study: Study, marks: list[Mark], viewer: Any) -> FactorGrid:
    def length(mark: Mark) -> tuple[bool, int, str, str]:
        days = mark.horizon_days
        return (days is None, days or 0, mark.horizon, mark.population)

    columns = tuple(dict.fromkeys((one.horizon, one.population) for one in sorted(marks, key=length)))
    chance = set(study.randomised_at.values_list("pk", flat=True))
    by_factor: dict[int, list[Mark]] = defaultdict(list)
    factors: dict[int, Factor] = {}
    for one in marks:
        by_factor[one.factor_id].append(one)
        factors[one.factor_id] = one.factor

    def row(pk: int) -> GridRow:
        cells = tuple(
            tuple(_cell(one) for one in by_factor[pk] if (one.horizon, one.population) == column)
            for column in columns
        )
        return GridRow(factors[pk], pk in chance, cells)

    groups = []
    left = dict.fromkeys(factors)
    for mechanism, ordered in _chains_of(factors, viewer):
        mine = [pk for pk in ordered if pk in left]
        for pk in mine:
            left.pop(pk, None)
        if mine:
            groups.append(GridGroup(mechanism, tuple(row(pk) for pk in mine)))
    if left:
        groups.append(GridGroup(None, tuple(row(pk) for pk in left)))
    return FactorGrid(columns, tuple(groups))


def _cell(mark: Mark) -> CellMark:
    sign = Sign(mark.sign)
    return CellMark(mark, sign.sign, sign.meaning)


def _chains_of(factors: Iterable[int], viewer: Any) -> list[tuple[Mechanism, list[int]]]:
    """The chains in force with any of these factors, the library's first, each with its factors in order."""
    wanted = set(factors)
    steps = (
        Step.objects.filter(
            visible(viewer, through="version__mechanism"),
            version__is_current=True,
            version__mechanism__retired_at=None,
        )
        .order_by("version_id", "position")
        .values_list("version__mechanism_id", "assumption__cause_id", "assumption__effect_id")
    )
    ordered: dict[int, dict[int, None]] = defaultdict(dict)
    for chain, cause, effect in steps:
        ordered[chain].update({cause: None, effect: None})
    held = {chain: list(pks) for chain, pks in ordered.items() if wanted & pks.keys()}
    chains = sorted(
        Mechanism.objects.filter(pk__in=held),
        key=lambda one: (one.code == "", -len(wanted & set(held[one.pk])), one.pk),
    )
    return [(one, held[one.pk]) for one in chains]


def _reads(study: Study, marks: list[Mark], *, viewer: Any, scope: Scope) -> tuple[AssumptionRead, ...]:
    effects = {one.factor_id for one in marks if one.direct and one.sign != Mark.Sign.NOT_MEASURED}
    wanted = list(
        Assumption.objects.visible_to(viewer)
        .filter(effect_id__in=effects)
        .order_by(F("code"), "pk")
        .values_list("pk", flat=True)
    )
    shelf = gather(wanted, viewer=viewer, scope=scope)
    if study.pk not in shelf.studies:
        return ()
    found: list[AssumptionRead] = []
    for pk in sorted(wanted, key=lambda one: natural(shelf.assumptions[one].code, one)):
        found.extend(_reads_of(shelf, shelf.assumptions[pk], study))
    return tuple(found)


def natural(code: str, pk: int) -> tuple[bool, list[int], int]:
    """P2.4 before P10.1; what has no code last, as it was made."""
    return (not code, [int(part) for part in code.removeprefix("P").split(".") if part.isdecimal()], pk)


def _reads_of(shelf: Shelf, assumption: Assumption, study: Study) -> list[AssumptionRead]:
    said = evidence_on(shelf.link(assumption), [shelf.record(study.pk, assumption)])
    if not (said.tests or said.for_parts or said.nearest):
        return []
    judgement = judge_one(shelf, assumption).judgement
    counted = {*judgement.counted_for, *judgement.counted_against, *judgement.counted_no_effect}
    reasons = {one.key: one.reason for one in judgement.set_aside}
    key = shelf.keys[study.pk]
    appraisal = shelf.appraisals.get((study.pk, assumption.pk))

    def read(test: Test, population: str) -> AssumptionRead:
        counts = key in counted and test.reading.is_a_test and not population
        why_not = "" if counts else reasons.get(key, "")
        if population:
            why_not = f"It holds for a part of its people only: {population}."
        return AssumptionRead(
            assumption=assumption,
            reading=test.reading.value,
            word=WORDS[test.reading],
            outcome=test.outcome,
            population=population,
            level=test.level_here(),
            counted=counts,
            why_not=why_not,
            distance=distance_of(study, appraisal).sentence,
            appraisal=appraisal,
        )

    reads = [read(test, "") for test in said.tests]
    reads += [read(part.test, part.population) for part in said.for_parts]
    reads += [
        AssumptionRead(
            assumption=assumption,
            reading=one.reading.value,
            word=WORDS[one.reading],
            outcome="",
            population="",
            level=shelf.record(study.pk, assumption).level,
            counted=False,
            why_not=f"It ended before the time that this assumption speaks of: {one.text}.",
            distance=distance_of(study, appraisal).sentence,
            appraisal=appraisal,
        )
        for one in said.nearest
    ]
    return reads
