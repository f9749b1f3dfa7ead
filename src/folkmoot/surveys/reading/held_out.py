"""A list of people or places, some held out by lot: who was reached, who acted, as counts without any row.

What does not belong here: what follows from the counts (``reached``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import BadImport
from folkmoot.surveys.reading.files import RawColumn, RawFile

YES = {"1", "yes", "y", "true", "t", "held out", "control", "reached", "acted"}
NO = {"0", "no", "n", "false", "f", "sent", "treated", "system", "not reached", "not acted", "not"}
MOST_CLUSTERS = 20_000


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Counts: rows of (group, held out, people, reached, acted, outcome); ``clusters`` where groups were drawn whole.

    ``acted`` or ``outcome`` is −1 throughout where it was not given.
    """

    cells: tuple[tuple[int, int, int, int, int, int], ...]
    clusters: bool
    read: int
    used: int
    set_aside: tuple[dict[str, Any], ...]

    @property
    def has_outcome(self) -> bool:
        return any(cell[5] >= 0 for cell in self.cells)


def held_out_counts(
    raw: RawFile, *, held_out: str, reached: str, acted: str = "", outcome: str = "", cluster: str = ""
) -> HeldOut:
    """The counts of a list in which each row says 1 or 0 (yes or no) whether held out, reached, acted, better off.

    Rows without an answer are set aside. Refused where nobody or everybody was held out.
    """
    flags = {name: _flags(raw.column(name)) for name in (held_out, reached, acted, outcome) if name}
    aside: list[dict[str, Any]] = []
    kept = np.ones(raw.rows, dtype=bool)
    for name, values in flags.items():
        bad = kept & (values < 0)
        kept &= ~bad
        aside += [
            {
                "file": raw.name,
                "row": int(row) + raw.first_row,
                "reason": f"It does not say yes or no in “{name}”.",
            }
            for row in np.flatnonzero(bad)
        ]
    groups = np.zeros(raw.rows, dtype=np.int64)
    if cluster:
        column = raw.column(cluster)
        if len(column.levels) > MOST_CLUSTERS:
            raise BadImport(f"“{cluster}” names more than {MOST_CLUSTERS:,} groups.")
        bad = kept & (column.codes < 0)
        kept &= ~bad
        aside += [
            {"file": raw.name, "row": int(row) + raw.first_row, "reason": f"It has nothing in “{cluster}”."}
            for row in np.flatnonzero(bad)
        ]
        groups = column.codes
    held = flags[held_out][kept]
    if not held.size or held.min() == held.max():
        raise BadImport(
            "Nobody was held out, or everybody: there is nobody to compare with.",
            remedy=f"“{held_out}” says 1 for those who did not get the message, 0 for those who did.",
        )
    key = groups[kept] * 2 + held
    cells = []
    for one in np.unique(key):
        these = key == one
        cells.append(
            (
                int(one // 2),
                int(one % 2),
                int(these.sum()),
                int(flags[reached][kept][these].sum()),
                int(flags[acted][kept][these].sum()) if acted else -1,
                int(flags[outcome][kept][these].sum()) if outcome else -1,
            )
        )
    aside.sort(key=lambda one: one["row"])
    return HeldOut(tuple(cells), bool(cluster), raw.rows, int(kept.sum()), tuple(aside))


def _flags(column: RawColumn) -> NDArray[np.int64]:
    """1, 0, or −1 where the cell says neither."""
    words = [one.strip().casefold() for one in column.levels]
    table = [1 if one in YES else 0 if one in NO else -1 for one in words]
    return np.array([*table, -1], dtype=np.int64)[column.codes]
