"""How far two coders of one source agree, and every stretch on which they differ. The sums are core's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from folkmoot.coding.models import Arbitration, Coding
from folkmoot.coding.queries.decided import decided_in, words_between
from folkmoot.core.agreement.compare import CodeAgreement, Disagreement, compare_coders
from folkmoot.core.agreement.spans import Coding as Span
from folkmoot.core.agreement.spans import (
    Codings,
    Units,
    codings_from_rows,
    in_characters,
    in_passages,
    in_turns,
)
from folkmoot.core.wording.agreement import agreement_sentence
from folkmoot.sources.models import Source
from folkmoot.sources.queries import ShownTurn, turns_of


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch that one of the two gave a code and the other did not, with its words."""

    code_id: int
    code: str
    turn: int
    words: str
    gave: str
    did_not: str
    start: int
    end: int
    decided: Arbitration | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """How far they agree on one code (None: on all together), as core says it in a sentence."""

    code: str | None
    estimate: float
    share: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What two coders did in one source. ``refused``: what could not be computed, and why."""

    agreed: tuple[Agreed, ...]
    differences: tuple[Difference, ...]
    refused: tuple[tuple[str, str], ...]

    @property
    def decided(self) -> int:
        """How many of the differences somebody has decided."""
        return sum(one.decided is not None for one in self.differences)


def compare(
    source: Source, *, one: int, other: int, codebook: int, unit: str, measure: str, viewer: Any
) -> Compared:
    """Two coders' use of one codebook's codes in one source.

    A coder who gave no code has still read the source: that is a disagreement, not a gap. Refuses, as
    core does, where there is nothing to compare.
    """
    rows = list(
        Coding.objects.filter(passage__source=source, coder__in=[one, other], code__codebook=codebook)
        .order_by("pk")
        .values_list("coder_id", "code_id", "code__name", "passage__start", "passage__end")
    )
    # a name may stand twice in a codebook, once in use and once retired; numbers never do
    names = {str(code): name for _, code, name, _, _ in rows}
    spans = [Span("source", str(coder), str(code), start, end) for coder, code, _, start, end in rows]
    codings = codings_from_rows(spans, lengths={"source": source.characters}, coders=[str(one), str(other)])
    turns = turns_of(source, viewer=viewer)
    result = compare_coders(codings, units=_units(codings, unit, turns), measure=measure)
    people = dict(_names(source, [one, other]))
    decided = decided_in(source)
    found_rows = (*([result.overall] if result.overall else []), *result.by_code)
    return Compared(
        tuple(_agreed(row, names, measure=measure, unit=unit) for row in found_rows),
        tuple(
            replace(shown, decided=decided.get((shown.code_id, shown.start, shown.end)))
            for found in result.disagreements
            for shown in [_difference(found, turns=turns, names=names, people=people)]
        ),
        # intervals come from several documents; with one source there is none, and the page says so once
        tuple(
            (_readable(each.part, names), each.reason)
            for each in result.refused
            if not each.part.startswith("interval")
        ),
    )


def _agreed(row: CodeAgreement, names: dict[str, str], *, measure: str, unit: str) -> Agreed:
    named = replace(row, code=names[row.code]) if row.code is not None else row
    return Agreed(
        named.code, row.estimate, row.agreement, agreement_sentence(named, measure=measure, unit=unit)
    )


def _readable(part: str, names: dict[str, str]) -> str:
    for number, name in names.items():
        part = part.replace(f"“{number}”", f"“{name}”")
    return part


def _names(source: Source, pks: Sequence[int]) -> list[tuple[str, str]]:
    rows = Coding.objects.filter(passage__source=source, coder__in=pks).order_by()
    return [(str(pk), name) for pk, name in rows.values_list("coder_id", "coder__name").distinct()]


def _units(codings: Codings, unit: str, turns: Sequence[ShownTurn]) -> Units:
    if unit == "turn":
        return in_turns(
            codings,
            document=np.zeros(len(turns), dtype=np.int64),
            start=np.array([turn.start for turn in turns], dtype=np.int64),
            end=np.array([turn.end for turn in turns], dtype=np.int64),
        )
    return in_passages(codings) if unit == "passage" else in_characters(codings)


def _difference(
    found: Disagreement, *, turns: Sequence[ShownTurn], names: dict[str, str], people: dict[str, str]
) -> Difference:
    turn, words = words_between(turns, start=found.start, end=found.end)
    return Difference(
        code_id=int(found.code),
        code=names[found.code],
        turn=turn,
        words=words,
        gave=", ".join(people.get(coder, "the other coder") for coder in found.coders),
        did_not=", ".join(people.get(coder, "the other coder") for coder in found.others),
        start=found.start,
        end=found.end,
    )
