"""What is proposed to be hidden, each with the words around it. For the owner's pages only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from folkmoot.sources.models import Body, RedactionMark, Source, Turn

AROUND = 90


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A span with the words before, inside and after it."""

    pk: int
    before: str
    words: str
    after: str
    kind: str
    replacement: str
    reason: str
    state: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class ReviewState:
    """How far the review is: spans proposed, hidden and kept, and the open ones by kind."""

    proposed: int
    hidden: int
    kept: int
    kinds: tuple[tuple[str, int], ...]


def review_state(source: Source) -> ReviewState:
    rows = RedactionMark.objects.filter(source=source).order_by()
    counts: dict[str, int] = {}
    kinds: dict[str, int] = {}
    for state, kind, number in rows.values_list("state", "kind").annotate(number=Count("pk")):
        counts[state] = counts.get(state, 0) + number
        if state == RedactionMark.State.PROPOSED:
            kinds[kind] = kinds.get(kind, 0) + number
    return ReviewState(
        counts.get(RedactionMark.State.PROPOSED, 0),
        counts.get(RedactionMark.State.ACCEPTED, 0),
        counts.get(RedactionMark.State.REFUSED, 0),
        tuple(sorted(kinds.items(), key=lambda item: (-item[1], item[0]))),
    )


def proposals_of(source: Source, *, marks: Sequence[RedactionMark]) -> list[ProposalRow]:
    """These marks with the words around them, cut at whole words where there is room."""
    text = Body.objects.filter(source=source).values_list("text", flat=True).first() or ""
    return [
        ProposalRow(
            mark.pk,
            _tail(text[max(0, mark.start - AROUND) : mark.start], cut=mark.start > AROUND),
            text[mark.start : mark.end],
            _head(text[mark.end : mark.end + AROUND], cut=mark.end + AROUND < len(text)),
            mark.kind,
            mark.replacement,
            mark.reason,
            mark.state,
            mark.decided_by,
        )
        for mark in marks
    ]


def _tail(words: str, *, cut: bool) -> str:
    return f"… {words.partition(' ')[2]}" if cut and " " in words else words


def _head(words: str, *, cut: bool) -> str:
    return f"{words.rpartition(' ')[0]} …" if cut and " " in words else words


def spans_in_turn(source: Source, *, number: int, words: str) -> list[tuple[int, int]]:
    """Every place where exactly these words stand in the turn, as spans of the body."""
    turn = Turn.objects.filter(source=source, number=number).first()
    if turn is None or not words:
        return []
    text = Body.objects.values_list("text", flat=True).get(source=source)[turn.start : turn.end]
    spans = []
    at = text.find(words)
    while at >= 0:
        spans.append((turn.start + at, turn.start + at + len(words)))
        at = text.find(words, at + len(words))
    return spans
