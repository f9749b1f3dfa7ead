"""Which themes a text may speak of: likeness of words to texts that people gave those themes to, and to their names.

Weights are those of word counts against how many texts hold the word (Spärck Jones 1972, Journal of Documentation
28, p. 11); likeness is the cosine. Pure: no database, no network, no model from elsewhere. A suggestion decides
nothing. What does not belong here: where the texts come from, storing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

LIKE = 0.18  # least likeness to be suggested
MOST = 3  # suggestions a text
SHOWN = 4  # words named as the reason
SLICE = 2_000
# words that say nothing of what a text is about
_COMMON = (
    "a about after again all also am an and any are as at be because been before being but by can could "
    "did do does doing down each few for from further get go had has have having he her here hers him his "
    "how i if in into is it its just like me more most much my need no nor not now of off on once one "
    "only or other our out over own people please really said same say she should so some such than that "
    "the their them then there these they thing things think this those through to too under until up us "
    "very want was we were what when where which while who why will with would you your "
)
COMMON = frozenset(_COMMON.split())
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Example:
    """A text that a person gave a theme to, or the theme's own name and description."""

    theme: int
    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """This text may speak of that theme; ``words`` are those that led there, the weightiest first."""

    text: int
    theme: int
    words: tuple[str, ...]


def stems_of(text: str) -> list[str]:
    """The words of a text that say something, in a plain form: lights and light are one."""
    return [_stem(one) for one in _WORD.findall(text.casefold()) if one not in COMMON]


def _stem(word: str) -> str:
    for ending, least in (("ies", 5), ("ing", 6), ("ed", 5), ("es", 6), ("s", 4)):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            cut = word[: -len(ending)] + ("y" if ending == "ies" else "")
            # stopped, stopping → stop
            return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "lsz" else cut
    return word


def suggested(
    texts: Mapping[int, str],
    *,
    examples: Sequence[Example],
    known: Mapping[int, frozenset[int]] | None = None,
) -> Iterator[Suggestion]:
    """Suggestions for each text by its number, likest first, at most three; none where nothing is like enough.

    ``known`` holds themes of a text that a person has decided on or refused: they are not suggested again. A theme
    with one example weighs as much as one with a thousand: each is one direction, so small themes are not crowded
    out. Without an example or a word in common nothing is suggested.
    """
    themes = sorted({one.theme for one in examples})
    if not themes or not texts:
        return
    vocabulary: dict[str, int] = {}
    given = [stems_of(one.text) for one in examples]
    for words in given:
        for word in words:
            vocabulary.setdefault(word, len(vocabulary))
    if not vocabulary:
        return
    words_of = list(vocabulary)
    numbers = list(texts)
    place = {theme: at for at, theme in enumerate(themes)}
    counted = _counts(given, vocabulary)
    ours = _counts([stems_of(texts[number]) for number in numbers], vocabulary)
    weight = _weights(counted, ours)
    directions = _unit(
        sparse.csr_matrix(
            (np.ones(len(examples)), ([place[one.theme] for one in examples], np.arange(len(examples)))),
            shape=(len(themes), len(examples)),
        )
        @ _unit(counted @ weight)
    )
    weighed = _unit(ours @ weight)
    refused = known or {}
    for start in range(0, len(numbers), SLICE):
        part = weighed[start : start + SLICE]
        like = np.asarray((part @ directions.T).todense())
        for at, row in enumerate(like):
            number = numbers[start + at]
            found = 0
            for theme in np.argsort(-row, kind="stable")[: MOST * 4]:
                if row[theme] < LIKE or found == MOST:
                    break
                if themes[theme] in refused.get(number, frozenset()):
                    continue
                found += 1
                yield Suggestion(number, themes[theme], _shared(part[at], directions[theme], words_of))


def _counts(texts: Sequence[Sequence[str]], vocabulary: Mapping[str, int]) -> Any:
    rows, columns = [], []
    for row, words in enumerate(texts):
        for word in words:
            column = vocabulary.get(word)
            if column is not None:
                rows.append(row)
                columns.append(column)
    return sparse.csr_matrix(
        (np.ones(len(rows)), (rows, columns)), shape=(len(texts), len(vocabulary)), dtype=np.float64
    )


def _weights(counted: Any, ours: Any) -> Any:
    """A word that few texts hold weighs more."""
    held = np.asarray((counted > 0).sum(axis=0)).ravel() + np.asarray((ours > 0).sum(axis=0)).ravel()
    whole = counted.shape[0] + ours.shape[0]
    return sparse.diags(np.log((1 + whole) / (1 + held)) + 1)


def _unit(rows: Any) -> Any:
    length: NDArray[np.float64] = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return (sparse.diags(1 / np.where(length > 0, length, 1)) @ rows).tocsr()


def _shared(one: Any, other: Any, words: Sequence[str]) -> tuple[str, ...]:
    both = one.multiply(other).tocoo()
    order = np.argsort(-both.data, kind="stable")[:SHOWN]
    return tuple(words[both.col[at]] for at in order)
