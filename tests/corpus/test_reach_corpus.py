"""Reach on the real census and the real geography: the same figures as a script written apart.

The script below reads the published files with the csv module and knows Wilson's formula; it uses nothing
of the product's. Cleveland and its districts are asked about: hundreds of small areas added up, each cell of
which may be off by a few people.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from datetime import date

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from folkmoot.activities.actions.occasions import log_activity
from folkmoot.activities.queries.blind_spots import inside_group
from folkmoot.activities.queries.log import Filters
from folkmoot.activities.queries.reach import reach_by
from folkmoot.communities import actions
from folkmoot.communities.models import AreaServed, Characteristic, Place
from folkmoot.communities.queries.places import within
from folkmoot.organisations.models import (
    Membership,
    Organisation,
    ResearchTeam,
    TeamMembership,
    User,
)

pytestmark = [pytest.mark.corpus, pytest.mark.django_db]

LOOKUP = "geography/lookup_lsoa21_ward24_ltla24_csp24_pfa24_ruc21_north.csv"
ETHNIC = "census/census21_ethnic_group_5a_lsoa21_north.csv"
DAY = date(2026, 5, 1)
Z = 1.959963984540054  # the 97.5 % point of the normal distribution, from a table
# people counted at three occasions: (asian, black, mixed, other, white), and how many there were in all
OCCASIONS = {
    "Middlesbrough": ((60, 25, 10, 12, 180), 330),
    "Hartlepool": ((12, 0, 10, 0, 140), 180),
    "Stockton-on-Tees": ((15, 10, 0, 11, 90), 140),
}


@pytest.fixture(scope="module")
def cleveland(corpus, django_db_setup, django_db_blocker):
    """The files, a force that serves Cleveland, and three occasions in its districts."""
    with django_db_blocker.unblock(), transaction.atomic():
        now = timezone.now()
        keeper = User.objects.create_user("rae@example.org", None, name="Rae")
        team = ResearchTeam.objects.create(slug="keepers", name="Keepers")
        TeamMembership.objects.create(user=keeper, team=team, role="lead", created_at=now, created_by="-")
        shared = {"organisation": None, "visibility": "public", "by": keeper}
        for path, action in ((LOOKUP, actions.bring_in_places), (ETHNIC, actions.bring_in_counts)):
            file = corpus / path
            action(file.name, file.read_bytes(), **shared)
        force = Organisation.objects.create(slug="cleveland", name="A force", kind="police")
        officer = User.objects.create_user("sam@example.org", None, name="Sam")
        Membership.objects.create(
            user=officer, organisation=force, role="officer", created_at=now, created_by="-"
        )
        area = Place.objects.get(kind="force", name="Cleveland")
        AreaServed.objects.create(organisation=force, place=area, created_at=now, created_by="-")
        characteristic = Characteristic.objects.get(populations__place_kind="lsoa")
        names = {one.name: one.pk for one in characteristic.categories.all()}
        columns = next(iter(csv.reader((corpus / ETHNIC).open(encoding="utf-8"))))[1:]
        order = sorted(columns)  # Asian, Black, Mixed, Other, White
        for district, (counts, people) in OCCASIONS.items():
            log_activity(
                organisation=force, happened_on=DAY, people=people, by=officer,
                place=Place.objects.get(kind="district", name=district),
                tallies={names[_ours(word, names)]: n for word, n in zip(order, counts, strict=True)},
            )  # fmt: skip
        yield force, officer, area, characteristic
        transaction.set_rollback(True)
    cache.clear()


@pytest.fixture(autouse=True)
def in_database(cleveland, db):
    """Every test sees the files and leaves them as they were."""


def _ours(word, names):
    """The product's name of a column of the census: the one that begins with the same word."""
    (found,) = [name for name in names if name.split()[0].strip(",") == word.split()[0].strip(",")]
    return found


def _census(corpus, *, district=None):
    """{group: people} and the number of small areas, straight from the two files."""
    inside = set()
    with (corpus / LOOKUP).open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["pfa24_name"] == "Cleveland" and district in (None, row["ltla24_name"]):
                inside.add(row["lsoa21_code"])
    added = defaultdict(int)
    with (corpus / ETHNIC).open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row.pop("lsoa21_code") in inside:
                for group, people in row.items():
                    added[group.split()[0].strip(",")] += int(people)
    return dict(added), len(inside)


