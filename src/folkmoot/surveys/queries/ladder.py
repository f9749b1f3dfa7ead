"""The ladder of added value of a bought system: signed up, delivered, opened, recalled, acted, outcome.

The first three are outputs, whatever their size: the system's own log, with nobody to compare with. Only from
there on can it be said what was added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from folkmoot.organisations.visibility import visible
from folkmoot.surveys.models import Indicator, Otherwise
from folkmoot.surveys.queries.otherwise import Answer, OtherwisePage

OUTPUT, NEAR = "Output", "Near outcome"
NOT_RECORDED, NOT_MEASURED = "Not recorded", "Not measured"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder. ``added`` is empty for outputs: they have nobody to compare with."""

    name: str
    kind: str
    found: str
    added: str
    known_from: str
    indicator: Indicator | None = None

    @property
    def missing(self) -> bool:
        return self.found in (NOT_RECORDED, NOT_MEASURED)


def ladder_of(row: Otherwise, page: OtherwisePage, *, viewer: Any) -> tuple[Rung, ...]:
    """The six steps in order, each with what is known of it. One query where an outcome is named."""
    log = "The system’s own log: it says nothing of who would have been reached otherwise"
    outputs = (
        _output("Signed up", row.signed_up, None, log),
        _output("Delivered", row.delivered, row.signed_up, log),
        _output("Opened", row.opened, row.delivered, log),
    )
    answers = {answer.heading: answer for answer in page.answers}
    held_out = row.basis == Otherwise.Basis.HELD_OUT
    reach = answers.get("Reached" if held_out else "Recalled")
    how = (
        "Those held out by lot, beside those who got it"
        if held_out
        else "What people say through which channel it came"
    )
    return (
        *outputs,
        _compared("Recalled, or reached by whatever way", NEAR, reach, how),
        _compared("Acted", NEAR, answers.get("What people did"), how),
        _outcome(row, answers.get("The outcome"), how, viewer),
    )


def _output(name: str, number: int | None, before: int | None, how: str) -> Rung:
    if number is None:
        return Rung(name, OUTPUT, NOT_RECORDED, "", "")
    share = f", {100 * number / before:.0f} % of the step before" if before else ""
    return Rung(name, OUTPUT, f"{number:,}{share}", "", how)


def _compared(
    name: str, kind: str, answer: Answer | None, how: str, indicator: Indicator | None = None
) -> Rung:
    if answer is None:
        return Rung(name, kind, NOT_MEASURED, "", "", indicator)
    shares = "; ".join(f"{one.label}: {one.percent or one.n}" for one in answer.shares[:2])
    return Rung(name, kind, shares, answer.sentence, how, indicator)


def _outcome(row: Otherwise, answer: Answer | None, how: str, viewer: Any) -> Rung:
    """An indicator that this reader may not see is not named; that there is an outcome is."""
    indicator = None
    if row.outcome_id is not None:
        seen = Indicator.objects.filter(visible(viewer), pk=row.outcome_id)
        indicator = seen.select_related("assumption__cause", "assumption__effect").first()
    kind = indicator.get_kind_display().partition(":")[0] if indicator else "Near or far outcome"
    return _compared("Outcome", kind, answer, how, indicator)
