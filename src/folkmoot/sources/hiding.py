"""Words with their hidden spans replaced. Pure: offsets in, words out.

What does not belong here: proposing what to hide (``reading``) or deciding it (``actions``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hidden:
    """A span of the body that a person decided to hide, and what stands in its place."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the words as shown; ``hidden`` where it stands in for others."""

    text: str
    start: int
    end: int
    hidden: bool


def pieces(text: str, *, start: int, hidden: Iterable[Hidden]) -> list[Piece]:
    """The words that begin at ``start`` of the body, cut at every hidden span that touches them.

    A span that begins before or ends after the words hides the part of it that lies inside.
    """
    end = start + len(text)
    made: list[Piece] = []
    at = start
    for span in sorted(hidden, key=lambda one: (one.start, one.end)):
        low, high = max(span.start, at), min(span.end, end)
        if low >= high:
            continue
        if low > at:
            made.append(Piece(text[at - start : low - start], at, low, False))
        made.append(Piece(span.replacement, low, high, True))
        at = high
    if at < end:
        made.append(Piece(text[at - start :], at, end, False))
    return made


def hide(text: str, *, start: int, hidden: Iterable[Hidden]) -> str:
    """The words with every hidden span replaced."""
    return "".join(piece.text for piece in pieces(text, start=start, hidden=hidden))