def _wilson(part, whole):
    share, squared = part / whole, Z * Z
    middle = (share + squared / (2 * whole)) / (1 + squared / whole)
    half = Z / (1 + squared / whole) * math.sqrt(share * (1 - share) / whole + squared / (4 * whole**2))
    return middle - half, middle + half


def _expected(living, areas, counted, people, off):
    """Every figure of a group, by the formulas of the manual."""
    known = {group: number for group, number in counted.items() if number >= 10}  # a special category
    recorded = sum(known.values())
    rest = people - recorded
    everybody, slack = sum(living.values()), off * areas
    found = {}
    for group, number in known.items():
        cell, others = living[group], everybody - living[group]
        bounds = (number / people, (number + rest) / people)
        low, high = _wilson(number, recorded)
        ends = (min(low, bounds[0]), max(high, bounds[1]))
        here = (
            (cell - slack) / (cell - slack + others + slack * (len(living) - 1)),
            (cell + slack) / (cell + slack + others - slack * (len(living) - 1)),
        )
        found[group] = (
            number / recorded,
            bounds,
            ends,
            cell / everybody,
            here,
            (ends[0] / here[1], ends[1] / here[0]),
        )
    return found, rest


def _first(name):
    return name.split()[0].strip(",")


def _ours_as_plain(found):
    return {
        _first(one.category.name): (
            one.found.share_reached,
            one.found.bounds,
            one.found.interval,
            one.found.share_living_here,
            one.found.share_living_here_range,
            one.found.ratio_interval,
        )
        for one in found.groups
        if one.shown.value is not None
    }


@pytest.mark.parametrize("district", [None, "Middlesbrough", "Hartlepool"])
def test_reach_is_what_a_script_written_apart_says(corpus, cleveland, district):
    force, officer, area, characteristic = cleveland
    place = area if district is None else Place.objects.get(kind="district", name=district)
    found = reach_by(
        characteristic,
        organisation=force,
        filters=Filters(since=DAY, until=DAY, place=place, places=within(place, itself=True)),
        viewer=officer,
    )
    living, areas = _census(corpus, district=district)
    groups = ("Asian", "Black", "Mixed", "Other", "White")
    occasions = [OCCASIONS[one] for one in OCCASIONS if district in (None, one)]
    counted = {group: sum(counts[n] for counts, _ in occasions) for n, group in enumerate(groups)}
    people = sum(number for _, number in occasions)
    off = found.here.population.perturbed_by
    assert off > 0
    assert found.here.cells == areas
    expected, rest = _expected(living, areas, counted, people, off)
    ours = _ours_as_plain(found)
    assert found.rest == rest
    assert ours.keys() == expected.keys()
    for group, figures in expected.items():
        for mine, theirs in zip(ours[group], figures, strict=True):
            assert mine == pytest.approx(theirs, rel=1e-9), group


def test_the_census_counts_every_small_area_once(corpus, cleveland):
    force, officer, _area, characteristic = cleveland
    found = reach_by(characteristic, organisation=force, filters=Filters(), viewer=officer)
    living, _ = _census(corpus)
    names = {one.pk: _first(one.name) for one in characteristic.categories.all()}
    assert {names[key]: one.people for key, one in found.here.by_category.items()} == living


def test_inside_a_group_every_district_stands_with_its_own_people(corpus, cleveland):
    force, officer, _area, characteristic = cleveland
    asian = next(one for one in characteristic.categories.all() if _first(one.name) == "Asian")
    found = inside_group(asian, organisation=force, filters=Filters(), viewer=officer)
    assert found.kind == "Local authority district"
    assert {row.place.name: row.living.people for row in found.areas} == {
        row.place.name: _census(corpus, district=row.place.name)[0]["Asian"] for row in found.areas
    }
    # twelve and fifteen are rounded; nobody is known to have been reached in the fourth
    assert {row.place.name: row.shown.value for row in found.areas} == {
        "Middlesbrough": 60,
        "Hartlepool": 10,
        "Stockton-on-Tees": 15,
        "Redcar and Cleveland": None,
    }
