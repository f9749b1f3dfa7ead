"""Student's t for fractional degrees of freedom, without SciPy: its import takes longer than a whole comparison."""

from __future__ import annotations

import math
from functools import lru_cache

TINY = 1e-300


@lru_cache(maxsize=256)
def student_quantile(freedom: float, level: float) -> float:
    """The t with P(|T| ≤ t) = level, for freedom > 0 and 0 < level < 1, to about 12 digits."""
    low, high = -40.0, 690.0  # of log t
    for _ in range(200):
        middle = (low + high) / 2
        if _outside(math.exp(middle), freedom) > 1 - level:
            low = middle
        else:
            high = middle
    return math.exp((low + high) / 2)


def _outside(t: float, freedom: float) -> float:
    """P(|T| > t): the regularised incomplete beta function at ν/(ν + t²) with (ν/2, ½)."""
    ratio = t / math.sqrt(freedom)
    if ratio < 1:
        return 1 - _beta(ratio * ratio / (1 + ratio * ratio), 0.5, freedom / 2)
    return _beta(1 / (1 + ratio * ratio), freedom / 2, 0.5)


def _beta(x: float, a: float, b: float) -> float:
    """I_x(a, b) by its continued fraction (Didonato and Morris 1992), evaluated by Lentz's method."""
    if x <= 0:
        return 0.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    c, d = 1.0, 1 / _apart(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, 1000):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _apart(1 + numerator * d)
            c = _apart(1 + numerator / c)
            fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * fraction / a


def _apart(value: float) -> float:
    return value if abs(value) > TINY else TINY
