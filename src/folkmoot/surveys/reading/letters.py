"""Text of older programs as UTF-8: what spreadsheets save as “CSV” or “Unicode text” is often neither.

What does not belong here: what the text says (``files``, ``series``).
"""

from __future__ import annotations

import codecs
import re

TEXT = {".csv", ".tsv", ".txt"}
LARGEST = (
    100_000_000  # bytes; a larger file comes from a program that writes UTF-8, or is refused by its reader
)
OLDER = "{name} is not in UTF-8; it was read as Windows-1252. If letters look wrong, save it as UTF-8."
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def in_utf8(name: str, content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The same text in UTF-8, and a sentence where its letters had to be guessed.

    What is no text in any of them comes back as it is: whoever reads it refuses it with its own sentence.
    """
    if len(content) > LARGEST:
        return content, ()
    try:
        if content.startswith(UTF_16):
            text = content.decode("utf-16")
            return (content, ()) if CONTROL.search(text) else (text.encode(), ())
        content.decode("utf-8")
        return content, ()
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return content, ()
    if CONTROL.search(text):
        return content, ()
    return text.encode(), (OLDER.format(name=name),)
