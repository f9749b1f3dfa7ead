"""A survey of streets with weights, strata and clusters, its answers as files, and a chain to measure."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import numpy as np
import pytest
from django.utils import timezone

from folkmoot.mechanisms.models import Assumption, Factor
from folkmoot.surveys import actions
from folkmoot.surveys.reading.files import read_answers
from folkmoot.surveys.reading.laying import Choices, lay


@pytest.fixture
def assumption(cast):
    """Visits → people feel heard; open to everybody."""
    stamp = {"visibility": "public", "created_at": timezone.now(), "created_by": "the tests"}
    cause = Factor.objects.create(wording="visits took place", **stamp)
    effect = Factor.objects.create(wording="people feel heard", **stamp)
    return Assumption.objects.create(cause=cause, effect=effect, **stamp)


def table(rows, header) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def people(number=400, *, seed=5, first=1):
    """Rows of (person, street, area, weight, heard, age, trust): a third more weight in the north."""
    random = np.random.default_rng(seed)
    rows = []
    for who in range(first, first + number):
        street = int(random.integers(40))
        north = street < 20
        heard = random.choice(["yes", "no", "-9"], p=[0.6, 0.35, 0.05] if north else [0.4, 0.55, 0.05])
        rows.append(
            (
                f"P{who:05d}",
                f"S{street:02d}",
                "north" if north else "south",
                2.5 if north else 1.5,
                heard,
                random.choice(["16 to 34", "35 to 64", "65 and over"], p=[0.3, 0.5, 0.2]),
                round(float(random.normal(6, 2)), 2),
            )
        )
    return rows


HEADER = ("person", "street", "area", "weight", "heard", "age", "trust")
CHOICES = Choices(
    weight="weight",
    stratum="area",
    cluster="street",
    panel="person",
    missing={"heard": frozenset({"-9"})},
)


@pytest.fixture
def answers():
    return SimpleNamespace(table=table, people=people, header=HEADER, choices=CHOICES)


@pytest.fixture
def survey(cast):
    return actions.create_survey(
        "Streets survey", owner=cast.police, population="People of 16 and over in Northmere", by=cast.ada
    )


@pytest.fixture
def bring(cast):
    """``bring(wave, content)`` brings answers in, by Ada, under the usual choices unless said otherwise."""

    def do(wave, content, *, name="answers.csv", choices=CHOICES, by=None):
        laid = lay(read_answers(name, content), choices, salt=wave.survey.salt)
        return actions.bring_in_answers(wave, laid=laid, content=content, by=by or cast.ada)

    return do


@pytest.fixture
def wave(cast, survey):
    return actions.add_wave(
        survey, title="Spring", mode="face", sample="probability", invited=800, answered=400, by=cast.ada
    )


@pytest.fixture
def filled(wave, bring):
    """The wave with its 400 answers."""
    bring(wave, table(people(), HEADER))
    wave.refresh_from_db()
    return wave
