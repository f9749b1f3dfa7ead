"""The overview: what is relied on and not tested, promises overdue, who is missing, what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.fields import BigIntegerField, CharField, DateField
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from folkmoot.activities.queries.log import Filters
from folkmoot.activities.queries.missed import NotReached, people_not_reached
from folkmoot.activities.queries.relied import Relied
from folkmoot.activities.queries.sums import year_before
from folkmoot.briefings.models import Edition
from folkmoot.coding.queries import Scope, in_scope, interviews_in_scope
from folkmoot.core.standing import Column, Word
from folkmoot.evidence.models import Appraisal, StandingChange, Study
from folkmoot.evidence.models import Change as StudyChange
from folkmoot.evidence.queries import Judged, standings
from folkmoot.evidence.queries.history import ChangeShown, told_changes
from folkmoot.front.queries.relying import Relying, relying
from folkmoot.heard.queries.promises import late_promises
from folkmoot.mechanisms.models import MechanismVersion
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import visible
from folkmoot.strategies.models import Commitment
from folkmoot.ui.pictures.reliance import HOURS, Dot

CHANGES = 8
OVERDUE = 8
MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened lately, in words, with where it can be seen."""

    at: datetime
    what: str
    label: str
    url: str
    because: str = ""
    moved: tuple[StandingChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Overdue:
    """A promise past its day: what, whose, and where it can be seen."""

    text: str
    whose: str
    due: date
    url: str
    mine: bool = False  # the viewer gave it


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the first page shows."""

    dots: tuple[Dot, ...]
    work: Relied
    objectives: int
    organisations: int
    objectives_without_chain: int
    relied_on: int
    untested: int
    untested_work: int
    worst: Judged | None
    worst_rests: str
    overdue: tuple[Overdue, ...]
    overdue_count: int
    not_reached: tuple[NotReached, ...]
    missing_people: tuple[str, ...]
    changes: tuple[Change, ...]


def overview(viewer: Any, *, scope: Scope, organisation: Organisation | None, today: date) -> Overview:
    """What an organisation (None: everybody whose objectives the viewer sees) relies on, and the rest."""
    resting = relying(viewer, organisation=organisation, today=today)
    judged = standings(resting.assumptions, viewer=viewer, scope=scope)
    untested = [one for one in judged.values() if one.judgement.word.column is Column.UNTESTED]
    worst = most_relied_on(untested or list(judged.values()), resting)
    overdue, overdue_count, missing_people = _overdue(viewer, organisation, today, scope)
    return Overview(
        dots=dots_of(judged, resting),
        work=resting.work,
        objectives=len(resting.with_chain),
        organisations=len(resting.organisations),
        objectives_without_chain=len(resting.objectives - resting.with_chain),
        relied_on=len(judged),
        untested=len(untested),
        untested_work=sum(one.assumption.pk in resting.work.on for one in untested),
        worst=worst,
        worst_rests=_rests(worst, resting),
        overdue=overdue,
        overdue_count=overdue_count,
        not_reached=_not_reached(viewer, organisation, today),
        missing_people=missing_people,
        changes=_changes(viewer, scope),
    )


def most_relied_on(among: list[Judged], resting: Relying) -> Judged | None:
    """Of some assumptions the one most rests on; of several the first by code and number."""
    if not among:
        return None
    return min(
        among,
        key=lambda one: (*resting.rank(one.assumption.pk), one.assumption.code, one.assumption.pk),
    )


def _rests(worst: Judged | None, resting: Relying) -> str:
    """What rests on it, in words: "412 hours, 2 objectives"."""
    if worst is None:
        return ""
    objectives = resting.on(worst.assumption.pk)
    parts = [f"{objectives} objective{'' if objectives == 1 else 's'}"] if objectives else []
    hours = resting.hours_on(worst.assumption.pk)
    if hours:
        parts.insert(0, HOURS.of(float(hours)))
    return ", ".join(parts)


def dots_of(judged: Mapping[int, Judged], resting: Relying) -> tuple[Dot, ...]:
    """One dot for each assumption, as the picture wants them."""
    return tuple(
        Dot(
            label=label_of(one),
            url=reverse("assumption", args=[key]),
            word=one.word,
            leaning=one.leaning or None,
            for_count=one.for_count,
            against_count=one.against_count,
            height=resting.height(key),
        )
        for key, one in judged.items()
    )


def label_of(one: Judged) -> str:
    """An assumption by its code and what it leads to: short enough to stand beside a mark."""
    code = f"{one.assumption.code} " if one.assumption.code else ""
    return f"{code}{one.assumption.effect.wording}"


def words_in(column: str) -> list[str]:
    """The standings under one head of the picture."""
    return [word.value for word in Word if word.column.value == column]


def _not_reached(viewer: Any, organisation: Organisation | None, today: date) -> tuple[NotReached, ...]:
    """Who an organisation has not reached in its work of twelve months; of others nobody sees whom they met."""
    if organisation is None:
        return ()
    year = Filters(since=year_before(today), until=today)
    return people_not_reached(viewer, organisation, filters=year)


def _overdue(
    viewer: Any, organisation: Organisation | None, today: date, scope: Scope
) -> tuple[tuple[Overdue, ...], int, tuple[str, ...]]:
    """Promises past their day, of strategies and of what was answered; how many in all; and who is said to be
    missing from the interviews.

    One's own come first, then the oldest.

    One query.
    """
    stated = Commitment.objects.filter(visible(viewer), state="open", due__lt=today).annotate(mine=Value(0))
    answered = late_promises(viewer, today=today)
    if organisation is not None:
        stated = stated.filter(organisation=organisation)
        answered = answered.filter(concern__organisation=organisation)
    parts = ("late", "whose", "leads", "to", "day", "mine")

    def rows(found: QuerySet[Any], text: str, whose: Any, leads: str, to: Any, day: Any) -> QuerySet[Any]:
        listed: QuerySet[Any] = found.order_by().annotate(
            late=F(text), whose=whose, leads=Value(leads, output_field=CharField()), to=to, day=day
        )
        return listed.values_list(*parts)

    due = F("due")
    missing = rows(
        interviews_in_scope(viewer, scope=scope).exclude(missing_people="").annotate(mine=Value(0)),
        "missing_people",
        Value("", output_field=CharField()),
        MISSING,
        # A bare NULL under DISTINCT is text to PostgreSQL, and would not join a column of numbers.
        Cast(Value(None), BigIntegerField()),
        Cast(Value(None), DateField()),
    )
    every = list(
        rows(stated, "text", F("organisation__name"), "objective", F("objective_id"), due).union(
            rows(answered, "text", F("concern__organisation__name"), "concern", F("concern_id"), due),
            missing.distinct(),
            all=True,
        )
    )
    both = sorted(
        (row for row in every if row[2] != MISSING), key=lambda row: (-row[5], row[4], row[0], row[3] or 0)
    )
    listed = tuple(
        Overdue(text, whose, day, reverse(leads, args=[to]) if to else "", bool(mine))
        for text, whose, leads, to, day, mine in both[:OVERDUE]
    )
    return listed, len(both), tuple(sorted({row[0] for row in every if row[2] == MISSING}))


def _changes(viewer: Any, scope: Scope) -> tuple[Change, ...]:
    """What changed in the evidence and in what was published, the newest first, in one query.

    Two more where studies were corrected or retracted: why, and which standings that changed.
    """
    within = in_scope(viewer, scope)

    def rows(found: QuerySet[Any], what: str, *, at: str, label: Any, pk: Any = None) -> QuerySet[Any]:
        listed: QuerySet[Any] = (
            found.order_by()
            .annotate(
                kind_of_change=Value(what, output_field=CharField()),
                moment=F(at),
                named=label,
                target=pk if pk is not None else F("pk"),
            )
            .values_list("kind_of_change", "moment", "named", "target")
        )
        return listed

    studies = rows(
        Study.objects.filter(within, retracted_at=None), "study", at="created_at", label=F("authors")
    )
    corrected = rows(
        StudyChange.objects.filter(in_scope(viewer, scope, through="study")),
        "change",
        at="created_at",
        label=F("study__authors"),
    )
    appraised = rows(
        Appraisal.objects.filter(within, visible(viewer, through="assumption")),
        "appraisal",
        at="created_at",
        label=Concat("assumption__cause__wording", Value(" → "), "assumption__effect__wording"),
        pk=F("assumption_id"),
    )
    chains = rows(
        MechanismVersion.objects.filter(
            visible(viewer, through="mechanism"), Q(mechanism__objective__isnull=False)
        ),
        "chain",
        at="created_at",
        label=F("mechanism__name"),
        pk=F("mechanism_id"),
    )
    editions = rows(
        Edition.objects.filter(
            visible(viewer, through="briefing"), state=Edition.State.PUBLISHED, published_at__isnull=False
        ),
        "edition",
        at="published_at",
        label=F("briefing__title"),
        pk=F("briefing_id"),
    )
    union = studies.union(corrected, appraised, chains, editions, all=True).order_by("-moment")[:CHANGES]
    listed = list(union)
    told = told_changes(
        [target for what, _, _, target in listed if what == "change"], viewer=viewer, scope=scope
    )
    return tuple(
        _of_study(told[target])
        if what == "change"
        else Change(moment, CHANGE_WORDS[what], named, reverse(CHANGE_PAGES[what], args=[target]))
        for what, moment, named, target in listed
    )


def _of_study(shown: ChangeShown) -> Change:
    """A correction or a retraction, with why and with the standings that it moved."""
    change = shown.change
    return Change(
        change.created_at,
        STUDY_WORDS[StudyChange.What(change.what)],
        change.study.short,
        f"{reverse('study', args=[change.study_id])}#changes",
        change.because,
        shown.moved,
    )


CHANGE_WORDS = {
    "study": "A study was recorded",
    "appraisal": "A study was appraised for",
    "chain": "A chain was stated or changed",
    "edition": "An edition was published",
}
STUDY_WORDS = {
    StudyChange.What.CORRECTED: "A study was corrected",
    StudyChange.What.RETRACTED: "A study was retracted",
    StudyChange.What.REINSTATED: "A retraction was taken back",
    StudyChange.What.CONFLICT: "Reports of a study conflict",
    StudyChange.What.RESOLVED: "Conflicting reports were resolved",
    StudyChange.What.FIGURE: "A printed figure was corrected",
    StudyChange.What.POOLED: "A figure came in under a registered plan",
}
CHANGE_PAGES = {
    "study": "study",
    "appraisal": "assumption",
    "chain": "mechanism",
    "edition": "briefing",
}
