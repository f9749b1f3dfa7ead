"""The pages of the work: they open, refuse, keep what was typed, and stay within the organisation."""

from __future__ import annotations

import pytest
from django.urls import reverse

from folkmoot.activities.actions.occasions import log_activity
from tests.apps.activities.conftest import DAY


@pytest.fixture
def done(cast, work):
    return log_activity(
        organisation=cast.police, initiative=work.initiative, happened_on=DAY, place=work.quay, people=40, level="L1",
        hours="3", remark="The lamp is broken", tallies={work.bands[0].pk: 3, work.bands[1].pk: 30}, by=cast.ben,
    )  # fmt: skip


NAMES = ("work", "reach", "initiatives", "rates", "methods", "held_about_me")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", ["ada", "ben", "cleo", "dina", "fay", "gus"])
def test_every_page_opens_for_everybody_with_an_account(as_, cast, done, name, who):
    answer = as_(getattr(cast, who)).get(reverse(name))
    assert answer.status_code == 200
    inside = who in {"ada", "ben", "fay"}
    assert ("Market stall" in answer.text) == (
        (inside and name in {"work", "initiatives", "reach"}) or (name == "held_about_me" and who == "ben")
    )
