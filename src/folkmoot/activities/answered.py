"""Were the people of a strand of work, or of one occasion, answered? The room above says; the work's pages print it.

Wherever work is counted, so is what was given back (R7). What does not belong here: the rule (``heard.extraction``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol


class Word(Protocol):
    """A word and its sentence, such as “extraction”."""

    @property
    def word(self) -> str: ...

    @property
    def sentence(self) -> str: ...

    @property
    def is_extraction(self) -> bool: ...


Asked = Callable[[Collection[int]], Mapping[int, Word]]
_strands: list[Asked] = []
_occasions: list[Asked] = []


def register(*, initiatives: Asked, activities: Asked) -> None:
    """Have these asked; each is one or a few questions to the database however many rows."""
    _strands[:], _occasions[:] = [initiatives], [activities]


def of_initiatives(numbers: Collection[int]) -> Mapping[int, Word]:
    """The word for each initiative; none where no room above knows."""
    return _strands[0](numbers) if _strands and numbers else {}


def of_activities(numbers: Collection[int]) -> Mapping[int, Word]:
    """The word for each occasion."""
    return _occasions[0](numbers) if _occasions and numbers else {}
