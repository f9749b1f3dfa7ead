"""Codings as spans of documents, checked and held in columns, and their translation into units.

A unit is what coders agree on: a character, a passage or a turn. What does not belong here: any measure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import BadImport, CannotAnalyse

Codes = NDArray[np.int64]
UNITS = ("character", "passage", "turn")


@dataclass(frozen=True, slots=True)
class Coding:
    """One coder's use of one code on [start, end) of a document; without a code: read, and nothing coded."""

    document: str
    coder: str
    code: str | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Codings:
    """Spans in columns: (n,) codes into the names, and offsets [start, end) in the document.

    ``lengths``: (d,) characters of each document. ``read``: (d, m) whether the coder has read the document;
    text that a reader did not code counts as not coded, text of a document not read does not count.
    ``without_length``: spans of no character; they code nothing. ``silent``: pairs of coder and document for
    which no row was given.
    """

    document: Codes
    coder: Codes
    code: Codes
    start: Codes
    end: Codes
    lengths: Codes
    read: NDArray[np.bool_]
    documents: tuple[str, ...]
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    without_length: int
    silent: int


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """The spans in units: [start, end) count units of the document. ``sizes``: (d,) units of each document.

    ``borders``: for each document where its units begin, and where they end (turns and passages), else empty.
    ``by_turn``: the units are turns, each a thing of its own. ``untouched``: spans that touch no unit. ``outside``: characters of the documents that belong to no unit.
    """

    start: Codes
    end: Codes
    kept: Codes
    sizes: Codes
    begins: Codes
    ends: Codes
    first: Codes
    untouched: int
    outside: int
    by_turn: bool


def codings_from_rows(
    rows: Iterable[Coding], *, lengths: dict[str, int], coders: Sequence[str] = (), read_all: bool = True
) -> Codings:
    """Codings from rows and the length of every document; see codings_from_columns."""
    kept = list(rows)
    missing = sorted({row.document for row in kept} - lengths.keys())
    if missing:
        raise CannotAnalyse(f"The length of document “{missing[0]}” is not known.")
    return codings_from_columns(
        [row.document for row in kept],
        lengths=np.array([lengths[row.document] for row in kept], dtype=float),
        coders=[row.coder for row in kept],
        codes=[row.code for row in kept],
        starts=np.array([np.nan if row.code is None else row.start for row in kept], dtype=float),
        ends=np.array([np.nan if row.code is None else row.end for row in kept], dtype=float),
        more_coders=coders,
        read_all=read_all,
    )


def codings_from_columns(
    documents: Sequence[str | None],
    *,
    lengths: NDArray[np.float64],
    coders: Sequence[str | None],
    codes: Sequence[str | None],
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
    more_coders: Sequence[str] = (),
    read_all: bool = True,
    first_row: int = 2,
) -> Codings:
    """Checked codings from columns of equal length; offsets in characters, end exclusive, NaN = blank.

    A row without code, start and end says that the coder read the document and coded nothing in that row.
    ``read_all``: every coder has read every document; otherwise only those for which the coder has a row.
    ``more_coders``: coders without any row. A length may be blank where another row of the document gives it.
    Refused with the row (the first is ``first_row``): blanks elsewhere, reversed or out-of-range or fractional
    offsets, two lengths for one document; refused: fewer than two coders.
    """
    document, document_names = _coded(documents)
    coder, coder_names = _coded([*coders, *more_coders])
    code, code_names = _coded(codes)
    coder = coder[: len(documents)]

    def refuse(bad: NDArray[np.bool_], problem: str, column: str) -> None:
        if bad.any():
            raise BadImport(problem, row=int(np.flatnonzero(bad)[0]) + first_row, column=column)

    refuse(document < 0, "the document is not named.", "document")
    refuse(coder < 0, "the coder is not named.", "coder")
    for column, values in (("length", lengths), ("start", starts), ("end", ends)):
        with np.errstate(invalid="ignore"):
            refuse(~np.isnan(values) & (values != np.floor(values)), "not a whole number.", column)
            refuse(values < 0, "below 0.", column)
            refuse(values > 1e12, "larger than any document.", column)
    blank = np.isnan(starts) & np.isnan(ends) & (code < 0)
    refuse(~blank & (code < 0), "the code is not named.", "code")
    refuse(~blank & np.isnan(starts), "the start is blank.", "start")
    refuse(~blank & np.isnan(ends), "the end is blank.", "end")
    length = _lengths(document, lengths, document_names, first_row)
    with np.errstate(invalid="ignore"):
        refuse(~blank & (ends < starts), "the span ends before it starts.", "end")
        refuse(~blank & (ends > length[document]), "the span ends after the end of its document.", "end")
    if len(coder_names) < 2:
        named = f"there is only “{coder_names[0]}”" if coder_names else "there is none"
        raise CannotAnalyse(f"Agreement needs two coders; {named}.")
    if not code_names:
        raise CannotAnalyse("No row names a code, so there is nothing to agree on.")
    rows = np.zeros((len(document_names), len(coder_names)), dtype=bool)
    rows[document, coder] = True
    spans = np.flatnonzero(~blank & (ends > starts))
    return Codings(
        document=document[spans],
        coder=coder[spans],
        code=code[spans],
        start=starts[spans].astype(np.int64),
        end=ends[spans].astype(np.int64),
        lengths=length.astype(np.int64),
        read=np.ones_like(rows) if read_all else rows,
        documents=tuple(document_names),
        coders=tuple(coder_names),
        codes=tuple(code_names),
        without_length=int((~blank).sum()) - spans.size,
        silent=int((~rows).sum()),
    )


