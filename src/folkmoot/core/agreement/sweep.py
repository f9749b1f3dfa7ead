"""One sweep along all documents: stretches in which the same coders apply a code.

The work grows with the number of spans, never with the length of the text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.agreement.spans import Codes, Codings, Units

CODERS_PER_WORD = 60


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Maximal stretches of units, in order of code, document and place, where ``applied`` is constant and not empty.

    ``start, end``: units of the document. ``applied``: (s, m) whether the coder applies the code there.
    """

    code: Codes
    document: Codes
    start: Codes
    end: Codes
    applied: NDArray[np.bool_]


def stretches(codings: Codings, *, units: Units) -> Stretches:
    """The stretches of all codes. A coder's own overlapping spans of one code count once."""
    coders = len(codings.coders)
    document, coder = codings.document[units.kept], codings.coder[units.kept]
    code = codings.code[units.kept]
    edges = np.concatenate([[0], np.cumsum(units.sizes + 1)])  # one empty place parts neighbouring documents
    whole = int(edges[-1]) + 1
    begins, ends, who = _united(
        code * coders + coder, edges[document] + units.start, edges[document] + units.end, whole
    )
    place = np.concatenate([(who // coders) * whole + begins, (who // coders) * whole + ends])
    order = np.argsort(place, kind="stable")
    place = place[order]
    last = (
        np.flatnonzero(np.append(place[1:] != place[:-1], True))
        if place.size
        else np.zeros(0, dtype=np.int64)
    )
    at = place[last]
    applied = np.zeros((len(at), coders), dtype=bool)
    for word in range(0, coders, CODERS_PER_WORD):
        mine = (who % coders >= word) & (who % coders < word + CODERS_PER_WORD)
        bit = np.where(mine, np.int64(1) << np.where(mine, who % coders - word, 0), 0)
        state = np.cumsum(np.concatenate([bit, -bit])[order])[last]
        for position in range(word, min(word + CODERS_PER_WORD, coders)):
            applied[:, position] = (state >> (position - word)) & 1
    some = np.flatnonzero(applied.any(axis=1))  # never the last: every span has ended by then
    start = at[some] % whole
    of = np.searchsorted(edges, start, side="right") - 1
    return Stretches(
        code=at[some] // whole,
        document=of,
        start=start - edges[of],
        end=at[some + 1] % whole - edges[of],
        applied=applied[some],
    )


def _united(who: Codes, start: Codes, end: Codes, whole: int) -> tuple[Codes, Codes, Codes]:
    """The union of the spans of each coder and code: parted ranges, with whose they are."""
    low, high = who * whole + start, who * whole + end
    order = np.argsort(low, kind="stable")
    low, high = low[order], np.maximum.accumulate(high[order]) if order.size else high
    opens = np.ones(len(low), dtype=bool)
    opens[1:] = low[1:] > high[:-1]
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(low)) - 1 if first.size else first
    owner = low[first] // whole
    return low[first] - owner * whole, high[last] - owner * whole, owner
