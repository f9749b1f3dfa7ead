"""Answers to the question that comes before a renewal: would they have been reached otherwise?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from folkmoot.audit.actions import action, made, record, save_version
from folkmoot.core.errors import FolkmootError
from folkmoot.organisations.models import User
from folkmoot.organisations.ownership import Owner, ids_of, owned_by
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.organisations.visibility import visible
from folkmoot.surveys.limits import require_owner, require_reach
from folkmoot.surveys.models import Indicator, Otherwise, Wave
from folkmoot.surveys.queries.microdata import columns
from folkmoot.surveys.reached import from_hold_out, from_recall
from folkmoot.surveys.reading.held_out import HeldOut

DETAILS = (
    "title", "system", "sent_to", "signed_up", "delivered", "opened", "cost", "outcome_words", "outcome", "visibility",
)  # fmt: skip
Choice = tuple[str, str]  # a question and the answer that means yes


@action
def record_otherwise(
    *,
    title: str,
    system: str,
    owner: Owner | None,
    visibility: str,
    counts: HeldOut | None = None,
    filename: str = "",
    sha256: str = "",
    wave: Wave | None = None,
    by_system: Choice | None = None,
    others: Sequence[Choice] = (),
    sent_to: int | None = None,
    signed_up: int | None = None,
    delivered: int | None = None,
    opened: int | None = None,
    cost: float | None = None,
    outcome_words: str = "",
    outcome: Indicator | None = None,
    by: User,
) -> Otherwise:
    """Answer it from counts of people held out, or from who recalls it through which channel in a wave."""
    whose = require_owner(owner)
    require_edit_for(by, **ids_of(whose))
    require_reach(whose, visibility)
    if not title.strip() or not system.strip():
        raise FolkmootError("Give a title and what was bought.")
    _require_sense(cost=cost, signed_up=signed_up, delivered=delivered, opened=opened, outcome=outcome, by=by)
    if counts is not None and counts.has_outcome and outcome is None:
        raise FolkmootError("Say which indicator the outcome is: it stands at an assumption, or it is none.")
    cells: Any
    if counts is not None:
        basis = Otherwise.Basis.HELD_OUT
        cells = {"clusters": counts.clusters, "rows": [list(one) for one in counts.cells]}
        figures = from_hold_out(counts.cells, clusters=counts.clusters, sent_to=sent_to, cost=cost)
        read, used = counts.read, counts.used
    elif wave is not None and by_system is not None:
        basis = Otherwise.Basis.RECALL
        if owned_by(whose) != {"organisation": wave.survey.organisation, "team": wave.survey.team}:
            raise FolkmootError("The survey belongs to somebody else.")
        if by_system in others:
            raise FolkmootError("The system is not one of the other channels.")
        cells = {"by_system": list(by_system), "others": [list(one) for one in others]}
        figures, read = _recalled(wave, by_system, others, sent_to=sent_to, cost=cost, by=by)
        used = int(figures["people"])
    else:
        raise FolkmootError("Bring in a list of people held out, or choose a wave that asked about channels.")
    found: Otherwise = Otherwise.objects.create(
        title=title.strip(),
        system=system.strip(),
        basis=basis,
        sent_to=sent_to,
        signed_up=signed_up,
        delivered=delivered,
        opened=opened,
        cost=cost,
        outcome_words=outcome_words.strip(),
        outcome=outcome,
        wave=wave,
        filename=filename[:255],
        sha256=sha256,
        read=read,
        used=used,
        cells=cells,
        figures=figures,
        visibility=visibility,
        **owned_by(whose),
        **made(by),
    )
    record("asked whether they would have been reached otherwise", by=by, on=found, basis=str(basis))
    return found


@action
def revise_otherwise(found: Otherwise, *, expected: int, by: User, **details: Any) -> Otherwise:
    """Correct what is said around the counts; the figures follow. The counts themselves stay."""
    require_edit(by, found)
    unknown = sorted(set(details) - set(DETAILS))
    if unknown:
        raise TypeError(f"there is no {', '.join(unknown)}")
    if "visibility" in details:
        require_reach(found.organisation or found.team, details["visibility"])
    for name, value in details.items():
        setattr(found, name, value.strip() if isinstance(value, str) else value)
    if not found.title or not found.system:
        raise FolkmootError("Give a title and what was bought.")
    _require_sense(
        cost=found.cost,
        signed_up=found.signed_up,
        delivered=found.delivered,
        opened=found.opened,
        outcome=found.outcome,
        by=by,
    )
    if "outcome" in found.figures and found.outcome is None:
        raise FolkmootError("Say which indicator the outcome is: it stands at an assumption, or it is none.")
    if found.basis == Otherwise.Basis.HELD_OUT:
        found.figures = from_hold_out(
            found.cells["rows"], clusters=found.cells["clusters"], sent_to=found.sent_to, cost=found.cost
        )
    elif found.wave is not None:
        system, others = found.cells["by_system"], found.cells["others"]
        found.figures, _ = _recalled(
            found.wave,
            (system[0], system[1]),
            [(one[0], one[1]) for one in others],
            sent_to=found.sent_to,
            cost=found.cost,
            by=by,
        )
    save_version(found, expected=expected, by=by)
    record("revised an answer on reach", by=by, on=found, changed=sorted(details))
    return found


def _require_sense(
    *,
    cost: float | None,
    signed_up: int | None,
    delivered: int | None,
    opened: int | None,
    outcome: Indicator | None,
    by: User,
) -> None:
    """Each step of the ladder holds no more people than the one before; an output is no outcome."""
    if cost is not None and not 0 <= cost < 1e12:
        raise FolkmootError("The cost of a year is a number of pounds.")
    if delivered is not None and signed_up is not None and delivered > signed_up:
        raise FolkmootError("It cannot arrive at more people than signed up.")
    if opened is not None and delivered is not None and opened > delivered:
        raise FolkmootError("No more people can open it than it arrives at.")
    if outcome is None:
        return
    if not Indicator.objects.filter(visible(by), pk=outcome.pk).exists():
        raise FolkmootError("There is no such indicator.")
    if not outcome.is_outcome:
        raise FolkmootError("This indicator is an activity or an output. It cannot be shown as an outcome.")


def _recalled(
    wave: Wave,
    by_system: Choice,
    others: Sequence[Choice],
    *,
    sent_to: int | None,
    cost: float | None,
    by: User,
) -> tuple[dict[str, Any], int]:
    names = list(dict.fromkeys([by_system[0], *(one[0] for one in others)]))
    held = columns(wave, names, viewer=by)
    figures = from_recall(
        held.of(by_system[0]).is_answer(by_system[1]),
        [held.of(name).is_answer(word) for name, word in others],
        held.design(),
        sent_to=sent_to,
        cost=cost,
    )
    return figures, held.rows
