"""What a reader could work out: the smallest and largest count that each cell can be, by linear programming."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from folkmoot.core.errors import CannotAnalyse

Floats = NDArray[np.float64]


def reachable(
    low: Floats,
    high: Floats,
    *,
    wanted: NDArray[np.bool_],
    row_sums: tuple[Floats, Floats] | None = None,
    column_sums: tuple[Floats, Floats] | None = None,
    total: tuple[float, float] | None = None,
) -> tuple[Floats, Floats]:
    """Bounds of each wanted cell given what is known: (rows, columns) arrays, NaN where not wanted.

    ``low, high``: what the shown value of each cell says of its count. ``row_sums, column_sums, total``:
    bounds of the true totals, where a release tells them; totals rebuilt from the shown cells tell nothing and
    are not given. Two linear programs for each wanted cell, so meant for tests and small tables. Refused: what
    is known contradicts itself.
    """
    from scipy.optimize import linprog

    rows, columns = low.shape
    lines: list[Floats] = []
    bounds: list[tuple[float, float]] = []
    for axis, sums in ((0, row_sums), (1, column_sums)):
        if sums is None:
            continue
        for index in range((rows, columns)[axis]):
            line = np.zeros((rows, columns))
            line[(index, slice(None)) if axis == 0 else (slice(None), index)] = 1.0
            lines.append(line.ravel())
            bounds.append((float(sums[0][index]), float(sums[1][index])))
    if total is not None:
        lines.append(np.ones(rows * columns))
        bounds.append(total)
    matrix = np.array([part for line in lines for part in (line, -line)]).reshape(-1, rows * columns)
    limits = np.array([end for least, most in bounds for end in (most, -least)])
    cells = list(zip(low.ravel().tolist(), high.ravel().tolist(), strict=True))
    least, most = np.full(low.size, np.nan), np.full(low.size, np.nan)
    for cell in np.flatnonzero(wanted.ravel()).tolist():
        aim = np.zeros(low.size)
        aim[cell] = 1.0
        for sign, ends in ((1.0, least), (-1.0, most)):
            known = {"A_ub": matrix, "b_ub": limits} if lines else {}
            solved = linprog(sign * aim, bounds=cells, method="highs", **known)
            if not solved.success:
                raise CannotAnalyse("What is known of the table contradicts itself.")
            ends[cell] = sign * solved.fun
    return least.reshape(low.shape), most.reshape(low.shape)
