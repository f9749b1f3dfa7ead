"""Tables inside documents: whether their rows are speaking turns, and their blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .blocks import Block, one_line
from .labels import TIME, is_role, looks_like_name
from .tables import columns_of

_CLOCK = re.compile(rf"\s*[\[(]?({TIME})[\])]?\s*")


def grid_blocks(rows: Sequence[Sequence[str]]) -> list[Block] | None:
    """A block a row where the table is one of speaking turns, else None.

    It is one where its first row names a column of words and one of speakers, or where it has two or
    three columns of which one holds the words and one, in most rows, a role or a name.
    """
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return []
    columns = columns_of(rows[0])
    if columns is not None and "speaker" in columns.place:
        blocks = [
            Block(
                " | ".join(cell.strip() for cell in rows[0]),
                kind="aside",
                reason="The names of a table's columns.",
            )
        ]
        for row in rows[1:]:
            speaker = one_line(columns.cell(row, "speaker")) or None
            blocks.append(_turn(columns.cell(row, "text"), speaker, columns.cell(row, "time").strip()))
        return blocks
    if not 2 <= max(len(row) for row in rows) <= 3 or len(rows) < 2:
        return None
    padded = [[*row, "", ""][:3] for row in rows]
    timed = sum(bool(_CLOCK.fullmatch(row[0])) for row in padded) >= 0.6 * len(padded)
    at = 1 if timed else 0
    likely = [one_line(row[at]).rstrip(":") for row in padded]
    named = sum(is_role(one) or looks_like_name(one) for one in likely)
    roles = sum(is_role(one) for one in likely)
    if (
        named < 0.6 * len(rows)
        or len({one.casefold() for one in likely}) > 0.7 * len(rows)
        or not (roles or timed)
    ):
        return None
    blocks = []
    for row, speaker in zip(padded, likely, strict=True):
        words = row[2] if timed else (row[1] if row[1].strip() and not _CLOCK.fullmatch(row[1]) else row[2])
        clock = _CLOCK.fullmatch(row[0] if timed else (row[1] if words is row[2] else row[2]))
        blocks.append(_turn(words, speaker or None, clock[1] if clock else ""))
    return blocks


def _turn(words: str, speaker: str | None, time: str) -> Block:
    doubt = "" if speaker else "The table names no speaker here."
    return Block(words.strip(), speaker=speaker.rstrip(":") if speaker else None, named=True, time=time, doubt=doubt,
                 reason="The row has no words.")  # fmt: skip
