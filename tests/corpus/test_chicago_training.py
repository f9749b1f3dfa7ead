"""A published trial, brought as a plan and a run through the pages, gives the published figures.

Wood, Tyler and Papachristos (2020), as re-analysed by Roth and Sant'Anna (2023): 7,785 officers, 72 months, training in
procedural justice that began for some before others by chance.
"""

from __future__ import annotations

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from folkmoot.evaluations.models import Dataset, Finding, Plan, Run
from folkmoot.evidence.models import Study
from folkmoot.evidence.queries import standings
from folkmoot.jobs.running import run_waiting
from folkmoot.mechanisms.actions import start_assumption
from folkmoot.organisations.models import Membership, Organisation, User

pytestmark = [pytest.mark.corpus, pytest.mark.django_db]
ROWS = 560_520
PUBLISHED = {
    "roth-santanna": (-0.001126981, 0.002115194),
    "callaway-santanna": (-0.005176818, 0.003928735),
}


@pytest.fixture
def lead(tmp_path, settings, client):
    """Somebody who edits for a police force, signed in."""
    settings.DIR = tmp_path
    settings.ORIGINALS = tmp_path / "originals"
    settings.CACHE_DIR = tmp_path / "cache"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    police = Organisation.objects.create(slug="northmere", name="Northmere Police", kind="police")
    user = User.objects.create_user("ada@example.org", "a long enough secret", name="Ada")
    Membership.objects.create(
        user=user, organisation=police, role="lead", created_at=timezone.now(), created_by="the tests"
    )
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def test_the_procedural_justice_trial_goes_in_as_a_plan_and_a_run_and_gives_the_published_figures(
    corpus, lead, client
):
    police = Organisation.objects.get(slug="northmere")
    link = start_assumption(
        "Officers are trained in procedural justice",
        effect="Fewer complaints are made about officers",
        owner=police,
        visibility="network",
        population="officers on patrol",
        horizon="over the two years after",
        by=lead,
    )
    answer = client.post(
        reverse("plan_new"),
        {
            "assumption": link.pk, "owner": f"organisation-{police.pk}", "reach": "network",
            "title": "Does training in procedural justice lower complaints?", "activity": "One day of training for every officer",
            "population": "Officers on patrol", "design": "stepped",
            "comparison": "Officers trained later; the order was drawn by lot", "outcome": "complaints about an officer in a month",
            "scale": "mean", "smallest_change": "0.004", "horizon": "over the following years", "horizon_days": "365",
            "if_for": "Keep training", "if_against": "Look for something else", "if_unclear": "Ask more cities",
            "treated": "47", "steps": "47", "cluster_size": "165", "icc": "0.01", "cac": "0.8", "spread": "0.204",
            "rival_1": "Complaints fell everywhere", "apart_1": "Officers not yet trained would have had fewer, too",
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()[:3000]
    plan = Plan.objects.get()
    client.post(reverse("plan_sight", args=[plan.pk]))
    plan.refresh_from_db()
    registered = client.post(
        reverse("plan_register", args=[plan.pk]), {"version": plan.version, "sure": "on"}
    )
    plan.refresh_from_db()
    assert plan.state == "registered", registered.content.decode()[:3000]

    file = corpus / "statistics" / "procedural_justice_training.parquet"
    client.post(
        reverse("plan_data", args=[plan.pk]), {"chosen": SimpleUploadedFile(file.name, file.read_bytes())}
    )
    table = Dataset.objects.get()
    assert (table.read, table.used) == (ROWS, ROWS)

    columns = {
        "outcome": "complaints",
        "unit": "officer",
        "time": "period",
        "first_treated": "first_trained",
        "rises": "less",
    }
    for estimator, (estimate, error) in PUBLISHED.items():
        asked = client.post(reverse("run_new", args=[plan.pk]), columns | {"estimator": estimator})
        assert asked.status_code == 302
        began = time.monotonic()
        run_waiting()
        assert time.monotonic() - began < 20
        run = Run.objects.latest("pk")
        assert run.state == "done", run.refused_because
        assert run.result["estimate"] == pytest.approx(estimate, abs=5e-10)
        assert run.result["standard_error"] == pytest.approx(error, abs=5e-10)
        page = client.get(asked.url).content.decode()
        assert f"{run.result['estimate']}" in page and "so this does not say which" in page

    first = Run.objects.earliest("pk")
    assert first.as_planned and not Run.objects.latest("pk").as_planned
    client.post(
        reverse("run_finding_new", args=[first.pk]),
        {
            "manipulated": link.cause_id, "delivered": "yes", "how_known": "The register of training",
            "evaluators": "Wood, Tyler and Papachristos", "sample": "Chicago 2011-2016", "reach": "network",
        },
    )  # fmt: skip
    finding = Finding.objects.get()
    assert finding.marks.get(factor=link.effect).sign == "not_found"
    assert Study.objects.get(finding=finding).level_low == 5
    told = standings([link.pk], viewer=lead, scope="network")[link.pk]
    assert (told.word, told.leaning) == ("thin", "no effect found")
