"""Shares of a count: Wilson's interval, and what a share could be whatever the unknown are.

What does not belong here: groups, places and populations.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from folkmoot.core.errors import CannotAnalyse


def wilson(part: float, *, whole: float, level: float = 0.95) -> tuple[float, float]:
    """The interval of a share ``part / whole`` by Wilson's score method, both ends within [0, 1].

    ``part`` and ``whole`` are counts of people (0 ≤ part ≤ whole, whole > 0). It assumes that the
    people counted are like a random draw from those who could have been; it covers at about its
    level even for none or all, where an interval of estimate ± error would have no width.
    Source: Wilson (1927), Journal of the American Statistical Association 22, p. 209.
    Raises CannotAnalyse where there is nobody to take a share of.
    """
    if not whole > 0 or not 0 <= part <= whole:
        raise CannotAnalyse("A share needs somebody to take it of, and a part no larger than the whole.")
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = part / whole
    spread = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    centre = share + z * z / (2 * whole)
    shrink = 1 + z * z / whole
    low, high = (centre - spread) / shrink, (centre + spread) / shrink
    # none and all have exact ends; rounding must not lift them off
    return (0.0 if part == 0 else max(low, 0.0)), (1.0 if part == whole else min(high, 1.0))


def cautious_wilson(part: float, *, whole: float, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval with a correction for continuity: it holds the share at least about ``level`` of the time.

    ``part`` and ``whole`` are counts as for ``wilson``. Counts are whole numbers, so that Wilson's own interval covers its
    level on average over shares and less at some of them (with 10 people down to 91 % of a promised 95 %); this one stays at
    94.9 % or above and is conservative on average. It always holds Wilson's.
    Source: Newcombe (1998), Statistics in Medicine 17, p. 857, method 4.
    """
    plain = wilson(part, whole=whole, level=level)
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share, twice = part / whole, 2 * (whole + z * z)
    below = z * z - 2 - 1 / whole + 4 * share * (whole * (1 - share) + 1)
    above = z * z + 2 - 1 / whole + 4 * share * (whole * (1 - share) - 1)
    centre = 2 * part + z * z
    low = 0.0 if part == 0 else (centre - 1 - z * math.sqrt(max(below, 0.0))) / twice
    high = 1.0 if part == whole else (centre + 1 + z * math.sqrt(max(above, 0.0))) / twice
    return max(0.0, min(low, plain[0])), min(1.0, max(high, plain[1]))


def bounds_of_share(
    part: tuple[float, float], *, rest: tuple[float, float], unknown: float
) -> tuple[float, float]:
    """The least and the most that a share can be, with nothing assumed of the ``unknown`` people.

    ``part`` and ``rest`` are the fewest and the most people known inside and outside the group
    (twice the same number where it is known); each of the unknown may belong to either. With
    nobody at all the share could be anything: (0, 1).
    """
    low_whole = part[0] + rest[1] + unknown
    high_whole = part[1] + rest[0] + unknown
    low = part[0] / low_whole if low_whole else 0.0
    high = (part[1] + unknown) / high_whole if high_whole else 1.0
    return low, high


def range_of_cell_share(cell: float, *, others: float, cells: int, off_by: float) -> tuple[float, float]:
    """The share of one published count among several, when each may be off by up to ``off_by``.

    ``others`` is the sum of the other ``cells - 1`` published counts. The cells are taken to be
    disturbed independently, so the total is no firmer than its parts.
    """
    slack = off_by * (cells - 1)
    least, most = max(cell - off_by, 0.0), cell + off_by
    fewest, largest = max(others - slack, 0.0), others + slack
    low = least / (least + largest) if least + largest else 0.0
    high = most / (most + fewest) if most + fewest else 1.0
    return low, high
