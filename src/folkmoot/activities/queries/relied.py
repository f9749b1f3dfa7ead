"""What the overview's picture stands on: hours by assumption, and the distinct hours behind them, in one query.

An organisation sees its own work as it is recorded; of others it sees the totals that they chose to share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connections
from django.db.models import Count, QuerySet, Sum

from folkmoot.activities.models import SharedHours
from folkmoot.activities.queries.sums import activities_of, exact, year_before
from folkmoot.mechanisms.models import MechanismVersion, Step
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import visible

FEWEST = 5  # a figure that could point at one officer needs as many occasions


@dataclass(frozen=True, slots=True)
class Rests:
    """What rests on one assumption: ``hours`` are those of ``activities - without_hours`` occasions."""

    hours: Decimal
    activities: int
    without_hours: int

    @property
    def known(self) -> Decimal | None:
        """The hours, or None where no occasion has any."""
        return None if self.activities == self.without_hours else self.hours


@dataclass(frozen=True, slots=True)
class Relied:
    """Twelve months of work with a stated reason. ``hours`` counts every hour once; ``on`` does not."""

    on: dict[int, Rests] = field(default_factory=dict)
    hours: Decimal = Decimal(0)
    activities: int = 0
    without_hours: int = 0
    until: date | None = None
    organisations: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.activities > 0


def relied_on(viewer: Any, *, organisation: Organisation | None, today: date) -> Relied:
    """The hours of one's own organisation, or (None) those that organisations share. One query."""
    if organisation is None:
        return _shared(viewer, today)
    rows = (
        activities_of(viewer, organisations=[organisation], since=year_before(today), until=today)
        .filter(mechanism_version__isnull=False)
        .values_list("organisation_id", "mechanism_version_id")
        .annotate(every=Count("id"), known=Count("hours"), together=Sum("hours"))
    )
    return _added(_with_assumptions(rows), until=today)


@dataclass(frozen=True, slots=True)
class Sharing:
    """One chain's version: its work to date, and what of it others see."""

    version: MechanismVersion
    rests: Rests
    shared: SharedHours | None
    too_few: bool


def sharing_of(organisation: Organisation, *, viewer: Any, today: date) -> tuple[Sharing, ...]:
    """The hours of twelve months by mechanism version beside what is shared of them. Three queries."""
    rows = (
        activities_of(viewer, organisations=[organisation], since=year_before(today), until=today)
        .filter(mechanism_version__isnull=False)
        .values_list("mechanism_version_id")
        .annotate(every=Count("id"), known=Count("hours"), together=Sum("hours"))
    )
    now = {key: Rests(exact(together), every, every - known) for key, every, known, together in rows}
    shared = {
        one.mechanism_version_id: one
        for one in SharedHours.objects.filter(visible(viewer), organisation=organisation)
    }
    versions = (
        MechanismVersion.objects.filter(pk__in={*now, *shared})
        .select_related("mechanism")
        .order_by("mechanism__name", "-number")
    )
    return tuple(
        Sharing(
            version=one,
            rests=now.get(one.pk, Rests(Decimal(0), 0, 0)),
            shared=shared.get(one.pk),
            too_few=one.pk in now and now[one.pk].activities < FEWEST,
        )
        for one in versions
    )


def _shared(viewer: Any, today: date) -> Relied:
    rows = (
        SharedHours.objects.filter(visible(viewer), until__gt=year_before(today))
        .order_by()
        .values_list("organisation_id", "mechanism_version_id")
        .annotate(
            every=Sum("activities"), known=Sum("activities") - Sum("without_hours"), together=Sum("hours")
        )
    )
    return _added(_with_assumptions(rows), until=None)


def _with_assumptions(rows: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """The sums of each version beside each assumption in it.

    Written around the compiled query: joining all activities to their steps first would add the same
    hours up five times over; joining the few sums afterwards costs nothing.
    """
    connection = connections[rows.db]
    inner, parameters = rows.query.get_compiler(connection=connection).as_sql()
    table = connection.ops.quote_name(Step._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH sums (owner, version, every, known, together) AS ({inner}) "
            "SELECT sums.owner, sums.version, step.assumption_id, sums.every, sums.known, sums.together "
            f"FROM sums LEFT JOIN {table} step ON step.version_id = sums.version",
            parameters,
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _added(rows: Iterable[tuple[Any, ...]], *, until: date | None) -> Relied:
    on: dict[int, Rests] = {}
    versions: dict[tuple[int, int], tuple[int, int, Decimal]] = {}
    for owner, version, assumption, every, known, together in rows:
        hours = exact(together)
        versions[owner, version] = (every, known, hours)
        if assumption is None:
            continue
        before = on.get(assumption, Rests(Decimal(0), 0, 0))
        on[assumption] = Rests(
            before.hours + hours, before.activities + every, before.without_hours + every - known
        )
    return Relied(
        on=on,
        hours=sum((hours for _, _, hours in versions.values()), Decimal(0)),
        activities=sum(every for every, _, _ in versions.values()),
        without_hours=sum(every - known for every, known, _ in versions.values()),
        until=until,
        organisations=frozenset(owner for owner, _ in versions),
    )
