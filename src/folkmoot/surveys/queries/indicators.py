"""Indicators as pages and rooms above may show them. An outcome and a count are two types: neither can be
handed on as the other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from folkmoot.core.errors import FolkmootError
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.visibility import visible
from folkmoot.surveys.models import OUTCOMES, Indicator, Question, Series


@dataclass(frozen=True, slots=True)
class Place:
    """The end of an assumption that an indicator measures, where its reader may see that assumption."""

    assumption: int
    end: str
    cause: str
    effect: str

    @property
    def factor(self) -> str:
        return self.cause if self.end == Indicator.End.CAUSE else self.effect


@dataclass(frozen=True, slots=True)
class _Shown:
    pk: int
    name: str
    kind: str
    measured_as: str
    unit: str
    judge: str
    judged_by: str
    better: str
    owner: str
    place: Place | None
    ended: bool


@dataclass(frozen=True, slots=True)
class Outcome(_Shown):
    """Something that changed, or did not, in people. Only this type is shown under outcomes."""

    smallest_change: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in OUTCOMES:
            raise TypeError(f"“{self.name}” is no outcome: it counts what was done or handed out")

    @property
    def only_the_sponsor_says_so(self) -> bool:
        """Whether it is nobody's judgement but that of whoever does the work or pays for it."""
        return self.judged_by == Indicator.Judge.SPONSOR


@dataclass(frozen=True, slots=True)
class Count(_Shown):
    """An activity or an output. It has no smallest change and no place under outcomes."""

    def __post_init__(self) -> None:
        if self.kind in OUTCOMES:
            raise TypeError(f"“{self.name}” is an outcome and not a count of work")


@dataclass(frozen=True, slots=True)
class Indicators:
    """Everything measured that a person may see, the two types apart."""

    outcomes: tuple[Outcome, ...]
    counts: tuple[Count, ...]


def indicators_for(viewer: Any, *, assumptions: Collection[int] | None = None) -> Indicators:
    """The indicators that this person may see, of these assumptions or of all. Two queries."""
    rows = Indicator.objects.visible_to(viewer).select_related("organisation", "team")
    if assumptions is not None:
        rows = rows.filter(assumption__in=assumptions)
    listed = list(rows)
    places = _places([one.assumption_id for one in listed if one.assumption_id], viewer)
    outcomes, counts = [], []
    for one in listed:
        known = _fields(one, places)
        if one.is_outcome:
            outcomes.append(Outcome(**known, smallest_change=one.smallest_change))
        else:
            counts.append(Count(**known))
    return Indicators(tuple(outcomes), tuple(counts))


def shown(indicator: Indicator, *, viewer: Any) -> Outcome | Count:
    """One indicator as it may be shown to this person."""
    known = _fields(indicator, _places([indicator.assumption_id] if indicator.assumption_id else [], viewer))
    if indicator.is_outcome:
        return Outcome(**known, smallest_change=indicator.smallest_change)
    return Count(**known)


def outcome_of(indicator: Indicator, *, viewer: Any) -> Outcome:
    """The indicator as the outcome of a plan or a finding; refused for an activity or an output."""
    found = shown(indicator, viewer=viewer)
    if not isinstance(found, Outcome):
        raise FolkmootError(
            f"“{indicator.name}” is {'an output' if indicator.kind == 'output' else 'an activity'}: it counts what was"
            " done or handed out and cannot be an outcome."
        )
    return found


@dataclass(frozen=True, slots=True)
class Uses:
    """Where an indicator is asked or published, as far as this person may see."""

    questions: tuple[Question, ...]
    series: tuple[Series, ...]


def uses_of(indicator: Indicator, *, viewer: Any) -> Uses:
    """The questions now in force and the series that measure it. Two queries."""
    questions = (
        Question.objects.filter(
            visible(viewer, through="instrument__survey"), indicator=indicator, instrument__is_current=True
        )
        .select_related("instrument__survey")
        .order_by("instrument__survey__title", "position")
    )
    return Uses(tuple(questions), tuple(Series.objects.visible_to(viewer).filter(indicator=indicator)))


def _places(ids: Collection[int], viewer: Any) -> dict[int, tuple[str, str]]:
    rows = Assumption.objects.filter(visible(viewer), pk__in=ids) if ids else Assumption.objects.none()
    return {
        pk: (cause, effect)
        for pk, cause, effect in rows.values_list("pk", "cause__wording", "effect__wording")
    }


def _fields(one: Indicator, places: dict[int, tuple[str, str]]) -> dict[str, Any]:
    ends = places.get(one.assumption_id or 0)
    return {
        "pk": one.pk,
        "name": one.name,
        "kind": one.kind,
        "measured_as": one.measured_as,
        "unit": one.unit,
        "judge": one.get_judged_by_display(),
        "judged_by": one.judged_by,
        "better": one.better,
        "owner": one.owner_label,
        "place": Place(one.assumption_id or 0, one.end, *ends) if ends else None,
        "ended": one.ended_on is not None,
    }
