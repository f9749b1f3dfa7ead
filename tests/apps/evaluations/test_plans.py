"""A plan: drawn up, revised, tried, registered; then only departed from."""

from __future__ import annotations

import hashlib
import json

import pytest

from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet, Stale
from folkmoot.evaluations.actions import plans
from folkmoot.evaluations.actions.plans import RivalDraft
from folkmoot.evaluations.looking import look
from folkmoot.evaluations.models import Plan, Sight
from folkmoot.jobs.models import Job
from folkmoot.mechanisms.models import Assumption
from folkmoot.surveys import actions as surveys
from folkmoot.surveys.models import SeriesValue

pytestmark = pytest.mark.django_db


def logged(what):
    return Event.objects.filter(action=what).count()


@pytest.fixture
def output(cast):
    return surveys.create_indicator(
        owner=cast.police, visibility="own", name="Leaflets handed out", kind="output", measured_as="Counted",
        judged_by="records", unit="leaflets", better="neither", by=cast.ada,
    )  # fmt: skip


def test_a_plan_is_drawn_up_with_its_rivals_and_leaves_its_trace(plan, cast):
    assert plan.state == "draft" and plan.created_by == cast.ada.label
    assert [one.words for one in plan.rivals.all()] == ["A warm summer"]
    assert plan.sizes == {"treated": 10.0}
    assert logged("drew up a plan") == 1


@pytest.mark.parametrize("person", ["ben", "cleo", "dina", "fay", "gus"])
def test_only_those_who_edit_for_the_owner_draw_up_revise_or_register(cast, plan, words, assumption, person):
    somebody = cast.people[person]
    with pytest.raises(NotAllowed):
        plans.create_plan(assumption, owner=cast.police, visibility="own", by=somebody, **words)
    for act in (
        lambda: plans.revise_plan(plan, expected=1, title="Other", by=somebody),
        lambda: plans.register_plan(plan, expected=1, by=somebody),
        lambda: plans.say_cannot(plan, because="x", expected=1, by=somebody),
        lambda: plans.stop_plan(plan, because="x", expected=1, by=somebody),
        lambda: plans.share_plan(plan, visibility="network", expected=1, by=somebody),
        lambda: look(plan, by=somebody),
    ):
        with pytest.raises(NotAllowed):
            act()
    plan.refresh_from_db()
    assert plan.version == 1 and plan.state == "draft" and not Sight.objects.exists()


def test_what_counts_work_is_refused_as_an_outcome(cast, plan, words, assumption, output):
    with pytest.raises(FolkmootError, match="output, and never an outcome"):
        plans.create_plan(
            assumption, owner=cast.police, visibility="own", indicator=output, by=cast.ada, **words
        )
    with pytest.raises(FolkmootError, match="never an outcome"):
        plans.revise_plan(plan, expected=1, indicator=output, by=cast.ada)
    plan.refresh_from_db()
    assert plan.indicator is None and plan.version == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"smallest_change": 0}, "above 0"),
        ({"smallest_change": 1.0}, "hundred in a hundred"),
        ({"smallest_change": float("nan")}, "above 0"),
        ({"outcome": " "}, "what is measured"),
        ({"design": "guess"}, "the design"),
        ({"scale": "points"}, "a share of people or a mean"),
        ({"sizes": {"treated": 2.5}}, "whole number"),
        ({"sizes": {"treated": 0}}, "from 1"),
        ({"sizes": {"many": 3}}, "no number called"),
        ({"sizes": {"baseline": 40}}, "from 0 to 1"),
        ({"rivals": [RivalDraft("A warm summer", "")]}, "what would be seen"),
    ],
)
def test_a_plan_that_could_not_be_one_is_refused(cast, assumption, words, given, sentence):
    with pytest.raises(FolkmootError, match=sentence):
        plans.create_plan(assumption, owner=cast.police, visibility="own", by=cast.ada, **{**words, **given})
    assert not Plan.objects.exists()


