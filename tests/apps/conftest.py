"""The cast. Each test gets the same named people, so that a matrix over them reads like a story.

Ada    engagement lead at Northmere Police           Ben   officer there
Cleo   administrator at the Northmere commissioner's office (walled from the police)
Dina   lead researcher of the Evidence team, analyst at no organisation
Eli    researcher of another team (Rival), and lead at Southholt Police: must see nothing of the others'
Fay    adviser at Northmere Police                   Gus   an account without any place
Ira    administrator at Northmere Police             Jon   data protection officer there
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.utils import timezone

from folkmoot.organisations.models import Membership, Organisation, ResearchTeam, TeamMembership, User


@pytest.fixture(autouse=True)
def instance_folder(tmp_path, settings):
    """Originals and caches of a test stay in the test's own folder."""
    settings.DIR = tmp_path
    settings.ORIGINALS = tmp_path / "originals"
    settings.CACHE_DIR = tmp_path / "cache"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # what one test's instance said of itself is not the next one's
    cache.clear()
    return tmp_path


@pytest.fixture
def cast(db) -> SimpleNamespace:
    """Everybody and everything they belong to."""
    now = timezone.now()
    police = Organisation.objects.create(slug="northmere", name="Northmere Police", kind="police")
    office = Organisation.objects.create(
        slug="northmere-office", name="Commissioner for Northmere", kind="local policing body"
    )
    other = Organisation.objects.create(slug="southholt", name="Southholt Police", kind="police")
    team = ResearchTeam.objects.create(slug="evidence", name="Evidence team")
    rival = ResearchTeam.objects.create(slug="rival", name="Rival team")
    people = {
        name: User.objects.create_user(f"{name}@example.org", "a long enough secret", name=name.title())
        for name in ("ada", "ben", "cleo", "dina", "eli", "fay", "gus", "ira", "jon")
    }
    roles = Membership.Role
    for name, organisation, role in (
        ("ada", police, roles.LEAD),
        ("ben", police, roles.OFFICER),
        ("cleo", office, roles.ADMINISTRATOR),
        ("eli", other, roles.LEAD),
        ("fay", police, roles.ADVISER),
        ("ira", police, roles.ADMINISTRATOR),
        ("jon", police, roles.PROTECTION),
    ):
        Membership.objects.create(
            user=people[name], organisation=organisation, role=role, created_at=now, created_by="the cast"
        )
    for name, group, place in (("dina", team, "lead"), ("eli", rival, "researcher")):
        TeamMembership.objects.create(
            user=people[name], team=group, role=place, created_at=now, created_by="the cast"
        )
    return SimpleNamespace(
        police=police, office=office, other=other, team=team, rival=rival, **people, people=people
    )


@pytest.fixture
def as_(client):
    """``as_(cast.ada)`` is a test client signed in as that person."""

    def signed_in(user):
        if user is None:
            client.logout()
        else:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
