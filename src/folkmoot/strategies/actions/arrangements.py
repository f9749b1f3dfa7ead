"""Who runs a standing way of engaging, from when until when."""

from __future__ import annotations

from datetime import date

from folkmoot.audit.actions import action, made, record
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.policies import require_edit, require_edit_for
from folkmoot.strategies.models import Arrangement, ArrangementOwner


@action
def record_arrangement(
    name: str,
    *,
    organisation: Organisation,
    owner: Organisation,
    since: date,
    about: str = "",
    visibility: str = "network",
    by: User,
) -> Arrangement:
    """Record a standing way of engaging, such as an advisory group, and who runs it since when (R19)."""
    require_edit_for(by, organisation_id=organisation.pk)
    if not name.strip():
        raise FolkmootError("Give the arrangement its name.")
    arrangement = Arrangement.objects.create(
        name=name.strip(), about=about.strip(), organisation=organisation, visibility=visibility, **made(by)
    )
    ArrangementOwner.objects.create(arrangement=arrangement, owner=owner, since=since, **made(by))
    record("recorded an arrangement", by=by, on=arrangement)
    return arrangement


@action
def pass_arrangement(
    arrangement: Arrangement, *, to: Organisation, since: date, note: str = "", by: User
) -> ArrangementOwner:
    """Record that an arrangement passed to another body on a date. The earlier ownership ends then."""
    require_edit(by, arrangement)
    current = arrangement.owners.filter(until=None).order_by("-since").first()
    if current is not None:
        if current.owner_id == to.pk:
            raise NotYet(f"{to} runs it already.")
        if since <= current.since:
            raise FolkmootError(
                f"{current.owner} took it on only on {current.since:%d %B %Y}: give a later date."
            )
        current.until = since
        current.save()
    owner = ArrangementOwner.objects.create(
        arrangement=arrangement, owner=to, since=since, note=note, **made(by)
    )
    record("passed an arrangement on", by=by, on=owner, organisation_id=arrangement.organisation_id)
    return owner
