"""What of a file's statements may be stored: reports go with their votes, what reaches or finds somebody is blotted out.

What does not belong here: the screen itself (``core.screening``), reading the file (``reading``).
"""

from __future__ import annotations

from folkmoot.core.errors import FolkmootError
from folkmoot.core.screening import screen
from folkmoot.heard.letting_in import cleaned, looks_like
from folkmoot.heard.votes.boxes import Ballots
from folkmoot.heard.votes.reading import NOT_SHOWN, Taken

TAKEN_OUT = "(This statement reads like a report about somebody. It and its votes were not stored.)"
BLOTTED = "[left out]"
REACHES = {"phone", "email", "plate", "address", "birth"}


def fit_to_store(taken: Taken) -> Ballots:
    """The votes without statements that report somebody or tell who a child is; what is gone is gone from ``taken`` too.

    A telephone number and the like is blotted out of a statement, whose votes stay. Raises FolkmootError where nothing
    is left.
    """
    caught = []
    blotted = 0
    for number in taken.ballots.numbers:
        text = cleaned(taken.texts[number]) or f"Statement {number}"
        kind, _ = looks_like(text)
        if kind in {"report", "child"}:
            caught.append(number)
            continue
        plain = _without_reach(text) if kind else text
        blotted += plain != text
        taken.texts[number] = plain
    if blotted:
        taken.notes.append(
            f"In {blotted} statement{'s' if blotted > 1 else ''} a number, an address or a date by which somebody could "
            f"be found was replaced by {BLOTTED}."
        )
    refused = [number for number, mark in taken.moderated.items() if mark == NOT_SHOWN]
    refused = [number for number in refused if number in taken.ballots.numbers and number not in caught]
    if refused:
        taken.notes.append(
            f"{len(refused)} statement{'s' if len(refused) > 1 else ''} that the moderators refused count"
            f"{'' if len(refused) > 1 else 's'} nowhere; the votes on {'them' if len(refused) > 1 else 'it'} are kept "
            "for the export alone."
        )
    return _without(taken, caught) if caught else taken.ballots


def _without_reach(text: str) -> str:
    """The statement with every stretch by which somebody could be found blotted out, the last first."""
    for span in sorted(screen(text).spans, key=lambda one: one.start, reverse=True):
        if span.kind in REACHES:
            text = text[: span.start] + BLOTTED + text[span.end :]
    return text


def _without(taken: Taken, caught: list[int]) -> Ballots:
    ballots = taken.ballots
    kept = [place for place, number in enumerate(ballots.numbers) if number not in caught]
    if not kept:
        raise FolkmootError(TAKEN_OUT)
    for number in caught:
        taken.texts.pop(number)
    several = len(caught) > 1
    taken.notes.append(
        f"{len(caught)} statement{'s read' if several else ' reads'} like a report about somebody, or "
        f"{'tell' if several else 'tells'} who a child is. {'They' if several else 'It'} and the votes on "
        f"{'them' if several else 'it'} were not stored."
    )
    return Ballots(
        ballots.answers[:, kept],
        tuple(ballots.numbers[place] for place in kept),
        ballots.participants,
        ballots.drawn_groups,
    )
