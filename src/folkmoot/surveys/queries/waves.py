"""Surveys and waves as pages may show them: figures protected for who reads them, rows for nobody.

What does not belong here: the arrays themselves (``microdata``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from folkmoot.core.disclosure.published import Kind, Published
from folkmoot.core.reach.shares import wilson
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.visibility import access_of
from folkmoot.surveys.models import Margin, Microdata, Result, Survey, Turnout, Variable, Wave
from folkmoot.surveys.protecting import Guard, is_shown, total_of


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One answer with its share, or hidden. Shares are weighted; ``count`` is of people who said so."""

    words: str
    count: Published
    share: float | None
    low: float | None
    high: float | None

    @property
    def percent(self) -> str:
        return "" if self.share is None else f"{100 * self.share:.0f} %"

    @property
    def between(self) -> str:
        if self.low is None or self.high is None:
            return ""
        return f"{100 * self.low:.0f} to {100 * self.high:.0f} %"


def percent(share: float | None, low: float | None, high: float | None) -> str:
    """A share with its interval as people read it; nothing where it is hidden."""
    if share is None or low is None or high is None:
        return ""
    return f"{100 * share:.0f} % ({100 * low:.0f} to {100 * high:.0f} %)"


@dataclass(frozen=True, slots=True)
class ShownMean:
    """A mean with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One question with its figures as this reader may see them."""

    pk: int
    name: str
    wording: str
    exact: bool
    special: bool
    breaks: str
    indicator: int | None
    answers: tuple[ShownAnswer, ...]
    mean: ShownMean | None
    n: Published
    missing: Published
    design_effect: float | None
    caveats: tuple[str, ...]
    refused: str
    missing_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TurnoutRow:
    """How many of one sort were invited and answered; ``share`` with its interval where both are shown."""

    category: str
    invited: Published
    answered: Published
    share: float | None
    low: float | None
    high: float | None

    @property
    def percent(self) -> str:
        return percent(self.share, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Rate:
    """The response rate of a wave."""

    invited: int
    answered: int

    @property
    def share(self) -> float:
        return self.answered / self.invited

    @property
    def silent(self) -> int:
        return self.invited - self.answered


@dataclass(frozen=True, slots=True)
class WavePage:
    """A wave for one reader. ``inside``: of the owner's people; ``microdata`` None: nothing brought in."""

    microdata: Microdata | None
    inside: bool
    may_edit: bool
    rate: Rate | None
    turnouts: tuple[tuple[str, tuple[TurnoutRow, ...]], ...]
    questions: tuple[ShownQuestion, ...]
    waiting: bool
    weighted_by: str
    strata: str
    clusters: str
    margins: tuple[Margin, ...]
    design_caveats: tuple[str, ...]
    panel: bool


def is_inside(viewer: Any, survey: Survey) -> bool:
    """Whether this person belongs to the survey's owner: others get figures protected as for the public."""
    access = access_of(viewer)
    return survey.organisation_id in access.organisations or survey.team_id in access.teams


def wave_page(wave: Wave, *, viewer: Any) -> WavePage:
    """Everything that the page of a wave shows, in seven queries whatever the size."""
    survey = wave.survey
    inside = is_inside(viewer, survey)
    microdata = Microdata.objects.filter(wave=wave).first()
    live = microdata if microdata is not None and microdata.erased_at is None else None
    variables = list(live.variables.select_related("question")) if live else []
    figures = (
        dict(Result.objects.filter(microdata=live, by=None).values_list("variable_id", "figures"))
        if live
        else {}
    )
    questions = [
        shown_question(one, figures[one.pk], inside=inside) for one in variables if one.pk in figures
    ]
    named = {one.role: one.name for one in variables}
    answered = wave.answered if wave.answered is not None else (live.used if live else None)
    # what holds of every question is said once
    common = set.intersection(*(set(one.caveats) for one in questions)) if len(questions) > 1 else set()
    return WavePage(
        microdata=microdata,
        inside=inside,
        may_edit=may_edit(viewer, survey),
        rate=Rate(wave.invited, answered)
        if wave.invited and answered is not None and answered <= wave.invited
        else None,
        turnouts=_turnouts(wave, inside=inside),
        questions=tuple(
            ShownQuestion(**{**_fields(one), "caveats": tuple(c for c in one.caveats if c not in common)})
            for one in questions
        ),
        waiting=live is not None and live.worked_out_at is None,
        weighted_by=named.get(Variable.Role.WEIGHT, ""),
        strata=named.get(Variable.Role.STRATUM, ""),
        clusters=named.get(Variable.Role.CLUSTER, ""),
        margins=tuple(Margin.objects.filter(microdata=live).select_related("variable")) if live else (),
        design_caveats=tuple(sorted(common)),
        panel=Variable.Role.PANEL in named,
    )


def _fields(one: ShownQuestion) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ShownQuestion.__dataclass_fields__}


