"""Where coders of a source differ, and what was decided about it. Measuring agreement is in ``doubles``."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from folkmoot.coding.models import Arbitration, Code, Coding
from folkmoot.sources.models import Source
from folkmoot.sources.queries import ShownTurn


@dataclass(frozen=True, slots=True)
class Coverage:
    """One coder, and whether they gave the code to all of some words, to part of them or to none."""

    pk: int
    name: str
    gave: str  # "all", "part" or "none"


def coverage(source: Source, *, code: Code, start: int, end: int) -> list[Coverage]:
    """What each coder of the source did with a code on these words; whoever used the codebook has read it."""
    rows = Coding.objects.filter(
        passage__source=source, code__codebook=code.codebook_id, coder__isnull=False
    ).order_by("coder__name", "coder")
    names: dict[int, str] = {}
    spans: dict[int, list[tuple[int, int]]] = {}
    for coder, name, used, low, high in rows.values_list(
        "coder_id", "coder__name", "code_id", "passage__start", "passage__end"
    ):
        names[coder] = name
        if used == code.pk and low < end and high > start:
            spans.setdefault(coder, []).append((max(low, start), min(high, end)))
    return [Coverage(coder, name, _share(spans.get(coder, []), end - start)) for coder, name in names.items()]


def _share(spans: list[tuple[int, int]], length: int) -> str:
    covered, reached = 0, 0
    for low, high in sorted(spans):
        covered += max(0, high - max(low, reached))
        reached = max(reached, high)
    return "none" if not covered else "all" if covered == length else "part"


def coders_differ(source: Source, *, code: Code, start: int, end: int) -> bool:
    """Did one coder give these words the code and another not, or not to all of them?"""
    given = {one.gave for one in coverage(source, code=code, start=start, end=end)}
    return len(given) > 1


def decisions_on(source: Source, *, code: Code, start: int, end: int) -> list[Arbitration]:
    """Every decision about a code on exactly these words, the one that stands first."""
    found = Arbitration.objects.filter(
        code=code, passage__source=source, passage__start=start, passage__end=end
    )
    return list(found.order_by("-pk"))


def latest_decision(source: Source, *, code: Code, start: int, end: int) -> Arbitration | None:
    return next(iter(decisions_on(source, code=code, start=start, end=end)), None)


def decided_in(source: Source) -> dict[tuple[int, int, int], Arbitration]:
    """The decision that stands for each code and stretch of a source."""
    rows = Arbitration.objects.filter(passage__source=source).select_related("passage").order_by("pk")
    return {(one.code_id, one.passage.start, one.passage.end): one for one in rows}


def words_between(turns: Sequence[ShownTurn], *, start: int, end: int) -> tuple[int, str]:
    """The words between two places, hidden ones by what stands for them, and the number of the first turn."""
    first = max(0, bisect_right([turn.start for turn in turns], start) - 1)
    words = " … ".join(
        said for turn in turns[first:] if turn.start < end and (said := _said(turn, start, end))
    )
    return (turns[first].number if turns else 0), words


def _said(turn: ShownTurn, start: int, end: int) -> str:
    """The turn's words between two places; hidden ones by what stands for them."""
    parts = []
    for piece in turn.pieces:
        if piece.start >= end or piece.end <= start:
            continue
        low, high = max(start, piece.start) - piece.start, min(end, piece.end) - piece.start
        parts.append(piece.text if piece.hidden else piece.text[low:high])
    return "".join(parts).strip()
