"""Units grouped by when they start.

What does not belong here: comparisons (``cells``), estimates (``staggered``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from folkmoot.core.effects.inference import Codes, Numbers
from folkmoot.core.effects.panel import Panel
from folkmoot.core.errors import CannotAnalyse


@dataclass(frozen=True, slots=True)
class Cohorts:
    """The panel's rows sorted by first treated period, cut where it changes."""

    outcomes: Numbers
    first: Codes
    starts: Codes
    sizes: Codes
    edges: Codes
    clusters: Codes | None


def cohorts_of(panel: Panel, *, singles: bool = False) -> tuple[Cohorts, list[str], int, int]:
    """Cohorts with caveats, and how many units and cohorts were left out (already treated; alone)."""
    caveats: list[str] = []
    keep = panel.first > 0
    left_out = int((~keep).sum())
    if left_out:
        caveats.append(
            f"{left_out} units were already treated in the first period and are left out: nothing is known"
            " of them before the work."
        )
    starts, sizes = np.unique(panel.first[keep], return_counts=True)
    alone = starts[sizes == 1]
    if alone.size and not singles:
        caveats.append(
            f"{alone.size} cohorts hold a single unit, whose own spread cannot be known; they are left out."
        )
        keep &= ~np.isin(panel.first, alone)
        starts, sizes = starts[sizes > 1], sizes[sizes > 1]
    if not (starts < panel.periods).any():
        raise CannotAnalyse("No unit starts after the first period in a cohort of at least two units.")
    if starts.size < 2:
        raise CannotAnalyse(
            "All units start in the same period: nobody is left untreated to compare them with."
        )
    order = np.flatnonzero(keep)[np.argsort(panel.first[keep], kind="stable")]
    edges = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    clusters = None if panel.clusters is None else panel.clusters[order]
    if clusters is not None and np.unique(clusters).size < 2:
        raise CannotAnalyse("There is only one cluster: its error cannot be known.")
    cohorts = Cohorts(
        outcomes=panel.outcomes[order],
        first=panel.first[order],
        starts=starts,
        sizes=sizes.astype(np.int64),
        edges=edges,
        clusters=clusters,
    )
    dropped = 0 if singles else int(alone.size)
    return cohorts, caveats, left_out + dropped, dropped
