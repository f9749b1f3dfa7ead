"""London's published figures give a plan that is refused with one borough and accepted with sixteen drawn by lot."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from folkmoot.evaluations.models import Plan
from folkmoot.mechanisms.models import Assumption, Factor
from folkmoot.organisations.models import Membership, Organisation, User
from folkmoot.surveys.models import Series

pytestmark = [pytest.mark.corpus, pytest.mark.django_db]
NAME = "PAS_Dashboard_Borough_2014-12_to_2023.csv"


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.ORIGINALS = tmp_path / "originals"


@pytest.fixture
def us(client, corpus):
    """A police force that brought the figures in through the page, and an assumption that people judge."""
    police = Organisation.objects.create(slug="met", name="A police force", kind="police")
    lead = User.objects.create_user("lead@example.org", None, name="Lead")
    stamp = {"created_at": timezone.now(), "created_by": "x"}
    Membership.objects.create(user=lead, organisation=police, role="lead", **stamp)
    client.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    owner = f"organisation-{police.pk}"
    sent = client.post(
        reverse("series_import"),
        {
            "chosen": SimpleUploadedFile(NAME, (corpus / "surveys" / NAME).read_bytes()),
            "publisher": "The mayor’s office", "owner": owner, "reach": "only ours", "do": "bring",
        },
    )  # fmt: skip
    assert sent.status_code == 302
    cause = Factor.objects.create(wording="officers visit homes", visibility="public", **stamp)
    effect = Factor.objects.create(
        wording="people think the police do a good job", visibility="public", **stamp
    )
    assumption = Assumption.objects.create(cause=cause, effect=effect, visibility="public", **stamp)
    return SimpleNamespace(
        client=client,
        owner=owner,
        assumption=assumption,
        series=Series.objects.get(title='"Good Job" local'),
    )


def form(us, **changes):
    return {
        "assumption": us.assumption.pk,
        "title": "Do visits change what people think of the police?",
        "activity": "Officers visit homes.",
        "population": "People of 16 and over",
        "design": "before-after",
        "comparison": "None.",
        "outcome": "People who say that the police do a good job",
        "scale": "share",
        "smallest_change": "5",
        "horizon": "two years",
        "history": us.series.pk,
        "treated": "1",
        "rival_1": "A better year for the whole city",
        "apart_1": "The other boroughs would rise as well",
        "if_for": "Visits go on.",
        "if_against": "Visits end.",
        "if_unclear": "Another year.",
        "owner": us.owner,
        "reach": "only ours",
        **changes,
    }


def words_of(response) -> str:
    text = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def test_one_borough_is_hopeless_and_sixteen_drawn_by_lot_are_accepted(us):
    made = us.client.post(reverse("plan_new"), form(us))
    plan = Plan.objects.get()
    assert made.status_code == 302 and made["Location"] == reverse("plan", args=[plan.pk])
    page = words_of(us.client.get(made["Location"]))
    assert "Hopeless: it could not see it" in page
    # what is wrong with the figures, and what they were tried on
    assert "32 areas, 37 figures each, December 2014 to December 2023" in page
    assert "Left out: MPS, which holds the other areas." in page
    assert "shares data with the 3 before it" in page
    # the naive way: before and after in one borough finds something seven times in ten where nothing happened
    answer = plan.sights.first().answer
    naive = {(one["kind"], one["areas"]): one["rate"] for one in answer["naive"]}
    assert naive["before-after", 1] == pytest.approx(0.71, abs=0.05)
    assert 0.3 < naive["with-without", 1] < 0.5
    assert "1 area before and after, without comparison (as planned)" in page
    # what would work instead: the power of more boroughs is that of the reference
    power = {one["areas"]: one["power"] for one in answer["areas"]}
    assert [power[count] for count in (1, 2, 4, 8, 16)] == pytest.approx(
        [0.22, 0.35, 0.60, 0.79, 0.88], abs=0.03
    )
    ways = {one["kind"]: one["power"] for one in answer["instead"]}
    assert ways["areas"] >= 0.8 and ways["stepped"] >= 0.8 and ways["holdout"] >= 0.8
    assert "Everybody gets it, step by step, in an order drawn by lot" in page
    # it is not registered
    refused = us.client.post(
        reverse("plan_register", args=[plan.pk]), {"sure": "on", "version": plan.version}
    )
    assert refused.status_code == 422 and "This could not see it" in words_of(refused)
    plan.refresh_from_db()
    assert plan.registered_at is None

    sixteen = form(
        us,
        design="did",
        treated="16",
        comparison="Sixteen boroughs are drawn by lot and begin; the others wait two years.",
        version=plan.version,
    )
    changed = us.client.post(reverse("plan_edit", args=[plan.pk]), sixteen)
    assert changed.status_code == 302
    page = words_of(us.client.get(changed["Location"]))
    assert "It could see it" in page and "would be found 88 times in 100" in page
    plan.refresh_from_db()
    accepted = us.client.post(
        reverse("plan_register", args=[plan.pk]), {"sure": "on", "version": plan.version}
    )
    assert accepted.status_code == 302
    plan.refresh_from_db()
    assert plan.state == "registered" and plan.frozen["sight"]["answer"]["verdict"] == "could"
    # of figures that overlap the cautious reading stands beside the other
    assert plan.frozen["sight"]["answer"]["careful"]["power"] == pytest.approx(0.80, abs=0.03)


def test_sixteen_boroughs_step_by_step_in_an_order_drawn_by_lot_could_see_it(us):
    us.client.post(reverse("plan_new"), form(us, design="stepped", treated="16", steps="4"))
    plan = Plan.objects.get()
    answer = plan.sights.get().answer
    assert answer["verdict"] == "could" and answer["false_alarms"] == pytest.approx(0.05, abs=0.01)
    sent = us.client.post(reverse("plan_register", args=[plan.pk]), {"sure": "on", "version": plan.version})
    assert sent.status_code == 302


def test_a_declared_break_cuts_the_figures_that_a_plan_is_tried_on(us):
    us.client.post(
        reverse("event_new", args=[us.series.pk]),
        {"kind": "break", "on": "2019-01-01", "what": "Worded otherwise"},
    )
    us.client.post(reverse("plan_new"), form(us, design="did", treated="16"))
    page = words_of(us.client.get(reverse("plan", args=[Plan.objects.get().pk])))
    assert "32 areas, 20 figures each, March 2019 to December 2023" in page
    assert "Only figures from 1 January 2019 on" in page
