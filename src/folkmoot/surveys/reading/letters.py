"""Text of older programs as UTF-8: what spreadsheets save as “CSV” or “Unicode text” is often neither.

What does not belong here: what the text says (``files``, ``series``).
"""

from __future__ import annotations

from folkmoot.core.letters import OLDER, letters_of

TEXT = {".csv", ".tsv", ".txt"}
LARGEST = (
    100_000_000  # bytes; a larger file comes from a program that writes UTF-8, or is refused by its reader
)


def in_utf8(name: str, content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The same text in UTF-8, and a sentence where its letters had to be guessed.

    What is no text in any of them comes back as it is: whoever reads it refuses it with its own sentence.
    """
    if len(content) > LARGEST:
        return content, ()
    found = letters_of(content)
    if found is None or found.encoding.startswith("utf-8") or not found.is_clean:
        return content, ()
    return found.text.encode(), (OLDER.format(name=name),) if found.guessed else ()
