"""The London Public Attitude Survey as published: it goes in whole, with its faults named."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from django.utils import timezone

from folkmoot.communities.models import Place
from folkmoot.core.effects.placebo import before_after_method, placebo_rate
from folkmoot.organisations.models import Membership, Organisation, User
from folkmoot.surveys import actions
from folkmoot.surveys.models import Series, SeriesValue
from folkmoot.surveys.queries.series import history
from folkmoot.surveys.reading.series import read_published

pytestmark = [pytest.mark.corpus, pytest.mark.django_db]
NAME = "PAS_Dashboard_Borough_2014-12_to_2023.csv"


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.ORIGINALS = tmp_path / "originals"


@pytest.fixture
def us():
    police = Organisation.objects.create(slug="met", name="A police force", kind="police")
    lead = User.objects.create_user("lead@example.org", None, name="Lead")
    outside = User.objects.create_user("other@example.org", None, name="Other")
    Membership.objects.create(
        user=lead, organisation=police, role="lead", created_at=timezone.now(), created_by="x"
    )
    return SimpleNamespace(police=police, lead=lead, outside=outside)


@pytest.fixture
def brought(us, corpus):
    stamp = {"visibility": "public", "created_at": timezone.now(), "created_by": "x"}
    for name in ("Westminster", "Barnet"):
        Place.objects.create(code=f"E{name}", vintage=2024, kind="district", name=name, **stamp)
    content = (corpus / "surveys" / NAME).read_bytes()
    found = read_published(NAME, content)
    imported = actions.bring_in_series(
        found, content=content, publisher="Published by the mayor’s office", owner=us.police, visibility="own",
        by=us.lead,
    )  # fmt: skip
    return SimpleNamespace(found=found, imported=imported)


def test_every_row_is_used_or_set_aside(brought):
    assert (brought.imported.read, brought.imported.used, brought.imported.set_aside) == (9312, 9312, [])
    assert Series.objects.count() == 8
    # the figures of all boroughs, and once a period those of the whole
    assert SeriesValue.objects.filter(area__whole=False).count() == 9312
    assert SeriesValue.objects.filter(area__whole=True).count() == 7 * 37 + 32


def test_the_faults_of_the_file_are_named_on_its_series(brought):
    faults = " ".join(Series.objects.get(title='"Good Job" local').faults)
    for words in (
        "decimal comma", "day first", "4 columns have no name", "“0,71” in row 8034", "“Richmond Upon Thames” (24 rows)",
        "City of Westminster", "“City of Westminster” is the place “Westminster”", "overlap", "how many people it rests",
        "No figure carries an interval", "rounded to whole points", "“MPS” repeats one figure",
    ):  # fmt: skip
        assert words in faults, words
    assert "later than other measures" in " ".join(Series.objects.get(title="Trust MPS").faults)


def test_a_sudden_change_everywhere_is_proposed_as_a_break_and_overlap_is_taken_from_the_other_measures(
    brought,
):
    changed = Series.objects.get(title="Contact ward officer")
    assert changed.suspected[0]["from"] == "2017-03-31" and changed.suspected[0]["change"] < -15
    assert changed.rolling and "this one is taken to as well" in changed.faults[0]
    assert all(one.rolling and one.months == 3 and one.covers == 12 for one in Series.objects.all())
    assert not Series.objects.get(title="Trust MPS").suspected


def test_the_history_is_a_table_without_holes_of_32_boroughs(brought, us):
    told = history(Series.objects.get(title='"Good Job" local').pk, viewer=us.lead)
    assert told is not None and told.values.shape == (32, 37) and told.complete.shape == (32, 37)
    assert told.whole == ("MPS",) and told.overlap == 4 and told.scale == "share"
    assert told.periods[0] == date(2014, 12, 31) and told.periods[-1] == date(2023, 12, 31)
    assert told.values[told.areas.index("Barking and Dagenham"), 0] == pytest.approx(0.56)
    assert np.isnan(told.n).all() and np.isnan(told.low).all()
    assert not told.values.flags.writeable


def test_outsiders_are_told_of_no_series(brought, us):
    assert history(Series.objects.first().pk, viewer=us.outside) is None


def test_figures_before_a_declared_break_can_be_left_out(brought, us):
    series = Series.objects.get(title="Contact ward officer")
    actions.declare_event(series, kind="break", on=date(2017, 4, 1), what="Worded otherwise", by=us.lead)
    told = history(series.pk, viewer=us.lead)
    assert told is not None
    after = told.since_last_break()
    assert after.periods[0] == date(2017, 6, 30) and after.values.shape == (32, 27)


def test_before_and_after_in_one_borough_raises_false_alarms_as_the_reference_says(brought, us):
    """Nominal 5 %; the reference has 71 % over its measures, and of a measure that falls for years even more."""
    told = history(Series.objects.get(title='"Good Job" local').pk, viewer=us.lead)
    assert told is not None
    found = placebo_rate(
        told.complete, method=before_after_method(None), treated=1, runs=200, random=np.random.default_rng(7)
    )
    assert found.rate > 0.5 and found.more_than_twice_nominal


def test_a_later_edition_of_the_file_adds_and_says_what_was_revised(brought, us, corpus):
    content = (corpus / "surveys" / NAME).read_bytes()
    revised = content.replace(
        b'31/12/2014,PAS,Barnet,"""Good Job"" local","0,67"',
        b'31/12/2014,PAS,Barnet,"""Good Job"" local","0,61"',
    )
    found = read_published("later.csv", revised)
    actions.bring_in_series(
        found, content=revised, publisher="The same", owner=us.police, visibility="own", by=us.lead
    )
    assert Series.objects.count() == 8
    assert "1 figures published before were given otherwise" in " ".join(
        Series.objects.get(title='"Good Job" local').faults
    )
