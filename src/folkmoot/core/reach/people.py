"""Groups among the people reached against the same groups among the people who live there.

What does not belong here: reading files; adding groups up into one figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from folkmoot.core.errors import CannotAnalyse
from folkmoot.core.reach.shares import bounds_of_share, cautious_wilson, range_of_cell_share, wilson
from folkmoot.core.results import Refusal

MOST_GROUPS = 10_000
MOST_PEOPLE = 1e11  # more than have ever lived

Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tally:
    """One count of one kind of people. ``group`` None means that it was not recorded.

    ``place`` is None where the file has no places. In a file of attendances each tally is one
    group at one occasion.
    """

    group: str | None
    count: float
    place: str | None = None


@dataclass(frozen=True, slots=True)
class GroupReach:
    """One group (in one place): who was reached, who lives here, and how the two shares compare.

    ``people`` holds the fewest and the most people it can have been: the same number twice where
    people were counted. ``share_reached`` (among the recorded) and ``ratio`` are None where only
    attendances were counted, for then no single number is known. ``interval`` is Wilson's,
    widened to ``bounds``, which hold whatever the unrecorded people are; ``ratio_interval`` has the
    same ends over the share living here. ``cautious_interval`` allows for chance and for whoever the
    unrecorded people are at once, and ``cautious_ratio_interval`` has its ends over the share living
    here. What the population file cannot carry is None.
    """

    group: str
    place: str | None
    people: Ends
    share_reached: float | None
    interval: Ends
    bounds: Ends
    cautious_interval: Ends
    share_of_attendances: float | None = None
    living_here: float | None = None
    share_living_here: float | None = None
    share_living_here_range: Ends | None = None
    ratio: float | None = None
    ratio_interval: Ends | None = None
    cautious_ratio_interval: Ends | None = None


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """The people whose group nobody wrote down, in one place: a count, and its share of all counted."""

    place: str | None
    count: float
    counted: float
    share: float


@dataclass(frozen=True, slots=True)
class Reach:
    """Reach by place and group; what was not recorded comes first.

    ``people`` is the fewest and the most different people. ``never_seen`` lists (place, group)
    living here of whom nobody was recorded; ``unknown_to_population`` those recorded of whom the
    population says nothing.
    """

    not_recorded: tuple[NotRecorded, ...]
    groups: tuple[GroupReach, ...]
    recorded: float
    people: Ends
    population: float
    never_seen: tuple[tuple[str | None, str], ...]
    unknown_to_population: tuple[tuple[str | None, str], ...]
    refused: tuple[Refusal, ...]
    attendances: bool
    off_by: float
    level: float


def reach(
    people: Iterable[Tally],
    *,
    population: Iterable[Tally],
    attendances: bool = False,
    off_by: float = 0.0,
    level: float = 0.95,
) -> Reach:
    """How each group's share of the people reached compares with its share of the people here.

    ``people`` and ``population`` are tallies of people (counts ≥ 0); several tallies of one group
    are added up. With ``attendances`` each tally counts who came to one occasion, so that one
    person may be in many: the people of a group lie between its largest tally and its sum, and
    every figure becomes a pair of ends. ``off_by`` says by how much each population count may
    have been disturbed before publication; it then enters as a range. Groups are matched by their
    exact word, within a place where both sides have places.

    Assumptions: everybody is in one group; for the interval, that those recorded are like a
    random draw. The bounds assume nothing.

    Raises CannotAnalyse where nothing can be said at all. What cannot be said of one group is in
    ``refused``.
    """
    seen, living = list(people), list(population)
    if not seen:
        raise CannotAnalyse("Nobody was counted: the file of people holds no rows.")
    if not living:
        raise CannotAnalyse("The population file holds no rows, so there is no share living here.")
    for tally in (*seen, *living):
        if not 0 <= tally.count <= MOST_PEOPLE:
            raise CannotAnalyse(f"A count of people cannot be {tally.count:g}.")
    if not 0 <= off_by < float("inf"):
        raise CannotAnalyse("By how much a population count may be off is a number from 0 up.")
    if not 0 < level < 1:
        raise CannotAnalyse("The level of an interval lies between 0 and 1.")
    by_place = all(tally.place is not None for tally in (*seen, *living))
    here = _added(living, by_place=by_place)
    spans = _spans(seen, by_place=by_place, attendances=attendances)
    if sum(map(len, spans.values())) + sum(map(len, here.values())) > 2 * MOST_GROUPS:
        raise CannotAnalyse(
            f"There are more than {MOST_GROUPS:,} groups; is the column “group” the one that was meant?"
        )
    if not any(high for groups in spans.values() for _, high in groups.values()):
        raise CannotAnalyse("Nobody was counted: every count of people is 0.")
    groups: list[GroupReach] = []
    refused: list[Refusal] = []
    not_recorded: list[NotRecorded] = []
    for place in sorted(spans.keys() | here.keys(), key=lambda name: name or ""):
        if place not in spans:
            refused.append(Refusal(f"{place}", "people live here, but nobody was counted here."))
            continue
        one = _OnePlace(place, spans[place], here.get(place, {}), attendances, off_by, level)
        not_recorded.append(one.not_recorded())
        groups += one.groups(refused)
    recorded = sum(high for found in spans.values() for name, (_, high) in found.items() if name is not None)
    return Reach(
        not_recorded=tuple(not_recorded),
        groups=tuple(groups),
        recorded=recorded,
        people=(
            sum(max(_fewest(found), 0.0) for found in spans.values()),
            sum(high for found in spans.values() for _, high in found.values()),
        ),
        population=sum(sum(found.values()) for found in here.values()),
        never_seen=tuple(
            (place, group)
            for place, found in here.items()
            if place in spans
            for group in found
            if not spans[place].get(group, (0.0, 0.0))[1]
        ),
        unknown_to_population=tuple(
            (place, group)
            for place, found in spans.items()
            for group in found
            if group is not None and group not in here.get(place, {})
        ),
        refused=tuple(refused),
        attendances=attendances,
        off_by=off_by,
        level=level,
    )


def _added(tallies: Sequence[Tally], *, by_place: bool) -> dict[str | None, dict[str, float]]:
    """Population counts by place and group; people of no stated group are no group."""
    added: dict[str | None, dict[str, float]] = {}
    for tally in tallies:
        groups = added.setdefault(tally.place if by_place else None, {})
        if tally.group is not None:
            groups[tally.group] = groups.get(tally.group, 0.0) + tally.count
    return added


def _spans(
    tallies: Sequence[Tally], *, by_place: bool, attendances: bool
) -> dict[str | None, dict[str | None, Ends]]:
    """The fewest and the most people of each place and group; the key None is: not recorded."""
    spans: dict[str | None, dict[str | None, Ends]] = {}
    for tally in tallies:
        groups = spans.setdefault(tally.place if by_place else None, {})
        low, high = groups.get(tally.group, (0.0, 0.0))
        groups[tally.group] = (
            max(low, tally.count) if attendances else low + tally.count,
            high + tally.count,
        )
    return spans


def _fewest(spans: dict[str | None, Ends]) -> float:
    """The fewest different people: those recorded differ by group; the unrecorded of several
    occasions may be among them, but no fewer came than the unrecorded of one occasion."""
    recorded = sum(low for group, (low, _) in spans.items() if group is not None)
    unrecorded, sum_unrecorded = spans.get(None, (0.0, 0.0))
    exact = all(low == high for low, high in spans.values())
    return recorded + sum_unrecorded if exact else max(recorded, unrecorded)


@dataclass(frozen=True, slots=True)
class _OnePlace:
    place: str | None
    spans: dict[str | None, Ends]
    here: dict[str, float]
    attendances: bool
    off_by: float
    level: float

    def not_recorded(self) -> NotRecorded:
        count = self.spans.get(None, (0.0, 0.0))[1]
        counted = sum(high for _, high in self.spans.values())
        return NotRecorded(self.place, count, counted, count / counted if counted else 0.0)

    def groups(self, refused: list[Refusal]) -> list[GroupReach]:
        """Each group seen or living here; what cannot be said of it is added to ``refused``."""
        lows = sum(low for group, (low, _) in self.spans.items() if group is not None)
        highs = sum(high for group, (_, high) in self.spans.items() if group is not None)
        names = sorted({group for group in self.spans if group is not None} | self.here.keys())
        if not highs:
            where = f" in {self.place}" if self.place else ""
            refused.append(
                Refusal(
                    f"share reached{where}",
                    "nobody's group was recorded, so that any share could be true.",
                )
            )
            return []
        return [self._group(name, lows, highs, refused) for name in names]

    def _group(self, name: str, lows: float, highs: float, refused: list[Refusal]) -> GroupReach:
        low, high = self.spans.get(name, (0.0, 0.0))
        rest = (lows - low, highs - high)
        unknown = self.spans.get(None, (0.0, 0.0))[1]
        bounds = bounds_of_share((low, high), rest=rest, unknown=unknown)
        # the fewest people give the widest interval, so an interval from attendances errs on the wide side
        if low == high and rest[0] == rest[1]:
            around = wilson(low, whole=low + rest[0], level=self.level)
        else:
            ends = [
                wilson(part, whole=part + other, level=self.level)
                for part, other in ((low, rest[1]), (high, rest[0]), (low, rest[0]))
                if part + other
            ]
            around = (min(end[0] for end in ends), max(end[1] for end in ends))
        interval = (min(around[0], bounds[0]), max(around[1], bounds[1]))
        # the least share with all unrecorded elsewhere, the largest with all of them here, each with its own chance:
        # whoever they are, the exact count lies between, and so does its interval
        least = cautious_wilson(low, whole=low + rest[1] + unknown, level=self.level)[0]
        most = (
            cautious_wilson(high + unknown, whole=high + unknown + rest[0], level=self.level)[1]
            if high + unknown + rest[0]
            else 1.0
        )
        found = GroupReach(
            group=name,
            place=self.place,
            people=(low, high),
            share_reached=None if self.attendances else high / highs,
            share_of_attendances=high / highs if self.attendances else None,
            interval=interval,
            bounds=bounds,
            cautious_interval=(min(least, interval[0]), max(most, interval[1])),
        )
        return self._compared(found, refused)

    def _compared(self, found: GroupReach, refused: list[Refusal]) -> GroupReach:
        """With the share living here, the ratio and its ends, where the population can carry them."""
        part = f"{found.place}: {found.group}" if found.place else found.group
        if found.group not in self.here:
            refused.append(Refusal(part, "the population file has no such group, so there is no ratio."))
            return found
        cell = self.here[found.group]
        total = sum(self.here.values())
        if not cell:
            refused.append(
                Refusal(part, "the population file counts nobody of this group here, so there is no ratio.")
            )
            share = 0.0 if total else None
            return replace(found, living_here=cell, share_living_here=share)
        share = cell / total
        ends = range_of_cell_share(cell, others=total - cell, cells=len(self.here), off_by=self.off_by)
        if not self.off_by:
            ends = (share, share)
        if not ends[0]:
            refused.append(
                Refusal(
                    part,
                    "the population count may be as low as 0 once its disturbance is allowed for,"
                    " so the ratio could be any size.",
                )
            )
            return replace(found, living_here=cell, share_living_here=share, share_living_here_range=ends)
        return replace(
            found,
            living_here=cell,
            share_living_here=share,
            share_living_here_range=ends if self.off_by else None,
            ratio=None if found.share_reached is None else found.share_reached / share,
            ratio_interval=(found.interval[0] / ends[1], found.interval[1] / ends[0]),
            cautious_ratio_interval=(
                found.cautious_interval[0] / ends[1],
                found.cautious_interval[1] / ends[0],
            ),
        )
