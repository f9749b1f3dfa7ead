"""Twelve months of work: where, with how many, for how long, under which reason. All of it invented.

Strands and areas are told in ``content/work.toml`` and ``content/places.toml``; the single occasions are
laid out from them with a fixed seed, so that every build has the same ones.
"""

from __future__ import annotations

import csv
import io
import json
import math
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from folkmoot.activities.actions.initiatives import open_initiative
from folkmoot.activities.actions.occasions import log_activity
from folkmoot.activities.actions.outputs import record_output
from folkmoot.activities.actions.rates import set_hour_rate
from folkmoot.activities.actions.sharing import share_hours
from folkmoot.activities.models import Initiative
from folkmoot.communities.actions.bringing_in import bring_in_counts, bring_in_places, load_characteristics
from folkmoot.communities.actions.groupings import create_grouping
from folkmoot.communities.actions.places import serve_area
from folkmoot.communities.counting import Said
from folkmoot.communities.models import Category, Grouping, Place
from folkmoot.core.errors import FolkmootError
from folkmoot.demo.reading import table
from folkmoot.demo.world import World
from folkmoot.mechanisms.models import Method
from folkmoot.organisations.models import Organisation

BROUGHT = date(2026, 2, 9)
OPENED = date(2026, 8, 3)
SEED = 2018
VINTAGE = "25"
WIDTH = 0.11  # of one ward, in degrees
REGULAR = 4  # of five occasions, so many are on their day; the others a few days off


def bring_places(world: World) -> None:
    """Wards and force areas with their outlines and their people, and the groupings drawn round some."""
    world.clock.go_to(BROUGHT)
    by, told = world.people["hannah"], table("places")
    load_characteristics(by=by)
    source = told["source"]
    bring_in_places("wards.csv", _lookup(told), organisation=None, visibility="public", source=source, by=by)
    bring_in_places(
        "wards.geojson", _outlines(told), organisation=None, visibility="public", source=source, by=by
    )
    for name, content in _counts(told):
        said = Said(source=source, counted_on=told["counted_on"], off_by=0)
        bring_in_counts(name, content, organisation=None, visibility="public", said=said, by=by)
    for force in told["force"]:
        place = Place.objects.get(kind=Place.Kind.FORCE, code=force["code"])
        for slug in (force["organisation"], *_bodies_of(force["organisation"])):
            serve_area(world.organisations[slug], place=place, by=world.people[slug])
    for one in told["grouping"]:
        ward = one.pop("ward")
        create_grouping(
            one.pop("name"),
            organisation=world.organisations[slug := one.pop("organisation")],
            visibility="network",
            place=_ward(ward),
            by=world.people[slug],
            **one,
        )


def _bodies_of(police: str) -> list[str]:
    listed = (one["body"] for one in table("network")["body"] if one["police"] == police)
    return list(dict.fromkeys(listed))  # a body that changed its form is listed once for each


def _ward(name: str) -> Place:
    return Place.objects.get(kind=Place.Kind.WARD, name=name)


def _lookup(told: dict[str, Any]) -> bytes:
    """Which ward lies in which force area, as a published lookup would say it."""
    head = [f"ward{VINTAGE}_code", f"ward{VINTAGE}_name", f"pfa{VINTAGE}_code", f"pfa{VINTAGE}_name"]
    rows = [
        [ward["code"], ward["name"], force["code"], force["name"]]
        for force in told["force"]
        for ward in force["wards"]
    ]
    return _written([head, *rows])


