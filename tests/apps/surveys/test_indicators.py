"""An output is never an outcome: refused by the database, by the action, by the type, and by every template."""

from __future__ import annotations

import pathlib
import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

import folkmoot
from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError, NotAllowed
from folkmoot.surveys import actions
from folkmoot.surveys.models import Indicator
from folkmoot.surveys.queries.indicators import Count, Outcome, indicators_for, outcome_of, shown

SURVEYS = pathlib.Path(folkmoot.__file__).parent / "surveys"
BASE = {"measured_as": "asked of residents", "judged_by": "residents", "unit": "per cent", "better": "up"}


@pytest.fixture
def make(cast):
    def do(name="One", kind="output", **more):
        details = BASE | {"owner": cast.police, "visibility": "own", "by": cast.ada} | more
        return actions.create_indicator(name=name, kind=kind, **details)

    return do


def test_an_output_cannot_be_taken_for_an_outcome(make, cast):
    output = make("Sign-ups")
    known = shown(output, viewer=cast.ada)
    assert isinstance(known, Count)
    with pytest.raises(FolkmootError, match="cannot be an outcome"):
        outcome_of(output, viewer=cast.ada)
    fields = {name: getattr(known, name) for name in Count.__dataclass_fields__}
    with pytest.raises(TypeError, match="no outcome"):
        Outcome(**fields)


def test_an_outcome_cannot_be_taken_for_a_count(make, assumption, cast):
    outcome = make("Heard", "distal", assumption=assumption, end="effect")
    known = shown(outcome, viewer=cast.ada)
    assert isinstance(known, Outcome) and outcome_of(outcome, viewer=cast.ada) == known
    fields = {name: getattr(known, name) for name in Count.__dataclass_fields__}
    with pytest.raises(TypeError, match="is an outcome"):
        Count(**fields)


def test_an_outcome_needs_its_assumption_and_an_end_of_it(make, assumption):
    for more in ({}, {"assumption": assumption}, {"end": "effect"}):
        with pytest.raises(FolkmootError):
            make("Heard", "proximal", **more)
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.create(
            name="x", kind="distal", visibility="network", created_at=timezone.now(), created_by="x", **BASE
        )


@pytest.mark.parametrize("kind", ["activity", "output"])
def test_a_count_takes_no_smallest_change_because_it_would_be_a_target(make, kind):
    with pytest.raises(FolkmootError, match="target"):
        make(kind=kind, smallest_change=5.0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.create(
            name="x", kind=kind, smallest_change=5, visibility="network", created_at=timezone.now(),
            created_by="x", **BASE,
        )  # fmt: skip


def test_an_indicator_keeps_its_kind(make, cast, assumption):
    output = make()
    with pytest.raises(FolkmootError, match="keeps its kind"):
        actions.revise_indicator(
            output, expected=1, kind="proximal", assumption=assumption, end="effect", by=cast.ada
        )


def test_it_says_whose_judgement_it_is_and_the_sponsors_alone_is_never_enough(make, assumption, cast):
    with pytest.raises(FolkmootError, match="whose judgement"):
        make(judged_by="")
    satisfied = make("Satisfied", "proximal", assumption=assumption, end="effect", judged_by="sponsor")
    found = shown(satisfied, viewer=cast.ada)
    assert isinstance(found, Outcome) and found.only_the_sponsor_says_so


def test_outsiders_record_nothing_and_see_nothing(make, cast):
    make("Ours")
    with pytest.raises(NotAllowed):
        make("Theirs", by=cast.eli)
    assert not indicators_for(cast.eli).counts and indicators_for(cast.ben).counts
    assert Event.objects.filter(action="made an indicator").count() == 1


def test_an_assumption_that_a_reader_may_not_see_is_not_told(make, cast, assumption):
    row = make("Heard", "proximal", assumption=assumption, end="effect", visibility="public")
    assumption.visibility, assumption.organisation = "own", cast.police
    assumption.save()
    assert shown(row, viewer=cast.eli).place is None
    assert shown(row, viewer=cast.ada).place is not None


def test_every_template_that_speaks_of_outcomes_lists_only_that_type():
    """Under a heading of outcomes a loop runs over ``outcomes`` alone, everywhere in this room."""
    met = 0
    for path in sorted(SURVEYS.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for heading in re.finditer(r"<h[1-6][^>]*>([^<]*)</h[1-6]>", text):
            if not re.search(r"\boutcomes?\b", heading[1], re.I):
                continue
            section = text[heading.end() :].split("<h2", 1)[0]
            loops = re.findall(r"{% for \w+ in ([\w.]+)", section)
            assert loops and all(one.endswith("outcomes") for one in loops), (path.name, loops)
            met += 1
    assert met == 1, "the test looks for headings that are no longer there"


def test_every_query_of_outcomes_gives_the_type_that_cannot_hold_an_output(make, assumption, cast):
    for kind in ("activity", "output"):
        make(f"{kind} outcome", kind, assumption=assumption, end="effect")
    make("Heard", "proximal", assumption=assumption, end="effect")
    found = indicators_for(cast.ada, assumptions=[assumption.pk])
    assert [one.name for one in found.outcomes] == ["Heard"]
    assert {type(one) for one in found.outcomes} == {Outcome} and len(found.counts) == 2
