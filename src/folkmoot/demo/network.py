"""Organisations, the bodies that hold forces to account, the research team, people and arrangements."""

from __future__ import annotations

from datetime import date

from folkmoot.audit.actions import TheInstance
from folkmoot.demo.reading import table
from folkmoot.demo.world import World
from folkmoot.evidence.library import load_studies
from folkmoot.mechanisms.library import load_library
from folkmoot.organisations.actions import (
    create_organisation,
    create_team,
    describe_instance,
    enter_person,
    give_role,
    join_team,
    name_local_policing_body,
)
from folkmoot.strategies.actions import pass_arrangement, record_arrangement
from folkmoot.strategies.library import load_aims

PASSWORD = "folkmoot-demo"
BEGAN = date(2026, 2, 2)


def set_up(world: World) -> None:
    """The instance says that it is fictional before anything else is in it."""
    by = TheInstance()
    world.clock.go_to(BEGAN)
    describe_instance(name="Folkmoot demo", fictional=True, by=by)
    load_aims(by=by)
    load_library(by=by)
    load_studies(by=by)


def bring_people(world: World) -> None:
    """Everybody who belongs to the network, and who may sign in."""
    by, listed = TheInstance(), table("network")
    for one in listed["organisation"]:
        world.organisations[one["slug"]] = create_organisation(
            one["name"],
            kind=one["kind"],
            slug=one["slug"],
            about=one["about"],
            structure=one["structure"],
            by=by,
        )
    for one in listed["body"]:
        name_local_policing_body(
            world.organisations[one["police"]],
            body=world.organisations[one["body"]],
            form=one["form"],
            since=one["since"],
            by=by,
        )
    for one in listed["team"]:
        world.teams[one["slug"]] = create_team(one["name"], slug=one["slug"], about=one["about"], by=by)
    for one in listed["person"]:
        # only those on the printed list can sign in; the others act in the story and nowhere else
        password = PASSWORD if one.get("sign_in") else None
        person = enter_person(one["email"], name=one["name"], password=password, by=by)
        world.people[one["key"]] = person
        for slug, role in one.get("roles", {}).items():
            give_role(person, organisation=world.organisations[slug], role=role, by=by)
        if one.get("team"):
            join_team(person, team=world.team, role=one["team"], by=by)


def record_arrangements(world: World) -> None:
    """Who runs which standing way of engaging, and what passed from whom to whom."""
    for one in table("network")["arrangement"]:
        by = world.people[one["organisation"]]
        made = record_arrangement(
            one["name"],
            organisation=world.organisations[one["organisation"]],
            owner=world.organisations[one["owner"]],
            since=one["since"],
            about=one["about"],
            visibility="public",
            by=by,
        )
        if passed := one.get("passed"):
            pass_arrangement(
                made,
                to=world.organisations[passed["to"]],
                since=passed["since"],
                note=passed["note"],
                by=by,
            )


def sign_ins() -> list[tuple[str, str, str]]:
    """Role, person and address of everybody who can sign in."""
    return [
        (one["sign_in"], one["name"], one["email"])
        for one in table("network")["person"]
        if one.get("sign_in")
    ]


def organisations() -> list[str]:
    """The slugs of the seven organisations."""
    return [one["slug"] for one in table("network")["organisation"]]
