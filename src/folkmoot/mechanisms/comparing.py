"""How near one step's words are to another's: shared words, counted. Pure; no model.

It proposes what a person may look at. It never decides that two wordings mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_EMPTY = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "but",
        "by",
        "can",
        "do",
        "does",
        "for",
        "from",
        "get",
        "had",
        "has",
        "have",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "more",
        "less",
        "most",
        "of",
        "on",
        "or",
        "our",
        "out",
        "own",
        "so",
        "some",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "up",
        "us",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)
_ENDINGS = ("ingly", "ings", "edly", "ing", "ied", "ies", "ers", "er", "ed", "es", "ly", "s", "e")
LEAST = 0.12


@dataclass(frozen=True, slots=True)
class Near:
    """A candidate's key and how large a part of the words the two have in common (0 to 1)."""

    key: int
    overlap: float


def stems(words: str) -> frozenset[str]:
    """The words that carry meaning, without their endings: “noticed” and “notices” are one."""
    return frozenset(_stem(word) for word in _WORD.findall(words.casefold()) if word not in _EMPTY)


def overlap(one: str, other: str) -> float:
    """Words in common as a share of all words of both; 0 where either says nothing."""
    mine, theirs = stems(one), stems(other)
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0


def nearest(
    ends: tuple[str, str], *, candidates: Mapping[int, tuple[str, str]], most: int = 3
) -> Sequence[Near]:
    """The candidates whose cause and effect share the most words with these, best first.

    Cause is held against cause and effect against effect, so that a step is not taken for its
    neighbour. Candidates that share hardly any words are left out.
    """
    found = [
        Near(key, (overlap(ends[0], cause) + overlap(ends[1], effect)) / 2)
        for key, (cause, effect) in candidates.items()
    ]
    found = [one for one in found if one.overlap >= LEAST]
    return sorted(found, key=lambda one: (-one.overlap, one.key))[:most]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
