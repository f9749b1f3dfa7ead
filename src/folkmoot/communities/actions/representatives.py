"""Somebody who speaks for others. The name stays with the editors unless the person agreed, and goes when they withdraw."""

from __future__ import annotations

import re
from datetime import date

from django.utils import timezone

from folkmoot.audit.actions import Actor, TheInstance, action, made, record, save_version
from folkmoot.communities.models import Grouping, Representative
from folkmoot.communities.withdrawal import tell
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.organisations.models import User
from folkmoot.organisations.policies import require_edit

LEFT_OUT = "[name withdrawn]"


@action
def record_representative(
    grouping: Grouping,
    *,
    role: str,
    chosen: str,
    mandate: str = "",
    name: str = "",
    affiliation: str = "",
    shown_to_others: bool = False,
    since: date | None = None,
    by: User,
) -> Representative:
    """Record who speaks for a grouping and by what right, as a role. A name only where it is needed."""
    require_edit(by, grouping)
    row = Representative(
        grouping=grouping,
        organisation=grouping.organisation,
        team=grouping.team,
        visibility=grouping.visibility,
        **made(by),
    )
    _take(row, role, chosen, mandate, name, affiliation, shown_to_others, since, None)
    row.save()
    record("recorded a representative", by=by, on=row, grouping=grouping.pk, shown=row.shown_to_others)
    return row


@action
def revise_representative(
    representative: Representative,
    *,
    expected: int,
    role: str,
    chosen: str,
    mandate: str = "",
    name: str = "",
    affiliation: str = "",
    shown_to_others: bool = False,
    since: date | None = None,
    until: date | None = None,
    by: User,
) -> Representative:
    """Change what is recorded. Whoever has withdrawn stays withdrawn: record them anew if they come back."""
    require_edit(by, representative)
    if representative.withdrawn_at is not None:
        raise NotYet("This person withdrew. If they come back, record them anew.")
    _take(representative, role, chosen, mandate, name, affiliation, shown_to_others, since, until)
    save_version(representative, expected=expected, by=by)
    record("changed a representative", by=by, on=representative, shown=representative.shown_to_others)
    return representative


@action
def withdraw_representative(representative: Representative, *, told: list[str], by: Actor) -> Representative:
    """Name and affiliation go at once, wherever they stand in the row; who could have read them is recorded.

    ``told`` lists whoever has to be asked to forget it. Needs no version: a withdrawal is never stale.
    """
    if not isinstance(by, TheInstance):  # it carries the wish out again after a restore
        require_edit(by, representative)
    if representative.withdrawn_at is not None:
        raise NotYet("This person has withdrawn already.")
    words = [word for word in (representative.name, representative.affiliation) if word]
    for word in sorted(words, key=len, reverse=True):
        pattern = re.compile(re.escape(word), re.I)
        representative.mandate = pattern.sub(LEFT_OUT, representative.mandate)
        representative.role = pattern.sub(LEFT_OUT, representative.role)[:160]
    representative.name = representative.affiliation = ""
    representative.shown_to_others = False
    representative.withdrawn_at = timezone.now()
    expected = Representative.objects.values_list("version", flat=True).get(pk=representative.pk)
    save_version(representative, expected=expected, by=by)
    record("withdrew a representative", by=by, on=representative, told=told)
    tell(representative)
    return representative


def _take(
    row: Representative,
    role: str,
    chosen: str,
    mandate: str,
    name: str,
    affiliation: str,
    shown: bool,
    since: date | None,
    until: date | None,
) -> None:
    row.role, row.mandate = role.strip(), mandate.strip()
    row.name, row.affiliation = name.strip(), affiliation.strip()
    row.chosen, row.since, row.until = chosen, since, until
    row.shown_to_others = shown
    if not row.role:
        raise FolkmootError("Say in what role this person speaks, such as “chair of the traders”.")
    if row.name and row.name.casefold() in row.role.casefold():
        raise FolkmootError("Leave the name out of the role: everybody who sees the grouping reads the role.")
    if row.name and row.name.casefold() in row.mandate.casefold():
        raise FolkmootError("Leave the name out of the mandate: everybody who sees the grouping reads it.")
    if chosen not in Representative.Chosen.values:
        raise FolkmootError("Say how this person was chosen, or that it is not known.")
    if shown and not row.name:
        raise FolkmootError("There is no name to show: give it, or leave it hidden.")
    if since and until and until < since:
        raise FolkmootError("The end lies before the beginning.")
