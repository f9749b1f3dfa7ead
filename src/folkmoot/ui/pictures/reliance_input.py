"""What the reliance picture is drawn from, and how its parts are said in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from folkmoot.ui.pictures import marks

# up to so many marks each one carries its name; beyond, the three highest of each column do
LABELLED = 12

# (standing, from, to) → the address of the list behind a band; from and to are None for "not recorded"
BandUrl = Callable[[str, float | None, float | None], str]


@dataclass(frozen=True, slots=True)
class Dot:
    """One assumption. ``height`` is what rests on it; None means that it was not recorded, not nought."""

    label: str
    url: str
    word: str
    leaning: str | None
    for_count: int
    against_count: int
    height: float | None


@dataclass(frozen=True, slots=True)
class Measure:
    """What the height counts: "hour", "hours", the words at the axis and those at the strip apart."""

    one: str
    many: str
    axis: str
    missing: str
    whole: bool = False

    def of(self, value: float) -> str:
        """ "1 hour", "3,120 hours"; a tenth where the number has one."""
        return f"{plain(value)} {self.one if value == 1 else self.many}"


HOURS = Measure("hour", "hours", "Staff hours in the last 12 months", "Hours not recorded")
OBJECTIVES = Measure(
    "objective", "objectives", "Objectives that rest on it", "Objectives not recorded", whole=True
)


def plain(value: float) -> str:
    """A number as people write it: thousands apart, at most one decimal."""
    return f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"


def said(dot: Dot, measure: Measure) -> str:
    """The whole of one mark in words, for those who hear the page."""
    resting = measure.missing.lower() if dot.height is None else measure.of(dot.height)
    tests = marks.counted(dot.for_count, dot.against_count)
    return f"{dot.label}: {marks.spoken(dot.word, dot.leaning)}; {tests}; {resting}"


def counted_assumptions(count: int) -> str:
    return "1 assumption" if count == 1 else f"{count:,} assumptions"


def said_band(word: str, count: int, low: float | None, high: float | None, measure: Measure) -> str:
    """A band in words: "none, 0 to 100 hours: 123 assumptions, open the list"."""
    if low is None or high is None:
        return f"{word}, {measure.missing.lower()}: {counted_assumptions(count)}, open the list"
    # counted things share no boundary: 0 to 1, then 2 to 3
    upper = high - 1 if measure.whole else high
    among = measure.of(low) if upper == low else f"{plain(low)} to {plain(upper)} {measure.many}"
    return f"{word}, {among}: {counted_assumptions(count)}, open the list"


def rank(dot: Dot) -> tuple[bool, float, str]:
    """Most relied on first, those not recorded last, the same order on every run."""
    return (dot.height is None, -(dot.height or 0.0), dot.label)
