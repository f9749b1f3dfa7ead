"""Blocks in, documents of turns out: who speaks where, and what belongs to nobody's turn.

Every block ends up in a turn or among what was set aside, with its reason. Formats stay outside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from .blocks import ASIDE, HEADING, WORDS, Block, one_line, shortened
from .extent import check_size
from .joins import label_notes, mark_backward_times
from .labels import NO_LABELS, Label, LabelBook, Line, find_labels, names_several, role_of
from .shapes import Limits, ReadDocument, ReadTurn, SetAside

_BREAK = re.compile(r"^[*_]?[\[(][^\[\]()]{1,160}[\])]\.?[*_]?$")
_WITHHELD = re.compile(
    r"redact|inaudible|anonymi[sz]ed|removed|unclear|indistinct|laugh|name of", re.IGNORECASE
)
_SWORN = re.compile(r"^.{1,80}\((?:re)?(?:affirmed|sworn|recalled|continued|called)\)\.?$", re.IGNORECASE)
_PART = re.compile(
    r"^(?:further\s+)?(?:questions?|questioning|(?:cross-|re-)?examination|submissions?)\s+(?:from|by|of|on behalf of)\s[^.?!]{1,90}$",
    re.IGNORECASE,
)
_TIME_LINE = re.compile(r"^[\[(<]?(\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?)[\])>]?$")
_NEW_INTERVIEW = re.compile(
    r"^(?:interview|focus group|group interview|session|transcript)\s*(?:no\.?\s*|#\s*)?\d{1,4}[a-z]?\s*[.:]?$",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"^(?P<what>date|place|location|setting|venue|duration|length|recorded|recorded on|recording|project|site|ward|"
    r"neighbourhood|force|area|interview|interview no\.?|interview number|interview id|participant id|"
    r"transcribed by|recruitment|consent|language)\s*:\s*(?P<value>\S.{0,200})$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Making:
    """One document while it is made."""

    name: str
    file: str
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    turns: list[ReadTurn] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)
    read: int = 0
    attributes: dict[str, str] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)


def _keep(lines: Sequence[str]) -> str:
    return "\n".join(lines)


def documents(
    blocks: Iterable[Block],
    *,
    name: str,
    file: str,
    limits: Limits,
    whole: str | None = None,
    join: Callable[[Sequence[str]], str] = _keep,
    between: str = "\n\n",
    merge: bool = False,
    notes: Sequence[str] = (),
) -> tuple[ReadDocument, ...]:
    """One document, or several where the file is divided by lines such as "Interview 12".

    ``whole`` is the file's own text where it is to be kept exactly (each block then has ``at``);
    otherwise the text is the blocks joined by ``between``. ``join`` puts the lines of one block
    together (a page's wrapped lines). ``merge`` lets named blocks of one speaker run together.
    """
    given = list(blocks)
    book = NO_LABELS if any(block.named for block in given) else _book(given)
    pieces = _numbered(list(_split(given, book=book, join=join)))
    documents_made = []
    for title, begin, end in _parts(pieces):
        part = pieces[begin:end]
        heading = one_line(title).rstrip(".:")
        several = heading and len(pieces) != len(part)
        making = _Making(name=f"{name} · {heading}" if several else name, file=file)
        if heading:
            making.attributes["interview"] = heading
        text = None
        if whole is not None:
            first = (pieces[begin].at or 0) if begin else 0
            text = whole[first : pieces[end].at if end < len(pieces) else None]
            part = [replace(block, at=(block.at or 0) - first) for block in part]
        documents_made.append(
            _one(part, making, book=book, whole=text, between=between, merge=merge, notes=notes)
        )
    check_size(documents_made, limits=limits)
    return tuple(documents_made)


def _book(blocks: Sequence[Block]) -> LabelBook:
    lines = []
    paragraphs = 0
    for block in blocks:
        if block.kind == ASIDE:
            continue
        paragraphs += 1
        for number, line in enumerate(block.text.split("\n")):
            lines.append(Line(line, block.lead if number == 0 else 0))
    return find_labels(lines, paragraphs=max(paragraphs, len(lines) // 4))


def _split(
    blocks: Iterable[Block], *, book: LabelBook, join: Callable[[Sequence[str]], str]
) -> Iterable[Block]:
    """Each block cut before every line that begins with a label, its lines joined."""
    labelled = False
    for block in blocks:
        lines = block.text.split("\n")
        if book and block.kind == WORDS and not labelled and book.match(Line(lines[0], block.lead)):
            labelled = True
        if len(lines) == 1:
            yield block
            continue
        cuts = [0]
        if book and block.kind == WORDS:
            for n in range(1, len(lines)):
                if book.match(Line(lines[n])):
                    labelled = True
                    cuts.append(n)
                elif not labelled and (_FACT.match(lines[n]) or _FACT.match(lines[n - 1])):
                    cuts.append(n)
        offset = 0
        per_line = len(block.rows) == len(lines)
        for begin, end in zip(cuts, [*cuts[1:], len(lines)], strict=True):
            group = lines[begin:end]
            lead = block.lead if begin == 0 else 0
            label = book.match(Line(group[0], lead)) if book and len(group) > 1 else None
            if label and label.words_at >= len(group[0]):
                text = group[0] + "\n" + join(group[1:])
            else:
                text = join(group)
            yield replace(
                block,
                text=text,
                lead=lead,
                rows=block.rows[begin:end] if per_line else (block.rows if begin == 0 else ()),
                at=None if block.at is None else block.at + offset,
            )
            offset += sum(len(line) + 1 for line in group)


def _numbered(blocks: list[Block]) -> list[Block]:
    if any(block.rows for block in blocks):
        return blocks
    return [replace(block, rows=(number,)) for number, block in enumerate(blocks, 1)]


def _parts(blocks: list[Block]) -> list[tuple[str, int, int]]:
    """The title and the blocks, from and to, of each interview where lines such as "Interview 12" divide the file."""
    starts = [
        n
        for n, block in enumerate(blocks)
        if block.kind != ASIDE and _NEW_INTERVIEW.match(one_line(block.text))
    ]
    if not starts:
        return [("", 0, len(blocks))]
    titles = [blocks[n].text for n in starts]
    if len({one_line(title).casefold() for title in titles}) < len(titles):
        return [("", 0, len(blocks))]  # the same heading twice is a page header, no division
    if len(starts) == 1 and starts[0] > 3:
        return [("", 0, len(blocks))]  # one such line far into the file is a passing heading
    edges = [0, *starts[1:], len(blocks)]
    return [(title, a, b) for title, a, b in zip(titles, edges, edges[1:], strict=False)]


def _one(
    blocks: list[Block],
    making: _Making,
    *,
    book: LabelBook,
    whole: str | None,
    between: str,
    merge: bool,
    notes: Sequence[str],
) -> ReadDocument:
    speech = bool(book) or any(block.named for block in blocks)
    labelled = False
    running = False  # whether the last turn may run on into the next block
    pending_time = ""
    pending_label: tuple[Label, Block] | None = None
    speaker: str | None = None
    for block in blocks:
        making.read += len(block.rows)
        if block.kind == ASIDE:
            _aside(making, block, block.reason)
            continue
        at = _place(making, block, whole=whole, between=between)
        label = (
            book.match(Line(block.text.split("\n", 1)[0], block.lead))
            if book and block.kind == WORDS
            else None
        )
        if pending_label is not None and label is not None:
            _aside(making, pending_label[1], f"The label “{pending_label[0].name}” has no words after it.")
            pending_label = None
        if label is None and not block.named and speech:
            clock = _TIME_LINE.match(block.text.strip())
            if clock:
                pending_time = clock[1]
                _aside(
                    making, block, "A time mark on a line of its own; it is given to the turn that follows."
                )
                continue
            reason = _nobodys(block, labelled=labelled or pending_label is not None, making=making)
            if reason:
                _aside(making, block, reason)
                running = False
                continue
        if label is not None and not block.text[label.words_at :].strip():
            pending_label = (label, block)
            continue
        if not block.text.strip():
            _aside(making, block, block.reason or "No words in it.")
            continue
        start, end = _words(block.text, at, label.words_at if label else 0)
        if block.named:
            speaker = block.speaker
            last = making.turns[-1] if making.turns else None
            if (
                merge
                and labelled
                and running
                and last is not None
                and last.speaker == speaker
                and speaker is not None
            ):
                making.turns[-1] = replace(last, end=end)
            else:
                doubt = block.doubt or _several(speaker)
                making.turns.append(ReadTurn(speaker, start, end, block.time, doubt, block.role))
            labelled, running = True, merge
            continue
        doubt = ""
        if label is None and pending_label is not None:
            label = replace(pending_label[0], words_at=0)
            pending_label = None
        if label is not None:
            speaker, labelled, running = label.name, True, False
            doubt = _several(speaker)
            if label.key in book.once:
                doubt = f"“{speaker}” labels this turn alone; check that it names a speaker."
        elif not speech:
            running = False
        elif not labelled:
            doubt = "These words stand before the first label, so nobody is named for them."
        elif not running:
            doubt = f"No label follows the break above; the words are taken to be “{speaker}” going on."
        if label is None and running:
            making.turns[-1] = replace(making.turns[-1], end=end)
            continue
        time = block.time or (label.time if label else "") or pending_time
        pending_time = ""
        role = role_of(speaker) if speaker and speech else ""
        making.turns.append(ReadTurn(speaker if speech else None, start, end, time, doubt, role))
        running = speech and labelled
    if pending_label is not None:
        _aside(making, pending_label[1], f"The label “{pending_label[0].name}” has no words after it.")
    return _finished(making, book=book, whole=whole, notes=notes)


def _finished(making: _Making, *, book: LabelBook, whole: str | None, notes: Sequence[str]) -> ReadDocument:
    turns, time_notes = mark_backward_times(making.turns)
    said = list(notes)
    if book.guessed:
        said.append(
            "Speakers were read from repeated labels that could also be headings; check them before coding."
        )
    said += [
        f"“{words}:” begins {count} lines and was not taken for a speaker."
        for words, count in book.passed_over
    ]
    said += time_notes
    said += label_notes(turns, headings=making.headings)
    aside = tuple(sorted(making.aside, key=lambda one: one.row or 0))
    return ReadDocument(
        name=making.name,
        text=whole if whole is not None else "".join(making.pieces),
        turns=tuple(turns),
        rows_read=making.read,
        rows_used=making.read - len(aside),
        set_aside=aside,
        notes=tuple(said),
        attributes=making.attributes,
    )


def _place(making: _Making, block: Block, *, whole: str | None, between: str) -> int:
    if whole is not None:
        return block.at or 0
    if making.pieces:
        making.pieces.append(between)
        making.length += len(between)
    at = making.length
    making.pieces.append(block.text)
    making.length += len(block.text)
    return at


def _aside(making: _Making, block: Block, reason: str) -> None:
    making.aside += [SetAside(making.file, row, reason) for row in block.rows]


def _words(text: str, at: int, begin: int) -> tuple[int, int]:
    """The span of the words, without the blanks around them."""
    tail = text[begin:]
    begin += len(tail) - len(tail.lstrip())
    return at + begin, at + len(text.rstrip())


def _several(speaker: str | None) -> str:
    if speaker and names_several(speaker):
        return f"The file gives “{speaker}” as the speaker, so it is open which of them spoke."
    return ""


def _nobodys(block: Block, *, labelled: bool, making: _Making) -> str:
    """Why a block of a transcript is in nobody's turn, or empty where it is speech."""
    text = one_line(block.text)
    if block.kind == HEADING or _NEW_INTERVIEW.match(text) or _PART.match(text):
        making.headings.append(text)
        return f"“{shortened(text)}” is a heading; it stays in the text and is in nobody's turn."
    if _SWORN.match(text):
        making.headings.append(text)
        return f"“{shortened(text)}” is a note of the record; it stays in the text and is in nobody's turn."
    if _BREAK.match(text) and not _WITHHELD.search(text):
        return f"“{shortened(text)}” is a note of the record; it stays in the text and is in nobody's turn."
    fact = None if labelled else _FACT.match(text)
    if fact:
        making.attributes.setdefault(fact["what"].casefold().rstrip("."), fact["value"].strip())
        return f"“{shortened(text)}” describes the document and was read as such."
    return ""
