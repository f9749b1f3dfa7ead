"""A small world to write briefings about: one objective with its chain, tests and accounts on both sides."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from folkmoot.briefings import actions
from folkmoot.coding import actions as coding
from folkmoot.evidence import actions as evidence
from folkmoot.mechanisms import actions as mechanisms
from folkmoot.mechanisms.models import Mechanism
from folkmoot.sources.actions import finish_redaction_review, import_sources, mark_passage
from folkmoot.sources.actions.redacting import accept_all_redactions
from folkmoot.strategies import actions as strategies
from folkmoot.strategies.models import Aim

from ..shipped import EVERYTHING, bring_in

TALK = """Interviewer: Do the visits do anything?

Interviewee: People who had a visit wave at us now, I am sure it changes how they see us.

Interviewer: And after a year?

Interviewee: Honestly, it is gone by the next bad stop. Nobody remembers the visit.
"""
SHUT = """Interviewer: Did anybody come back to you?

Interviewee: Never. They knocked, they smiled, and nothing was done about the bins.
"""
FOR_WORDS = "People who had a visit wave at us now"
AGAINST_WORDS = "it is gone by the next bad stop"
SHUT_WORDS = "nothing was done about the bins"


@pytest.fixture
def words() -> SimpleNamespace:
    """Words of the two interviews: for, against, and against in the one that may only be counted."""
    return SimpleNamespace(lean=FOR_WORDS, against=AGAINST_WORDS, shut=SHUT_WORDS, unused=TALK[:40])


@pytest.fixture
def library(db):
    bring_in(EVERYTHING)


@pytest.fixture
def world(cast, library) -> SimpleNamespace:
    """Ada's objective rests on P3; Dina's team has one interview that may be quoted and one that may not."""
    objective = strategies.create_objective(
        Aim.objects.get(code="O2"),
        organisation=cast.police,
        visibility="public",
        title="Streets that were visited trust us",
        who="households of the visited streets",
        what_change="more of them trust the police",
        by_when=datetime.date(2027, 3, 31),
        how_known="a survey of the visited and the other streets",
        by=cast.ada,
    )
    chain = mechanisms.adopt_mechanism(
        Mechanism.objects.get(code="P3"),
        objective=objective,
        owner=cast.police,
        visibility="public",
        by=cast.ada,
    )
    steps = {step.assumption.code: step.assumption for step in chain.versions.get().steps.all()}
    benefit = strategies.claim_dual_benefit(
        objective,
        organisation_gains="more calls with information",
        community_gains="somebody who listens",
        through="the visit",
        by=cast.ada,
    )
    return SimpleNamespace(objective=objective, chain=chain, steps=steps, benefit=benefit)


@pytest.fixture
def talk(world, cast):
    """An interview that may be quoted, reviewed and shared with everybody."""
    return _interview("inspector-quill.txt", TALK, cast, consent="quote", visibility="public")


@pytest.fixture
def shut(world, cast):
    """An interview that may only be counted."""
    return _interview("mrs-okafor.txt", SHUT, cast, consent="count", visibility="public")


def _interview(name, text, cast, **terms):
    imported = import_sources(
        [(name, text.encode())],
        kind="transcript",
        owner=cast.team,
        recruitment="Asked through their force.",
        missing_people="People who had left.",
        by=cast.dina,
        **terms,
    )
    source = imported.sources.get()
    accept_all_redactions(source, by=cast.dina)
    return finish_redaction_review(source, by=cast.dina)


@pytest.fixture
def claim_in(world, cast):
    """``claim_in(source, words, stance=…)`` reads the passage that holds these words as a claim on P3.4."""

    def made(source, words, **details):
        start = source.body.text.index(words)
        passage = mark_passage(source, start=start, end=start + len(words), by=cast.dina)
        given = {
            "cause": "a visit",
            "effect": "trust",
            "stance": "supports",
            "claimant_role": "pcso",
            "visibility": "public",
            "assumption": world.steps["P3.4"],
        } | details
        return coding.make_claim(passage, **given, by=cast.dina)

    return made


@pytest.fixture
def both_sides(talk, shut, claim_in) -> SimpleNamespace:
    """One account for, one against that may be quoted, one against that may only be counted."""
    return SimpleNamespace(
        lean=claim_in(talk, FOR_WORDS),
        against=claim_in(talk, AGAINST_WORDS, stance="challenges"),
        unquotable=claim_in(shut, SHUT_WORDS, stance="challenges"),
    )


@pytest.fixture
def tested(world, cast):
    """``tested(code, "up" or "down" …)`` records a study on a step and gives it."""

    def recorded(
        code="P3.4", sign="down", *, owner=None, visibility="public", by=None, authors="Hale and Moor", **more
    ):
        by = by or (cast.ada if owner is not None else cast.dina)
        assumption = world.steps[code]
        study = evidence.record_study(
            authors=authors,
            title="Doorsteps in one town",
            year=2025,
            owner=owner,
            visibility=visibility,
            kind="trial",
            design="Streets drawn by lot",
            setting="one town",
            country="England",
            level_low=4,
            level_high=4,
            read_where="full",
            evaluators=f"team of {authors}",
            by=by,
            **more,
        )
        for factor, mark in ((assumption.cause, "up"), (assumption.effect, sign)):
            evidence.mark_factor(
                study, factor=factor, sign=mark, horizon="two years", horizon_days=730, by=by
            )
        return study

    return recorded


@pytest.fixture
def briefing(world, cast):
    """``briefing(visibility=…)`` begins a briefing of Northmere Police on the objective."""

    def begun(visibility="public", **more):
        given = {"title": "Doorstep visits and trust", "objective": world.objective, "owner": cast.police}
        return actions.create_briefing(**(given | more), visibility=visibility, by=more.pop("by", cast.ada))

    return begun


@pytest.fixture
def published(briefing, cast):
    """``published(…)`` is a first edition, published."""

    def made(visibility="public", introduction="", remarks=None, **more):
        draft = actions.draft_edition(briefing(visibility, **more), by=cast.ada)
        if introduction or remarks:
            draft = actions.describe_edition(
                draft, introduction=introduction, remarks=remarks or {}, expected=draft.version, by=cast.ada
            )
        return actions.publish_edition(draft, expected=draft.version, by=cast.ada)

    return made
