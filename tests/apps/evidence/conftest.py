"""A short chain of three factors, and studies that speak to it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import timezone

from folkmoot.evidence import actions
from folkmoot.mechanisms.models import Assumption, Factor, Mechanism, MechanismVersion, Step
from folkmoot.organisations.models import Organisation, ResearchTeam

from ..shipped import EVERYTHING, bring_in

WHOLE = {"same_country": True, "differs": [], "read_in_full": True, "appraiser_is_evaluator": False}


def made():
    return {"created_at": timezone.now(), "created_by": "the tests"}


@pytest.fixture
def library(db):
    """Aims, mechanisms and studies as they ship."""
    bring_in(EVERYTHING)


@pytest.fixture
def chain(cast) -> SimpleNamespace:
    """Visits → felt pleasant → think better → still do a year later; open to everybody."""
    public = {"visibility": "public", **made()}
    words = ("visits took place", "people liked the visit", "they think better of us", "they still do")
    factors = [
        Factor.objects.create(key=f"T.{number}", wording=text, **public) for number, text in enumerate(words)
    ]
    assumptions = [
        Assumption.objects.create(code=f"T.{number}", cause=cause, effect=effect, horizon_days=days, **public)
        for number, (cause, effect, days) in enumerate(
            zip(factors, factors[1:], (0, 3, 365), strict=False), 1
        )
    ]
    mechanism = Mechanism.objects.create(code="T", name="Visits change minds", **public)
    version = MechanismVersion.objects.create(mechanism=mechanism, number=1, **made())
    for number, one in enumerate(assumptions):
        Step.objects.create(version=version, assumption=one, position=number)
    return SimpleNamespace(factors=factors, assumptions=assumptions, mechanism=mechanism)


@pytest.fixture
def study(cast):
    """``study("Oak", by=…)`` records a trial; for the network and by Dina unless said otherwise."""

    def record(authors="Oak, A.", *, owner=None, by=None, visibility="", **details):
        reach = {Organisation: "own", ResearchTeam: "team"}.get(type(owner), "public")
        details = {
            "title": f"A trial of visits by {authors}",
            "year": 2020,
            "kind": "trial",
            "design": "streets by lot",
            "setting": "a town",
            "country": "England and Wales",
            "level_low": 5,
            "level_high": 5,
            "evaluators": authors,
            "read_where": "full",
        } | details
        return actions.record_study(
            authors=authors, owner=owner, visibility=visibility or reach, by=by or cast.dina, **details
        )

    return record


@pytest.fixture
def mark(cast):
    """``mark(study, factor, "up", 3)`` marks a factor, by Dina unless said otherwise."""

    def put(one, factor, sign, days=0, *, by=None, **details):
        return actions.mark_factor(
            one,
            factor=factor,
            sign=sign,
            horizon=f"{days} days",
            horizon_days=days,
            by=by or cast.dina,
            **details,
        )

    return put
