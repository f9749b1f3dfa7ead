"""When an organisation keeps still about whoever holds or seeks office."""

from __future__ import annotations

from datetime import date

from folkmoot.audit.actions import action, made, record
from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.heard.letting_in import cleaned
from folkmoot.heard.models import ElectionPeriod
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.policies import may_administer

LONGEST_DAYS = 366


@action
def add_election_period(
    organisation: Organisation, *, what: str, begins: date, ends: date, by: User
) -> ElectionPeriod:
    """Enter a period; in it nothing that promotes an office holder is published or told."""
    _require(by, organisation)
    name = cleaned(what)
    if not name:
        raise FolkmootError("Say which election it is.")
    if ends < begins:
        raise FolkmootError("The period ends before it begins.")
    if (ends - begins).days > LONGEST_DAYS:
        raise FolkmootError("A period of more than a year is no election period.")
    period: ElectionPeriod = ElectionPeriod.objects.create(
        organisation=organisation, what=name[:120], begins=begins, ends=ends, **made(by)
    )
    record("heard.election period added", by=by, on=period, organisation_id=organisation.pk)
    return period


@action
def remove_election_period(period: ElectionPeriod, *, by: User) -> None:
    """Take out a period that was entered by mistake; the log keeps that it was there."""
    _require(by, period.organisation)
    record(
        "heard.election period removed",
        by=by,
        on=period,
        organisation_id=period.organisation_id,
        begins=period.begins.isoformat(),
        ends=period.ends.isoformat(),
    )
    period.delete()


def _require(by: User, organisation: Organisation) -> None:
    if not may_administer(by, organisation_id=organisation.pk):
        raise NotAllowed("Election periods are entered by an administrator of the organisation.")
