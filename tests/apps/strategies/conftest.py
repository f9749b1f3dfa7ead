"""A police force with a strategy, an objective, and the fifteen aims."""

from __future__ import annotations

from datetime import date

import pytest

from folkmoot.audit.actions import TheInstance
from folkmoot.strategies import actions
from folkmoot.strategies.library import load_aims
from folkmoot.strategies.models import Aim

STRATEGY = """# Engagement strategy

People of Ferry Road will feel safer after dark by March 2028. We will ask them each year, e.g. on walking alone.

We will publish what we did with every idea. We are a listening force 👮 and proud of it.
"""
WHOLE = {
    "title": "Safer on Ferry Road",
    "who": "people of Ferry Road",
    "what_change": "more of them feel safe after dark",
    "by_when": date(2028, 3, 31),
    "how_known": "the yearly survey, walking alone",
}


@pytest.fixture
def strategy_text():
    return STRATEGY


@pytest.fixture
def whole():
    return dict(WHOLE)


@pytest.fixture
def aims(db):
    load_aims(by=TheInstance())
    return {one.code: one for one in Aim.objects.all()}


@pytest.fixture
def objective(cast, aims):
    return actions.create_objective(aims["C1"], organisation=cast.police, by=cast.ada, **WHOLE)


@pytest.fixture
def version(cast):
    """The strategy's first version."""
    return actions.bring_in_strategy(
        "Engagement strategy",
        kind="strategy",
        organisation=cast.police,
        visibility="own",
        file=("strategy.md", STRATEGY.encode()),
        by=cast.ada,
    )
