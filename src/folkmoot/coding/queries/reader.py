"""A source as its reader shows it: turns cut at every passage, with the codes and claims beside them.

What does not belong here: what may be read at all (``sources``), and counting (``held``, ``register``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from folkmoot.coding.models import Claim, Code, Coding
from folkmoot.mechanisms.models import Assumption
from folkmoot.organisations.policies import may_edit
from folkmoot.organisations.visibility import access_of, visible
from folkmoot.sources.hiding import Piece
from folkmoot.sources.models import Passage, Source
from folkmoot.sources.policies import is_own
from folkmoot.sources.queries import ShownTurn, turns_of

Whose = Literal["all", "mine"]


@dataclass(frozen=True, slots=True)
class CodingNote:
    """One use of a code, as it stands beside its turn."""

    pk: int
    passage_id: int
    start: int
    end: int
    code_id: int
    code: str
    coder: str
    mine: bool


@dataclass(frozen=True, slots=True)
class ClaimNote:
    """One claim, as it stands beside its turn."""

    pk: int
    passage_id: int
    start: int
    end: int
    cause: str
    effect: str
    stance: str
    stance_words: str
    state: str
    coder: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of words to which the same passages apply. ``length``: code points it stands for."""

    text: str
    passages: str
    depth: int
    hidden: bool
    length: int


@dataclass(frozen=True, slots=True)
class TurnRead:
    """One turn as the reader shows it."""

    number: int
    start: int
    end: int
    speaker: str
    role: str
    time_mark: str
    doubt: str
    segments: tuple[Segment, ...]
    codings: tuple[CodingNote, ...]
    claims: tuple[ClaimNote, ...]


def turns_read(source: Source, *, viewer: Any, whose: Whose = "all") -> list[TurnRead]:
    """Every turn with its words and readings; a fixed number of queries whatever the length.

    ``whose="mine"`` hides what others read in it, so that a second coder stays blind to the first.
    """
    turns = turns_of(source, viewer=viewer)
    codings = codings_in(source, viewer=viewer, whose=whose)
    claims = claims_in(source, viewer=viewer, whose=whose)
    notes: list[CodingNote | ClaimNote] = [*codings, *claims]
    spans = sorted({(one.start, one.end, one.passage_id) for one in notes})
    beside = _by_turn(turns, codings)
    claimed = _by_turn(turns, claims)
    read = []
    for turn, touching in zip(turns, _touching(turns, spans), strict=True):
        read.append(
            TurnRead(
                number=turn.number,
                start=turn.start,
                end=turn.end,
                speaker=turn.speaker,
                role=turn.role,
                time_mark=turn.time_mark,
                doubt=turn.doubt,
                segments=tuple(_segments(turn.pieces, touching)),
                codings=tuple(beside.get(turn.number, ())),
                claims=tuple(claimed.get(turn.number, ())),
            )
        )
    return read


def codings_in(source: Source, *, viewer: Any, whose: Whose = "all") -> list[CodingNote]:
    """The codes used in a source, in the order of its words. Only its own people see them."""
    if not is_own(viewer, source):
        return []
    found = Coding.objects.filter(passage__source=source)
    if whose == "mine":
        found = found.filter(coder=viewer.pk)
    rows = found.order_by("passage__start", "passage__end", "pk").values_list(
        "pk",
        "passage_id",
        "passage__start",
        "passage__end",
        "code_id",
        "code__name",
        "created_by",
        "coder_id",
    )
    return [CodingNote(*row[:7], mine=row[7] == viewer.pk) for row in rows]


def claims_in(source: Source, *, viewer: Any, whose: Whose = "all") -> list[ClaimNote]:
    """The claims read in a source that this person may see; superseded readings stay on their own pages."""
    found = Claim.objects.filter(visible(viewer), passage__source=source).exclude(
        state=Claim.State.SUPERSEDED
    )
    if whose == "mine":
        found = found.filter(coder=viewer.pk)
    words = dict(Claim.Stance.choices)
    own = is_own(viewer, source)
    rows = found.order_by("passage__start", "passage__end", "pk").values_list(
        "pk", "passage_id", "passage__start", "passage__end", "cause", "effect", "stance", "state",
        "created_by", "coder_id",
    )  # fmt: skip
    return [
        ClaimNote(
            *row[:7],
            stance_words=str(words[row[6]]),
            state=row[7],
            coder=row[8] if own else "",
            mine=row[9] is not None and row[9] == viewer.pk,
        )
        for row in rows
    ]


def coding_note(coding: Coding, *, passage: Passage) -> CodingNote:
    """The note of a coding that the viewer has just made."""
    return CodingNote(
        coding.pk, passage.pk, passage.start, passage.end, coding.code_id, coding.code.name,
        coding.created_by, mine=True,
    )  # fmt: skip


def claim_note(claim: Claim, *, passage: Passage) -> ClaimNote:
    """The note of a claim that the viewer has just made."""
    return ClaimNote(
        claim.pk, passage.pk, passage.start, passage.end, claim.cause, claim.effect, claim.stance,
        claim.get_stance_display(), claim.state, claim.created_by, mine=True,
    )  # fmt: skip


def _by_turn(turns: Sequence[ShownTurn], notes: Sequence[Any]) -> dict[int, list[Any]]:
    """Each note beside the turn in which its words begin; both are in the order of the words."""
    beside: dict[int, list[Any]] = {}
    at = 0
    for note in notes:
        while at + 1 < len(turns) and turns[at + 1].start <= note.start:
            at += 1
        if turns:
            beside.setdefault(turns[at].number, []).append(note)
    return beside


