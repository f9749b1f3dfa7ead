"""Work for the cast: a method, places, two characteristics, a chain and an initiative of Northmere's."""

from __future__ import annotations

import itertools
from datetime import date
from types import SimpleNamespace

import pytest
from django.utils import timezone

from folkmoot.activities.models import Initiative
from folkmoot.communities.models import (
    AreaServed,
    Category,
    Characteristic,
    Lies,
    Place,
    Population,
    PopulationCount,
)
from folkmoot.mechanisms.models import Assumption, Factor, Mechanism, MechanismVersion, Method, Step
from folkmoot.strategies.models import Aim, Objective

STAMP = {"created_at": timezone.now(), "created_by": "the cast"}
DAY = date(2026, 10, 1)


def chain_of(organisation, *wordings, name="Presence reassures"):
    """A mechanism of an organisation with one version; its assumptions in order."""
    owned = {"organisation": organisation, "visibility": "own", **STAMP}
    factors = [Factor.objects.create(wording=wording, **owned) for wording in wordings]
    mechanism = Mechanism.objects.create(name=name, **owned)
    version = MechanismVersion.objects.create(mechanism=mechanism, number=1, **STAMP)
    assumptions = []
    for position, (cause, effect) in enumerate(itertools.pairwise(factors)):
        assumption = Assumption.objects.create(cause=cause, effect=effect, **owned)
        Step.objects.create(version=version, assumption=assumption, position=position)
        assumptions.append(assumption)
    return version, assumptions


@pytest.fixture
def work(cast) -> SimpleNamespace:
    """Everything that an activity of Northmere's may name."""
    stall = Method.objects.create(
        code="M-POP",
        name="Pop-up stall",
        medium="in person",
        synchronous="yes",
        level_low=1,
        level_high=2,
        position=1,
    )
    visit = Method.objects.create(
        code="M-DAY",
        name="Everyday contact",
        medium="any",
        synchronous="yes",
        level_low=1,
        level_high=3,
        position=2,
    )
    shared = {"visibility": "public", **STAMP}
    town = Place.objects.create(code="E05000001", vintage=2024, kind="ward", name="Kelby Town", **shared)
    quay = Place.objects.create(code="E01000001", vintage=2021, kind="lsoa", name="Kelby Quay", **shared)
    hill = Place.objects.create(code="E01000002", vintage=2021, kind="lsoa", name="Kelby Hill", **shared)
    for place in (quay, hill):
        Lies.objects.create(place=place, inside=town)
    age = Characteristic.objects.create(code="age", name="Age", position=1, **shared)
    bands = [
        Category.objects.create(characteristic=age, name=name, position=position)
        for position, name in enumerate(("Under 25", "25 to 64", "65 and over"))
    ]
    ethnic = Characteristic.objects.create(
        code="ethnic", name="Ethnic group", special=True, position=2, **shared
    )
    groups = [
        Category.objects.create(characteristic=ethnic, name=name, position=position)
        for position, name in enumerate(("Asian", "Black", "White", "Other"))
    ]
    version, assumptions = chain_of(cast.police, "We are present", "People notice", "People feel safer")
    initiative = Initiative.objects.create(
        name="Market stall",
        method=stall,
        mechanism_version=version,
        planned_level="L2",
        purpose="To hear what worries you about the market.",
        organisation=cast.police,
        visibility="own",
        **STAMP,
    )
    return SimpleNamespace(
        stall=stall, visit=visit, town=town, quay=quay, hill=hill, age=age, bands=bands, ethnic=ethnic, groups=groups,
        version=version, assumptions=assumptions, initiative=initiative,
    )  # fmt: skip


@pytest.fixture
def objective(cast):
    """Something that Northmere wants to change."""
    aim = Aim.objects.create(code="C1", name="Reassurance", benefit="community", position=1)
    return Objective.objects.create(
        aim=aim, organisation=cast.police, visibility="own", title="Safer on the market", who="traders",
        what_change="more of them feel safe", by_when=date(2027, 3, 31), how_known="the yearly survey", **STAMP,
    )  # fmt: skip


@pytest.fixture
def living(cast, work):
    """Tables of age and ethnic group for both small areas; each cell may be off by 2."""
    tables = {}
    for characteristic, cells in (
        (work.age, {work.quay: (300, 500, 200), work.hill: (100, 300, 600)}),
        (work.ethnic, {work.quay: (100, 50, 800, 50), work.hill: (10, 10, 970, 10)}),
    ):
        table = Population.objects.create(
            title=f"{characteristic}, census", characteristic=characteristic, source="The census", perturbed_by=2,
            counted_on=date(2021, 3, 21), place_kind="lsoa", place_vintage=2021, visibility="public", **STAMP,
        )  # fmt: skip
        for place, numbers in cells.items():
            for category, people in zip(characteristic.categories.all(), numbers, strict=True):
                PopulationCount.objects.create(
                    population=table, place=place, category=category, people=people
                )
        tables[characteristic.code] = table
    AreaServed.objects.create(organisation=cast.police, place=work.town, **STAMP)
    return tables
