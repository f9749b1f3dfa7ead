"""The shapes in which a file comes back once it is read: documents, turns, and what was set aside.

Nothing here reads anything; see ``reader`` for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may hold before it is refused; a refusal comes before the work, not after it."""

    file_bytes: int = 100_000_000
    unpacked_bytes: int = 300_000_000
    characters: int = 20_000_000
    turns: int = 200_000


@dataclass(frozen=True, slots=True)
class ReadTurn:
    """One stretch of speech.

    ``start`` and ``end`` are code points of the document's text and hold the words alone, without
    the speaker's label. ``speaker`` is the label as the file has it, trimmed, or None where nobody
    is named. ``doubt`` is empty, or a sentence on why the place or the speaker is uncertain.
    ``role`` is "interviewer", "interviewee" or empty.
    """

    speaker: str | None
    start: int
    end: int
    time_mark: str
    doubt: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class SetAside:
    """One row, paragraph, line or cue that is in no turn, and why."""

    file: str
    row: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """One interview, hearing or paper. ``rows_read == rows_used + len(set_aside)`` always holds."""

    name: str
    text: str
    turns: tuple[ReadTurn, ...]
    rows_read: int
    rows_used: int
    set_aside: tuple[SetAside, ...]
    notes: tuple[str, ...]
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """All that one file held.

    ``unit`` says what ``read`` and ``used`` count: "row", "paragraph", "line" or "cue".
    ``set_aside`` repeats what the documents set aside and adds what belongs to none of them;
    ``read == used + len(set_aside)`` always holds.
    """

    documents: tuple[ReadDocument, ...]
    set_aside: tuple[SetAside, ...]
    read: int
    used: int
    unit: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A span of text that may identify somebody, for a person to accept or refuse."""

    start: int
    end: int
    kind: str
    replacement: str
    reason: str
