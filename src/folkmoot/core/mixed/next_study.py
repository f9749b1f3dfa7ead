"""Which gap to study first: what it would be worth to know, and what one study could tell of it.

What does not belong here: what is known so far (synthesis), and what a design could see (power).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from folkmoot.core.errors import CannotAnalyse

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class StudyWorth:
    """What knowing is worth, per person and year, in the unit of the net benefit.

    ``perfect`` is the expected value of perfect information (EVPI), ``sample`` that of the study planned (EVSI, never more),
    ``flips`` the chance that the study turns the decision, ``worth`` what is left after its cost (None without money).
    """

    perfect: float
    sample: float
    flips: float
    worth: float | None


def worth_of_study(
    mean: float,
    *,
    spread: float,
    variance: float,
    people: float | None = None,
    years: float = 1.0,
    chance_of_use: float = 1.0,
    cost: float = 0.0,
) -> StudyWorth:
    """What a study of sampling ``variance`` is worth where the net benefit is believed to be Normal(``mean``, ``spread``²).

    The decision now is to act where ``mean`` is above 0. EVPI = s (φ(z) − z (1 − Φ(z))) with z = |m| / s; EVSI the same with
    s'² = s⁴ / (s² + v), the variance of what would be believed afterwards. With ``people`` helped a year,
    worth = EVSI × people × years × chance of use − cost. Assumes one decision, no cost of waiting, and an honest study.
    Source: Raiffa and Schlaifer (1961), Applied Statistical Decision Theory, section 5.5.
    """
    if not spread > 0 or not math.isfinite(spread) or not math.isfinite(mean):
        raise CannotAnalyse("What is believed so far needs a mean and a spread above 0.")
    if not variance > 0 or not math.isfinite(variance):
        raise CannotAnalyse("A study has a sampling variance above 0.")
    if not 0 <= chance_of_use <= 1 or years < 0 or cost < 0 or (people is not None and people < 0):
        raise CannotAnalyse(
            "People, years and cost are 0 or more, and the chance of use lies between 0 and 1."
        )
    afterwards = spread**2 / math.sqrt(spread**2 + variance)
    sample = _expected_gain(mean, afterwards)
    return StudyWorth(
        _expected_gain(mean, spread),
        sample,
        _NORMAL.cdf(-abs(mean) / afterwards),
        None if people is None else sample * people * years * chance_of_use - cost,
    )


def _expected_gain(mean: float, spread: float) -> float:
    """The expected gain from turning back where the truth lies on the other side of 0."""
    z = abs(mean) / spread
    return max(0.0, spread * (_NORMAL.pdf(z) - z * _NORMAL.cdf(-z)))
