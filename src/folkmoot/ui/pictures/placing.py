"""Where things go: scales from zero, labels that do not touch, dots in bands. Knows nothing of evidence."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale from zero to ``top`` with a round ``step`` between its ticks."""

    top: float
    step: float

    @property
    def ticks(self) -> list[float]:
        return [self.step * n for n in range(round(self.top / self.step) + 1)]

    def share(self, value: float) -> float:
        """How far up ``value`` is, 0 to 1."""
        return value / self.top


def scale_from_zero(values: Sequence[float], *, whole: bool, most: int = 6) -> Scale:
    """A scale that holds all ``values``, with at most ``most`` steps of 1, 2 or 5 times a power of ten.

    ``whole`` keeps the step a whole number (things that are counted). Without values, or with none
    above zero, the scale runs from 0 to one step.
    """
    highest = max(values, default=0.0)
    if highest < 1e-300:  # also what no power of ten can divide any further
        return Scale(top=1.0, step=1.0)
    power = 10.0 ** math.floor(math.log10(highest / most))
    step = next(power * m for m in (1, 2, 5, 10, 20) if power * m * most >= highest)
    if whole:
        step = max(1.0, step)
    # a value met by whole steps up to rounding is met
    return Scale(top=max(highest, step * max(1, math.ceil(highest / step - 1e-9))), step=step)


@dataclass(frozen=True, slots=True)
class Bands:
    """A scale cut into ``count`` equal bands.

    ``centred`` bands are for things that are counted one by one: the middle of each is a whole number.
    Otherwise a band runs from its lower edge up to, but not including, the upper; the scale's top
    belongs to the last.
    """

    scale: Scale
    width: float
    centred: bool

    @property
    def count(self) -> int:
        return round(self.scale.top / self.width) + self.centred

    def index(self, value: float) -> int:
        return min(int(value / self.width + 1e-9), self.count - 1)

    def edges(self, index: int) -> tuple[float, float]:
        return index * self.width, (index + 1) * self.width

    def middle(self, index: int) -> float:
        """How far along the axis the middle of a band is, 0 to 1."""
        return (index + 0.5) / self.count

    def share(self, value: float) -> float:
        """How far along the axis ``value`` itself is, 0 to 1."""
        return (value / self.width + 0.5) / self.count if self.centred else self.scale.share(value)

    def tally(self, values: Sequence[float]) -> list[int]:
        held = [0] * self.count
        for value in values:
            held[self.index(value)] += 1
        return held


def bands_on(scale: Scale, *, whole: bool, most: int) -> Bands:
    """At most ``most`` bands that divide the scale's steps evenly; one for each number where they are few."""
    if whole and scale.top < most:
        return Bands(scale, 1.0, centred=True)
    steps = round(scale.top / scale.step)
    for parts in (5, 4, 2):
        width = scale.step / parts
        if steps * parts <= most and (not whole or width == int(width)):
            return Bands(scale, width, centred=False)
    return Bands(scale, scale.step, centred=False)


def spread(
    wanted: Sequence[float], sizes: Sequence[float], *, low: float, high: float, gap: float
) -> list[float]:
    """Centres for boxes of ``sizes`` so that none touch, as near to ``wanted`` as least squares allows.

    ``wanted`` ascends. The boxes stay between ``low`` and ``high`` if they fit there at all; if they
    do not, they keep their order and gaps and run over the high end.
    """
    if not wanted:
        return []
    offsets = [0.0]
    for before, after in itertools.pairwise(sizes):
        offsets.append(offsets[-1] + (before + after) / 2 + gap)
    free = _ascending([want - offset for want, offset in zip(wanted, offsets, strict=True)])
    least = low + sizes[0] / 2
    greatest = max(least, high - sizes[-1] / 2 - offsets[-1])
    return [min(max(z, least), greatest) + offset for z, offset in zip(free, offsets, strict=True)]


def _ascending(values: Sequence[float]) -> list[float]:
    # pool adjacent violators: the nearest ascending sequence
    blocks: list[tuple[float, int]] = []
    for value in values:
        mean, count = value, 1
        while blocks and blocks[-1][0] > mean:
            earlier, n = blocks.pop()
            mean, count = (mean * count + earlier * n) / (count + n), count + n
        blocks.append((mean, count))
    return [mean for mean, count in blocks for _ in range(count)]


def clusters(places: Sequence[float], *, apart: float) -> list[list[int]]:
    """Indexes of ``places`` (ascending) in runs whose neighbours are nearer than ``apart``."""
    runs: list[list[int]] = []
    for index, place in enumerate(places):
        if runs and place - places[runs[-1][-1]] < apart:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


@dataclass(frozen=True, slots=True)
class Packing:
    """Dots of radius ``r``, ``pitch`` apart, ``rows`` of them over one another in a band."""

    r: float
    pitch: float
    rows: int

    def length(self, count: int) -> float:
        """How far ``count`` dots reach along their band."""
        return math.ceil(count / self.rows) * self.pitch

    def places(self, count: int) -> list[tuple[float, float]]:
        """Offsets of each dot: along the band from its start, across it from its middle."""
        found = []
        for index in range(count):
            along, within = divmod(index, self.rows)
            held = min(self.rows, count - along * self.rows)
            found.append(((along + 0.5) * self.pitch, (within - (held - 1) / 2) * self.pitch))
        return found


def pack(fits: Callable[[Packing], bool], *, breadth: float, largest: float = 7.5) -> Packing:
    """The largest dots of which ``fits`` holds, in bands that are ``breadth`` across.

    Dots shrink as far as it takes, so they never overlap; should nothing fit, the smallest stand.
    """
    r = largest
    while True:
        pitch = 2 * r + max(0.6, r * 0.3)
        packing = Packing(r, pitch, max(1, int((breadth - 2) / pitch)))
        # at the very end, thousands in one band, dots too small to see are better than none
        if (pitch <= breadth and fits(packing)) or r < 0.05:
            return packing
        r *= 0.95
