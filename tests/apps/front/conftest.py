"""A small world for the front pages: two objectives, one shared chain, evidence on both sides, private evidence."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from folkmoot.coding import actions as coding
from folkmoot.evidence import actions as evidence
from folkmoot.mechanisms import actions as mechanisms
from folkmoot.mechanisms.drafts import StepDraft
from folkmoot.mechanisms.models import Mechanism
from folkmoot.sources import actions as sources
from folkmoot.sources.models import Source
from folkmoot.strategies import actions as strategies
from folkmoot.strategies.models import Aim

from ..shipped import EVERYTHING, bring_in

TALK = """Interviewer: Do the visits do anything?
P1: People who had a visit wave at us now, I am sure it changes how they see us.
Interviewer: And after a year?
P1: Honestly, it is gone by the next bad stop. Nobody remembers the visit.
"""


@pytest.fixture
def library(db):
    """Aims, mechanisms and studies as they ship."""
    bring_in(EVERYTHING)


@pytest.fixture
def world(cast, library) -> SimpleNamespace:
    """Ada's objective rests on P3, Eli's private one on a chain of his own; Dina's team has one interview."""
    objective = strategies.create_objective(
        Aim.objects.get(code="O2"),
        organisation=cast.police,
        visibility="network",
        title="Streets that were visited trust us",
        who="households of the visited streets",
        what_change="more of them trust the police",
        by_when=datetime.date(2027, 3, 31),
        how_known="a survey of the visited and the other streets",
        by=cast.ada,
    )
    shared = mechanisms.adopt_mechanism(
        Mechanism.objects.get(code="P3"),
        objective=objective,
        owner=cast.police,
        visibility="network",
        by=cast.ada,
    )
    private = strategies.create_objective(
        Aim.objects.get(code="O1"),
        organisation=cast.other,
        visibility="own",
        title="Southholt's own aim",
        who="readers",
        what_change="they think better of us",
        by_when=datetime.date(2027, 3, 31),
        how_known="a poll",
        by=cast.eli,
    )
    hidden = mechanisms.create_mechanism(
        "Southholt's own chain",
        owner=cast.other,
        objective=private,
        steps=[StepDraft(cause="Secret posters go up", effect="Readers see the posters")],
        visibility="own",
        by=cast.eli,
    )
    sources.import_sources(
        [("talk.txt", TALK.encode())],
        kind="interview",
        owner=cast.team,
        visibility="team",
        consent="quote",
        recruitment="Asked through their force.",
        missing_people="People who left.",
        by=cast.dina,
    )
    talk = Source.objects.get()
    steps = {step.assumption.code: step.assumption for step in shared.versions.get().steps.all()}
    return SimpleNamespace(
        objective=objective,
        shared=shared,
        private=private,
        hidden=hidden,
        secret=hidden.versions.get().steps.get().assumption,
        talk=talk,
        steps=steps,
        coding=coding,
        evidence=evidence,
        sources=sources,
    )


@pytest.fixture
def claim_in(world, cast):
    """``claim_in(words, …)`` makes a claim on the passage of the talk that holds these words."""

    def made(words: str, **details):
        start = world.talk.body.text.index(words)
        passage = sources.mark_passage(world.talk, start=start, end=start + len(words), by=cast.dina)
        given = {
            "cause": "a visit",
            "effect": "trust",
            "stance": "asserts",
            "visibility": "network",
        } | details
        return coding.make_claim(passage, **given, by=cast.dina)

    return made
