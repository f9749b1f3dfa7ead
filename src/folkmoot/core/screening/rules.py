"""The screen itself: fold the letters, mend the spelling of telling words, blank the harmless, try the rules.

The script of the capture page does the same steps in the same order over the same data; a browser test compares
the two on every seeded text. Patterns are written for both languages: ASCII classes, no look-behind.
"""

from __future__ import annotations

import functools
import json
import pathlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["", "report", "name", "phone", "email", "plate", "address", "birth"]
PATTERNS_JSON = (pathlib.Path(__file__).parent / "patterns.json").read_text(encoding="utf-8")
SHORTEST_MENDED = 4
MARKS = {"‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "\u00a0": " "}


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of the text, in code points, and what it looks like."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Screened:
    """What the text looks like: ``kind`` is empty where nothing was found; a report outweighs all else."""

    kind: Kind
    spans: tuple[Span, ...]
    sentence: str

    @property
    def clear(self) -> bool:
        return not self.kind


@dataclass(frozen=True, slots=True)
class _Rules:
    sentences: dict[str, str]
    innocent: tuple[re.Pattern[str], ...]
    places: tuple[re.Pattern[str], ...]
    rules: tuple[tuple[Kind, re.Pattern[str]], ...]
    spell: tuple[str, ...]
    known: frozenset[str]


def screen(text: str) -> Screened:
    """What this text looks like, and where. An empty text is clear.

    Nothing is judged but the words: no list of people, no memory of other texts, no model.
    """
    rules = _rules()
    mended, places = _mended(_folded(text))
    for pattern in rules.innocent:
        mended = pattern.sub(lambda found: " " * len(found.group()), mended)
    # a name may be part of a place's, such as a street's
    nameless = mended
    for pattern in rules.places:
        nameless = pattern.sub(lambda found: " " * len(found.group()), nameless)
    spans = []
    for kind, pattern in rules.rules:
        for found in pattern.finditer(nameless if kind == "name" else mended):
            if found.group().strip():
                spans.append(Span(kind, places[found.start()], places[found.end() - 1] + 1))
    if not spans:
        return Screened("", (), "")
    first = next((one.kind for one in spans if one.kind == "report"), spans[0].kind)
    return Screened(first, tuple(spans), rules.sentences[first])


@functools.cache
def _rules() -> _Rules:
    data: dict[str, Any] = json.loads(PATTERNS_JSON)
    words = data["words"] | {"first": data["first"]}

    def compiled(rule: dict[str, Any]) -> re.Pattern[str]:
        pattern, cased = rule["pattern"], rule.get("case", False)
        if cased:
            capitals = "|".join(name.capitalize() for name in data["first"].split("|"))
            pattern = pattern.replace("{first}", capitals)
        while True:
            filled = re.sub(r"\{([a-z]+)\}", lambda found: words.get(found.group(1), found.group()), pattern)
            if filled == pattern:
                break
            pattern = filled
        return re.compile(pattern, re.ASCII if cased else re.ASCII | re.IGNORECASE)

    # a word that a rule looks for is spelt as it should be
    looked_for = re.findall(
        r"[a-z]{4,}", " ".join([*words.values(), *(one["pattern"] for one in data["rules"])])
    )
    return _Rules(
        sentences=data["sentences"],
        innocent=tuple(compiled(rule) for rule in data["innocent"]),
        places=tuple(compiled(rule) for rule in data["places"]),
        rules=tuple((rule["kind"], compiled(rule)) for rule in data["rules"]),
        spell=tuple(data["spell"]),
        known=frozenset([*data["spell"], *data["spell_not"], *looked_for]),
    )


def _folded(text: str) -> str:
    """As many characters as before: accents off, quotes and dashes plain, anything strange kept as it is."""
    return text if text.isascii() else "".join(_plain(letter) for letter in text)


def _plain(letter: str) -> str:
    if letter in MARKS:
        return MARKS[letter]
    # capital marks and ligatures that become several letters stay: a place in the text must stay a place
    bare = "".join(one for one in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(one))
    return bare if len(bare) == 1 and bare.isascii() else letter


def _mended(text: str) -> tuple[str, list[int]]:
    """The text with misspelt telling words put right, and for each of its places the place it came from."""
    out: list[str] = []
    places: list[int] = []
    last = 0
    for found in re.finditer(r"[A-Za-z]+", text):
        between = range(last, found.start())
        out.append(text[last : found.start()])
        places.extend(between)
        word = found.group()
        right = _right(word.lower()) if len(word) >= SHORTEST_MENDED else None
        if right is None:
            out.append(word)
            places.extend(range(found.start(), found.end()))
        else:
            out.append(right)
            width = found.end() - found.start()
            places.extend(found.start() + min(step, width - 1) for step in range(len(right) - 1))
            places.append(found.end() - 1)
        last = found.end()
    out.append(text[last:])
    places.extend(range(last, len(text)))
    return "".join(out), places


@functools.lru_cache(maxsize=20_000)
def _right(word: str) -> str | None:
    """The one telling word that this is a slip away from, if it is none itself."""
    rules = _rules()
    if word in rules.known:
        return None
    near = (one for one in rules.spell if one[0] == word[0] and _one_slip(word, one))
    return next(near, None)


def _one_slip(one: str, other: str) -> bool:
    """One letter added, left out or changed, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (len(a) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]
