"""The sheet on which somebody writes a chain: rows as typed, between one press of a button and the next.

Everything typed lives in the form itself, so the page needs no script and saves nothing half done.
What does not belong here: whether a chain is sound (``drafts``) or writing it (``actions``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any, Literal

from folkmoot.mechanisms.drafts import BackfireDraft, StepDraft, words_of
from folkmoot.mechanisms.models import Assumption, Factor, MechanismVersion
from folkmoot.organisations.visibility import visible

MOST_STEPS = 40
MOST_BACKFIRES = 20
Kept = Literal["keeps", "changed", "new"]


@dataclass(frozen=True, slots=True)
class Row:
    """One step as typed. ``assumption`` is the number of the one it began from; empty for a new one."""

    assumption: str = ""
    cause: str = ""
    effect: str = ""
    own_words: str = ""
    population: str = ""
    horizon: str = ""
    horizon_days: str = ""
    smallest_change: str = ""
    smallest_change_value: str = ""
    context: str = ""

    @property
    def assumption_id(self) -> int | None:
        return int(self.assumption) if self.assumption.isdecimal() and len(self.assumption) < 12 else None

    @property
    def is_blank(self) -> bool:
        """Nothing said of where it leads. (In a line, where it comes from is the step before.)"""
        return not any(
            getattr(self, one.name).strip() for one in fields(self) if one.name not in {"cause", "assumption"}
        )


@dataclass(frozen=True, slots=True)
class BackfireRow:
    """A way to go wrong, and after which step (0: where the chain begins; empty: anywhere)."""

    wording: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The steps and backfires as typed. In a line each step begins where the one before it ends."""

    rows: tuple[Row, ...]
    backfires: tuple[BackfireRow, ...] = ()
    is_graph: bool = False

    def in_line(self) -> Sheet:
        """The same sheet with every cause written out."""
        if self.is_graph:
            return self
        joined: list[Row] = []
        before: str | None = None
        for row in self.rows:
            joined.append(row if before is None else replace(row, cause=before))
            if row.effect.strip():
                before = row.effect
            elif before is None:
                before = row.cause
        return replace(self, rows=tuple(joined))

    def is_a_line(self) -> bool:
        """Does every step begin where the one before it ends, whichever way it was typed?"""
        said = [row for row in self.in_line().rows if row.effect.strip()]
        return all(_same(before.effect, after.cause) for before, after in pairwise(said))

    def with_step(self, row: Row | None = None) -> Sheet:
        if len(self.rows) >= MOST_STEPS:
            return self
        rows = list(self.in_line().rows)
        if row is not None and rows and rows[-1].is_blank:
            rows.pop()
        if row is not None and rows and not self.is_graph:
            rows[-1] = _led_to(rows[-1], row.cause)
        return replace(self, rows=(*rows, row or Row()))

    def without_step(self, place: int) -> Sheet:
        rows = [row for at, row in enumerate(self.in_line().rows) if at != place]
        moved = tuple(
            replace(
                one, after=_after(one.after, lambda step: "" if step == place + 1 else _down(step, place))
            )
            for one in self.backfires
        )
        return replace(self, rows=tuple(rows) or (Row(),), backfires=moved)

    def moved_step(self, place: int, *, by: int) -> Sheet:
        """Exchange a step with its neighbour. In a line the causes follow from the new order."""
        other = place + by
        if not (0 <= place < len(self.rows) and 0 <= other < len(self.rows)):
            return self
        rows = list(self.in_line().rows)
        first = rows[0].cause
        rows[place], rows[other] = rows[other], rows[place]
        if not self.is_graph:
            rows[0] = replace(rows[0], cause=first)
        swap = {place + 1: other + 1, other + 1: place + 1}
        moved = tuple(
            replace(one, after=_after(one.after, lambda step: str(swap.get(step, step))))
            for one in self.backfires
        )
        return replace(self, rows=tuple(rows), backfires=moved)

    def using(self, place: int, assumption: Assumption) -> Sheet:
        """Take an assumption that is there already for a step; what was typed stays as its own words.

        In a line the step before then ends, and the step after begins, with the words of that
        assumption, so that the chain stays joined.
        """
        rows = list(self.in_line().rows)
        if not 0 <= place < len(rows):
            return self
        typed = rows[place]
        said = " → ".join(part for part in (typed.cause.strip(), typed.effect.strip()) if part)
        rows[place] = replace(
            typed,
            assumption=str(assumption.pk),
            cause=assumption.cause.wording,
            effect=assumption.effect.wording,
            own_words=typed.own_words or said[:300],
        )
        if not self.is_graph and place > 0:
            rows[place - 1] = _led_to(rows[place - 1], assumption.cause.wording)
        return replace(self, rows=tuple(rows))


def row_of(assumption: Assumption, *, own_words: str = "", population: str = "", context: str = "") -> Row:
    """A row that keeps an assumption."""
    return Row(
        assumption=str(assumption.pk),
        cause=assumption.cause.wording,
        effect=assumption.effect.wording,
        own_words=own_words,
        population=population,
        context=context,
    )