def shown_question(
    variable: Variable, figures: dict[str, Any], *, inside: bool, special: bool | None = None
) -> ShownQuestion:
    """A question's stored figures as they may be shown: small counts hidden, shares with them."""
    guard = Guard(public=not inside, special=variable.special if special is None else special)
    counts = [one["count"] for one in figures["answers"]]
    cells = guard.line(counts)
    answers = tuple(_answer(one, cell) for one, cell in zip(figures["answers"], cells, strict=True))
    told = figures.get("mean") or {}
    # a mean of too few people is a few people's answer
    people = guard.line([figures["n"]])[0] if not counts else total_of(cells)
    mean = None
    if "estimate" in told and is_shown(people):
        mean = ShownMean(told["estimate"], told["low"], told["high"])
    effects = [one["design_effect"] for one in figures["answers"] if one.get("design_effect")]
    if told.get("design_effect"):
        effects.append(told["design_effect"])
    question = variable.question
    refused = told.get("refused", "") or next(
        (one["refused"] for one in figures["answers"] if "refused" in one), ""
    )
    return ShownQuestion(
        pk=variable.pk,
        name=variable.name,
        wording=question.wording if question else variable.label or variable.name,
        exact=bool(question and question.exact),
        special=variable.special,
        breaks=question.break_note if question and question.breaks else "",
        indicator=question.indicator_id if question else None,
        answers=_in_order(answers, question.answers if question else []),
        mean=mean,
        n=people,
        missing=Guard(public=not inside).line([figures["missing"]])[0],
        design_effect=max(effects) if effects and is_shown(people) else None,
        caveats=tuple(dict.fromkeys([*figures["caveats"], *told.get("caveats", ())])),
        refused=refused,
        missing_words=tuple(f"{words} ({code})" if words else str(code) for code, words in variable.missing),
    )


def _in_order(answers: tuple[ShownAnswer, ...], asked: list[list[str]]) -> tuple[ShownAnswer, ...]:
    """The answers as the questionnaire orders them; what it does not know comes last."""
    place = {str(pair[1]): number for number, pair in enumerate(asked)}
    return tuple(sorted(answers, key=lambda one: place.get(one.words, len(place))))


def _answer(figures: dict[str, Any], cell: Published) -> ShownAnswer:
    share = figures.get("estimate") if is_shown(cell) else None
    return ShownAnswer(
        words=figures["words"],
        count=cell,
        share=share,
        low=figures.get("low") if share is not None else None,
        high=figures.get("high") if share is not None else None,
    )


def _turnouts(wave: Wave, *, inside: bool) -> tuple[tuple[str, tuple[TurnoutRow, ...]], ...]:
    grouped: dict[str, list[Turnout]] = {}
    for one in Turnout.objects.filter(wave=wave):
        grouped.setdefault(one.characteristic, []).append(one)
    found = []
    for characteristic, rows in grouped.items():
        guard = Guard(public=not inside, special=any(one.special for one in rows))
        # who answered and who did not, so that neither follows from the other
        table = np.array([[one.answered, one.invited - one.answered] for one in rows], dtype=np.int64)
        cells = guard.shown(table)
        found.append(
            (characteristic, tuple(_turnout(one, pair, guard) for one, pair in zip(rows, cells, strict=True)))
        )
    return tuple(found)


def _turnout(one: Turnout, cells: Sequence[Published], guard: Guard) -> TurnoutRow:
    if not all(is_shown(cell) for cell in cells):
        unsaid = next(cell for cell in cells if not is_shown(cell))
        return TurnoutRow(one.category, unsaid, unsaid, None, None, None)
    invited = guard.line([one.invited])[0]
    if not one.invited or invited.kind is not Kind.NUMBER:
        return TurnoutRow(one.category, invited, cells[0], None, None, None)
    low, high = wilson(one.answered, whole=one.invited)
    return TurnoutRow(one.category, invited, cells[0], one.answered / one.invited, low, high)
