"""Groupings and who speaks for them, as somebody may see them. A name is shown where its bearer agreed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from folkmoot.audit.models import Event
from folkmoot.communities.models import Grouping, Representative
from folkmoot.organisations.models import Membership, Organisation
from folkmoot.organisations.policies import EDITORS, may_edit
from folkmoot.organisations.visibility import Visibility, visible


@dataclass(frozen=True, slots=True)
class RepresentativeShown:
    """A representative as this viewer may see them. ``name`` is empty where it is hidden or not recorded."""

    pk: int
    role: str
    name: str
    affiliation: str
    chosen: str
    mandate: str
    since: Any
    until: Any
    withdrawn: bool
    hidden: bool  # there is a name, and this viewer may not read it
    named_to_others: bool
    may_edit: bool


def groupings_for(viewer: Any, *, organisation: Organisation | None = None) -> QuerySet[Any]:
    """The groupings that this viewer may see, those still in use first.

    Each carries ``speaking``: how many people speak for it.
    """
    found: QuerySet[Grouping] = Grouping.objects.filter(visible(viewer)).select_related(
        "organisation", "team", "place", "category__characteristic"
    )
    if organisation is not None:
        found = found.filter(organisation=organisation)
    speaking = Count("representatives", filter=Q(representatives__withdrawn_at=None))
    return found.annotate(speaking=speaking).order_by("ended_on", "name", "id")


def representatives_of(grouping: Grouping, *, viewer: Any) -> list[RepresentativeShown]:
    """Who speaks for a grouping. Editors of its owner read every name, others only those agreed to."""
    edits = may_edit(viewer, grouping)
    rows = Representative.objects.filter(visible(viewer), grouping=grouping).order_by("role", "id")
    return [shown_to(row, edits=edits) for row in rows]


def shown_to(row: Representative, *, edits: bool) -> RepresentativeShown:
    readable = edits or row.shown_to_others
    return RepresentativeShown(
        pk=row.pk,
        role=row.role,
        name=row.name if readable else "",
        affiliation=row.affiliation if readable else "",
        chosen=row.get_chosen_display(),
        mandate=row.mandate,
        since=row.since,
        until=row.until,
        withdrawn=row.withdrawn_at is not None,
        hidden=bool(row.name or row.affiliation) and not readable,
        named_to_others=row.shown_to_others,
        may_edit=edits and row.withdrawn_at is None,
    )


def could_have_read(representative: Representative) -> list[str]:
    """Whoever may have read the name and has to be asked to forget it: editors, those it was shown to, holders of copies.

    Read before a withdrawal; the withdrawal records it.
    """
    owner = representative.organisation
    editors = Membership.objects.filter(organisation=owner, role__in=EDITORS).select_related("user")
    told = sorted({f"{row.user.label}, who edits for {owner}" for row in editors})
    if representative.name and (representative.shown_to_others or _was_shown(representative)):
        told.append(f"everybody else at {owner}")
        if representative.visibility in {Visibility.NETWORK, Visibility.PUBLIC}:
            others = Organisation.objects.exclude(pk=owner.pk) if owner else Organisation.objects.all()
            told += [str(one) for one in others.order_by("name")]
        if representative.visibility == Visibility.PUBLIC:
            told.append("the public")
    told.append("whoever holds an earlier backup, or a copy taken out of this instance")
    return told


def _was_shown(representative: Representative) -> bool:
    """A name that was shown once and hidden later was read by the same people."""
    return Event.objects.filter(
        object_kind="communities.representative", object_id=str(representative.pk), detail__shown=True
    ).exists()


def people_who(number: int) -> str:
    """“2 people who speak …”, never a community that speaks."""
    return "nobody" if not number else "1 person" if number == 1 else f"{number} people"