def _written(rows: list[list[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _counts(told: dict[str, Any]) -> list[tuple[str, bytes]]:
    """The people of each ward by age and by background, one file for each."""
    files = []
    for name, part in (("ages", told["ages"]), ("backgrounds", told["backgrounds"])):
        rows = [[f"ward{VINTAGE}_code", f"ward{VINTAGE}_name", *part]]
        rows += [
            [ward["code"], ward["name"], *ward[name]] for force in told["force"] for ward in force["wards"]
        ]
        files.append((f"{name}.csv", _written(rows)))
    return files


def _outlines(told: dict[str, Any]) -> bytes:
    """Each ward as a field in a patchwork round the middle of its force area; neighbours share their edges."""
    features = []
    for force in told["force"]:
        chance = random.Random(f"{SEED} {force['code']}")
        wards = force["wards"]
        across = math.ceil(math.sqrt(len(wards)))
        down = math.ceil(len(wards) / across)
        west, south = (
            middle - size * WIDTH / 2 for middle, size in zip(force["middle"], (across, down), strict=True)
        )
        corner = {
            (x, y): [
                round(west + (x + chance.uniform(-0.25, 0.25)) * WIDTH, 5),
                round(south + (y + chance.uniform(-0.25, 0.25)) * WIDTH * 0.6, 5),
            ]
            for y in range(down + 1)
            for x in range(across + 1)
        }
        for number, ward in enumerate(wards):
            x, y = number % across, number // across
            ring = [corner[x, y], corner[x + 1, y], corner[x + 1, y + 1], corner[x, y + 1], corner[x, y]]
            features.append(
                {
                    "type": "Feature",
                    "properties": {f"ward{VINTAGE}_code": ward["code"], f"ward{VINTAGE}_name": ward["name"]},
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
            )
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def do_work(world: World) -> None:
    """What an hour costs, the strands of work, and every occasion of them."""
    told = table("work")
    world.clock.go_to(OPENED)
    for one in told["rate"]:
        set_hour_rate(
            world.organisations[one["organisation"]],
            since=one["since"],
            pounds=Decimal(str(one["pounds"])),
            basis=one["basis"],
            by=world.people[one["organisation"]],
        )
    for number, strand in enumerate(told["strand"]):
        world.clock.go_to(OPENED + timedelta(days=number))
        _occasions(world, strand, _open(world, strand), told)
    world.clock.go_to(told["until"])
    for slug in told["shares"]:
        share_hours(
            world.organisations[slug], until=told["until"], visibility="public", by=world.people[slug]
        )


def _open(world: World, strand: dict[str, Any]) -> Initiative:
    slug = strand["organisation"]
    chain = world.chains.get(strand.get("chain", ""))
    if strand.get("chain") and chain is None:
        raise FolkmootError(f"The demo's work speaks of a chain “{strand['chain']}” that is nowhere.")
    version = chain.versions.get(is_current=True) if chain is not None else None
    groupings = Grouping.objects.filter(name=strand["grouping"]) if strand.get("grouping") else ()
    return open_initiative(
        strand["name"],
        organisation=world.organisations[slug],
        method=Method.objects.get(code=strand["method"]),
        objectives=[chain.objective] if chain is not None and chain.objective is not None else [],
        groupings=list(groupings),
        purpose=strand["purpose"],
        mechanism_version=version,
        planned_level=strand["level"],
        trigger=strand.get("trigger", "proactive"),
        begins=table("work")["from"],
        by=world.people[slug],
    )


def _occasions(world: World, strand: dict[str, Any], initiative: Initiative, told: dict[str, Any]) -> None:
    """The strand's occasions from the first day to the last, each like the others and unlike them."""
    chance = random.Random(f"{SEED} {strand['name']}")
    by = world.people[strand["organisation"]]
    organisation: Organisation = world.organisations[strand["organisation"]]
    wards = [_ward(name) for name in strand["wards"]]
    known = {one.name: one.pk for one in Category.objects.filter(characteristic__code="age")}
    ages = [known[name] for name in table("places")["ages"]]
    living = {ward["name"]: ward["ages"] for force in table("places")["force"] for ward in force["wards"]}
    day = told["from"] + timedelta(days=chance.randrange(strand["every"]))
    while day <= told["until"]:
        moved = 0 if chance.random() < REGULAR / 5 else chance.choice((-1, 1, 2))
        on = min(max(day + timedelta(days=moved), told["from"]), told["until"])
        ward = chance.choice(wards)
        counted = chance.random() >= strand["unrecorded"]
        people = chance.randint(*strand["people"]) if counted else None
        # what lies before the network began was brought in when it did
        world.clock.go_to(max(on, OPENED))
        log_activity(
            organisation=organisation,
            initiative=initiative,
            happened_on=on,
            place=ward,
            people=people,
            counted=strand.get("counted", "people"),
            level=chance.choice(strand["reached"]),
            hours=None if chance.random() < strand.get("unlogged", 0.04) else _hours(chance, strand),
            tallies=_tallies(chance, people, strand, living[ward.name], ages),
            by_specialist=chance.random() >= strand["officers"],
            uniform=strand.get("uniform", ""),
            by=by,
        )
        day += timedelta(days=strand["every"])
    for one in strand.get("outputs", ()):
        world.clock.go_to(one["on"])
        record_output(initiative, what=one["what"], number=one["number"], counted_on=one["on"], by=by)


def _hours(chance: random.Random, strand: dict[str, Any]) -> Decimal:
    low, high = strand["hours"]
    return Decimal(chance.randint(low * 2, high * 2)) / 2


def _tallies(
    chance: random.Random, people: int | None, strand: dict[str, Any], living: list[int], ages: list[int]
) -> dict[int, int]:
    """How old the people seemed or said they were; not of everybody, and on some occasions of nobody."""
    if not people or "ages" not in strand or chance.random() < 0.25:
        return {}
    weights = [count * met for count, met in zip(living, strand["ages"], strict=True)]
    told = sum(chance.random() < 0.85 for _ in range(people))
    drawn = chance.choices(ages, weights, k=told)
    return {age: drawn.count(age) for age in ages if age in drawn}