def _touching(
    turns: Sequence[ShownTurn], spans: Sequence[tuple[int, int, int]]
) -> Iterator[list[tuple[int, int, int]]]:
    """For each turn the spans that have words in it. Spans come sorted by where they begin."""
    open_: list[tuple[int, int, int]] = []
    at = 0
    for turn in turns:
        open_ = [span for span in open_ if span[1] > turn.start]
        while at < len(spans) and spans[at][0] < turn.end:
            if spans[at][1] > turn.start:
                open_.append(spans[at])
            at += 1
        yield open_


def _segments(shown: Iterable[Piece], spans: Sequence[tuple[int, int, int]]) -> Iterator[Segment]:
    for piece in shown:
        if not piece.text:
            continue
        inside = [span for span in spans if span[0] < piece.end and span[1] > piece.start]
        edges = {piece.start, piece.end}
        if not piece.hidden:
            edges.update(edge for span in inside for edge in span[:2] if piece.start < edge < piece.end)
        cuts = sorted(edges)
        for low, high in pairwise(cuts):
            over = [pk for start, end, pk in inside if start < high and end > low]
            text = piece.text if piece.hidden else piece.text[low - piece.start : high - piece.start]
            yield Segment(text, " ".join(map(str, over)), min(len(over), 3), piece.hidden, high - low)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a turn for choosing without a mouse or JavaScript: its number and its code points."""

    number: int
    text: str
    start: int
    end: int


def words_in(turn: TurnRead) -> list[Word]:
    """The words of a turn, numbered. What was hidden is one word."""
    found: list[Word] = []
    at = turn.start
    begun: tuple[int, str] | None = None
    for segment in turn.segments:
        if segment.hidden:
            begun = (begun[0] if begun else at, (begun[1] if begun else "") + segment.text)
            at += segment.length
            continue
        for character in segment.text:
            if character.isspace():
                if begun:
                    found.append(Word(len(found) + 1, begun[1], begun[0], at))
                begun = None
            else:
                begun = (begun[0] if begun else at, (begun[1] if begun else "") + character)
            at += 1
    if begun:
        found.append(Word(len(found) + 1, begun[1], begun[0], at))
    return found


@dataclass(frozen=True, slots=True)
class CodeChoice:
    """A code that may be used here; ``depth`` is its place below others."""

    pk: int
    name: str
    description: str
    depth: int


@dataclass(frozen=True, slots=True)
class CodebookChoice:
    """A codebook with its codes in the order of its hierarchy. ``own``: the person may add codes to it."""

    pk: int
    name: str
    own: bool
    codes: tuple[CodeChoice, ...]


def codes_for(viewer: Any) -> list[CodebookChoice]:
    """The codes in use that this person may code with: those they edit first."""
    found = (
        Code.objects.filter(visible(viewer, through="codebook"), state=Code.State.ACTIVE)
        .select_related("codebook")
        .order_by("codebook__name", "codebook_id", "name", "pk")
    )
    books: dict[int, list[Code]] = {}
    for code in found:
        books.setdefault(code.codebook_id, []).append(code)
    shown = [
        CodebookChoice(
            pk, codes[0].codebook.name, may_edit(viewer, codes[0].codebook), tuple(in_order(codes))
        )
        for pk, codes in books.items()
    ]
    return sorted(shown, key=lambda book: not book.own)


def in_order(codes: Sequence[Code]) -> Iterator[CodeChoice]:
    """Codes in the order of their hierarchy: each followed by those that stand below it."""
    here = {code.pk for code in codes}
    below: dict[int | None, list[Code]] = {}
    for code in codes:
        below.setdefault(code.parent_id if code.parent_id in here else None, []).append(code)
    waiting = [(code, 0) for code in reversed(below.get(None, []))]
    while waiting:
        code, depth = waiting.pop()
        yield CodeChoice(code.pk, code.name, code.description, depth)
        waiting += [(child, depth + 1) for child in reversed(below.get(code.pk, []))]


def assumptions_for(viewer: Any) -> list[tuple[str, list[tuple[int, str]]]]:
    """Assumptions that a claim may be joined to, in groups: our own, the library's, shared by others."""
    access = access_of(viewer)
    rows = Assumption.objects.filter(visible(viewer)).values_list(
        "pk", "code", "cause__wording", "effect__wording", "organisation_id", "team_id"
    )
    own: list[tuple[int, str]] = []
    library: dict[str, list[tuple[int, str]]] = {}
    others: list[tuple[int, str]] = []
    for pk, code, cause, effect, organisation, team in rows:
        label = f"{code} {cause} → {effect}".strip()
        if organisation in access.organisations or team in access.teams:
            own.append((pk, label))
        elif organisation is None and team is None:
            library.setdefault(code.partition(".")[0], []).append((pk, label))
        else:
            others.append((pk, label))
    groups = [("Our own", own)]
    for chain in sorted(library, key=_chain_order):
        groups.append((f"Library, chain {chain}" if chain else "Library", library[chain]))
    groups.append(("Shared by others", others))
    return [(name, listed) for name, listed in groups if listed]


def _chain_order(chain: str) -> tuple[int, str]:
    digits = "".join(character for character in chain if character.isdecimal())
    return (int(digits or 0), chain)
