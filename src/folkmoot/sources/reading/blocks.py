"""What every format is brought to before speakers are looked for: blocks of text in their order.

A reader of one format makes blocks; ``speakers`` turns them into turns. Nothing here knows a format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WORDS = "words"
HEADING = "heading"
ASIDE = "aside"  # read, accounted for, and left out of the text (a page number, a deleted passage)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a cue, or the lines between two gaps of a page.

    ``lead`` is how many leading characters the file shows in bold, where a speaker's label may
    stand. ``named`` says that the format itself gives the speaker (a column, a voice tag), so no
    label is looked for. ``rows`` are the file's own numbers, one a line of ``text`` or one for the
    whole; left empty, the blocks are numbered in order. ``at`` is the block's place in the file's
    text where that text is kept as it stands.
    """

    text: str
    kind: str = WORDS
    lead: int = 0
    rows: tuple[int, ...] = ()
    speaker: str | None = None
    named: bool = False
    time: str = ""
    role: str = ""
    doubt: str = ""
    reason: str = ""
    at: int | None = None


_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text with ``\\n`` for every line end and without what no database can hold."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        text = text.replace("\x00", "")
    return _SURROGATES.sub("\ufffd", text)


def one_line(text: str) -> str:
    """The words of a label or a name with single spaces and no blanks at its ends."""
    return " ".join(text.split())


def shortened(text: str, *, length: int = 60) -> str:
    """The beginning of a text, fit to be quoted in a sentence."""
    line = one_line(text)
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
