"""From an interval to the mark it earns: the rule by which a finding is read before anybody comments on it.

Not here: where the interval comes from, and who may say otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.standing.marks import Mark


@dataclass(frozen=True, slots=True)
class Proposal:
    """The mark that the rule gives, and why in a sentence."""

    mark: Mark
    because: str


RULE = (
    "= where the whole interval lies closer to nothing than the smallest change that matters; else ▲ where it lies wholly "
    "on the expected side of nothing, ▼ where it lies wholly on the other; else ○: it holds both nothing and a change that "
    "matters, so nobody can say."
)


def proposed_mark(low: float, high: float, *, smallest_change: float, rises: bool = True) -> Proposal:
    """The mark of an interval against nothing and the smallest change that matters, all in one unit.

    ``rises``: more of it is what is expected; else less. An interval without an end on either side
    (infinite, not a number) was not read and rules nothing out: no effect found. Too small to matter
    comes first: a change that is surely there and surely trifling does not speak for an assumption.
    """
    if not smallest_change > 0 or not math.isfinite(smallest_change):
        raise CannotAnalyse(
            "The smallest change that matters has to be above zero to read an interval by it."
        )
    if not (math.isfinite(low) and math.isfinite(high)):
        return Proposal(Mark.NOT_FOUND, "The interval has no end, so it rules out nothing.")
    if low > high:
        raise CannotAnalyse("The interval's lower end lies above its upper end.")
    if not rises:
        low, high = -high, -low
    if -smallest_change < low and high < smallest_change:
        return Proposal(Mark.SAME, "The whole interval is smaller than the smallest change that matters.")
    if low > 0:
        return Proposal(Mark.UP, "The whole interval lies on the expected side of nothing.")
    if high < 0:
        return Proposal(Mark.DOWN, "The whole interval lies on the side that was not expected.")
    return Proposal(Mark.NOT_FOUND, "The interval holds both nothing and a change that would matter.")
