"""Who acts on the command line, and for whom: words become rows, or a sentence says what is wrong."""

from __future__ import annotations

from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.organisations.models import Organisation, ResearchTeam, User
from folkmoot.organisations.visibility import access_of


def person(email: str) -> User:
    found = User.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise FolkmootError(f"There is no active account with the address {email}.")
    return found


def organisation_of(slug: str, *, by: User) -> Organisation:
    """The organisation that this person belongs to."""
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(
            Organisation.objects.filter(pk__in=access_of(by).organisations).values_list("slug", flat=True)
        )
        raise FolkmootError(
            f"There is no organisation “{slug}”. "
            + (f"{by.label} belongs to: {known}." if known else f"{by.label} belongs to none.")
        )
    return found


def team_for(by: User, *, slug: str | None) -> ResearchTeam:
    """The research team named, or the only one that this person belongs to."""
    if slug:
        found = ResearchTeam.objects.filter(slug=slug).first()
        if found is None:
            raise FolkmootError(f"There is no research team “{slug}”.")
        return found
    own = list(ResearchTeam.objects.filter(pk__in=access_of(by).teams))
    if len(own) == 1:
        return own[0]
    if not own:
        raise NotAllowed(
            f"Interviews belong to a research team, and {by.label} is in none. "
            "Name somebody who is with --as, or add this person to a team first."
        )
    raise FolkmootError(
        f"{by.label} is in several research teams: say which with --team "
        f"({', '.join(team.slug for team in own)})."
    )
