"""Bringing in a whole file of what people said: every row used, or set aside with its reason."""

from __future__ import annotations

import hashlib
from datetime import date

from django.utils import timezone

from folkmoot.activities.models import Initiative
from folkmoot.audit.actions import action, made, record
from folkmoot.communities.models import Place
from folkmoot.core.errors import FolkmootError
from folkmoot.heard.intake import Read, read_contributions
from folkmoot.heard.models import Contribution, Intake
from folkmoot.heard.places import place_named
from folkmoot.heard.policies import require_bring_in
from folkmoot.organisations.models import Organisation, User

SLICE = 1_000


@action
def bring_in_file(
    name: str,
    *,
    content: bytes,
    organisation: Organisation,
    origin: str,
    said_on: date,
    where: str = "",
    initiative: Initiative | None = None,
    place: Place | None = None,
    by: User,
) -> Intake:
    """Store the rows of a csv or xlsx file. The same file is not taken in twice.

    Reports of wrongdoing and rows that say who somebody is are set aside: of them only the row's number is kept.
    """
    require_bring_in(by, organisation_id=organisation.pk)
    if initiative is not None and initiative.organisation_id != organisation.pk:
        raise FolkmootError("Choose an initiative of the same organisation.")
    digest = hashlib.sha256(content).hexdigest()
    before = Intake.objects.filter(organisation=organisation, sha256=digest).first()
    if before is not None:
        raise FolkmootError(f"This file was brought in already, on {before.created_at:%-d %B %Y}.")
    found = read_contributions(
        name, content, origin=origin, said_on=said_on, where=where, today=timezone.localdate()
    )
    if not found.rows:
        reasons = found.reasons[0][1] if found.reasons else "It has no rows below its header."
        raise FolkmootError(f"No row of {name} can be stored. The first: {reasons}")
    intake: Intake = Intake.objects.create(
        organisation=organisation,
        visibility="own",
        filename=name[:200],
        sha256=digest,
        read=found.read,
        used=len(found.rows),
        set_aside=len(found.reasons),
        reasons=[list(one) for one in found.reasons],
        **made(by),
    )
    _store(found, intake, organisation=organisation, initiative=initiative, place=place, by=by)
    record("heard.file brought in", by=by, on=intake, used=intake.used, set_aside=intake.set_aside)
    return intake


def _store(
    found: Read,
    intake: Intake,
    *,
    organisation: Organisation,
    initiative: Initiative | None,
    place: Place | None,
    by: User,
) -> None:
    known: dict[str, Place | None] = {}
    rows = []
    for values in found.rows:
        written = values.pop("place_words")
        if written and written not in known:
            known[written] = place_named(written, viewer=by)
        rows.append(
            Contribution(
                **values,
                organisation=organisation,
                visibility="own",
                initiative=initiative,
                place=known.get(written) or place,
                brought_by=intake,
                **made(by),
            )
        )
    Contribution.objects.bulk_create(rows, batch_size=SLICE)
