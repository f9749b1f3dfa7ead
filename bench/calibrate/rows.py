"""What one simulation found, and whether that keeps the rule.

What does not belong here: any simulation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEAST, MOST = 0.93, 0.97  # coverage of a 95 % interval
MOST_ALARMS = 0.07  # of a 5 % test
POWER_OFF = 0.03  # how far a power may be from the simulated one


@dataclass(frozen=True, slots=True)
class Row:
    """One figure in one setting: what was promised and what was found in each of its cells.

    ``kind``: ``interval`` (share of intervals that hold the truth), ``test`` (share of alarms where nothing is
    there), ``power`` (``promised`` − simulated), ``never`` (a test that must not alarm at all). ``found`` has a
    number for each cell simulated; ``runs`` is the number of data sets in each, None where the share was added
    up exactly. A row is a promise (what people are shown) unless ``comparison`` says why the figure is there all
    the same (other programs print it, and nobody is shown it as an interval or a test) or ``warning`` what it warns
    of. ``conservative`` says why a promise may be more than kept. Nothing excuses one that falls short.
    """

    figure: str
    setting: str
    kind: str
    found: tuple[float, ...]
    runs: int | None
    promised: float = 0.95
    conservative: str = ""
    comparison: str = ""
    warning: str = ""

    @property
    def is_promise(self) -> bool:
        return not (self.comparison or self.warning)

    @property
    def falls_short(self) -> bool:
        if self.kind == "interval":
            return min(self.found) < LEAST
        if self.kind == "test":
            return max(self.found) > MOST_ALARMS
        if self.kind == "never":
            return max(self.found) > 0
        return min(self.found) < self.promised - POWER_OFF

    @property
    def overdoes(self) -> bool:
        if self.kind == "interval":
            return max(self.found) > MOST
        return self.kind == "power" and max(self.found) > self.promised + POWER_OFF

    @property
    def breaks_the_rule(self) -> bool:
        return self.is_promise and (self.falls_short or (self.overdoes and not self.conservative))

    @property
    def reasons(self) -> list[str]:
        """Why this is no promise, or why it is more than kept; nothing where it is simply kept."""
        if not self.is_promise:
            return [self.comparison or self.warning]
        return [self.conservative] if self.overdoes and self.conservative else []

    @property
    def verdict(self) -> str:
        if self.comparison:
            return "for comparison, not promised"
        if self.warning:
            return "a warning, not promised"
        if self.breaks_the_rule:
            return "BREAKS THE RULE"
        return "conservative" if self.overdoes else "kept"

    @property
    def chance(self) -> str:
        """Two standard errors of one cell's share, in points; "exact" where there is no chance in it."""
        if self.runs is None:
            return "exact"
        share = {"interval": 0.95, "test": 0.05, "never": 0.05}.get(self.kind, self.promised)
        return f"± {200 * math.sqrt(share * (1 - share) / self.runs):.1f}"

    @property
    def shown(self) -> str:
        low, high = 100 * min(self.found), 100 * max(self.found)
        return f"{low:.1f}" if f"{low:.1f}" == f"{high:.1f}" else f"{low:.1f} to {high:.1f}"


def share(hits: Iterable[bool]) -> float:
    """The share of true entries."""
    kept = list(hits)
    return sum(map(bool, kept)) / len(kept)


def covers(interval: Sequence[float], truth: float) -> bool:
    """Whether an interval holds the truth, rounding apart."""
    slack = 1e-9 * max(abs(truth), 1e-6)
    return interval[0] - slack <= truth <= interval[1] + slack
