"""Who is signed in by a session and what they may reach, read with one query: for what a phone sends in one go.

Django reads the session, then the account; a page reads the person's roles after that. Here nothing of it is remembered
between two requests, so that a sign-in that has ended and a role that was withdrawn hold at once. Kept is only whose
session it was, which the session itself has to confirm, and what a signature was found to say, which cannot change.
What does not belong here: signing in, and whoever is not signed in: for them Django's own way decides.
"""

from __future__ import annotations

import functools
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS, connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from folkmoot.audit.asking import asked
from folkmoot.organisations.models import Membership, Organisation, TeamMembership, User
from folkmoot.organisations.visibility import HOME, Access, keep_access

_READ = {"id", "password", "email", "name", "is_active"}
# in the order in which the table has them, as ``from_db`` takes them; anything else is read when somebody asks
ACCOUNT = tuple(one.attname for one in User._meta.concrete_fields if one.attname in _READ)
SESSION, PERSON, MEMBER, TEAM = range(4)  # what a row of the answer tells of


def person_of(session_key: str) -> User | None:
    """The person of a session that is in force, their access with them; None where anything has to be looked into."""
    if settings.SESSION_ENGINE != "django.contrib.sessions.backends.db":
        return None
    try:
        number = _whose(session_key)
    except LookupError:
        return None
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    rows: dict[int, list[Any]] = {SESSION: [], PERSON: [], MEMBER: [], TEAM: []}
    for kind, *told in asked(_sql(), [session_key, now, number, number, number]):
        rows[kind].append(told)
    if not rows[SESSION] or not rows[PERSON]:
        return None
    whose, backend, proof = _said(rows[SESSION][0][1])
    person = _person(*rows[PERSON][0])
    if whose != person.pk or backend not in settings.AUTHENTICATION_BACKENDS:
        return None
    if not constant_time_compare(proof, _proof_of(person.password)):
        return None
    keep_access(person, _access(rows[MEMBER], rows[TEAM]))
    return person


def _person(number: int, password: str, email: str, name: str, _: str) -> User:
    told = {"id": number, "password": password, "email": email, "name": name, "is_active": True}
    return User.from_db(DEFAULT_DB_ALIAS, ACCOUNT, [told[one] for one in ACCOUNT])


def _access(members: list[Any], teams: list[Any]) -> Access:
    homes = [Organisation.from_db(DEFAULT_DB_ALIAS, ["id", *HOME], [row[0], *row[2:]]) for row in members]
    homes.sort(key=lambda one: one.name)
    return Access({row[0]: row[1] for row in members}, {row[0]: row[1] for row in teams}, tuple(homes))


@functools.cache
def _sql() -> str:
    """Four plain reads by an index, joined end to end: all columns but the first two are texts."""
    quote = connection.ops.quote_name
    session, user, member, organisation, team = (
        quote(kind._meta.db_table) for kind in (Session, User, Membership, Organisation, TeamMembership)
    )
    home = ", ".join(f"home.{quote(name)}" for name in HOME)
    return (
        f"SELECT {SESSION}, 0, session_data, '', '', '' FROM {session} WHERE session_key = %s AND expire_date > %s"
        f" UNION ALL SELECT {PERSON}, id, password, email, name, '' FROM {user} WHERE id = %s AND is_active"
        f" UNION ALL SELECT {MEMBER}, home.id, member.role, {home} FROM {member} member"
        f" JOIN {organisation} home ON home.id = member.organisation_id WHERE member.user_id = %s"
        f" UNION ALL SELECT {TEAM}, team_id, role, '', '', '' FROM {team} WHERE user_id = %s"
    )


@functools.lru_cache(maxsize=1_000)
def _said(session_data: str) -> tuple[int | None, str, str]:
    """Whose a session is, how they signed in, and the proof of the password of then. The signature is checked."""
    found = SessionStore().decode(session_data)
    try:
        return int(found[SESSION_KEY]), str(found[BACKEND_SESSION_KEY]), str(found[HASH_SESSION_KEY])
    except (KeyError, TypeError, ValueError):
        return None, "", ""


@functools.lru_cache(maxsize=1_000)
def _proof_of(password: str) -> str:
    return User(password=password).get_session_auth_hash()


@functools.lru_cache(maxsize=5_000)
def _whose(session_key: str) -> int:
    """Whose session it was when it was first heard of. Raises LookupError, which is not remembered, for nobody's."""
    found = Session.objects.filter(session_key=session_key).values_list("session_data", flat=True).first()
    number = None if found is None else _said(found)[0]
    if number is None:
        raise LookupError("nobody's session")
    return number
