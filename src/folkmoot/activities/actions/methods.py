"""An organisation's own methods of engagement, beside those of the library."""

from __future__ import annotations

from django.db.models import Max

from folkmoot.audit.actions import action, record
from folkmoot.core.errors import FolkmootError
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Organisation, User
from folkmoot.organisations.policies import require_edit_for

SYNCHRONOUS = (("yes", "At the same time"), ("no", "Not at the same time"), ("both", "Both"))


@action
def add_method(
    name: str,
    *,
    organisation: Organisation,
    medium: str,
    synchronous: str,
    level_low: int,
    level_high: int,
    missing_denominator: str = "",
    by: User,
) -> Method:
    """Describe a way of engaging that the library does not have. Nobody outside the organisation sees it."""
    require_edit_for(by, organisation_id=organisation.pk)
    words = name.strip()
    if not words or len(words) > 120:
        raise FolkmootError("Give the method a name of up to 120 characters.")
    if Method.objects.filter(name__iexact=words, organisation__in=[organisation]).exists():
        raise FolkmootError(f"“{words}” is among your methods already.")
    if not 0 <= level_low <= level_high <= 5:
        raise FolkmootError("The typical levels run from a lower to a higher one.")
    if synchronous not in dict(SYNCHRONOUS):
        raise FolkmootError("Say whether people are there at the same time.")
    method = Method(
        organisation=organisation,
        name=words,
        medium=medium.strip()[:30],
        synchronous=synchronous,
        level_low=level_low,
        level_high=level_high,
        missing_denominator=missing_denominator.strip()[:120],
        code=_free_code(organisation),
        position=(Method.objects.aggregate(last=Max("position"))["last"] or 0) + 1,
    )
    method.save()
    record("added a method", by=by, on=method)
    return method


def _free_code(organisation: Organisation) -> str:
    """A code that no method has: X, the organisation's number, and a running one."""
    taken = set(Method.objects.filter(organisation=organisation).values_list("code", flat=True))
    number = len(taken) + 1
    while f"X{organisation.pk}-{number}" in taken:
        number += 1
    return f"X{organisation.pk}-{number}"[:12]