def _lengths(
    document: Codes, given: NDArray[np.float64], names: Sequence[str], first_row: int
) -> NDArray[np.float64]:
    length = np.full(len(names), np.nan)
    known = np.flatnonzero(~np.isnan(given))
    length[document[known[::-1]]] = given[known[::-1]]  # the first length given stands
    other = known[given[known] != length[document[known]]]
    if other.size:
        raise BadImport(
            f"document “{names[document[other[0]]]}” has another length in an earlier row.",
            row=int(other[0]) + first_row,
            column="length",
        )
    unknown = np.flatnonzero(np.isnan(length))
    if unknown.size:
        row = int(np.flatnonzero(document == unknown[0])[0]) + first_row
        raise BadImport(
            f"the length of document “{names[unknown[0]]}” is not given.", row=row, column="length"
        )
    return length


def in_characters(codings: Codings) -> Units:
    """Every character of every document is a unit; nothing is enumerated."""
    none = np.zeros(0, dtype=np.int64)
    return Units(
        start=codings.start,
        end=codings.end,
        kept=np.arange(len(codings.start)),
        sizes=codings.lengths,
        begins=none,
        ends=none,
        first=none,
        untouched=0,
        outside=0,
        by_turn=False,
    )


def in_passages(codings: Codings) -> Units:
    """Each document is cut wherever anybody's span of any code begins or ends; each piece is one unit.

    Pieces that nobody coded are units too. A long and a short piece weigh the same, so that agreement on what
    to mark counts more than agreement on where it ends.
    """
    edges = np.concatenate([[0], np.cumsum(codings.lengths + 1)])
    every = np.concatenate(
        [
            edges[:-1],
            edges[1:] - 1,
            edges[codings.document] + codings.start,
            edges[codings.document] + codings.end,
        ]
    )
    cuts = np.unique(every)
    owner = np.searchsorted(edges, cuts, side="right") - 1
    same = owner[1:] == owner[:-1]  # a piece lies between two cuts of one document
    begins, ends, of = cuts[:-1][same], cuts[1:][same], owner[:-1][same]
    return _between(codings, begins - edges[of], ends - edges[of], of, by_turn=False)


def in_turns(codings: Codings, *, document: Codes, start: Codes, end: Codes) -> Units:
    """Units are the turns given; a turn is coded by a coder when any of the coder's spans touches it.

    ``document``: (t,) positions among the codings' documents. Turns may leave text out (it is counted as
    outside), but two turns of one document must not overlap.
    """
    order = np.lexsort((start, document))
    document, start, end = document[order], start[order], end[order]
    clash = (document[1:] == document[:-1]) & (start[1:] < end[:-1])
    if clash.any():
        row = int(np.flatnonzero(clash)[0])
        raise CannotAnalyse(
            f"Two turns of document “{codings.documents[document[row]]}” overlap at character {start[row + 1]}."
        )
    return _between(codings, start, end, document, by_turn=True)


def _between(codings: Codings, begins: Codes, ends: Codes, of: Codes, *, by_turn: bool) -> Units:
    """The spans as ranges of the given units, which are sorted by document and place and do not overlap."""
    sizes = np.bincount(of, minlength=len(codings.documents))
    first = np.concatenate([[0], np.cumsum(sizes)])
    edges = np.concatenate([[0], np.cumsum(codings.lengths + 1)])
    line = edges[codings.document]
    low = np.searchsorted(
        edges[of] + ends, line + codings.start, side="right"
    )  # the first unit that ends after
    high = np.searchsorted(edges[of] + begins, line + codings.end, side="left")  # the first that begins after
    base = first[codings.document]
    touches = high > low
    return Units(
        start=(low - base)[touches],
        end=(high - base)[touches],
        kept=np.flatnonzero(touches),
        sizes=sizes,
        begins=begins,
        ends=ends,
        first=first,
        untouched=int((~touches).sum()),
        outside=int(codings.lengths.sum() - (ends - begins).sum()),
        by_turn=by_turn,
    )


def _coded(words: Sequence[str | None]) -> tuple[Codes, list[str]]:
    levels = sorted({word for word in words if word is not None})
    position: dict[str | None, int] = {level: code for code, level in enumerate(levels)}
    position[None] = -1
    return np.fromiter(map(position.__getitem__, words), dtype=np.int64, count=len(words)), levels
