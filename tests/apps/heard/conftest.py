"""A concern of Northmere Police with what people said at a bus stop, as far as each test needs it."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.utils import timezone

from folkmoot.activities.actions.occasions import log_activity
from folkmoot.coding import actions as coding
from folkmoot.communities.models import Place
from folkmoot.heard import actions
from folkmoot.heard.actions.public import SomebodyOutside

DAY = datetime.date(2026, 11, 2)


@pytest.fixture(autouse=True)
def no_flood_from_before():
    cache.clear()


@pytest.fixture
def place(cast):
    now = timezone.now()
    return Place.objects.create(
        organisation=cast.police,
        visibility="own",
        code="STOP-1",
        kind="spot",
        name="Ferry Road bus stop",
        created_at=now,
        created_by="a test",
    )


@pytest.fixture
def concern(cast, place):
    return actions.open_concern(
        "Waiting at the stop after dark",
        organisation=cast.police,
        asked="What would make waiting here easier?",
        influence="priorities",
        not_open="The timetable is the bus company's.",
        place=place,
        by=cast.ada,
    )


@pytest.fixture
def say(cast, place):
    """``say("words", quote=True, people=3)`` brings in what somebody said in a letter."""

    def said(text="The light at the stop is out.", *, quote=False, people=1, by=None, origin="letter"):
        return actions.bring_in(
            text,
            organisation=cast.police,
            origin=origin,
            said_on=DAY,
            place=place,
            people=people,
            may_be_quoted=quote,
            by=by or cast.ada,
        )

    return said


@pytest.fixture
def published(cast, concern, say):
    """The concern in public, decided and told, with one quotable and one other contribution under it."""
    quoted = say("The light at the stop is out.", quote=True)
    silent = say("I never wait there alone.")
    for one in (quoted, silent):
        actions.join_concern(one, concern=concern, by=cast.ada)
    actions.share_concern(concern, visibility="public", expected=concern.version, by=cast.ada)
    actions.decide(
        concern,
        who="Inspector, neighbourhood team",
        decided_on=DAY,
        outcome="no",
        what="No second patrol on weekday evenings.",
        because="Nobody can be spared before the spring.",
        expected=concern.version,
        by=cast.ada,
    )
    actions.tell_people(
        concern,
        whom="People waiting at the stop",
        how="notice",
        told_on=DAY,
        said="There will be no second patrol; the lamp is mended.",
        expected=concern.version,
        by=cast.ada,
    )
    return SimpleNamespace(concern=concern, quoted=quoted, silent=silent)


@pytest.fixture
def outside():
    return SomebodyOutside()


@pytest.fixture
def activity(cast, place):
    return log_activity(
        organisation=cast.police,
        happened_on=DAY,
        place=place,
        people=12,
        remark="Somebody said the light at the stop is out",
        by=cast.ben,
    )


@pytest.fixture
def code(cast):
    book = coding.create_codebook("What people speak of", owner=cast.police, by=cast.ada)
    return coding.create_code(
        book, name="Street lighting", description="lamps, lights, dark places", by=cast.ada
    )
