"""Randomisation inference for staggered starts.

What does not belong here: errors from a formula (``staggered``).
"""

from __future__ import annotations

import numpy as np

from folkmoot.core.effects.cells import comparison_cells, targets
from folkmoot.core.effects.cohorts import cohorts_of
from folkmoot.core.effects.panel import Panel
from folkmoot.core.effects.randomisation import RandomisationResult, randomisation_test
from folkmoot.core.errors import CannotAnalyse


def redraw_starts(
    panel: Panel,
    *,
    summary: str = "simple",
    comparison: str | None = None,
    level: float = 0.95,
    draws: int = 1999,
    random: np.random.Generator | None = None,
) -> RandomisationResult:
    """Randomisation inference for the Callaway–Sant'Anna summary: starts exchanged among units.

    With clusters, the means of whole clusters are exchanged; their units must start together. Supposes
    that each unit could as well have started at any other's time.
    """
    panel = panel if panel.clusters is None else _of_clusters(panel)
    cohorts, _, _, _ = cohorts_of(panel, singles=True)
    if comparison is None:
        comparison = "never" if (cohorts.first == panel.periods).any() else "not-yet"
    cells = comparison_cells(cohorts.starts, cohorts.sizes, periods=panel.periods, comparison=comparison)
    overall, _ = targets(cells, sizes=cohorts.sizes, times=panel.times, summary=summary)
    weights = (overall.after - overall.before) / cohorts.sizes[:, None]
    statuses = (np.arange(panel.periods)[None, :] >= cohorts.first[:, None]).astype(np.float64)
    return randomisation_test(
        cohorts.outcomes @ weights.T,
        of_treatment=statuses @ weights.T,
        labels=np.searchsorted(cohorts.starts, cohorts.first).astype(np.int64),
        level=level,
        draws=draws,
        random=random,
    )


def _of_clusters(panel: Panel) -> Panel:
    """The panel of cluster means, where clusters start whole."""
    clusters = np.arange(panel.units) if panel.clusters is None else panel.clusters
    names, member = np.unique(clusters, return_inverse=True)
    first = np.empty(names.size, dtype=np.int64)
    first[member] = panel.first
    if not np.array_equal(first[member], panel.first):
        raise CannotAnalyse("Some clusters hold units that start at different times.")
    sums = np.zeros((names.size, panel.periods))
    np.add.at(sums, member, panel.outcomes)
    return Panel(outcomes=sums / np.bincount(member)[:, None], times=panel.times, first=first)
