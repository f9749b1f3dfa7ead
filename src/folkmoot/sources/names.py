"""Names on a team's list: where they stand in a text, and whether a search asks for one.

What does not belong here: patterns that only look like names (``reading.redaction``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from folkmoot.sources.models import RedactionMark, Source
from folkmoot.sources.reading import Proposal

# A part of a name that is also an everyday word is a name only where it is written as one.
_EVERYDAY_WORDS = """april august bail banks bell best bill bird bishop black bond booth bow brook brooks brown burns bush butler
    carter case chance church cliff cook cross day dean drew duke earl eve faith field fields fisher ford forest
    foster fox frank gale gardener garden glen gold good grace grant gray green grey hall hand hardy harper hay
    heath hill holly hood hope house hunt hunter ivy joy june king knight lake lane law lee light little long
    lord love major mark marsh may mason may mead mill miller moore moss north page park parks patience pearl
    penny pool poole pope porter potter power price prior prince queen ray read reed rich ridge robin rock rose
    rowan ruby rush sage savage sharp shaw shepherd short small smart son south spring star still stone street
    strong summer sun sunny swan tanner taylor temple thorn tower town turner victor violet walker wall waters
    way weaver wells west white will win winter wise wood woods young"""
EVERYDAY = frozenset(_EVERYDAY_WORDS.split())


def folded(text: str) -> str:
    """Without case and accents; as long as the text only where the text is plain."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", folded(text.replace("’", "'").replace("'s ", " ")))


def parts_of(names: Iterable[str]) -> set[str]:
    """The single words of the names, long enough to point at somebody."""
    return {part for name in names for part in words_of(name) if len(part) > 2}


def asks_for_a_name(query: str, *, names: Sequence[str]) -> bool:
    """Does the query hold a name of the list, whole or in part, wherever in it and in whatever case?"""
    asked = words_of(query + " ")
    plain = {form for word in asked for form in (word, word.removesuffix("s"))}
    surely = {part for part in parts_of(names) if part not in EVERYDAY}
    # a short search for the beginning of a name would find it by its stem
    if plain & (surely | {part.removesuffix("s") for part in surely}):
        return True
    joined = f" {' '.join(asked)} "
    return any(f" {' '.join(parts)} " in joined for name in names if (parts := words_of(name)))


def spans_of(text: str, *, names: Sequence[str]) -> list[tuple[int, int]]:
    """Where names of the list stand, whole in any case, or in part where written as a name."""
    whole = {tuple(words_of(name)) for name in names} - {()}
    if not whole:
        return []
    parts = parts_of(names)
    # every word with its place; folding one word at a time keeps the offsets those of the text
    found = [(match.start(), match.end(), folded(match[0])) for match in _WORD.finditer(text)]
    heads = {sequence[0] for sequence in whole}
    spans: list[tuple[int, int]] = []
    for at, (start, end, word) in enumerate(found):
        if word in heads:
            for sequence in whole:
                run = found[at : at + len(sequence)]
                if tuple(one[2] for one in run) == sequence:
                    spans.append((start, run[-1][1]))
        if word in parts and (word not in EVERYDAY or text[start].isupper()):
            spans.append((start, end))
    return _merged(spans)


_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if kept and start <= kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


def proposed(source: Source, proposal: Proposal) -> RedactionMark:
    """A proposal as a row that waits for a decision."""
    return RedactionMark(
        source=source,
        start=proposal.start,
        end=proposal.end,
        kind=proposal.kind[:30],
        replacement=proposal.replacement[:60],
        reason=proposal.reason[:200],
    )
