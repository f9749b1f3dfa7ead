"""An assumption open to everybody, past figures of twenty areas, and a plan that could see what it looks for."""

from __future__ import annotations

import numpy as np
import pytest
from django.utils import timezone

from folkmoot.evaluations.actions import plans
from folkmoot.evaluations.actions.plans import RivalDraft
from folkmoot.mechanisms.models import Assumption, Factor
from folkmoot.surveys import actions as surveys
from folkmoot.surveys.models import Series
from folkmoot.surveys.reading.series import read_published

WORDS = {
    "title": "Do visits make people feel heard?",
    "design": "did",
    "activity": "Officers visit every home of ten wards once.",
    "population": "People of 16 and over",
    "comparison": "Ten other wards; the lot decides who comes first.",
    "outcome": "People who say that they feel heard",
    "scale": "share",
    "horizon": "within 12 months",
    "horizon_days": 365,
    "smallest_change": 0.05,
    "if_for": "Visits go on.",
    "if_against": "Visits end.",
    "if_unclear": "Another ten wards.",
}
RIVALS = (RivalDraft("A warm summer", "All wards would move alike"),)


@pytest.fixture
def words():
    """What a plan says, to be changed at will."""
    return {**WORDS, "rivals": RIVALS}


@pytest.fixture
def assumption(cast):
    """Visits → people feel heard; open to everybody."""
    stamp = {"visibility": "public", "created_at": timezone.now(), "created_by": "the tests"}
    cause = Factor.objects.create(wording="visits took place", **stamp)
    effect = Factor.objects.create(wording="people feel heard", **stamp)
    return Assumption.objects.create(cause=cause, effect=effect, **stamp)


def published(areas=20, quarters=24, *, spread=2.0, seed=4) -> bytes:
    """A table of areas by quarters in per cent that goes up and down by itself."""
    figures = 55 + np.random.default_rng(seed).normal(0, spread, (areas, quarters))
    head = ",".join(f"{2015 + place // 4} Q{place % 4 + 1}" for place in range(quarters))
    rows = "\n".join(
        f"Ward {chr(65 + place)}," + ",".join(f"{one:.3f}" for one in row)
        for place, row in enumerate(figures)
    )
    return f"area,{head}\n{rows}\n".encode()


@pytest.fixture
def past(cast):
    """Figures of twenty wards over six years, Northmere's own."""
    content = published()
    surveys.bring_in_series(
        read_published("heard.csv", content, measure="Feel heard"),
        content=content,
        publisher="An office",
        owner=cast.police,
        visibility="own",
        by=cast.ada,
    )
    return Series.objects.get(title="Feel heard")


@pytest.fixture
def plan(cast, assumption, past):
    """A plan of Northmere Police for ten wards, not yet tried."""
    return plans.create_plan(
        assumption,
        owner=cast.police,
        visibility="own",
        rivals=RIVALS,
        history=past,
        sizes={"treated": 10},
        by=cast.ada,
        **WORDS,
    )
