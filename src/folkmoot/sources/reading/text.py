"""Plain text: from bytes to characters, and from characters to paragraphs that keep their places."""

from __future__ import annotations

import codecs
import re

from folkmoot.core.errors import BadImport

from .blocks import Block, clean

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_OLD_ENCODING = (
    "The file is not in UTF-8; it was read as Windows-1252 (Western European). "
    "If letters look wrong, save it as UTF-8 and import it again."
)


def decode(content: bytes, *, charset: str = "") -> tuple[str, tuple[str, ...]]:
    """The text with ``\\n`` line ends, and a note where the encoding had to be assumed.

    UTF-8 and UTF-16 (with its mark) are read for certain; anything else is tried as Windows-1252.
    ``charset`` is what the file itself declares, tried before that. NULs are refused.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return _checked(content.decode(encoding)), ()
            except UnicodeDecodeError:
                raise BadImport(
                    f"The file says it is in {encoding[:6].upper().rstrip('-')} but breaks off or holds other bytes.",
                    remedy="Save it again as UTF-8 and import that.",
                ) from None
    try:
        return _checked(content.decode("utf-8")), ()
    except UnicodeDecodeError:
        pass
    if b"\x00" in content:
        raise _has_nul()
    if charset and charset.casefold() not in {"utf-8", "utf8"}:
        try:
            codecs.lookup(charset)
            text = content.decode(charset)
            return _checked(text), (f"The file was read as {charset}, as it declares.",)
        except (LookupError, UnicodeError, ValueError):
            pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise _unreadable() from None
    if _CONTROL.search(text):
        raise _unreadable()
    return _checked(text), (_OLD_ENCODING,)


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
