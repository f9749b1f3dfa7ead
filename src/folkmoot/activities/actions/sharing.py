"""Sharing how many hours rest on one's chains: totals of twelve months, frozen on the day, never an occasion."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Count, Sum

from folkmoot.activities.models import SharedHours
from folkmoot.activities.queries.relied import FEWEST
from folkmoot.activities.queries.sums import activities_of, exact, year_before
from folkmoot.audit.actions import action, made, record
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.policies import require_edit_for


@action
def share_hours(organisation: Organisation, *, until: date, visibility: str, by: User) -> int:
    """Share the hours of the twelve months to ``until`` by chain; what was shared before is replaced.

    Chains with fewer than five occasions are left out. Returns the number of chains shared.
    """
    require_edit_for(by, organisation_id=organisation.pk)
    if visibility not in {"network", "public"}:
        raise FolkmootError("Hours are shared with the network or with everybody.")
    rows = (
        activities_of(by, organisations=[organisation], since=year_before(until), until=until)
        .filter(mechanism_version__isnull=False)
        .values_list("mechanism_version_id")
        .annotate(every=Count("id"), known=Count("hours"), together=Sum("hours"))
    )
    shared = [
        SharedHours(
            organisation=organisation,
            visibility=visibility,
            mechanism_version_id=version,
            until=until,
            hours=exact(together),
            activities=every,
            without_hours=every - known,
            **made(by),
        )
        for version, every, known, together in rows
        if every >= FEWEST
    ]
    if not shared:
        raise NotYet(
            "No chain has five recorded occasions in these twelve months: there is nothing to share yet."
        )
    SharedHours.objects.filter(organisation=organisation).delete()
    SharedHours.objects.bulk_create(shared)
    total = sum((one.hours for one in shared), Decimal(0))
    record(
        "shared its hours",
        by=by,
        on=organisation,
        organisation_id=organisation.pk,
        chains=len(shared),
        hours=str(total),
        visibility=visibility,
    )
    return len(shared)


@action
def stop_sharing_hours(organisation: Organisation, *, by: User) -> None:
    """Take the shared totals back: pages and the picture of the network lose them at once."""
    require_edit_for(by, organisation_id=organisation.pk)
    SharedHours.objects.filter(organisation=organisation).delete()
    record("stopped sharing its hours", by=by, on=organisation, organisation_id=organisation.pk)
