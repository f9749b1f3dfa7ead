"""An answer on reach as a page shows it: sentences, small counts hidden, costs with both their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from folkmoot.core.disclosure.published import Published
from folkmoot.organisations.visibility import access_of
from folkmoot.surveys.models import Otherwise
from folkmoot.surveys.protecting import Guard, is_shown


@dataclass(frozen=True, slots=True)
class Share:
    """A share of people with its interval; hidden where too few stand behind it."""

    label: str
    n: Published
    percent: str
    between: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one difference says: the shares, the sentence, what each person added costs."""

    heading: str
    shares: tuple[Share, ...]
    sentence: str
    cost: str
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherwisePage:
    """The answer in full, with what cannot be known."""

    people: int
    held_out: int | None
    groups: int | None
    answers: tuple[Answer, ...]
    limits: tuple[str, ...]


def otherwise_page(row: Otherwise, *, viewer: Any) -> OtherwisePage:
    """The answer for this reader. No query but what the row itself brings."""
    access = access_of(viewer)
    inside = row.organisation_id in access.organisations or row.team_id in access.teams
    guard = Guard(public=not inside)
    figures = row.figures
    if row.basis == Otherwise.Basis.HELD_OUT:
        answers = [_difference(figures["reach"], "Reached", "were reached", guard)]
        if "action" in figures:
            words = row.outcome_words or "acted"
            answers.append(_difference(figures["action"], "What people did", words, guard))
        if "outcome" in figures:
            words = "were better off, as the indicator says"
            answers.append(_difference(figures["outcome"], "The outcome", words, guard))
    else:
        answers = [_recall(row, guard)]
    return OtherwisePage(
        people=figures["people"],
        held_out=figures.get("held_out"),
        groups=figures.get("groups"),
        answers=tuple(answers),
        limits=tuple(figures["limits"]),
    )


def _difference(found: dict[str, Any], heading: str, words: str, guard: Guard) -> Answer:
    shares = (
        _share(f"With the system: {words}", found["with"], guard),
        _share(f"Held out: {words} all the same", found["without"], guard),
    )
    # where one arm is hidden the difference would tell it
    if "added" not in found or not all(one.percent for one in shares):
        reason = found.get("refused") or "Too few people to say."
        return Answer(heading, shares, reason, "", tuple(found.get("caveats", ())))
    added = found["added"]
    guess = f"{_points(abs(added['estimate']))} {'more' if added['estimate'] >= 0 else 'fewer'} of a hundred people"
    between = f"({_points(added['low'])} to {_points(added['high'])})"
    if found["cannot_tell"]:
        sentence = (
            f"The system may have added nothing. The best guess is that {guess} {words} with it {between}; the interval"
            " holds none as well."
        )
    else:
        sentence = f"With the system {guess} {words} {between} than would have otherwise."
    return Answer(
        heading, shares, sentence, _cost(found.get("cost", {}), words), tuple(found.get("caveats", ()))
    )


def _recall(row: Otherwise, guard: Guard) -> Answer:
    figures = row.figures
    labels = {
        "by_system": f"Recall it through {row.system}",
        "elsewhere": "Recall it another way",
        "both": "Recall it both ways",
        "only_system": f"Recall it through {row.system} alone",
        "neither": "Recall it in no way",
    }
    parts = ("both", "only_system", "neither")
    hidden = any(
        "count" in figures[name] and not is_shown(cell)
        for name, cell in zip(
            parts, guard.line([figures[name].get("count", 0) for name in parts]), strict=True
        )
    )
    shares = tuple(_share(label, figures[name], guard, hidden=hidden) for name, label in labels.items())
    only = figures["only_system"]
    if hidden or "low" not in only:
        return Answer("Recalled", shares, "Too few people to say.", "", ())
    sentence = (
        f"At most {_points(only['estimate'])} of a hundred people ({_points(only['low'])} to {_points(only['high'])}) were"
        " reached who would not have been otherwise; it may be fewer, even nobody."
    )
    return Answer(
        "Recalled",
        shares,
        sentence,
        _cost(figures.get("cost", {}), "reached"),
        tuple(only.get("caveats", ())),
    )


def _share(label: str, found: dict[str, Any], guard: Guard, *, hidden: bool = False) -> Share:
    count, n = found.get("count", 0), found.get("n", 0)
    cells = guard.line([count, n - count])
    if hidden or not n or not all(is_shown(cell) for cell in cells) or "estimate" not in found:
        return Share(label, next((cell for cell in cells if not is_shown(cell)), cells[0]), "", "")
    between = f"{100 * found['low']:.0f} to {100 * found['high']:.0f} %" if "low" in found else ""
    return Share(label, guard.line([n])[0], f"{100 * found['estimate']:.0f} %", between)


def _cost(found: dict[str, Any], words: str) -> str:
    if "refused" in found or not found:
        return str(found.get("refused", ""))
    low = _pounds(found["low"])
    if found.get("at_least"):
        return f"Each person {words} who would not have been otherwise costs at least {low} a year, and may cost any amount more."
    if found["high"] is None:
        return f"Each person added costs at least {low} a year; no upper end can be given, because it may have added nobody."
    guess = f", best guess {_pounds(found['estimate'])}" if found["estimate"] else ""
    return f"Each person added costs between {low} and {_pounds(found['high'])} a year{guess}."


def _points(value: float) -> str:
    return f"{100 * value:.1f}".replace("-", "−")


def _pounds(value: float) -> str:
    return f"£{value:,.0f}" if value >= 100 else f"£{value:,.2f}"


__all__: Sequence[str] = ("Answer", "OtherwisePage", "Share", "otherwise_page")