def sheet_of(version: MechanismVersion, *, viewer: Any) -> Sheet:
    """A version as a sheet to change. Steps that this viewer may not see are left out."""
    steps = version.steps.filter(visible(viewer, through="assumption"))
    rows = tuple(
        row_of(step.assumption, own_words=step.own_words, population=step.population, context=step.context)
        for step in steps.select_related("assumption__cause", "assumption__effect").order_by("position")
    )
    drawn = Sheet(rows or (Row(),), is_graph=True)
    places = {row.effect: str(number) for number, row in enumerate(rows, start=1)}
    if rows:
        places.setdefault(rows[0].cause, "0")
    ways = tuple(
        BackfireRow(one.wording, places.get(one.from_factor.wording, "") if one.from_factor else "")
        for one in version.backfires.select_related("from_factor")
    )
    return replace(drawn, backfires=ways, is_graph=not drawn.is_a_line())


def sheet_from(posted: Mapping[str, str]) -> Sheet:
    """The sheet as it was sent."""
    count = min(_number(posted.get("steps")), MOST_STEPS)
    rows = tuple(
        Row(**{one.name: posted.get(f"step-{at}-{one.name}", "") for one in fields(Row)})
        for at in range(count)
    )
    ways = tuple(
        BackfireRow(posted.get(f"way-{at}-wording", ""), posted.get(f"way-{at}-after", ""))
        for at in range(min(_number(posted.get("ways")), MOST_BACKFIRES))
    )
    return Sheet(rows or (Row(),), ways, posted.get("shape") == "graph").in_line()


def assumptions_on(sheet: Sheet, *, viewer: Any) -> dict[int, Assumption]:
    """The assumptions that rows began from, as far as this viewer may see them."""
    wanted = {row.assumption_id for row in sheet.rows if row.assumption_id is not None}
    found = Assumption.objects.filter(visible(viewer), pk__in=wanted)
    return {one.pk: one for one in found.select_related("cause", "effect")}


def kept(row: Row, *, known: Mapping[int, Assumption]) -> Kept:
    """Does the row keep the assumption that it began from, or do its words make another one?"""
    began = known.get(row.assumption_id or 0)
    if began is None:
        return "new"
    same = _same(row.cause, began.cause.wording) and _same(row.effect, began.effect.wording)
    return "keeps" if same else "changed"


def steps_on(sheet: Sheet, *, known: Mapping[int, Assumption]) -> list[StepDraft]:
    """The rows as drafts; blank rows are left out. Words that are a known factor's are that factor."""
    factors: dict[str, Factor] = {}
    for began in known.values():
        for factor in (began.cause, began.effect):
            factors.setdefault(factor.wording.casefold(), factor)

    def factor_or_words(words: str) -> str | Factor:
        return factors.get(words_of(words).casefold(), words)

    drafts = []
    for place, row in enumerate(sheet.in_line().rows):
        # in a line the cause is the step before's, so it says nothing by itself after the first row
        if row.is_blank and not ((sheet.is_graph or place == 0) and row.cause.strip()):
            continue
        particular: dict[str, Any] = {
            "own_words": row.own_words,
            "population": row.population,
            "context": row.context,
        }
        if kept(row, known=known) == "keeps":
            drafts.append(StepDraft(assumption=known[row.assumption_id or 0], **particular))
            continue
        drafts.append(
            StepDraft(
                cause=factor_or_words(row.cause),
                effect=factor_or_words(row.effect),
                horizon=row.horizon,
                horizon_days=_number(row.horizon_days) if row.horizon_days.strip() else None,
                smallest_change=row.smallest_change,
                smallest_change_value=_decimal(row.smallest_change_value),
                **particular,
            )
        )
    return drafts


def backfires_on(sheet: Sheet) -> list[BackfireDraft]:
    """The ways to go wrong as drafts, each from the factor after its step."""
    rows = sheet.in_line().rows
    places = {str(number): row.effect for number, row in enumerate(rows, start=1)}
    places["0"] = rows[0].cause
    return [
        BackfireDraft(one.wording, places.get(one.after.strip(), ""))
        for one in sheet.backfires
        if one.wording.strip()
    ]


def _same(one: str, other: str) -> bool:
    return words_of(one).casefold() == words_of(other).casefold()


def _led_to(row: Row, wording: str) -> Row:
    """The row with another effect; the words it had stay as its own words."""
    if _same(row.effect, wording):
        return row
    return replace(row, effect=wording, own_words=row.own_words or row.effect.strip()[:300])


def _after(after: str, move: Any) -> str:
    return move(int(after)) if after.strip().isdecimal() else after


def _down(step: int, place: int) -> str:
    return str(step - 1 if step > place + 1 else step)


def _number(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 8 else 0


def _decimal(text: str) -> float | None:
    try:
        return float(text) if text.strip() else None
    except ValueError:
        return None
