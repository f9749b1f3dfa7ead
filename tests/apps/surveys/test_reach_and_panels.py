"""Would they have been reached otherwise; who stayed in a panel; figures worked out in the background."""

from __future__ import annotations

import numpy as np
import pytest
from django.urls import reverse

from folkmoot.core.errors import BadImport, FolkmootError, NotAllowed
from folkmoot.jobs.models import Job
from folkmoot.jobs.registry import Cancelled
from folkmoot.surveys import actions, reckoning
from folkmoot.surveys.actions import answers as answering
from folkmoot.surveys.models import Microdata, Otherwise, Result
from folkmoot.surveys.queries.panels import panel_of
from folkmoot.surveys.reached import cost_of_each, from_hold_out, from_recall
from folkmoot.surveys.reading.files import read_answers
from folkmoot.surveys.reading.held_out import held_out_counts

# 100 of 200 sent were reached, 60 of 200 held out: 20 points more
CELLS = [(0, 0, 200, 100, 24), (0, 1, 200, 60, 22)]


def test_added_reach_is_the_difference_to_those_held_out():
    found = from_hold_out(CELLS, clusters=False, sent_to=1_000, cost=10_000)["reach"]
    assert found["added"]["estimate"] == pytest.approx(0.2)
    assert found["without"]["estimate"] == pytest.approx(0.3)
    # the textbook error of a difference of two shares, unequal variances
    error = np.sqrt(0.5 * 0.5 / 199 + 0.3 * 0.7 / 199)
    assert found["added"]["error"] == pytest.approx(error, rel=1e-6)
    assert found["cost"]["estimate"] == pytest.approx(10_000 / 200)
    assert found["cost"]["low"] < 50 < found["cost"]["high"]


def test_what_added_nobody_for_certain_has_no_upper_end_of_cost():
    found = from_hold_out(CELLS, clusters=False, sent_to=1_000, cost=10_000)["action"]
    assert found["cannot_tell"] and found["cost"]["high"] is None


def test_people_held_out_by_ward_are_less_certain_than_by_person():
    by_ward = [(ward, ward % 2, 20, 8 + (ward % 4) * 2 - 3 * (ward % 2), 2) for ward in range(20)]
    alone = from_hold_out(by_ward, clusters=False, sent_to=None, cost=None)["reach"]["added"]
    grouped = from_hold_out(by_ward, clusters=True, sent_to=None, cost=None)["reach"]["added"]
    assert grouped["estimate"] == pytest.approx(alone["estimate"])
    assert grouped["error"] != pytest.approx(alone["error"])


def test_costs_need_people_and_pounds():
    assert "refused" in cost_of_each({"estimate": 0.1, "low": 0.0, "high": 0.2}, sent_to=None, cost=5.0)
    assert (
        "nobody"
        in cost_of_each({"estimate": -0.1, "low": -0.2, "high": -0.01}, sent_to=10, cost=5.0)["refused"]
    )


def test_recall_gives_the_most_that_can_have_been_added():
    from folkmoot.core.estimates.design import survey_design

    system = np.array([1.0] * 40 + [0.0] * 60)
    leaflet = np.array([1.0] * 10 + [0.0] * 60 + [1.0] * 30)
    found = from_recall(system, [leaflet], survey_design(100), sent_to=1_000, cost=300)
    assert found["only_system"]["estimate"] == pytest.approx(0.3)
    assert found["both"]["estimate"] == pytest.approx(0.1)
    assert found["cost"]["at_least"] and found["cost"]["low"] > 0
    assert any("most that the system can have added" in one for one in found["limits"])


def test_a_list_in_which_nobody_was_held_out_is_refused():
    raw = read_answers("l.csv", b"held,heard\n0,1\n0,0\n")
    with pytest.raises(BadImport, match="nobody to compare with"):
        held_out_counts(raw, held_out="held", reached="heard")


def test_rows_of_a_list_that_say_neither_yes_nor_no_are_set_aside():
    raw = read_answers("l.csv", b"held,heard\n0,1\n1,0\nperhaps,1\n1,\n")
    found = held_out_counts(raw, held_out="held", reached="heard")
    assert (found.read, found.used, [one["row"] for one in found.set_aside]) == (4, 2, [4, 5])


def test_only_the_owners_editors_answer_from_a_wave(filled, cast):
    said = {"title": "t", "system": "s", "wave": filled, "by_system": ("heard", "yes"), "visibility": "own"}
    with pytest.raises((NotAllowed, FolkmootError)):
        actions.record_otherwise(owner=cast.other, by=cast.eli, **said)
    with pytest.raises(NotAllowed):
        actions.record_otherwise(owner=cast.police, by=cast.ben, **said)
    made = actions.record_otherwise(owner=cast.police, by=cast.ada, others=[("age", "16 to 34")], **said)
    assert Otherwise.objects.get() == made and made.figures["people"] > 300


def test_who_stayed_in_a_panel_and_who_was_lost(survey, filled, bring, answers, cast):
    later = actions.add_wave(survey, title="Autumn", by=cast.ada)
    # the young do not come back
    back = [row for row in answers.people() if row[5] != "16 to 34"]
    bring(later, answers.table(back, answers.header))
    panel = panel_of(survey, viewer=cast.ada)
    assert [one.wave.title for one in panel.stays] == ["Spring", "Autumn"]
    assert panel.stays[1].share == pytest.approx(len(back) / 400)
    label, rows = panel.lost[0]
    assert label == "age"
    shares = {one.words: one.share for one in rows if one.share is not None}
    assert shares["35 to 64"] == 1.0 and "16 to 34" in shares and shares["16 to 34"] == 0.0


def test_a_large_wave_is_worked_out_in_the_background_and_its_page_says_so(
    wave, bring, answers, cast, as_, monkeypatch
):
    monkeypatch.setattr(answering, "AT_ONCE", 10)
    bring(wave, answers.table(answers.people(), answers.header))
    kept = Microdata.objects.get()
    assert kept.worked_out_at is None and not Result.objects.exists()
    job = Job.objects.get()
    page = as_(cast.ada).get(reverse("wave", args=[wave.pk])).content.decode()
    assert "worked out in the background" in page and reverse("job", args=[job.pk]) in page
    told = []
    done = reckoning.long_figures(job, lambda done, total=None, step="": told.append((done, total)))
    kept.refresh_from_db()
    assert kept.worked_out_at and Result.objects.count() == len(told) == told[-1][1]
    assert done["url"] == reverse("wave", args=[wave.pk])


def test_work_that_is_stopped_leaves_no_figures(wave, bring, answers, cast, monkeypatch):
    monkeypatch.setattr(answering, "AT_ONCE", 10)
    bring(wave, answers.table(answers.people(), answers.header))

    def stop(done, total=None, step=""):
        raise Cancelled

    with pytest.raises(Cancelled):
        reckoning.long_figures(Job.objects.get(), stop)
    assert not Result.objects.exists()
