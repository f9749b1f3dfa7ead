"""The work of an objective: seen by its own organisation, told to others as the total that it shares."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from folkmoot.activities.actions.occasions import log_activity
from folkmoot.activities.actions.sharing import share_hours
from folkmoot.activities.models import Initiative
from folkmoot.mechanisms.models import Method


@pytest.fixture
def visits(world, cast):
    """Six occasions of Northmere's doorstep visits: five of two hours and a half, one of unknown length."""
    initiative = Initiative.objects.create(
        name="Doorsteps of Quay Street",
        method=Method.objects.first(),
        mechanism_version=world.shared.versions.get(),
        planned_level="L3",
        purpose="To hear from you.",
        organisation=cast.police,
        visibility="own",
        created_at=timezone.now(),
        created_by="the test",
    )
    today = timezone.localdate()
    for back in range(6):
        log_activity(
            organisation=cast.police,
            initiative=initiative,
            happened_on=today - timedelta(days=back),
            hours=None if back == 5 else Decimal("2.5"),
            by=cast.ben,
        )
    return initiative


def _page(world, client):
    return " ".join(client.get(reverse("objective", args=[world.objective.pk])).content.decode().split())


def test_ones_own_people_see_each_initiative_and_what_was_not_recorded(world, cast, as_, visits):
    page = _page(world, as_(cast.ben))
    assert "Doorsteps of Quay Street" in page
    assert "6 occasions and 12.5 hours in the last 12 months; 1 do not say how long they took" in page
    assert "never add up over them" in page


def test_others_see_only_the_total_that_is_shared(world, cast, as_, visits):
    before = _page(world, as_(cast.eli))
    assert "No work on it is shared" in before
    share_hours(cast.police, until=timezone.localdate(), visibility="network", by=cast.ada)
    after = _page(world, as_(cast.eli))
    assert "Northmere Police recorded 12.5 hours" in after and "the total that it shares" in after
    for page in (before, after):
        assert "Doorsteps of Quay Street" not in page


def test_without_work_an_editor_is_told_what_to_do(world, cast, as_):
    assert "Name the objective in the initiative whose work it is" in _page(world, as_(cast.ada))
