"""``folkmoot set-up``: an empty instance, or one more organisation or research team in it."""

from __future__ import annotations

import argparse
import secrets

from folkmoot.core.errors import FolkmootError
from folkmoot.project.commands import start

SUMMARY = (
    "Make an instance with the library loaded, an organisation or a research team, and its first account."
)
KINDS = {
    "police": "police",
    "policing-body": "local policing body",
    "partner": "partner",
    "research": "research",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--organisation", metavar="NAME", help="the organisation's full name")
    parser.add_argument("--kind", choices=sorted(KINDS), default="police")
    parser.add_argument("--team", metavar="NAME", help="a research team, which owns interviews")
    parser.add_argument(
        "--email", required=True, help="the first account: its administrator or lead researcher"
    )
    parser.add_argument("--name", required=True, help="that person's name")


def run(options: argparse.Namespace) -> int:
    if not options.organisation and not options.team:
        raise FolkmootError("Say what to set up: --organisation NAME, --team NAME, or both.")
    start(create=True)
    from django.core.management import call_command
    from django.db import transaction

    from folkmoot.audit.actions import TheInstance
    from folkmoot.evidence.library import load_studies
    from folkmoot.mechanisms.library import load_library
    from folkmoot.organisations import actions
    from folkmoot.organisations.models import Organisation, ResearchTeam, User
    from folkmoot.strategies.library import load_aims

    call_command("migrate", verbosity=0, interactive=False)
    by = TheInstance()
    with transaction.atomic():
        for load in (load_aims, load_library, load_studies):
            load(by=by)
        password = ""
        person = User.objects.filter(email=options.email.lower()).first()
        if person is None:
            password = secrets.token_urlsafe(12)
            person = actions.enter_person(options.email, name=options.name, password=password, by=by)
        if options.organisation:
            if Organisation.objects.filter(name=options.organisation).exists():
                raise FolkmootError(f"There is an organisation {options.organisation} already.")
            made = actions.create_organisation(options.organisation, kind=KINDS[options.kind], by=by)
            actions.give_role(person, organisation=made, role="administrator", by=by)
            print(f"organisation {made.name}: {made.slug}")
        if options.team:
            if ResearchTeam.objects.filter(name=options.team).exists():
                raise FolkmootError(f"There is a team {options.team} already.")
            team = actions.create_team(options.team, by=by)
            actions.join_team(person, team=team, role="lead", by=by)
            print(f"research team {team.name}: {team.slug}")
    print(f"sign in as {person.email}" + (f" with the password {password}" if password else " as before"))
    print("to open it: folkmoot serve" + (f" --dir {options.dir}" if options.dir else ""))
    return 0
