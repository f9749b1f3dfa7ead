"""The turns of a source as a viewer may read them, and who speaks in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min

from folkmoot.sources.hiding import Hidden, Piece, pieces
from folkmoot.sources.models import Body, Passage, RedactionMark, Source, Speaker, Turn
from folkmoot.sources.policies import is_own, may_read


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """One turn with its words in pieces; offsets are code points of the body."""

    pk: int
    number: int
    speaker_id: int | None
    speaker: str
    role: str
    start: int
    end: int
    time_mark: str
    doubt: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """A speaker with the number of their turns. ``label`` is as the file has it: for the owner only."""

    pk: int
    label: str
    pseudonym: str
    role: str
    claimant_role: str
    turns: int


def turns_of(
    source: Source, *, viewer: Any, first: int = 1, count: int | None = None, raw: bool = False
) -> list[ShownTurn]:
    """The turns from number ``first`` on, after redaction; none where the viewer may not read the words.

    ``raw`` leaves accepted redactions readable: for the owner's review of them, and for nobody else.
    """
    if not may_read(viewer, source):
        return []
    return _turns(source, own=is_own(viewer, source), first=first, count=count, raw=raw)


def turns_for_owner(source: Source) -> list[ShownTurn]:
    """All turns as the owner reads them, where the owner's right to them was asked before (an export)."""
    return [] if source.is_withdrawn else _turns(source, own=True, first=1, count=None, raw=False)


def _turns(source: Source, *, own: bool, first: int, count: int | None, raw: bool) -> list[ShownTurn]:
    text = Body.objects.filter(source=source).values_list("text", flat=True).first() or ""
    found = Turn.objects.filter(source=source, number__gte=first).order_by("number")
    chosen = list(found[:count] if count is not None else found)
    if not chosen:
        return []
    hidden = () if raw and own else _hidden(source, start=chosen[0].start, end=chosen[-1].end)
    speakers = {one.pk: one for one in Speaker.objects.filter(source=source)}
    shown = []
    at = 0
    for turn in chosen:
        while at < len(hidden) and hidden[at].end <= turn.start:
            at += 1
        touching = []
        for span in hidden[at:]:
            if span.start >= turn.end:
                break
            touching.append(span)
        speaker = speakers.get(turn.speaker_id or 0)
        shown.append(
            ShownTurn(
                pk=turn.pk,
                number=turn.number,
                speaker_id=turn.speaker_id if own else None,
                speaker=_called(speaker, own=own),
                role=speaker.role if speaker else "",
                start=turn.start,
                end=turn.end,
                time_mark=turn.time_mark,
                doubt=turn.doubt if own else "",
                pieces=tuple(pieces(text[turn.start : turn.end], start=turn.start, hidden=touching)),
            )
        )
    return shown


def _called(speaker: Speaker | None, *, own: bool) -> str:
    if speaker is None:
        return ""
    return speaker.pseudonym if own else str(speaker.get_role_display())


def _hidden(source: Source, *, start: int, end: int) -> list[Hidden]:
    rows = RedactionMark.objects.filter(
        source=source, state=RedactionMark.State.ACCEPTED, start__lt=end, end__gt=start
    ).order_by("start", "end")
    return [Hidden(*row) for row in rows.values_list("start", "end", "replacement")]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a turn's words; ``marked`` where it belongs to the passage asked for."""

    text: str
    marked: bool
    hidden: bool


@dataclass(frozen=True, slots=True)
class TurnAround:
    """A turn in which a passage stands, or one beside it."""

    number: int
    speaker: str
    time_mark: str
    parts: tuple[Part, ...]


def around_passage(passage: Passage, *, viewer: Any, beside: int = 1) -> list[TurnAround]:
    """The turns that hold the passage, with ``beside`` turns before and after them."""
    touched = Turn.objects.filter(
        source=passage.source_id, start__lt=passage.end, end__gt=passage.start
    ).aggregate(first=Min("number"), last=Max("number"))
    if touched["first"] is None:
        return []
    first = max(1, touched["first"] - beside)
    count = touched["last"] + beside - first + 1
    return [
        TurnAround(
            turn.number,
            turn.speaker,
            turn.time_mark,
            tuple(_parts(turn.pieces, start=passage.start, end=passage.end)),
        )
        for turn in turns_of(passage.source, viewer=viewer, first=first, count=count)
    ]


def _parts(shown: Iterable[Piece], *, start: int, end: int) -> Iterator[Part]:
    for piece in shown:
        if piece.hidden:
            yield Part(piece.text, piece.start < end and piece.end > start, True)
            continue
        low = min(max(start, piece.start), piece.end) - piece.start
        high = max(min(end, piece.end), piece.start) - piece.start
        for text, marked in (
            (piece.text[:low], False),
            (piece.text[low:high], True),
            (piece.text[max(low, high) :], False),
        ):
            if text:
                yield Part(text, marked, False)


def speakers_of(source: Source) -> list[SpeakerRow]:
    """Who speaks, with how many turns, the most talkative of each role first. For the owner's pages."""
    rows = source.speakers.annotate(number=Count("turns")).order_by("role", "-number", "pk")
    return [
        SpeakerRow(one.pk, one.label, one.pseudonym, one.role, one.claimant_role, one.number) for one in rows
    ]
