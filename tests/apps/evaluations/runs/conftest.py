"""A chain of three steps, plans that went through registration, and a trial of eighty streets with a known truth."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import timezone

from folkmoot.evaluations.actions.data import bring_table
from folkmoot.evaluations.actions.findings import MarkDraft, record_finding
from folkmoot.evaluations.actions.plans import RivalDraft, create_plan, register_plan
from folkmoot.evaluations.actions.runs import run_now
from folkmoot.evaluations.looking import look
from folkmoot.evaluations.models import Plan
from folkmoot.mechanisms.models import Assumption, Factor, Mechanism, MechanismVersion, Step

from .making import CHOSEN, streets

SIZES = {
    "trial": {"per_arm": 1600, "baseline": 0.5},
    "cluster": {"clusters_per_arm": 60, "cluster_size": 40, "icc": 0.01, "baseline": 0.5},
    "holdout": {"per_arm": 1600, "baseline": 0.5},
    "panel": {"interviews": 2000, "baseline": 0.5, "correlation": 0.6},
}


@pytest.fixture
def chain(cast) -> SimpleNamespace:
    """Visits → talked with an officer → think better of them → still do a year later; open to everybody."""
    public = {"visibility": "public", "created_at": timezone.now(), "created_by": "the tests"}
    when = {"created_at": timezone.now(), "created_by": "the tests"}
    words = ("visits took place", "people talked with an officer", "they think better of us", "they still do")
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
    version = MechanismVersion.objects.create(mechanism=mechanism, number=1, **when)
    for number, one in enumerate(assumptions):
        Step.objects.create(version=version, assumption=one, position=number)
    return SimpleNamespace(factors=factors, assumptions=assumptions, mechanism=mechanism)


@pytest.fixture
def draft(cast, chain):
    """``draft(design)`` draws up a plan of Northmere Police for “talked → think better”."""

    def drawn_up(design="cluster", *, visibility="public", owner=None, by=None, **details) -> Plan:
        details = {
            "title": f"Doorsteps ({design})",
            "activity": "Two officers call at every home of forty streets",
            "population": "Adults of eighty streets",
            "comparison": "Forty streets left alone, by lot",
            "outcome": "says that officers here do a good job",
            "horizon": "six weeks",
            "horizon_days": 42,
            "smallest_change": 0.05,
            "if_for": "Visits are kept up",
            "if_against": "Visits end",
            "if_unclear": "Another forty streets",
            "sizes": SIZES.get(design, {}),
        } | details
        return create_plan(
            chain.assumptions[1],
            owner=owner or cast.police,
            visibility=visibility,
            rivals=[RivalDraft("Another campaign", "Streets without visits would have moved as well")],
            design=design,
            by=by or cast.ada,
            **details,
        )

    return drawn_up


@pytest.fixture
def plan(draft, cast):
    """``plan(design)`` is the same, registered; where past figures would be needed first, it is made registered."""

    def registered(design="cluster", **details) -> Plan:
        made = draft(design, **details)
        if design in SIZES and details.get("scale") != "mean":
            look(made, by=cast.ada)
            made.refresh_from_db()
            register_plan(made, expected=made.version, by=cast.ada)
        else:
            Plan.objects.filter(pk=made.pk).update(
                state="registered",
                registered_at=timezone.now(),
                registered_by="Ada",
                frozen={"design": design},
                frozen_sha256="0" * 64,
            )
        made.refresh_from_db()
        return made

    return registered


@pytest.fixture
def doorsteps(plan, cast):
    """A registered trial of streets with its table."""
    made = plan("cluster")
    table = bring_table(made, name="streets.csv", content=streets(), by=cast.ada)
    return SimpleNamespace(plan=made, table=table)


@pytest.fixture
def found(doorsteps, chain, cast):
    """``found()`` works the trial out and records what it found, with the step between as a run of its own."""

    def recorded(*, delivered=True, visibility="public", by=None, **details):
        by = by or cast.ada
        plan, table = doorsteps.plan, doorsteps.table
        run = run_now(plan, dataset=table, choices=CHOSEN, by=by)
        between = run_now(
            plan,
            dataset=table,
            choices=CHOSEN | {"outcome": "talked"},
            factor=chain.factors[1],
            smallest_change=0.1,
            by=by,
        )
        return record_finding(
            run,
            manipulated=chain.factors[0],
            delivered=delivered,
            how_known="The visits log names 87 of 100 planned calls.",
            marks=[MarkDraft(chain.factors[1], run=between, horizon="the week after", horizon_days=7)],
            evaluators="Northmere analysts",
            sample="northmere-doorsteps",
            visibility=visibility,
            by=by,
            **details,
        )

    return recorded
