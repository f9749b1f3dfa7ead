"""The library, and an objective to reach."""

from __future__ import annotations

from datetime import date

import pytest

from folkmoot.mechanisms import actions
from folkmoot.mechanisms.drafts import BackfireDraft, StepDraft
from folkmoot.mechanisms.models import Mechanism
from folkmoot.strategies.actions import create_objective
from folkmoot.strategies.models import Aim

from ..shipped import LIBRARY, bring_in


@pytest.fixture
def library(db):
    bring_in(LIBRARY)
    return {one.code: one for one in Mechanism.objects.all()}


@pytest.fixture
def objective(cast, library):
    return create_objective(
        Aim.objects.get(code="C1"),
        organisation=cast.police,
        title="Safer on Ferry Road",
        who="people of Ferry Road",
        what_change="more feel safe after dark",
        by_when=date(2028, 3, 31),
        how_known="the yearly survey",
        by=cast.ada,
    )


@pytest.fixture
def chain(cast, objective):
    """Two steps in own words: we walk, they notice, they feel safer."""
    return actions.create_mechanism(
        "Walking the estate",
        owner=cast.police,
        objective=objective,
        steps=[
            StepDraft(cause="We walk", effect="They notice"),
            StepDraft(cause="They notice", effect="They feel safer", horizon="six weeks", horizon_days=42),
        ],
        backfires=[BackfireDraft("They think that something is wrong", "They notice")],
        context="where people know us",
        by=cast.ada,
    )


@pytest.fixture
def sheet():
    """``sheet(("a", "b"), …)`` is what the form of these steps sends; mappings may add fields."""

    def sent(*steps, shape="line", ways=(), **more):
        data = {"steps": len(steps), "ways": len(ways), "shape": shape, "do": "save", **more}
        for at, step in enumerate(steps):
            fields = dict(zip(("cause", "effect"), step, strict=False)) if isinstance(step, tuple) else step
            data |= {f"step-{at}-{name}": value for name, value in fields.items()}
        for at, (wording, after) in enumerate(ways):
            data |= {f"way-{at}-wording": wording, f"way-{at}-after": after}
        return data

    return sent
