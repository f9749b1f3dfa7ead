"""Plain text: from bytes to characters, and from characters to paragraphs that keep their places."""

from __future__ import annotations

import re

from folkmoot.core.errors import BadImport
from folkmoot.core.letters import letters_of, mark_of

from .blocks import Block, clean

_OLD_ENCODING = (
    "The file is not in UTF-8; it was read as Windows-1252 (Western European). "
    "If letters look wrong, save it as UTF-8 and import it again."
)


def decode(content: bytes, *, charset: str = "") -> tuple[str, tuple[str, ...]]:
    """The text with ``\\n`` line ends, and a note where the encoding had to be assumed.

    UTF-8 and UTF-16 (with its mark) are read for certain; anything else is tried as Windows-1252.
    ``charset`` is what the file itself declares, tried before that. NULs are refused.
    """
    found = letters_of(content, declared=charset)
    if found is None:
        raise _refusal(content)
    text = _checked(found.text)
    if found.guessed:
        return text, (_OLD_ENCODING,)
    certain = found.encoding.startswith("utf-")
    return text, () if certain else (f"The file was read as {found.encoding}, as it declares.",)


def _refusal(content: bytes) -> BadImport:
    if marked := mark_of(content):
        return BadImport(
            f"The file says it is in {marked[:6].upper().rstrip('-')} but breaks off or holds other bytes.",
            remedy="Save it again as UTF-8 and import that.",
        )
    return _has_nul() if b"\x00" in content else _unreadable()


def _checked(text: str) -> str:
    if "\x00" in text:
        raise _has_nul()
    return clean(text)


def _has_nul() -> BadImport:
    return BadImport(
        "The file holds NUL characters, so it is not plain text, or it is UTF-16 without its mark.",
        remedy="Open it in the program that made it and save it as UTF-8 text.",
    )


def _unreadable() -> BadImport:
    return BadImport(
        "The file is not text in UTF-8, UTF-16 or Windows-1252.",
        remedy="Open it in the program that made it and save it as UTF-8 text.",
    )


def text_blocks(text: str) -> list[Block]:
    """The paragraphs of a plain text, each with its place in it.

    Paragraphs are parted by empty lines. A file without any has one paragraph a line, unless its
    lines all end near one width, as wrapped lines do.
    """
    blocks = []
    for match in re.finditer(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*", text):
        blocks.append(Block(match[0], at=match.start()))
    if len(blocks) == 1 and "\n" in blocks[0].text and not _wrapped(blocks[0].text):
        at = blocks[0].at or 0
        lines = []
        for line in blocks[0].text.split("\n"):
            lines.append(Block(line, at=at))
            at += len(line) + 1
        return lines
    return blocks


def _wrapped(text: str) -> bool:
    lengths = [len(line) for line in text.split("\n")[:-1]]
    widest = max(lengths)
    near = sum(length >= 0.75 * widest for length in lengths)
    return 40 <= widest <= 120 and near >= 0.7 * len(lengths)
