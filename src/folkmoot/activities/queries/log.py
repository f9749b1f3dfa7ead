"""The log: activities newest first, a page at a time, and the line of sums over them.

Pages go by the last row seen, never by a number, so that the thousandth is as quick as the first. What
does not belong here: sums by person. Nothing asks who recorded an activity but ``mine``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from folkmoot.activities.models import Activity, Initiative, Level
from folkmoot.activities.queries.sums import Sums, activities_of, merged, rates_of, sums_by_each, year_before
from folkmoot.communities.models import Grouping, Place
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Organisation

PAGE = 25  # a phone shows them within a few screens
MOST_COUNTED = 1_000
NOT_RECORDED = "none"  # the answer that asks for what was not recorded


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the log is asked for. ``places`` holds the place asked for and all that lies in it."""

    since: date | None = None
    until: date | None = None
    initiative: Initiative | None = None
    without_initiative: bool = False
    method: Method | None = None
    without_method: bool = False
    place: Place | None = None
    places: frozenset[int] | None = None
    level: str = ""
    specialists: bool | None = None
    specialists_unknown: bool = False
    without_partners: bool = False

    def narrow(self, found: QuerySet[Activity]) -> QuerySet[Activity]:
        """The activities that are asked for."""
        if self.since is not None:
            found = found.filter(happened_on__gte=self.since)
        if self.until is not None:
            found = found.filter(happened_on__lte=self.until)
        if self.without_initiative:
            found = found.filter(initiative=None)
        elif self.initiative is not None:
            found = found.filter(initiative=self.initiative)
        if self.without_method:
            found = found.filter(method=None)
        elif self.method is not None:
            found = found.filter(method=self.method)
        if self.places is not None:
            found = found.filter(place_id__in=self.places)
        if self.level:
            found = found.filter(level="" if self.level == NOT_RECORDED else self.level)
        if self.specialists_unknown:
            found = found.filter(by_specialist=None)
        elif self.specialists is not None:
            found = found.filter(by_specialist=self.specialists)
        if self.without_partners:
            found = found.exclude(counterpart__in=partner_kinds())
        return found


