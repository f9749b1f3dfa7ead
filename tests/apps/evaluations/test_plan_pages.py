"""The pages of plans: what they show first, what they keep, and whom they show it to."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from folkmoot.evaluations.actions import plans
from folkmoot.evaluations.looking import look
from folkmoot.evaluations.models import Plan
from folkmoot.mechanisms.models import Assumption, Factor, Mechanism, ReadyDesign
from folkmoot.surveys import actions as surveys

pytestmark = pytest.mark.django_db


def sent_as(form, **changes):
    """What a browser would send of this form as it stands."""
    given = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if value is not None and value != "":
            given[name] = value
    return given | changes


def test_the_page_answers_first_whether_it_could_see_it(as_, cast, plan):
    look(plan, by=cast.ada)
    page = as_(cast.ada).get(reverse("plan", args=[plan.pk])).content.decode()
    order = [
        page.index(words)
        for words in (
            "Could this see it?", "It could see it", "False alarms of the usual ways", "How many areas it takes",
            "What the plan says", "Rival explanations", "What each result would mean", "Registration",
        )
    ]  # fmt: skip
    assert order == sorted(order)
    assert "<svg" in page and "Smallest change found 8 times in 10" in page
    assert page.count("<h1") == 1


def test_it_is_said_that_a_plan_has_changed_since_it_was_asked(as_, cast, plan):
    look(plan, by=cast.ada)
    plans.revise_plan(plan, expected=1, sizes={"treated": 4}, by=cast.ada)
    page = as_(cast.ada).get(reverse("plan", args=[plan.pk])).content
    assert b"The plan has changed since this was asked" in page
    assert as_(cast.ada).post(reverse("plan_sight", args=[plan.pk])).status_code == 302
    assert b"The plan has changed since" not in as_(cast.ada).get(reverse("plan", args=[plan.pk])).content


def test_a_new_plan_begins_with_what_is_known_of_the_assumption(as_, cast, assumption):
    Assumption.objects.filter(pk=assumption.pk).update(
        population="People in flats", horizon="within a year", horizon_days=365, smallest_change_value=0.05
    )
    form = as_(cast.ada).get(f"{reverse('plan_new')}?assumption={assumption.pk}").context["form"]
    assert form.initial["population"] == "People in flats"
    assert form.initial["horizon_days"] == 365
    assert (form.initial["scale"], form.initial["smallest_change"]) == ("share", "5")
    assert form.initial["outcome"] == "people feel heard"


@pytest.fixture
def ready(assumption):
    stamp = {"created_at": timezone.now(), "created_by": "x"}
    mechanism = Mechanism.objects.create(name="Visits build trust", visibility="public", **stamp)
    return ReadyDesign.objects.create(
        mechanism=mechanism, assumption=assumption, title="A trial of visits", design="a trial by streets",
        unit="street", outcome="feels heard", comparison="streets without visits", assignment="By lot.",
        follow_up="within 6 months", follow_up_days=180, cluster_size=20, intracluster_correlation=0.02,
        scale="share", baseline=0.5, smallest_change=0.05, why="Nobody has.",
    )  # fmt: skip


def test_the_ready_design_fills_most_of_a_plan_and_the_plan_could_see_it(as_, cast, assumption, ready):
    client = as_(cast.ada)
    address = f"{reverse('plan_new')}?assumption={assumption.pk}"
    form = client.get(address).context["form"]
    assert form.initial["design"] == "cluster" and form.initial["clusters_per_arm"] > 50
    data = sent_as(
        form, owner=f"organisation-{cast.police.pk}", reach="only ours", population="People of 16 and over"
    )
    assert client.post(address, data).status_code == 302
    plan = Plan.objects.get()
    assert plan.ready_design == ready and plan.smallest_change == pytest.approx(0.05)
    assert plan.sizes["baseline"] == pytest.approx(0.5)
    answer = plan.sights.get().answer
    assert answer["verdict"] == "could" and answer["power"] == pytest.approx(0.8, abs=0.01)
    assert {one["kind"] for one in answer["instead"]} == {"holdout", "panel"}


def test_an_edit_shows_shares_in_points_and_keeps_what_was_said(as_, cast, plan):
    client = as_(cast.ada)
    form = client.get(reverse("plan_edit", args=[plan.pk])).context["form"]
    assert form.initial["smallest_change"] == "5" and form.initial["treated"] == 10
    data = sent_as(form, title="Another question")
    assert client.post(reverse("plan_edit", args=[plan.pk]), data).status_code == 302
    saved = Plan.objects.get(pk=plan.pk)
    assert saved.title == "Another question" and saved.smallest_change == pytest.approx(0.05)
    assert saved.sizes == {"treated": 10.0} and saved.rivals.count() == 1
    assert saved.version == 2 and saved.sights.count() == 1


def test_a_stale_edit_keeps_the_words_and_says_who_was_first(as_, cast, plan):
    client = as_(cast.ada)
    data = sent_as(client.get(reverse("plan_edit", args=[plan.pk])).context["form"], title="Mine")
    plans.revise_plan(plan, expected=1, title="Theirs", by=cast.ira)
    answer = client.post(reverse("plan_edit", args=[plan.pk]), data)
    assert answer.status_code == 412
    page = answer.content.decode()
    assert cast.ira.label in page and "Mine" in page
    assert Plan.objects.get(pk=plan.pk).title == "Theirs"


def test_half_a_rival_is_refused_in_the_form(as_, cast, plan):
    client = as_(cast.ada)
    data = sent_as(client.get(reverse("plan_edit", args=[plan.pk])).context["form"], rival_2="Another reason")
    answer = client.post(reverse("plan_edit", args=[plan.pk]), data)
    assert answer.status_code == 422 and b"Say what would be seen" in answer.content


def test_only_outcomes_are_offered_as_what_is_measured(as_, cast, assumption):
    common = {
        "owner": cast.police,
        "visibility": "own",
        "measured_as": "x",
        "unit": "y",
        "better": "up",
        "by": cast.ada,
    }
    surveys.create_indicator(name="Leaflets", kind="output", judged_by="records", **common)
    surveys.create_indicator(
        name="Feels heard",
        kind="proximal",
        judged_by="residents",
        assumption=assumption,
        end="effect",
        **common,
    )
    form = as_(cast.ada).get(reverse("plan_new")).context["form"]
    assert [words for _, words in form.fields["indicator"].choices] == ["None of them yet", "Feels heard"]


def test_registering_departing_and_ending_through_the_pages(as_, cast, plan):
    look(plan, by=cast.ada)
    client = as_(cast.ada)
    unsure = client.post(reverse("plan_register", args=[plan.pk]), {"version": 1})
    assert unsure.status_code == 422
    assert (
        client.post(reverse("plan_register", args=[plan.pk]), {"sure": "on", "version": 1}).status_code == 302
    )
    page = client.get(reverse("plan", args=[plan.pk])).content.decode()
    plan.refresh_from_db()
    assert plan.frozen_sha256 in page and "Change the plan" not in page
    assert client.get(reverse("plan_edit", args=[plan.pk])).status_code == 409
    client.post(
        reverse("plan_departure", args=[plan.pk]),
        {"field": "activity", "what": "Nine wards only", "why": "A strike"},
    )
    assert "Nine wards only" in client.get(reverse("plan", args=[plan.pk])).content.decode()
    client.post(reverse("plan_cannot", args=[plan.pk]), {"because": "the wards merged", "version": 2})
    assert (
        "Cannot be measured, because: the wards merged"
        in client.get(reverse("plan", args=[plan.pk])).content.decode()
    )
    client.post(reverse("plan_take_back", args=[plan.pk]), {"because": "they did not", "version": 3})
    plan.refresh_from_db()
    assert plan.state == "registered"


def test_the_registered_words_can_be_taken_away_and_have_the_sum_that_is_shown(as_, cast, plan):
    import hashlib

    assert as_(cast.ada).get(reverse("plan_frozen", args=[plan.pk])).status_code == 404
    look(plan, by=cast.ada)
    plans.register_plan(plan, expected=1, by=cast.ada)
    answer = as_(cast.ada).get(reverse("plan_frozen", args=[plan.pk]))
    assert hashlib.sha256(answer.content).hexdigest() == plan.frozen_sha256


def test_who_sees_a_plan_does_not_see_figures_that_are_not_shared(as_, cast, plan, past):
    look(plan, by=cast.ada)
    plans.share_plan(plan, visibility="network", expected=1, by=cast.ada)
    plan.refresh_from_db()
    plans.register_plan(plan, expected=2, by=cast.ada)
    page = as_(cast.eli).get(reverse("plan", args=[plan.pk])).content.decode()
    assert "It could see it" in page and "a series that is not shared with you" in page
    assert past.title not in page
    assert as_(cast.eli).get(reverse("plan_frozen", args=[plan.pk])).status_code == 404


def test_an_assumption_that_is_not_shared_is_not_told_by_a_plan(as_, cast, plan, assumption):
    plans.share_plan(plan, visibility="network", expected=1, by=cast.ada)
    other = Factor.objects.get(wording="visits took place")
    Assumption.objects.filter(pk=assumption.pk).update(visibility="own", organisation=cast.police)
    for address in (reverse("plan", args=[plan.pk]), reverse("plans")):
        page = as_(cast.eli).get(address).content.decode()
        assert plan.title in page and other.wording not in page
        assert "assumption that is not shared with you" in page


def test_the_list_is_narrowed_by_state_and_asks_few_queries(
    as_, cast, plan, assumption, words, django_assert_max_num_queries
):
    for number in range(8):
        plans.create_plan(
            assumption,
            owner=cast.police,
            visibility="own",
            by=cast.ada,
            **{**words, "title": f"Plan {number}"},
        )
    plans.say_cannot(plan, because="nobody can be asked", expected=1, by=cast.ada)
    client = as_(cast.ada)
    client.get(reverse("plans"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("plans")).content.decode()
    assert "Plan 7" in page
    only = client.get(f"{reverse('plans')}?state=cannot").content.decode()
    assert plan.title in only and "Plan 7" not in only
    assert client.get(f"{reverse('plans')}?state=nonsense&assumption=x").status_code == 200


def test_the_page_of_a_plan_asks_few_queries(as_, cast, plan, django_assert_max_num_queries):
    look(plan, by=cast.ada)
    client = as_(cast.ada)
    client.get(reverse("plan", args=[plan.pk]))
    with django_assert_max_num_queries(26):
        client.get(reverse("plan", args=[plan.pk]))


def test_an_empty_list_says_what_to_do_first(as_, cast, db):
    assert (
        b"Begin" in as_(cast.ada).get(reverse("plans")).content
        or b"begin with what would settle it" in as_(cast.ada).get(reverse("plans")).content
    )
    assert b"Nobody asks for an evaluation yet" in as_(cast.ada).get(reverse("board")).content


def test_outsiders_are_told_of_no_plan(as_, cast, plan):
    for name in ("plan", "plan_edit", "plan_register", "plan_cannot", "plan_share", "plan_stop"):
        assert as_(cast.eli).get(reverse(name, args=[plan.pk])).status_code == 404
    assert as_(cast.ben).get(reverse("plan", args=[plan.pk])).status_code == 200
    assert as_(cast.ben).get(reverse("plan_edit", args=[plan.pk])).status_code == 403
    assert plan.title not in as_(cast.eli).get(reverse("plans")).content.decode()


def test_a_plan_can_be_discussed(as_, cast, plan):
    address = reverse("comment_add", args=["evaluations.plan", plan.pk])
    sent = as_(cast.fay).post(address, {"text": "Ask the night shift too"})
    assert sent.status_code == 302
    assert b"Ask the night shift too" in as_(cast.ada).get(reverse("plan", args=[plan.pk])).content


def test_a_plan_of_ones_own_leaves_the_ready_design_aside(as_, cast, assumption, ready):
    address = f"{reverse('plan_new')}?assumption={assumption.pk}"
    begun = as_(cast.ada).get(address).content.decode()
    own = as_(cast.ada).get(f"{address}&own=1").content.decode()
    assert ready.title in begun and ready.title not in own
    page = as_(cast.ada).get(reverse("assumption", args=[assumption.pk])).content.decode()
    assert f"?assumption={assumption.pk}&amp;own=1" in page


def test_an_assumption_leads_to_its_plans_and_to_a_new_one(as_, cast, plan, assumption, ready):
    address = reverse("assumption", args=[assumption.pk])
    page = as_(cast.ada).get(address).content.decode()
    assert f'href="{reverse("plan", args=[plan.pk])}"' in page
    assert f'href="{reverse("plan_new")}?assumption={assumption.pk}"' in page and "Start this study" in page
    assert f'href="{reverse("request_new")}?assumption={assumption.pk}"' in page
    outside = as_(cast.eli).get(address).content.decode()
    assert plan.title not in outside
    reader = as_(cast.ben).get(address).content.decode()
    assert plan.title in reader and "Start this study" not in reader


def test_a_verdict_that_it_cannot_be_measured_stands_on_the_page_of_the_assumption(
    as_, cast, plan, assumption
):
    plans.say_cannot(plan, because="those who stop answering cannot be asked", expected=1, by=cast.ada)
    page = as_(cast.ada).get(reverse("assumption", args=[assumption.pk])).content.decode()
    assert "cannot be measured, because: those who stop answering cannot be asked" in page
