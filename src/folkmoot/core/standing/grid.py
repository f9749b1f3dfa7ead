"""From a study's factor grid to what it says about each assumption, horizon by horizon.

Not here: the word (judge), files, or the database. A caller builds ``Record`` and ``Link`` from
wherever they are kept; the reader's right to see a study was settled before it got here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.standing.evidence import Pooled, Test
from folkmoot.core.standing.judge import Judgement, judge
from folkmoot.core.standing.levels import Randomised
from folkmoot.core.standing.marks import Mark, Reading, reading
from folkmoot.core.standing.rules import RULES, Rules


@dataclass(frozen=True, slots=True)
class FactorMark:
    """What a study found at one factor, for one horizon, population and outcome.

    ``horizon_days`` is None where it was not read. ``population`` is empty for everybody the study
    looked at, else the part of them. ``direct`` is False for an outcome that only neighbours the
    factor: it is shown and gives no reading. ``fading`` says that the effect was already smaller
    than at an earlier horizon. ``manipulated`` and ``delivered`` belong together: what was really
    delivered is marked up, and what was not cannot be.
    """

    factor: str
    mark: Mark
    horizon: str = ""
    horizon_days: int | None = None
    population: str = ""
    outcome: str = ""
    direct: bool = True
    in_conflict: bool = False
    association: bool = False
    manipulated: bool = False
    delivered: bool = False
    fading: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if self.manipulated and self.delivered is not (self.mark is Mark.UP):
            raise CannotAnalyse(
                f"{self.factor} was manipulated: it is marked up exactly when it was really delivered."
            )
        if self.horizon_days is not None and self.horizon_days < 0:
            raise CannotAnalyse(f"{self.factor} has a horizon before the activity.")


@dataclass(frozen=True, slots=True)
class Record:
    """One study as recorded: its marks, and what decides how far it counts anywhere.

    ``randomised_at`` names the factors that chance decided, one for each chain the study speaks to.
    """

    key: str
    level: int
    team: str
    sample: str
    marks: tuple[FactorMark, ...]
    near: bool = False
    read_in_full: bool = False
    appraiser_is_evaluator: bool = False
    is_review: bool = False
    inclusion_level: int | None = None
    pools: frozenset[str] = frozenset()
    retracted: bool = False
    association: bool = False
    randomised_at: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """One assumption as a place in a chain. ``upstream`` are the factors before its cause;
    ``horizon_days`` is how long after the activity the effect is claimed (0: at the time)."""

    key: str
    cause: str
    effect: str
    horizon_days: int = 0
    upstream: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Nearest:
    """A reading at a horizon too short for the assumption: worth showing, never counted."""

    key: str
    reading: Reading
    horizon: str
    horizon_days: int | None
    fading: bool

    @property
    def text(self) -> str:
        """How the standing mentions it: "21 days, fading"."""
        return f"{self.horizon or 'horizon not read'}{', fading' if self.fading else ''}"


@dataclass(frozen=True, slots=True)
class ForPart:
    """What a study says of the assumption for one part of its people only: shown, not counted again."""

    population: str
    test: Test


@dataclass(frozen=True, slots=True)
class Span:
    """A study that measured two factors of a chain and nothing between: drawn across, counted nowhere."""

    key: str
    start: str
    end: str
    reading: Reading
    outcome: str


@dataclass(frozen=True, slots=True)
class LinkEvidence:
    """All that a body of studies says of one assumption, before any rule is applied."""

    tests: tuple[Test, ...]
    nearest: tuple[Nearest, ...]
    for_parts: tuple[ForPart, ...]


@dataclass(frozen=True, slots=True)
class LinkStanding:
    """The judgement of one assumption with what stands beside it uncounted."""

    link: Link
    judgement: Judgement
    nearest: tuple[Nearest, ...]
    for_parts: tuple[ForPart, ...]

    @property
    def label(self) -> str:
        """The word, its leaning, and where nothing reached the horizon the nearest that came."""
        if self.nearest and not (
            self.judgement.counted_for or self.judgement.counted_against or self.judgement.counted_no_effect
        ):
            return f"{self.judgement.label}, nearest: {self.nearest[0].text}"
        return self.judgement.label


def evidence_on(link: Link, records: Iterable[Record]) -> LinkEvidence:
    """What each record says of ``link``. A study that did not look at the effect is left out.

    Of several marks on the effect the one whose horizon just reaches the assumption's is read; a mark
    that does not reach it, or whose horizon was not read where one is claimed, is only "nearest",
    longest first. The cause is read at its last horizon before the effect's.
    """
    tests: list[Test] = []
    nearest: list[Nearest] = []
    parts: list[ForPart] = []
    for record in sorted(records, key=lambda item: item.key):
        # the first comparison spares a call for each of the many marks on other factors
        effects = [m for m in record.marks if m.factor == link.effect and _speaks(m, link.effect)]
        for population, outcome in sorted({(m.population, m.outcome) for m in effects}):
            same = [m for m in effects if (m.population, m.outcome) == (population, outcome)]
            reaching = [m for m in same if _reaches(m, link)]
            for effect in _first_to_reach(reaching):
                for test in _tests(record, link, effect):
                    if population:
                        parts.append(ForPart(population, test))
                    else:
                        tests.append(test)
            if not reaching and not population:
                nearest.extend(_too_short(record, link, same))
    nearest.sort(
        key=lambda item: (-1 if item.horizon_days is None else item.horizon_days, item.key), reverse=True
    )
    return LinkEvidence(tuple(tests), tuple(nearest), tuple(parts))


def stand(
    link: Link,
    records: Iterable[Record],
    *,
    accounts: int = 0,
    pooled: Pooled | None = None,
    failed_hoops: int = 0,
    rules: Rules = RULES,
) -> LinkStanding:
    """The standing of ``link`` on these records, with what is near and what holds for a part only."""
    found = evidence_on(link, records)
    judgement = judge(found.tests, accounts=accounts, pooled=pooled, failed_hoops=failed_hoops, rules=rules)
    return LinkStanding(link, judgement, found.nearest, found.for_parts)


def spans(factors: Sequence[str], records: Iterable[Record]) -> tuple[Span, ...]:
    """The studies that jump over factors of this chain, with what the two ends would read.

    ``factors`` in the chain's order. A span starts at the last factor measured before the gap, so a
    chain that failed there is not blamed for what came later: such a study is silent and left out.
    """
    found: list[Span] = []
    for record in sorted(records, key=lambda item: item.key):
        measured = {
            factor: marks
            for factor in factors
            if (marks := [m for m in record.marks if _speaks(m, factor) and not m.population])
        }
        places = [place for place, factor in enumerate(factors) if factor in measured]
        for start, end in pairwise(places):
            if end - start < 2:
                continue
            cause = _strongest_cause(measured[factors[start]])
            for effect in sorted(measured[factors[end]], key=lambda m: (m.outcome, m.horizon_days or 0)):
                said = reading(cause, effect.mark)
                if said is not Reading.SILENT:
                    found.append(Span(record.key, factors[start], factors[end], said, effect.outcome))
    return tuple(found)


def _speaks(mark: FactorMark, factor: str) -> bool:
    return mark.factor == factor and mark.direct and mark.mark is not Mark.NOT_MEASURED


def _reaches(mark: FactorMark, link: Link) -> bool:
    if link.horizon_days == 0:
        return True
    return mark.horizon_days is not None and mark.horizon_days >= link.horizon_days


def _first_to_reach(marks: list[FactorMark]) -> list[FactorMark]:
    """The marks at the shortest horizon among those that reach; without a read horizon, the last."""
    if not marks:
        return []
    first = min(_days(mark) for mark in marks)
    return [mark for mark in marks if _days(mark) == first]


def _days(mark: FactorMark) -> float:
    return float("inf") if mark.horizon_days is None else mark.horizon_days


def _too_short(record: Record, link: Link, marks: list[FactorMark]) -> list[Nearest]:
    longest = max(marks, key=lambda mark: -1 if mark.horizon_days is None else mark.horizon_days)
    return [
        Nearest(record.key, test.reading, longest.horizon, longest.horizon_days, longest.fading)
        for test in _tests(record, link, longest)
        if test.reading.is_a_test
    ][:1]


def _tests(record: Record, link: Link, effect: FactorMark) -> list[Test]:
    """The readings of one effect mark, one for each outcome the cause was measured by."""
    causes = _causes(record, link, effect)
    if not causes and not any(_speaks(m, m.factor) for m in record.marks if m.factor in link.upstream):
        return []  # it saw the effect alone: no test, and no span either
    randomised, held_down = _chance(record, link)

    def test(said: Reading, in_conflict: bool) -> Test:
        return Test(
            key=record.key,
            reading=said,
            level=record.level,
            team=record.team,
            sample=record.sample,
            near=record.near,
            read_in_full=record.read_in_full,
            appraiser_is_evaluator=record.appraiser_is_evaluator,
            is_review=record.is_review,
            inclusion_level=record.inclusion_level,
            pools=record.pools,
            retracted=record.retracted,
            in_conflict=in_conflict,
            association=record.association or effect.association or held_down,
            randomised=randomised,
            outcome=effect.outcome,
        )

    if not causes:
        return [test(Reading.SPAN, effect.in_conflict)]
    made = [
        test(reading(cause.mark, effect.mark), effect.in_conflict or cause.in_conflict) for cause in causes
    ]
    return sorted(set(made), key=Test.order) if len(made) > 1 else made


def _causes(record: Record, link: Link, effect: FactorMark) -> list[FactorMark]:
    """The cause's marks for the effect's people, or for everybody where the part was not apart."""
    wanted = link.cause
    marks = [m for m in record.marks if m.factor == wanted and _speaks(m, wanted)]
    mine = [m for m in marks if m.population == effect.population] or [m for m in marks if not m.population]
    chosen: list[FactorMark] = []
    for outcome in sorted({m.outcome for m in mine}):
        same = [m for m in mine if m.outcome == outcome]
        in_time = [m for m in same if m.horizon_days is None or m.horizon_days <= _days(effect)]
        chosen.append(max(in_time or same, key=lambda m: -1 if m.horizon_days is None else m.horizon_days))
    return chosen


def _chance(record: Record, link: Link) -> tuple[Randomised, bool]:
    """What chance decided for this link, and whether it decided only something else.

    In the second case the two ends merely moved together, so the study counts as an association here.
    """
    if link.cause in record.randomised_at:
        return Randomised.AT_CAUSE, False
    if record.randomised_at & link.upstream:
        return Randomised.BEFORE_CAUSE, False
    return Randomised.NO, bool(record.randomised_at)


def _strongest_cause(marks: list[FactorMark]) -> Mark:
    """The mark a span starts from: up if the factor moved in any outcome, else what was seen first."""
    if any(mark.mark is Mark.UP for mark in marks):
        return Mark.UP
    return min(marks, key=lambda mark: (mark.outcome, mark.horizon_days or 0, mark.mark.value)).mark