def test_a_plan_is_not_shared_further_than_its_assumption(cast, words, assumption):
    Assumption.objects.filter(pk=assumption.pk).update(visibility="own", organisation=cast.police)
    assumption.refresh_from_db()
    with pytest.raises(FolkmootError, match="not shared so far"):
        plans.create_plan(assumption, owner=cast.police, visibility="network", by=cast.ada, **words)
    made = plans.create_plan(assumption, owner=cast.police, visibility="own", by=cast.ada, **words)
    with pytest.raises(FolkmootError, match="not shared so far"):
        plans.share_plan(made, visibility="public", expected=1, by=cast.ada)
    with pytest.raises(FolkmootError, match="no such assumption"):
        plans.create_plan(assumption, owner=cast.team, visibility="team", by=cast.dina, **words)


def test_a_stale_revision_is_refused_and_names_who_was_first(cast, plan):
    mine = Plan.objects.get(pk=plan.pk)
    plans.revise_plan(plan, expected=1, title="First", by=cast.ira)
    with pytest.raises(Stale, match=cast.ira.label):
        plans.revise_plan(mine, expected=1, title="Second", by=cast.ada)
    assert Plan.objects.get(pk=plan.pk).title == "First"


def test_figures_that_are_not_shared_with_the_planner_cannot_be_named(cast, assumption, words, past):
    with pytest.raises(FolkmootError, match="no such series"):
        plans.create_plan(assumption, owner=cast.team, visibility="team", history=past, by=cast.dina, **words)


def test_it_is_tried_on_its_own_past_figures_with_all_that_went_in(cast, plan, past):
    sight = look(plan, by=cast.ada)
    assert isinstance(sight, Sight)
    assert sight.answer["verdict"] == "could" and sight.answer["power"] > 0.95
    assert sight.answer["past"]["areas"] == 20 and sight.answer["past"]["overlap"] == 1
    assert [one["areas"] for one in sight.answer["areas"]] == [1, 2, 4, 8, 10]
    assert sight.asked["history"] == past.pk and sight.asked["sizes"] == {"treated": 10.0}
    assert len(sight.figures_sha256) == 64 and sight.seed and sight.code_version
    again = look(plan, by=cast.ada)
    assert again.answer == sight.answer and again.figures_sha256 == sight.figures_sha256
    assert plan.sights.count() == 2 and logged("asked whether a plan could see it") == 2


