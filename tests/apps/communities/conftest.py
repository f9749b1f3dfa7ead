"""An invented county: one force, two districts, four wards, eight small areas; and tables of who lives there."""

from __future__ import annotations

import csv
import io
import json
from types import SimpleNamespace

import pytest

from folkmoot.communities import actions
from folkmoot.communities.models import Place

SMALL = [f"E0109900{n}" for n in range(1, 9)]
WARDS = [f"E0509900{n}" for n in range(1, 5)]
SIZES = [1500, 2300, 900, 1700, 2600, 1200, 1900, 800]


def table(*rows) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def lookup(*, year="24", more=()) -> bytes:
    """Two small areas to a ward, two wards to a district."""
    rows = [
        [
            f"Ferrydown 00{n // 2 + 1}{'AB'[n % 2]}",
            code,
            f"Ward {n // 2 + 1}",
            WARDS[n // 2],
            ("Eastdown", "Westdown")[n // 4],
            f"E0709900{n // 4 + 1}",
            "E23099001",
            "Ferrydown",
        ]
        for n, code in enumerate(SMALL)
    ]
    head = ["lsoa21_name", "lsoa21_code", f"ward{year}_name", f"ward{year}_code"]
    head += ["ltla24_name", "ltla24_code", "pfa24_code", "pfa24_name"]
    return table(head, *rows, *more)


def counts(
    sizes=SIZES, *, head=("Disabled under the Equality Act", "Not disabled under the Equality Act")
) -> bytes:
    rows = [[code, size // 5, size - size // 5] for code, size in zip(SMALL, sizes, strict=True)]
    return table(["lsoa21_code", *head], *rows)


def squares(codes=WARDS, *, year="24") -> bytes:
    """Wards as neighbouring squares in a row."""
    features = [
        {
            "type": "Feature",
            "properties": {f"ward{year}_code": code, f"ward{year}_name": f"Ward {n + 1}"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[n, 50], [n + 1, 50], [n + 1, 50.4], [n + 1, 51], [n, 51], [n, 50.4], [n, 50]]
                ],
            },
        }
        for n, code in enumerate(codes)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def files():
    """Makers of small files."""
    return SimpleNamespace(
        table=table, lookup=lookup, counts=counts, squares=squares, SMALL=SMALL, WARDS=WARDS
    )


@pytest.fixture
def county(cast) -> SimpleNamespace:
    """The county as everybody's, with outlines and one table, brought in by the network's curator."""
    shared = {"organisation": None, "visibility": "public", "by": cast.dina}
    actions.bring_in_places("lookup.csv", lookup(), source="Invented.", **shared)
    actions.bring_in_places("wards.geojson", squares(), source="Invented outlines.", **shared)
    brought = actions.bring_in_counts("census21_disability.csv", counts(), **shared)
    return SimpleNamespace(
        cast=cast,
        brought=brought,
        small=[Place.objects.get(code=code) for code in SMALL],
        wards=[Place.objects.get(code=code) for code in WARDS],
        districts=list(Place.objects.filter(kind="district").order_by("code")),
        force=Place.objects.get(kind="force"),
    )
