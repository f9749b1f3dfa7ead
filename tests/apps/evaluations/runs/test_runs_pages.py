"""The pages of data, runs and findings, as somebody goes through them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from folkmoot.audit.models import Event
from folkmoot.evaluations.actions.data import bring_table, erase_table
from folkmoot.evaluations.actions.runs import ask_run, run_now
from folkmoot.evaluations.models import Dataset, Finding, Run
from folkmoot.evidence.models import Study
from folkmoot.jobs.models import Job
from folkmoot.jobs.running import run_waiting

from .making import CHOSEN, as_csv, streets

pytestmark = pytest.mark.django_db


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_from_a_file_to_a_finding_through_the_pages(plan, chain, cast, as_):
    made, ada = plan("cluster"), as_(cast.ada)
    empty = ada.get(reverse("plan_data", args=[made.pk]))
    assert "No table yet" in text_of(empty)
    sent = ada.post(
        reverse("plan_data", args=[made.pk]),
        {"chosen": SimpleUploadedFile("streets.csv", streets())},
        follow=True,
    )
    assert "Read 3,200, used 3,200, set aside 0." in text_of(sent) and "good_job" in text_of(sent)

    asked = ada.post(
        reverse("run_new", args=[made.pk]),
        {"outcome": "good_job", "treated": "visited", "clusters": "street", "rises": "more"},
    )
    run = Run.objects.get()
    assert asked.status_code == 302 and asked.url == reverse("run", args=[run.pk])
    waiting = text_of(ada.get(asked.url))
    assert "Waiting its turn" in waiting and "Stop it" in waiting
    run_waiting()
    told = text_of(ada.get(asked.url))
    for words in (
        "points higher than without it",
        "▲",
        "As registered",
        "What limits it",
        "folkmoot analyse effect",
    ):
        assert words in told
    assert told.count("<svg") >= 2 and "<table" in told

    form = text_of(ada.get(reverse("run_finding_new", args=[run.pk])))
    assert "visits took place" in form and "The rule by which an interval is read" in form
    factor = chain.factors[1]
    recorded = ada.post(
        reverse("run_finding_new", args=[run.pk]),
        {
            "manipulated": chain.factors[0].pk,
            "delivered": "yes",
            "how_known": "The log",
            "evaluators": "Analysts",
            "sample": "streets",
            "reach": "public",
            f"factor-{factor.pk}-sign": "up",
            f"factor-{factor.pk}-figure": "61 in a hundred homes",
            f"factor-{factor.pk}-horizon_days": "7",
        },
        follow=True,
    )
    page = text_of(recorded)
    assert recorded.status_code == 200 and "Factor by factor" in page and "61 in a hundred homes" in page
    finding = Finding.objects.get()
    assert Study.objects.get(finding=finding).marks.count() == 3
    assert text_of(as_(None).get(reverse("run_finding", args=[run.pk]))).count("▲") >= 3


def test_a_form_that_is_refused_says_why_and_keeps_what_was_chosen(doorsteps, chain, cast, as_):
    ada = as_(cast.ada)
    run = run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)
    page = ada.post(
        reverse("run_finding_new", args=[run.pk]),
        {
            "manipulated": chain.factors[0].pk, "delivered": "yes", "how_known": "The log", "evaluators": "Analysts",
            "sample": "streets", "reach": "public", "sign": "not_found",
        },
    )  # fmt: skip
    assert page.status_code == 422 and "Say why it should be read otherwise" in text_of(page)
    assert "The log" in text_of(page) and not Finding.objects.exists()
    missing = ada.post(reverse("run_new", args=[doorsteps.plan.pk]), {"outcome": "good_job", "rises": "more"})
    assert missing.status_code == 422 and "Choose the column: who had it" in text_of(missing)


def test_a_file_with_names_comes_back_with_the_reason_and_nothing_is_kept(plan, cast, as_):
    made, ada = plan(), as_(cast.ada)
    rows = "".join(
        f"{['North End', 'South End', 'Moor Side'][one % 3]} {one},{one % 2}\n" for one in range(60)
    )
    content = f"name,y\n{rows}".encode()
    page = ada.post(reverse("plan_data", args=[made.pk]), {"chosen": SimpleUploadedFile("p.csv", content)})
    assert page.status_code == 422 and "“name” looks like names" in text_of(page)
    assert "These columns only sound like it" in text_of(page) and not Dataset.objects.exists()
    ada.post(
        reverse("plan_data", args=[made.pk]),
        {"chosen": SimpleUploadedFile("p.csv", content), "vouched": "name"},
    )
    assert Dataset.objects.get().vouched == ["name"]


@pytest.mark.parametrize("level", ["own", "public"])
def test_figures_of_a_run_are_seen_outside_only_with_a_finding(found, doorsteps, cast, as_, level):
    finding = found(visibility=level)
    outside = as_(cast.eli)
    expected = 200 if level == "public" else 404
    for name in ("run", "run_script", "run_finding"):
        assert outside.get(reverse(name, args=[finding.run_id])).status_code == expected, name
    if level == "public":
        told = text_of(outside.get(reverse("run", args=[finding.run_id])))
        assert "ask them for it" in told
        assert "rounded for readers outside" in told and "p 0.0000" not in told
        assert outside.get(reverse("run_data", args=[finding.run_id])).status_code == 403
        loose = run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)
        assert outside.get(reverse("run", args=[loose.pk])).status_code == 404
        # the run of a step between stands with the finding
        between = finding.marks.get(factor__key="T.1").run
        assert outside.get(reverse("run", args=[between.pk])).status_code == 200
        within = text_of(as_(cast.ada).get(reverse("run", args=[finding.run_id])))
        assert "rounded for readers outside" not in within


def test_the_table_goes_only_to_those_who_edit_and_not_once_it_is_erased(doorsteps, cast, as_):
    run = run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)
    url = reverse("run_data", args=[run.pk])
    answer = as_(cast.ada).get(url)
    assert b"".join(answer.streaming_content).startswith(b"street,visited")
    assert f"folkmoot-{doorsteps.table.sha256[:12]}.csv" in answer["Content-Disposition"]
    assert as_(cast.ben).get(url).status_code == 403
    assert as_(cast.eli).get(url).status_code == 404
    erase_table(doorsteps.table, why="the agreement ended", by=cast.ada)
    gone = as_(cast.ada).get(url)
    assert gone.status_code == 409 and "the agreement ended" in text_of(gone)
    assert "nobody can work it out again" in text_of(as_(cast.ada).get(reverse("run", args=[run.pk])))


def test_a_refused_run_says_so_on_its_page_and_a_stopped_one_too(doorsteps, cast, as_):
    ada = as_(cast.ada)
    run = run_now(
        doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN | {"treated": "weight"}, by=cast.ada
    )
    told = text_of(ada.get(reverse("run", args=[run.pk])))
    assert "It could not be worked out" in told and "weight" in told
    asked = ask_run(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)
    ada.post(reverse("job", args=[asked.job_id]))
    assert Job.objects.get(pk=asked.job_id).state == "cancelled"
    assert "Cancelled" in text_of(ada.get(reverse("run", args=[asked.pk])))
    part = ada.get(reverse("run", args=[asked.pk]), headers={"X-Part": "progress"})
    assert "<h1" not in text_of(part) and "stopped it before it began" in text_of(part)


def test_a_script_exists_only_for_a_run_that_is_done(doorsteps, cast, as_):
    run = run_now(
        doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN | {"treated": "weight"}, by=cast.ada
    )
    assert as_(cast.ada).get(reverse("run_script", args=[run.pk])).status_code == 404


def test_confirming_sharing_and_withdrawing_go_through_their_pages(found, cast, as_):
    finding = found()
    state = reverse("run_finding_state", args=[finding.run_id])
    assert as_(cast.ben).get(state).status_code == 403
    page = text_of(as_(cast.ira).get(state))
    assert "Confirmed" in page
    as_(cast.ira).post(state, {"state": "confirmed", "why": "worked out again", "version": finding.version})
    finding.refresh_from_db()
    assert finding.state == "confirmed"
    stale = as_(cast.ira).post(
        reverse("run_finding_withdraw", args=[finding.run_id]), {"because": "x", "sure": "on", "version": 1}
    )
    assert stale.status_code == 412
    as_(cast.ira).post(
        reverse("run_finding_withdraw", args=[finding.run_id]),
        {"because": "two streets were mixed up", "sure": "on", "version": finding.version},
    )
    told = text_of(as_(None).get(reverse("run_finding", args=[finding.run_id])))
    assert "Withdrawn on" in told and "two streets were mixed up" in told
    assert Event.objects.filter(action="withdrew a finding").exists()


def test_the_plan_page_tells_of_runs_and_of_those_that_are_not_shared(found, doorsteps, cast, as_):
    found()
    run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)
    inside = text_of(as_(cast.ada).get(reverse("plan", args=[doorsteps.plan.pk])))
    assert "Its finding" in inside and "Work it out" in inside
    outside = text_of(as_(cast.eli).get(reverse("plan", args=[doorsteps.plan.pk])))
    assert "One run was made whose figures are not shared with you" in outside
    assert "streets.csv" not in outside


@pytest.mark.parametrize("design", ["trial", "stepped", "did", "series", "before-after", "panel", "holdout"])
def test_the_form_offers_what_each_design_takes(plan, cast, as_, design):
    made = plan("cluster")
    bring_table(made, name="s.csv", content=as_csv({"a": [1, 2], "b": [3, 4]}), by=cast.ada)
    page = text_of(as_(cast.ada).get(reverse("run_new", args=[made.pk]), {"design": design, "table": "x"}))
    assert "What was measured" in page and "not how it was registered" in page


def test_a_page_of_runs_asks_the_database_no_more_for_more_runs(
    found, doorsteps, cast, as_, django_assert_max_num_queries
):
    found()
    ada = as_(cast.ada)
    url = reverse("plan", args=[doorsteps.plan.pk])
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        ada.get(url)
    for _ in range(3):
        run_now(doorsteps.plan, dataset=doorsteps.table, choices=CHOSEN, by=cast.ada)
    with django_assert_max_num_queries(len(few.captured_queries)):
        ada.get(url)
