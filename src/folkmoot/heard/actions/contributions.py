"""Bringing in what people said, in their own words, and dealing with it: nothing is dropped.

What does not belong here: whole files (``intake``), taking words back (``withdrawing``).
"""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from folkmoot.activities.models import Activity, Initiative
from folkmoot.audit.actions import Actor, TheInstance, action, made, record, save_part
from folkmoot.communities.models import Place
from folkmoot.core.errors import FolkmootError
from folkmoot.heard.checking import checked
from folkmoot.heard.letting_in import cleaned
from folkmoot.heard.models import Concern, Contribution, Said
from folkmoot.heard.policies import require_bring_in, require_keep
from folkmoot.heard.receipts import digest_of, new_code
from folkmoot.heard.states import CONTRIBUTION
from folkmoot.organisations.models import Organisation, User


@action
def bring_in(
    text: str,
    *,
    organisation: Organisation,
    origin: str,
    said_on: date,
    where: str = "",
    people: int = 1,
    may_be_quoted: bool = False,
    initiative: Initiative | None = None,
    place: Place | None = None,
    activity: Activity | None = None,
    by: User,
) -> Contribution:
    """Store what somebody said. A report of somebody else's wrongdoing is refused and stored nowhere."""
    require_bring_in(by, organisation_id=organisation.pk)
    for one in (initiative, activity):
        if one is not None and one.organisation_id != organisation.pk:
            raise FolkmootError("Choose an activity or initiative of the same organisation.")
    contribution = Contribution(
        **checked(
            text=text,
            origin=origin,
            said_on=said_on,
            where=where,
            people=people,
            may_be_quoted=may_be_quoted,
            today=timezone.localdate(),
        ),
        organisation=organisation,
        visibility="own",
        initiative=initiative,
        place=place,
        activity=activity,
        **made(by),
    )
    contribution.save(force_insert=True)
    record("heard.contribution brought in", by=by, on=contribution, origin=origin)
    return contribution


@action
def bring_in_remark(
    activity: Activity, *, may_be_quoted: bool = False, people: int = 1, by: User
) -> Contribution:
    """Take the remark of an activity in as what somebody said there; once."""
    require_bring_in(by, organisation_id=activity.organisation_id)
    if activity.organisation is None:
        raise FolkmootError("This activity belongs to no organisation.")
    if Contribution.objects.filter(activity=activity, origin=Contribution.Origin.REMARK).exists():
        raise FolkmootError("The remark of this activity was taken in already.")
    return bring_in(
        activity.remark,
        organisation=activity.organisation,
        origin=Contribution.Origin.REMARK,
        said_on=activity.happened_on,
        people=people,
        may_be_quoted=may_be_quoted,
        initiative=activity.initiative,
        place=activity.place,
        activity=activity,
        by=by,
    )


@action
def mark_read(contribution: Contribution, *, expected: int, by: User) -> Contribution:
    """Somebody has read it. It may stand under one concern, several or none."""
    require_keep(by, organisation_id=contribution.organisation_id)
    return _settled(contribution, "read", expected=expected, by=by)


@action
def set_aside(contribution: Contribution, *, because: str, expected: int, by: User) -> Contribution:
    """Leave it out, with a reason. It no longer stands under any concern."""
    require_keep(by, organisation_id=contribution.organisation_id)
    reason = cleaned(because)
    if not reason:
        raise FolkmootError("Say why it is set aside: nothing is dropped without a reason.")
    contribution = _settled(contribution, "set aside", expected=expected, because=reason[:300], by=by)
    Said.objects.filter(contribution=contribution).delete()
    return contribution


@action
def open_again(contribution: Contribution, *, expected: int, by: User) -> Contribution:
    """It has to be dealt with once more."""
    require_keep(by, organisation_id=contribution.organisation_id)
    state = CONTRIBUTION.after(contribution.state, "open again")
    save_part(contribution, expected=expected, by=by, state=state, because="", settled_at=None, settled_by="")
    record("heard.contribution opened again", by=by, on=contribution)
    return contribution


@action
def join_concern(contribution: Contribution, *, concern: Concern, by: User) -> Said:
    """Put it under a concern; it may stand under several. What is put there has been read."""
    require_keep(by, organisation_id=concern.organisation_id)
    if contribution.organisation_id != concern.organisation_id:
        raise FolkmootError("A contribution stands under concerns of its own organisation.")
    if not CONTRIBUTION.allows(contribution.state, "read"):
        raise FolkmootError("These words were taken back: they stand under no concern.")
    if contribution.state != "read":
        _settled(contribution, "read", expected=contribution.version, by=by)
    said, new = Said.objects.get_or_create(concern=concern, contribution=contribution, defaults=made(by))
    record("heard.contribution joined", by=by, on=contribution, concern=concern.pk, new=new)
    return said


@action
def leave_concern(contribution: Contribution, *, concern: Concern, by: User) -> None:
    """Take it from under a concern. It stays read, and stands under its other concerns."""
    require_keep(by, organisation_id=concern.organisation_id)
    Said.objects.filter(concern=concern, contribution=contribution).delete()
    record("heard.contribution left", by=by, on=contribution, concern=concern.pk)


@action
def set_quotable(contribution: Contribution, *, may_be_quoted: bool, expected: int, by: User) -> Contribution:
    """Whoever said it agreed to be quoted on the public page, or no longer does."""
    require_bring_in(by, organisation_id=contribution.organisation_id)
    save_part(contribution, expected=expected, by=by, may_be_quoted=may_be_quoted)
    record(
        "heard.contribution may be quoted" if may_be_quoted else "heard.contribution not quoted",
        by=by,
        on=contribution,
    )
    return contribution


@action
def give_receipt(contribution: Contribution, *, by: Actor) -> str:
    """A code for whoever said it, with which they take it back or correct it. A new one ends the one before."""
    if not isinstance(by, TheInstance):
        require_bring_in(by, organisation_id=contribution.organisation_id)
    if contribution.is_withdrawn:
        raise FolkmootError("These words were taken back already.")
    code = new_code()
    contribution.receipt = digest_of(code)
    contribution.save(update_fields=["receipt"])
    record("heard.receipt given", by=by, on=contribution)
    return code


def _settled(
    contribution: Contribution, act: str, *, expected: int, by: User, because: str = ""
) -> Contribution:
    state = CONTRIBUTION.after(contribution.state, act)
    save_part(
        contribution,
        expected=expected,
        by=by,
        state=state,
        because=because,
        settled_at=timezone.now(),
        settled_by=by.label[:200],
    )
    record(f"heard.contribution {CONTRIBUTION.label(state).lower()}", by=by, on=contribution)
    return contribution
