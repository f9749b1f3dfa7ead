"""Which passages somebody has shared by building on them, and how much was read. Rooms above register.

A claim shared with the network shares the words under it, within their consent. What does not
belong here: consent and redaction; ``queries.words`` applies them whatever is registered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

Shared = Callable[[Collection[int], Any], set[int]]
_shared: list[Shared] = []


def register_shared(finder: Shared) -> None:
    """``finder(passage_ids, viewer)`` gives those that something visible to the viewer has shared."""
    if finder not in _shared:
        _shared.append(finder)


def shared_passages(passage_ids: Collection[int], *, viewer: Any) -> set[int]:
    found: set[int] = set()
    for finder in _shared:
        found |= finder(passage_ids, viewer)
    return found


Coded = Callable[[Collection[int]], dict[int, int]]
_coded: list[Coded] = []


def register_coded(counter: Coded) -> None:
    """``counter(source_ids)`` gives how many readings (codes and claims) each source has."""
    if counter not in _coded:
        _coded.append(counter)


def readings_of(source_ids: Collection[int]) -> dict[int, int]:
    """Readings per source; a source without any is missing."""
    total: dict[int, int] = {}
    for counter in _coded:
        for source_id, number in counter(source_ids).items():
            total[source_id] = total.get(source_id, 0) + number
    return total


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody read in a passage, as far as the viewer may know it, and where it stands."""

    says: str
    stance: str
    url: str


Readings = Callable[[int, Any], list[Reading]]
_readings: list[Readings] = []


def register_readings(lister: Readings) -> None:
    """``lister(passage_id, viewer)`` gives what was read in it and stands where the viewer may see it."""
    if lister not in _readings:
        _readings.append(lister)


def readings_in(passage_id: int, *, viewer: Any) -> list[Reading]:
    return [reading for lister in _readings for reading in lister(passage_id, viewer)]
