"""Who may see a row. The one place that knows; every list, search, count and file goes through it.

A row belongs to an organisation, to a research team, or (with neither) to the network. Its
``visibility`` says how far beyond the owner it is shared. What does not belong here: who may
change a row; that is ``policies``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import F, Q, Value

from folkmoot.organisations.models import Membership, Organisation, ResearchTeam, TeamMembership


class Visibility(models.TextChoices):
    OWN = "own", "Our organisation"
    TEAM = "team", "Our research team"
    NETWORK = "network", "Shared with the network"
    PUBLIC = "public", "Public"


@dataclass(frozen=True, slots=True)
class Access:
    """What a person may reach: role by organisation and by team. Nobody signed in reaches nothing."""

    organisations: dict[int, str]
    teams: dict[int, str]
    homes: tuple[Organisation, ...] = ()  # the organisations themselves, by name

    @property
    def belongs(self) -> bool:
        """True for anyone with a place in the network."""
        return bool(self.organisations or self.teams)


NOBODY = Access({}, {})
HOME = ("slug", "name", "kind")  # what every page says of an organisation


def access_of(user: Any) -> Access:
    """The person's access, read once and kept on the account object for the request."""
    if user is None or not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOBODY
    kept = getattr(user, "_access", None)
    if kept is None:
        # one query for both, since every page asks
        places = _places(
            Membership, "organisation_id", user, *(F(f"organisation__{name}") for name in HOME)
        ).union(_places(TeamMembership, "team_id", user, *(Value("") for _ in HOME)), all=True)
        found: dict[str, dict[int, str]] = {"organisation_id": {}, "team_id": {}}
        homes = []
        for where, key, role, *told in places:
            found[where][key] = role
            if where == "organisation_id":
                # what else there is to know of it is read when somebody asks
                homes.append(Organisation.from_db(None, ["id", *HOME], [key, *told]))
        homes.sort(key=lambda one: one.name)
        kept = Access(found["organisation_id"], found["team_id"], tuple(homes))
        keep_access(user, kept)
    return kept


def keep_access(user: Any, access: Access) -> None:
    """Keep what was read of a person's places on the account, for as long as this object of it lives."""
    user._access = access


def _places(kind: type[models.Model], where: str, user: Any, *told: F | Value) -> models.QuerySet[Any, Any]:
    rows = kind._default_manager.filter(user_id=user.pk).order_by()
    columns = dict(zip((f"told_{name}" for name in HOME), told, strict=True))
    return rows.annotate(
        place=Value(where, output_field=models.CharField()), key=F(where), held=F("role"), **columns
    ).values_list("place", "key", "held", *columns)


def visible(user: Any, *, through: str = "") -> Q:
    """The condition under which a person may see a row; ``through`` is a path to the owned row."""
    path = f"{through}__" if through else ""
    access = access_of(user)
    condition = Q(**{f"{path}visibility": Visibility.PUBLIC})
    if access.belongs:
        condition |= Q(**{f"{path}visibility": Visibility.NETWORK})
    if access.organisations:
        condition |= Q(**{f"{path}organisation__in": list(access.organisations)})
    if access.teams:
        condition |= Q(**{f"{path}team__in": list(access.teams)})
    return condition


def sees(user: Any, row: Owned) -> bool:
    """``visible`` for one row that was read already."""
    access = access_of(user)
    return (
        row.visibility == Visibility.PUBLIC
        or (row.visibility == Visibility.NETWORK and access.belongs)
        or row.organisation_id in access.organisations
        or row.team_id in access.teams
    )


Row = TypeVar("Row", bound=models.Model)


class VisibleRows(models.QuerySet[Row]):
    def visible_to(self, user: Any) -> VisibleRows[Row]:
        """Only the rows that this person may see."""
        return self.filter(visible(user))


class Owned(models.Model):
    """A row with an owner and a reach. Exactly one owner, or none where it is the network's."""

    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(ResearchTeam, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=10, choices=Visibility.choices)

    objects: ClassVar[Any] = VisibleRows.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(organisation__isnull=False, team=None, visibility__in=["own", "network", "public"])
                    | Q(team__isnull=False, organisation=None, visibility__in=["team", "network", "public"])
                    | Q(organisation=None, team=None, visibility__in=["network", "public"])
                ),
                name="%(app_label)s_%(class)s_one_owner",
            )
        ]

    @property
    def owner_label(self) -> str:
        """Who owns the row, in words."""
        return str(self.organisation or self.team or "the network")

    @property
    def is_network(self) -> bool:
        return self.organisation_id is None and self.team_id is None