def test_many_figures_are_tried_as_long_work_with_progress(
    cast, plan, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("folkmoot.evaluations.looking.AT_ONCE", 100)
    with django_capture_on_commit_callbacks():
        job = look(plan, by=cast.ada)
        assert isinstance(job, Job) and not Sight.objects.exists()
        assert look(plan, by=cast.ada) == job  # it is not asked twice
    from folkmoot.evaluations.looking import long_look

    steps = []
    found = long_look(job, lambda done, total=None, step="": steps.append((done, total)))
    assert found["url"].endswith(f"/plans/{plan.pk}/") and steps[-1] == (4, 4)
    assert plan.sights.get().answer["verdict"] == "could"
    plans.revise_plan(plan, expected=1, sizes={"treated": 1}, by=cast.ada)
    with pytest.raises(NotYet, match="changed since"):
        long_look(job, lambda *_: None)


def test_registration_names_the_missing_part(cast, assumption, words):
    bare = plans.create_plan(
        assumption, owner=cast.police, visibility="own", by=cast.ada,
        **{**words, "if_unclear": "", "rivals": (), "design": "trial"},
    )  # fmt: skip
    with pytest.raises(NotYet) as refused:
        plans.register_plan(bare, expected=1, by=cast.ada)
    for part in ("at least one rival", "the result could be either", "could this see it"):
        assert part in str(refused.value)
    assert Plan.objects.get(pk=bare.pk).registered_at is None


def test_a_plan_that_nobody_can_tell_of_is_not_registered(cast, assumption, words):
    one = plans.create_plan(
        assumption, owner=cast.police, visibility="own", by=cast.ada, **{**words, "design": "trial"}
    )
    assert look(one, by=cast.ada).answer["verdict"] == "unknown"
    with pytest.raises(NotYet, match="how many people each group has"):
        plans.register_plan(one, expected=1, by=cast.ada)


def test_a_hopeless_plan_is_refused_and_told_what_it_would_miss(cast, plan):
    plans.revise_plan(plan, expected=1, sizes={"treated": 1}, smallest_change=0.01, by=cast.ada)
    assert look(plan, by=cast.ada).answer["verdict"] == "hopeless"
    with pytest.raises(NotYet, match="could not see it"):
        plans.register_plan(plan, expected=2, by=cast.ada)


def test_an_answer_about_an_older_plan_or_older_figures_is_no_answer(cast, plan, past):
    look(plan, by=cast.ada)
    plans.revise_plan(plan, expected=1, sizes={"treated": 9}, by=cast.ada)
    with pytest.raises(NotYet, match="as it now stands"):
        plans.register_plan(plan, expected=2, by=cast.ada)
    look(plan, by=cast.ada)
    value = SeriesValue.objects.filter(area__series=past).first()
    SeriesValue.objects.filter(pk=value.pk).update(value=value.value + 1)
    with pytest.raises(NotYet, match="figures have changed"):
        plans.register_plan(plan, expected=2, by=cast.ada)


@pytest.fixture
def registered(cast, plan):
    look(plan, by=cast.ada)
    return plans.register_plan(plan, expected=1, by=cast.ada)


def test_registration_freezes_every_word_with_time_and_sum(cast, registered):
    row = Plan.objects.get(pk=registered.pk)
    assert row.state == "registered" and row.registered_by == cast.ada.label and row.registered_at
    text = json.dumps(row.frozen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == row.frozen_sha256
    assert row.frozen["rivals"] == [{"words": "A warm summer", "told_apart_by": "All wards would move alike"}]
    assert row.frozen["assumption"]["effect"] == "people feel heard"
    assert row.frozen["sight"]["answer"]["verdict"] == "could"
    assert row.frozen["registered_at"] == row.registered_at.isoformat()
    assert logged("registered a plan") == 1


def test_a_registered_plan_is_only_departed_from(cast, registered):
    with pytest.raises(NotYet, match="Record a departure"):
        plans.revise_plan(registered, expected=registered.version, title="Other", by=cast.ada)
    with pytest.raises(NotYet, match="registered with"):
        look(registered, by=cast.ada)
    with pytest.raises(NotYet):
        plans.register_plan(registered, expected=registered.version, by=cast.ada)
    plans.record_departure(
        registered, field="activity", what="Nine wards, not ten", why="A strike", by=cast.ada
    )
    assert registered.departures.get().why == "A strike" and logged("departed from a plan") == 1
    with pytest.raises(FolkmootError, match="what is done otherwise"):
        plans.record_departure(registered, what="x", why=" ", by=cast.ada)
    with pytest.raises(NotAllowed):
        plans.record_departure(registered, what="x", why="y", by=cast.ben)
    plans.share_plan(registered, visibility="network", expected=registered.version, by=cast.ada)
    assert Plan.objects.get(pk=registered.pk).frozen_sha256 == registered.frozen_sha256


def test_a_draft_is_changed_not_departed_from(cast, plan):
    with pytest.raises(NotYet, match="simply changed"):
        plans.record_departure(plan, what="x", why="y", by=cast.ada)


def test_cannot_be_measured_is_a_verdict_with_a_reason_that_can_be_taken_back(cast, plan):
    with pytest.raises(FolkmootError, match="because of what"):
        plans.say_cannot(plan, because=" ", expected=1, by=cast.ada)
    plan.refresh_from_db()
    plans.say_cannot(plan, because="those who stop answering cannot be asked", expected=1, by=cast.ada)
    assert plan.state == "cannot" and logged("said it cannot be measured") == 1
    with pytest.raises(NotYet):
        plans.revise_plan(plan, expected=2, title="Other", by=cast.ada)
    with pytest.raises(FolkmootError, match="why it is taken back"):
        plans.take_back_verdict(plan, why="", expected=2, by=cast.ada)
    plans.take_back_verdict(plan, why="the letting agent lends its list", expected=2, by=cast.ada)
    plan.refresh_from_db()
    assert (plan.state, plan.because) == ("draft", "")
    assert "stop answering" in plan.departures.get().what


def test_a_registered_plan_that_was_given_up_goes_on_as_registered(cast, registered):
    plans.stop_plan(registered, because="no staff", expected=registered.version, by=cast.ada)
    assert registered.state == "stopped"
    plans.take_back_verdict(registered, why="staff came", expected=registered.version, by=cast.ada)
    assert Plan.objects.get(pk=registered.pk).state == "registered"