def partner_kinds() -> tuple[str, ...]:
    """Who is met as an organisation, not as the public (R31)."""
    return (Grouping.Counterpart.PARTNER, Grouping.Counterpart.DELEGATED)


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some activities, newest first. ``older`` is the mark of the next page; ``count`` is None on later pages,
    and ``more_than`` is true where it stopped at ``MOST_COUNTED``."""

    rows: tuple[Activity, ...]
    older: str
    count: int | None
    more_than: bool


def log_page(viewer: Any, organisation: Organisation, *, filters: Filters, after: str = "") -> LogPage:
    """One page of an organisation's log. Three queries whatever the length.

    ``after`` is the mark of the last row of the page before; a mark that cannot be read begins anew.
    """
    found = filters.narrow(activities_of(viewer, organisations=[organisation]))
    every = found
    mark = _mark(after)
    if mark is not None:
        day, pk = mark
        # both conditions, so that the index begins at the day
        found = found.filter(happened_on__lte=day).filter(Q(happened_on__lt=day) | Q(pk__lt=pk))
    ids = list(found.order_by("-happened_on", "-pk").values_list("pk", flat=True)[: PAGE + 1])
    by_id = (
        Activity.objects.filter(pk__in=ids[:PAGE])
        .select_related("initiative", "method", "place", "mechanism_version__mechanism")
        .defer("remark")
        .in_bulk()
    )
    rows = tuple(by_id[pk] for pk in ids[:PAGE] if pk in by_id)
    more = len(ids) > PAGE and rows
    older = f"{rows[-1].happened_on.isoformat()}.{rows[-1].pk}" if more else ""
    count: int | None = None
    if mark is None:
        count = every.values("pk")[: MOST_COUNTED + 1].count() if more else len(rows)
    return LogPage(rows, older, count and min(count, MOST_COUNTED), (count or 0) > MOST_COUNTED)


def _mark(after: str) -> tuple[date, int] | None:
    day, _, pk = after.partition(".")
    try:
        return (date.fromisoformat(day), int(pk)) if pk.isdecimal() and len(pk) < 19 else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Levels:
    """How often which level was planned and reached; what was not recorded comes first."""

    activities: int
    not_recorded: int
    not_planned: int
    met: int
    above: int
    below: int
    shadow: int
    by_level: tuple[tuple[str, int], ...]

    @property
    def judged(self) -> int:
        """Occasions of which both levels are known."""
        return self.met + self.above + self.below + self.shadow


def levels_reached(
    viewer: Any,
    *,
    organisations: Collection[Organisation | int] | None = None,
    filters: Filters | None = None,
    by_initiative: bool = False,
) -> dict[int | None, Levels]:
    """Levels reached against those planned (R42), by initiative or, under None, all together. Two queries.

    Only L0 to L5 are an order. A shadow level (managed, mined) is neither above nor below a plan.
    """
    found = (filters or Filters()).narrow(activities_of(viewer, organisations=organisations))
    rows = list(found.values_list("initiative_id", "level").annotate(n=Count("id")))
    return levels_from(rows, planned_for({row[0] for row in rows}), by_initiative=by_initiative)


def planned_for(initiatives: Iterable[int | None]) -> dict[int | None, str]:
    """The level planned for each initiative. One query."""
    return dict(
        Initiative.objects.filter(pk__in=[one for one in initiatives if one is not None]).values_list(
            "pk", "planned_level"
        )
    )


def levels_from(
    rows: Iterable[tuple[int | None, str, int]],
    planned: Mapping[int | None, str],
    *,
    by_initiative: bool = False,
) -> dict[int | None, Levels]:
    """The same from counts by initiative and level."""
    grouped: dict[int | None, dict[tuple[str, str], int]] = {}
    for initiative, level, number in rows:
        cells = grouped.setdefault(initiative if by_initiative else None, {})
        pair = (planned.get(initiative, ""), level)
        cells[pair] = cells.get(pair, 0) + number
    return {key: _levels(cells) for key, cells in grouped.items()}


def _levels(cells: dict[tuple[str, str], int]) -> Levels:
    def of(holds: Any) -> int:
        return sum(number for (planned, level), number in cells.items() if holds(planned, level))

    order = [value for value in Level.values if value.startswith("L")]
    rank = {value: place for place, value in enumerate(order)}
    both = {pair: number for pair, number in cells.items() if pair[0] in rank and pair[1]}
    return Levels(
        activities=sum(cells.values()),
        not_recorded=of(lambda planned, level: not level),
        not_planned=of(lambda planned, level: level and not planned),
        met=sum(number for (planned, level), number in both.items() if planned == level),
        above=sum(
            number
            for (planned, level), number in both.items()
            if level in rank and rank[level] > rank[planned]
        ),
        below=sum(
            number
            for (planned, level), number in both.items()
            if level in rank and rank[level] < rank[planned]
        ),
        shadow=sum(number for (_, level), number in both.items() if level not in rank),
        by_level=tuple(
            (value, of(lambda planned, level, value=value: level == value)) for value in Level.values
        ),
    )


@dataclass(frozen=True, slots=True)
class Year:
    """The last twelve months of an organisation's work, or the days that are asked for.

    ``by_others`` counts activities recorded by people whose trade engagement is not (R14): a share of the
    work of an organisation, never of a person. ``by_initiative`` holds the sums of each, None for none.
    """

    since: date
    until: date
    sums: Sums
    by_others: int
    recorder_unknown: int
    levels: Levels | None
    by_initiative: Mapping[int | None, Sums]


def year_of(viewer: Any, organisation: Organisation, *, filters: Filters, today: date) -> Year:
    """The sums over what is asked for, within the last twelve months unless days are named.

    Three queries, of which one reads the index of the activities, once.
    """
    if filters.since is None and filters.until is None:
        filters = replace(filters, since=year_before(today), until=today)
    found = filters.narrow(activities_of(viewer, organisations=[organisation]))
    fields = ("initiative_id", "level", "by_specialist")
    parts = sums_by_each(found, rates=rates_of([organisation.pk]), by=fields)
    levels = levels_from(
        ((initiative, level, sums.activities) for (initiative, level, _), sums in parts.items()),
        planned_for({key[0] for key in parts}),
    )
    grouped: dict[int | None, list[Sums]] = {}
    for (initiative, _, _), sums in parts.items():
        grouped.setdefault(initiative, []).append(sums)
    return Year(
        since=filters.since or date.min,
        until=filters.until or today,
        sums=merged(parts.values()),
        by_others=sum(sums.activities for (*_, known), sums in parts.items() if known is False),
        recorder_unknown=sum(sums.activities for (*_, known), sums in parts.items() if known is None),
        levels=levels.get(None),
        by_initiative={key: merged(several) for key, several in grouped.items()},
    )
