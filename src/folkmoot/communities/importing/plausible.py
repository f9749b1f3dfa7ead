"""Can this list of populations be true? Compared place by place with what is known of the same places.

Two things betray a list: places whose size cannot be theirs, and counts that fit the place in the
row above or below better than their own. What does not belong here: faults of single cells
(``counted`` refuses those).
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from statistics import median

from folkmoot.core.errors import BadImport

FEWEST = 5  # fewer places in common say nothing about a list
TWICE = math.log(2)
CLOSE, APART = math.log(1.03), math.log(1.10)
FAIR = math.log(1.25)
RUN = 6  # places in a row that all fit their neighbour's place and not their own
MOST_OFF = 0.10


@cache
def force_sizes() -> dict[str, int]:
    """People by police force area, to the nearest thousand, under the plain name of the force."""
    text = (Path(__file__).parent / "force_sizes.toml").read_text(encoding="utf-8")
    return {name: thousands * 1000 for name, thousands in tomllib.loads(text).items()}


def force_name(label: str) -> str:
    """The plain name of a force: “London, City of”, “City of London Police” → “city of london”."""
    plain = re.sub(r"[^a-z]+", " ", label.lower().replace("&", " and "))
    plain = re.sub(r"\b(police|constabulary|service|area|force)\b", " ", plain)
    plain = " ".join(plain.split())
    return "city of london" if plain == "london city of" else plain


def check_list(
    totals: Mapping[str, int], *, order: Sequence[str], known: Mapping[str, int], known_as: str
) -> str:
    """A sentence for the notes on how the list compares with what is known; refuses one that cannot be true.

    ``order`` is the order of the file's rows. Sizes are compared after taking out the ratio between
    the lists as a whole: another year, or a table without the young, is no fault.
    """
    rows = [place for place in order if totals.get(place, 0) > 0 and known.get(place, 0) > 0]
    if len(rows) < FEWEST:
        return ""
    ratios = [math.log(totals[place] / known[place]) for place in rows]
    middle = median(ratios)
    off = [abs(ratio - middle) for ratio in ratios]
    for step, where in ((1, "below"), (-1, "above")):
        beside = _beside(rows, totals, known, step)
        _refuse_shifted(rows, off, beside, middle, where, totals, known_as)
    far = [place for place, distance in zip(rows, off, strict=True) if distance > TWICE]
    if len(far) > max(2, MOST_OFF * len(rows)):
        raise BadImport(
            f"{len(far):,} of {len(rows):,} places have less than half or more than twice the people that "
            f"{known_as} gives them, such as {_told(far[0], totals, known)}.",
            remedy="A list like that cannot be true, so nothing of it was used.",
        )
    said = f"Compared with {known_as} in {len(rows):,} places"
    if not far:
        return f"{said}: none is out of proportion."
    return (
        f"{said}: {len(far)} out of proportion ({'; '.join(_told(one, totals, known) for one in far[:3])})."
    )


def _told(place: str, totals: Mapping[str, int], known: Mapping[str, int]) -> str:
    return f"{place} with {totals[place]:,} where {known[place]:,} are known"


def _beside(
    rows: Sequence[str], totals: Mapping[str, int], known: Mapping[str, int], step: int
) -> list[float]:
    """The ratio of each count to what is known of the place one row further, as a logarithm; infinite at the end."""
    found = []
    for number, place in enumerate(rows):
        other = number + step
        if 0 <= other < len(rows):
            found.append(math.log(totals[place] / known[rows[other]]))
        else:
            found.append(math.inf)
    return found


def _refuse_shifted(
    rows: Sequence[str],
    off: Sequence[float],
    ratios_beside: Sequence[float],
    middle: float,
    where: str,
    totals: Mapping[str, int],
    known_as: str,
) -> None:
    beside = [abs(ratio - middle) for ratio in ratios_beside]
    wrong = [number for number, distance in enumerate(off) if distance > FAIR]
    moved = [number for number in wrong if beside[number] <= FAIR and beside[number] < off[number] / 2]
    run = longest = 0
    for own, other in zip(off, beside, strict=True):
        run = run + 1 if own > APART and other < CLOSE else 0
        longest = max(longest, run)
    # where the whole list is shifted, the middle of its own ratios means nothing
    finite = [ratio for ratio in ratios_beside if math.isfinite(ratio)]
    around = median(finite)
    whole = median(abs(ratio - around) for ratio in finite) < median(off) / 2 and median(off) > CLOSE
    if (len(moved) >= 3 and len(moved) * 2 >= len(wrong)) or longest >= RUN or whole:
        first = moved[0] if moved else max(range(len(off)), key=off.__getitem__)
        raise BadImport(
            f"the list looks shifted by a row: from {rows[first]} on ({totals[rows[first]]:,}), counts fit the "
            f"place one row {where} and not their own, compared with {known_as}.",
            remedy="Nothing of it was used. Sort it again from its source, names and counts together.",
        )
