"""A document's words cut into sentences. Pure: text in, spans out; offsets are code points.

What does not belong here: what a sentence means, or who has read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# an end mark, whatever closes after it, then white space; "e.g." and "Mr." are looked at afterwards
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)")
_BULLET = re.compile(r"\n(?=[ \t]*(?:[-*•–·]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t])")
_SHORT = re.compile(
    r"(?:^|[\s(])(?:[A-Za-z]|e\.g|i\.e|etc|cf|vs|approx|Mr|Mrs|Ms|Dr|Prof|Sgt|Insp|Ch|No|Nos|St|Rd|para|paras|p|pp)\.$"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its number in the document (from 1) and its span."""

    number: int
    start: int
    end: int


def sentences_in(text: str, *, start: int = 0, first: int = 1) -> list[Sentence]:
    """The sentences of a paragraph that begins at ``start`` of the document, numbered from ``first``.

    Every character that is not white space stands in exactly one of them. A list item begins a new one.
    """
    cuts = {match.end() for match in _END.finditer(text) if _ends_there(text, match)}
    cuts |= {match.end() for match in _BULLET.finditer(text)}
    found: list[Sentence] = []
    at = 0
    for cut in [*sorted(cuts), len(text)]:
        words = text[at:cut]
        inner = words.strip()
        if inner:
            begin = at + len(words) - len(words.lstrip())
            found.append(Sentence(first + len(found), start + begin, start + begin + len(inner)))
        at = cut
    return found


def _ends_there(text: str, match: re.Match[str]) -> bool:
    following = text[match.end() :].lstrip()[:1]
    if following.islower():
        return False
    return not (match.group().startswith(".") and _SHORT.search(text[: match.start() + 1]))
