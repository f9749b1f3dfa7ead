"""Who ran an advisory group, from when until when."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.strategies import actions
from folkmoot.strategies.models import Arrangement


@pytest.fixture
def group(cast):
    return actions.record_arrangement(
        "Independent advisory group",
        organisation=cast.police,
        owner=cast.police,
        since=date(2010, 4, 1),
        visibility="own",
        by=cast.ada,
    )


def test_an_arrangement_passes_from_the_police_to_the_commissioner_on_a_day(cast, as_, group):
    url = reverse("arrangement_pass", args=[group.pk])
    page = as_(cast.ada).post(url, {"to": cast.office.pk, "since": "2014-05-01", "note": "asked for"})
    assert page.status_code == 302
    assert [(one.owner, one.since, one.until) for one in group.owners.all()] == [
        (cast.police, date(2010, 4, 1), date(2014, 5, 1)),
        (cast.office, date(2014, 5, 1), None),
    ]
    shown = as_(cast.ada).get(reverse("arrangements")).content.decode()
    assert "1 April 2010 until 1 May 2014" in shown and "until now" in shown
    assert Event.objects.filter(action="passed an arrangement on", organisation_id=cast.police.pk).exists()


def test_it_cannot_pass_to_who_runs_it_nor_before_it_began(cast, as_, group):
    with pytest.raises(NotYet, match="already"):
        actions.pass_arrangement(group, to=cast.police, since=date(2015, 1, 1), by=cast.ada)
    with pytest.raises(FolkmootError, match="later date"):
        actions.pass_arrangement(group, to=cast.office, since=date(2010, 4, 1), by=cast.ada)
    page = as_(cast.ada).post(
        reverse("arrangement_pass", args=[group.pk]), {"to": cast.office.pk, "since": "2009-01-01"}
    )
    assert page.status_code == 422 and "later date" in page.content.decode()


def test_an_arrangement_is_recorded_with_its_first_owner(cast, as_):
    form = {"name": "Youth panel", "owner": cast.office.pk, "since": "2020-09-01", "visibility": "network"}
    assert as_(cast.ben).post(reverse("arrangement_new"), form).status_code == 403
    assert as_(cast.ada).post(reverse("arrangement_new"), {**form, "name": ""}).status_code == 422
    assert as_(cast.ada).post(reverse("arrangement_new"), form).status_code == 302
    assert Arrangement.objects.get().owners.get().owner == cast.office
    assert "Youth panel" in as_(cast.eli).get(reverse("arrangements")).content.decode()


def test_an_unshared_arrangement_is_not_there_for_others(cast, as_, group):
    url = reverse("arrangement_pass", args=[group.pk])
    for name, user in cast.people.items():
        expected = 200 if name in {"ada", "ben", "fay", "ira", "jon"} else 404
        assert as_(user).get(url).status_code == expected, name
    data = {"to": cast.office.pk, "since": "2014-05-01"}
    assert as_(cast.ben).post(url, data).status_code == 403
    assert as_(cast.eli).post(url, data).status_code == 404
    assert "Independent" not in as_(cast.eli).get(reverse("arrangements")).content.decode()
