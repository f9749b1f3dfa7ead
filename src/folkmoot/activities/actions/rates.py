"""What an hour costs an organisation, from a date on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from folkmoot.activities.models import HourRate
from folkmoot.audit.actions import action, made, record
from folkmoot.core.errors import FolkmootError
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.policies import require_edit_for

HIGHEST = Decimal(10_000)


@action
def set_hour_rate(
    organisation: Organisation, *, since: date, pounds: Decimal, basis: str, by: User
) -> HourRate:
    """From that day on an hour costs this much; earlier days keep the rate that they had.

    A second rate from the same day replaces the first.
    """
    require_edit_for(by, organisation_id=organisation.pk)
    if not pounds.is_finite() or not 0 < pounds <= HIGHEST:
        raise FolkmootError(f"An hour costs more than nothing and at most £{HIGHEST:,}.")
    if not basis.strip():
        raise FolkmootError("Say whose hour it is and what the rate contains.")
    rate = HourRate.objects.filter(organisation=organisation, since=since).first()
    before = None if rate is None else str(rate.pounds)
    rate = rate or HourRate(organisation=organisation, since=since, **made(by))
    rate.pounds, rate.basis = pounds.quantize(Decimal("0.01")), basis.strip()[:200]
    rate.save()
    record("set an hour rate", by=by, on=rate, before=before)
    return rate


@action
def remove_hour_rate(rate: HourRate, *, by: User) -> None:
    """Take a rate out; its days then cost what the rate before it says."""
    require_edit_for(by, organisation_id=rate.organisation_id)
    record("removed an hour rate", by=by, on=rate)
    rate.delete()
