"""What somebody says of a questionnaire before it is written down, and the writing of questions inside an action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from folkmoot.communities.models import Population
from folkmoot.surveys.models import Indicator, InstrumentVersion, Question


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question as it is asked. ``breaks`` with ``break_note``: not comparable with the version before;
    a changed wording without a break needs a note, too: why it changes nothing."""

    code: str
    wording: str
    kind: str = "choice"
    answers: tuple[tuple[str, str], ...] = ()
    indicator: Indicator | None = None
    exact: bool = True
    breaks: bool = False
    break_note: str = ""


@dataclass(frozen=True, slots=True)
class TurnoutDraft:
    """How many of one sort of people were invited, and how many of them answered."""

    characteristic: str
    category: str
    invited: int
    answered: int
    special: bool = False


@dataclass(frozen=True, slots=True)
class MarginDraft:
    """Known totals, or shares, of one variable's answers, and where they come from."""

    variable: str
    totals: dict[str, float]
    source: str
    population: Population | None = None


def write_questions(version: InstrumentVersion, questions: Sequence[QuestionDraft]) -> None:
    """Write the questions of a version inside an action of its own."""
    Question.objects.bulk_create(
        [
            Question(
                instrument=version,
                code=one.code.strip()[:64],
                wording=one.wording.strip(),
                exact=one.exact,
                kind=one.kind,
                answers=[list(pair) for pair in one.answers],
                indicator=one.indicator,
                breaks=one.breaks,
                break_note=one.break_note.strip(),
                position=position,
            )
            for position, one in enumerate(questions)
        ],
        batch_size=500,
    )
