"""From bytes to characters. What spreadsheets save as “CSV” or “Unicode text” is often not UTF-8.

What does not belong here: what the text says, and the sentence in which a reader refuses it.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
OLDER = "{name} is not in UTF-8; it was read as Windows-1252. If letters look wrong, save it as UTF-8."


@dataclass(frozen=True, slots=True)
class Letters:
    """A text, the encoding that it was read in, and whether nothing in the file said that it is that one."""

    text: str
    encoding: str
    guessed: bool = False

    @property
    def is_clean(self) -> bool:
        """Whether it holds no control characters, which no spreadsheet and no editor writes."""
        return CONTROL.search(self.text) is None


def letters_of(content: bytes, *, declared: str = "") -> Letters | None:
    """The text without its mark, line ends as they are; None where it is in none of these encodings.

    UTF-8, UTF-16 and UTF-32 with their marks and UTF-8 without one are certain. Then comes what the file itself
    ``declared``, then Windows-1252, unless that gives control characters: almost any bytes can be read so.
    """
    if marked := mark_of(content):
        return _read(content, marked)
    if found := _read(content, "utf-8"):
        return found
    if b"\x00" in content:
        return None
    if declared and declared.casefold() not in {"utf-8", "utf8"}:
        try:
            codecs.lookup(declared)
            return Letters(content.decode(declared), declared)
        except (LookupError, UnicodeError, ValueError):
            pass
    found = _read(content, "cp1252", guessed=True)
    return found if found and found.is_clean else None


def mark_of(content: bytes) -> str:
    """The encoding that the first bytes name; empty where they name none."""
    return next((encoding for mark, encoding in MARKS if content.startswith(mark)), "")


def _read(content: bytes, encoding: str, *, guessed: bool = False) -> Letters | None:
    try:
        return Letters(content.decode(encoding), encoding, guessed)
    except UnicodeDecodeError:
        return None
