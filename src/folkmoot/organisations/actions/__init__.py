"""Writing organisations, teams, people and roles."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.text import slugify

from folkmoot.audit.actions import Actor, action, made, record, save_version
from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.organisations.models import (
    Instance,
    LocalPolicingBody,
    Membership,
    Organisation,
    ResearchTeam,
    TeamMembership,
    User,
)
from folkmoot.organisations.policies import may_administer, may_lead_team


@action
def create_organisation(
    name: str, *, kind: str, slug: str = "", about: str = "", structure: str = "", by: Actor
) -> Organisation:
    """Enter an organisation. Set-up only: the instance itself or a superuser does it."""
    _require_set_up(by)
    organisation = Organisation.objects.create(
        name=name, kind=kind, slug=slug or slugify(name)[:60], about=about, structure=structure
    )
    record("created an organisation", by=by, on=organisation, organisation_id=organisation.pk)
    return organisation


@action
def describe_organisation(
    organisation: Organisation, *, about: str, structure: str, expected: int, by: User
) -> Organisation:
    """Change how an organisation describes itself and how its engagement is organised."""
    if not may_administer(by, organisation_id=organisation.pk):
        raise NotAllowed(f"Only an administrator of {organisation} can change this.")
    organisation.about, organisation.structure = about.strip(), structure.strip()
    save_version(organisation, expected=expected, by=by)
    record("described the organisation", by=by, on=organisation, organisation_id=organisation.pk)
    return organisation


@action
def name_local_policing_body(
    police: Organisation, *, body: Organisation, form: str, since: date, until: date | None = None, by: Actor
) -> LocalPolicingBody:
    """Say which body holds a force to account from a date on; the one before it ends on that date."""
    _require_set_up(by)
    if police.kind != Organisation.Kind.POLICE or body.kind != Organisation.Kind.LOCAL_POLICING_BODY:
        raise FolkmootError("A local policing body holds a police force to account, in that order.")
    if until is not None and until <= since:
        raise FolkmootError("It must end after it began.")
    for earlier in LocalPolicingBody.objects.filter(police=police, until=None, since__lt=since):
        earlier.until = since
        earlier.save()
    found = LocalPolicingBody.objects.create(police=police, body=body, form=form, since=since, until=until)
    record("named the local policing body", by=by, on=found, organisation_id=police.pk)
    return found


@action
def create_team(name: str, *, slug: str = "", about: str = "", by: Actor) -> ResearchTeam:
    """Make a research team. Set-up only."""
    _require_set_up(by)
    team = ResearchTeam.objects.create(name=name, slug=slug or slugify(name)[:60], about=about)
    record("created a research team", by=by, on=team, team_id=team.pk)
    return team


@action
def enter_person(email: str, *, name: str, password: str | None = None, by: Actor, **fields: Any) -> User:
    """Make an account. Administrators do it for their own people; nobody signs up alone."""
    if isinstance(by, User) and not by.is_superuser:
        administers = Membership.objects.filter(user=by, role=Membership.Role.ADMINISTRATOR).exists()
        if not administers:
            raise NotAllowed("Only administrators enter people.")
    if User.objects.filter(email=email.lower()).exists():
        raise FolkmootError("There is an account with this e-mail address already.")
    person = User.objects.create_user(email, password, name=name, **fields)
    record("entered a person", by=by, on=person)
    return person


@action
def give_role(person: User, *, organisation: Organisation, role: str, by: Actor) -> Membership:
    """Give a person a role in an organisation, or change the one they have."""
    if (
        isinstance(by, User)
        and not by.is_superuser
        and not may_administer(by, organisation_id=organisation.pk)
    ):
        raise NotAllowed(f"Only an administrator of {organisation} gives roles there.")
    if role not in Membership.Role.values:
        raise FolkmootError("There is no such role.")
    if isinstance(by, User) and by.pk == person.pk and not by.is_superuser:
        raise NotAllowed("Nobody changes their own role; ask another administrator.")
    place, _ = Membership.objects.update_or_create(
        user=person,
        organisation=organisation,
        defaults={"role": role, **made(by)},
    )
    record("gave a role", by=by, on=place, organisation_id=organisation.pk, role=role)
    return place


@action
def end_role(place: Membership, *, by: User) -> None:
    """End a person's place in an organisation. Their records stay, under their name."""
    if not may_administer(by, organisation_id=place.organisation_id):
        raise NotAllowed("Only an administrator ends a role.")
    if place.user_id == by.pk:
        raise NotAllowed("Nobody ends their own role; ask another administrator.")
    record("ended a role", by=by, on=place, organisation_id=place.organisation_id)
    place.delete()


@action
def join_team(person: User, *, team: ResearchTeam, role: str, by: Actor) -> TeamMembership:
    """Bring a person into a research team."""
    if isinstance(by, User) and not by.is_superuser and not may_lead_team(by, team_id=team.pk):
        raise NotAllowed("Only the lead researcher brings people into a team.")
    place, _ = TeamMembership.objects.update_or_create(
        user=person, team=team, defaults={"role": role, **made(by)}
    )
    record("joined a team", by=by, on=place, team_id=team.pk, role=role)
    return place


@action
def leave_team(place: TeamMembership, *, by: User) -> None:
    """End a person's place in a research team; they lose sight of its sources at once."""
    if not may_lead_team(by, team_id=place.team_id) and place.user_id != by.pk:
        raise NotAllowed("Only the lead researcher, or the person, ends a place in a team.")
    record("left a team", by=by, on=place, team_id=place.team_id)
    place.delete()


@action
def describe_instance(*, name: str, fictional: bool, by: Actor) -> Instance:
    """Name this installation and say whether everything in it is made up."""
    _require_set_up(by)
    instance = Instance.objects.first() or Instance()
    instance.name, instance.fictional = name, fictional
    instance.save()
    record("described the instance", by=by, on=instance)
    return instance


def _require_set_up(by: Actor) -> None:
    if isinstance(by, User) and not by.is_superuser:
        raise NotAllowed("Organisations and teams are set up by whoever runs this instance.")
