"""How much work rests on an assumption: the hours of the activities whose mechanism version contains it.

An activity keeps one mechanism version and an assumption stands once in it, so that each activity counts
once for each assumption; one hour can rest on several, so these figures never add up across assumptions.
What does not belong here: how well an assumption is known (``evidence``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connections
from django.db.models import Count, Max, Q, Sum

from folkmoot.activities.models import Activity, Initiative
from folkmoot.activities.queries.sums import (
    NO_RATE,
    PENNY,
    Sums,
    activities_of,
    exact,
    merged,
    own_ids,
    rates_of,
    sums_by,
)
from folkmoot.mechanisms.models import Step
from folkmoot.organisations.models import Organisation
from folkmoot.organisations.visibility import visible
from folkmoot.strategies.models import Objective


@dataclass(frozen=True, slots=True)
class Reliance:
    """What rests on one assumption. ``hours`` are those of ``activities - without_hours`` activities;
    ``cost`` is None where no hour has a rate."""

    hours: Decimal
    activities: int
    without_hours: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class InAll:
    """All work in the period, and the part of it whose reason nobody stated."""

    every: Sums
    without_reason: Sums


@dataclass(frozen=True, slots=True)
class ObjectiveWork:
    """One initiative that serves an objective, and what was done in it. An initiative may serve several
    objectives: its hours are whole under each and never add up over them (R40)."""

    initiative: Initiative
    sums: Sums
    last: date | None


def hours_by_assumption(
    *,
    viewer: Any,
    scope_organisations: Collection[Organisation | int] | None = None,
    since: date | None = None,
    until: date | None = None,
) -> dict[int, Reliance]:
    """What rests on each assumption (its number), from the work that this viewer may see. Two queries.

    ``scope_organisations`` narrows it to some of the viewer's organisations. Assumptions on which nothing
    rests are left out; an activity without hours counts in ``activities`` and ``without_hours``.
    """
    own = own_ids(viewer, scope_organisations)
    if not own:
        return {}
    rates = rates_of(own)
    versions = (
        activities_of(viewer, organisations=own, since=since, until=until)
        .filter(mechanism_version__isnull=False)
        .annotate(rate=rates.number())
        .values_list("mechanism_version_id", "rate")
        .annotate(every=Count("id"), known=Count("hours"), together=Sum("hours"))
    )
    found: dict[int, list[Any]] = {}
    for assumption, rate, every, known, hours in _joined(versions):
        kept = found.setdefault(assumption, [Decimal(0), 0, 0, None])
        kept[0] += exact(hours)
        kept[1] += every
        kept[2] += every - known
        if rate != NO_RATE and known:
            kept[3] = (kept[3] or Decimal(0)) + rates.cost(rate, exact(hours))
    return {
        assumption: Reliance(
            hours, activities, without, cost and cost.quantize(PENNY, rounding=ROUND_HALF_UP)
        )
        for assumption, (hours, activities, without, cost) in found.items()
    }


def _joined(versions: Any) -> list[tuple[Any, ...]]:
    """The sums of each version beside each assumption in it.

    Written around the compiled query: joining 200,000 activities to their steps before adding up would
    add the same hours up five times over; joining the few sums afterwards costs nothing.
    """
    connection = connections[versions.db]
    inner, parameters = versions.query.get_compiler(connection=connection).as_sql()
    quote = connection.ops.quote_name
    names = ("version", "rate", "every", "known", "together")
    head = ", ".join(["step.assumption_id", *(f"sums.{name}" for name in names[1:])])
    listed = ", ".join(names)
    table = quote(Step._meta.db_table)
    statement = (
        f"WITH sums ({listed}) AS ({inner}) "
        f"SELECT {head} FROM sums JOIN {table} step ON step.version_id = sums.version"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def hours_in_all(
    *,
    viewer: Any,
    scope_organisations: Collection[Organisation | int] | None = None,
    since: date | None = None,
    until: date | None = None,
) -> InAll:
    """All the work that this viewer may see, and that of it without a stated reason. Two queries.

    Here every hour counts once; it is not the sum of what rests on the assumptions.
    """
    own = own_ids(viewer, scope_organisations)
    found = activities_of(viewer, organisations=own, since=since, until=until)
    parts = sums_by(found, rates=rates_of(own), by="mechanism_version_id")
    return InAll(every=merged(parts.values()), without_reason=parts.get(None, Sums()))


def work_of_objective(
    objective: Objective, viewer: Any, *, since: date | None = None, until: date | None = None
) -> tuple[ObjectiveWork, ...]:
    """The initiatives that serve an objective, by name, as far as this viewer may see them. Four queries.

    An initiative serves an objective that it names, or that its mechanism leads to.
    """
    serves = Q(objectives=objective) | Q(mechanism_version__mechanism__objective=objective)
    listed = list(
        Initiative.objects.filter(visible(viewer))
        .filter(serves)
        .select_related("method", "organisation")
        .distinct()
    )
    ids = [one.pk for one in listed]
    found = activities_of(viewer, since=since, until=until).filter(initiative_id__in=ids)
    sums = sums_by(found, rates=rates_of(own_ids(viewer, None)), by="initiative_id") if ids else {}
    last = dict(_last_days(ids, viewer))
    return tuple(ObjectiveWork(one, sums.get(one.pk, Sums()), last.get(one.pk)) for one in listed)


def _last_days(initiatives: Collection[int], viewer: Any) -> Any:
    if not initiatives:
        return ()
    found = Activity.objects.filter(
        initiative_id__in=initiatives, organisation_id__in=own_ids(viewer, None)
    ).order_by()
    return found.values_list("initiative_id").annotate(last=Max("happened_on"))
