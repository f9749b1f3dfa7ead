"""One count as it may be shown: a number, hidden, a true zero, or too few to say.

What does not belong here: tables of counts and their totals (tables), and comparing releases (releases).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from folkmoot.core.errors import CannotAnalyse


class Kind(Enum):
    NUMBER = "number"
    HIDDEN = "hidden"
    ZERO = "zero"
    TOO_FEW = "too few to say"


@dataclass(frozen=True, slots=True)
class Published:
    """What may be shown of a count. ``value`` is set for a number only; a zero is a true zero, never a hidden one."""

    kind: Kind
    value: int | None = None

    def as_json(self) -> int | str:
        if self.kind is Kind.NUMBER and self.value is not None:
            return self.value
        return 0 if self.kind is Kind.ZERO else self.kind.value

    def __str__(self) -> str:
        return f"{self.value:,}" if self.kind is Kind.NUMBER else str(self.as_json())


HIDDEN, ZERO, TOO_FEW = Published(Kind.HIDDEN), Published(Kind.ZERO), Published(Kind.TOO_FEW)


@dataclass(frozen=True, slots=True)
class Rule:
    """Counts of 1 to ``threshold`` are hidden, larger ones rounded to the nearest ``base`` (halves up).

    A count that would round to 0 is hidden too, so that a zero shown is always a true one. Where
    ``zeros_shown`` is false true zeros are hidden as well, and then not even a reader who knows the rule can
    tell a hidden 1 from a hidden 0.
    """

    threshold: int = 7
    base: int = 5
    zeros_shown: bool = True

    def __post_init__(self) -> None:
        if self.threshold < 1:
            raise CannotAnalyse("A threshold of at least 1 is needed: below it nothing is hidden.")
        if self.base < 1:
            raise CannotAnalyse("Counts are rounded to a whole number of at least 1.")
        if max(self.threshold, self.base) > 1_000_000:
            raise CannotAnalyse("A threshold or rounding above 1,000,000 hides every count.")

    @property
    def largest_hidden(self) -> int:
        """The largest count that is hidden: the threshold, or more where rounding alone would give 0."""
        return max(self.threshold, (self.base + 1) // 2 - 1)

    def shows(self, count: int) -> Published:
        """The count as it may be shown. A count is a whole number of 0 or more."""
        if count < 0:
            raise CannotAnalyse("A count cannot be below 0.")
        if count == 0 and self.zeros_shown:
            return ZERO
        if count <= self.largest_hidden:
            return HIDDEN
        return Published(Kind.NUMBER, (count + self.base // 2) // self.base * self.base)

    def range_of(self, shown: Published) -> tuple[int, int]:
        """The counts that are shown so: all that a reader can know of it. Hidden is taken as 0 to the largest."""
        if shown.kind is Kind.NUMBER and shown.value is not None:
            low = shown.value - self.base // 2
            return max(low, self.largest_hidden + 1), low + self.base - 1
        return (0, 0) if shown.kind is Kind.ZERO else (0, self.largest_hidden)


PUBLIC = Rule(threshold=7, base=5)
INTERNAL = Rule(threshold=4, base=1)  # inside an organisation: under 5 hidden, the rest exact
SPECIAL_PUBLIC_GROUP = 25
SPECIAL_INTERNAL_GROUP, SPECIAL_INTERNAL_ALL = 10, 25


def published_count(count: int, *, public: bool) -> Published:
    """An ordinary count, for the public or inside the organisation that holds it."""
    return (PUBLIC if public else INTERNAL).shows(count)


def published_special(count: int, *, of: int, public: bool) -> Published:
    """The count of people of one group of a special category, among ``of`` people whose category is recorded.

    Public: from 25 in the group, rounded; inside: from 10 in the group and 25 in all. Otherwise "too few to
    say", which also stands for none at all: that a group is absent is itself a statement about people.
    """
    if not 0 <= count <= of:
        raise CannotAnalyse("A group counts between none and all of those recorded.")
    if public:
        return PUBLIC.shows(count) if count >= SPECIAL_PUBLIC_GROUP else TOO_FEW
    enough = count >= SPECIAL_INTERNAL_GROUP and of >= SPECIAL_INTERNAL_ALL
    return INTERNAL.shows(count) if enough else TOO_FEW


def rebuilt_total(parts: list[Published] | tuple[Published, ...]) -> Published:
    """The total of what is shown: it carries no news about what is hidden.

    Parts that are not shown count for nothing in it; where nothing but zeros is shown beside them the total is
    hidden, lest it read as a true zero.
    """
    if any(part.kind is Kind.NUMBER for part in parts):
        return Published(Kind.NUMBER, sum(part.value or 0 for part in parts))
    if all(part.kind is Kind.ZERO for part in parts):
        return ZERO
    return HIDDEN
