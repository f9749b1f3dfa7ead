"""The pages of figures and of what they say together."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from folkmoot.evidence import actions
from folkmoot.evidence.models import PoolPlan, PrintedEffect


def text_of(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def add(one, chain, estimate, error=0.1, *, by, read=True, **more):
    return actions.record_effect(
        one,
        factor=chain.factors[2],
        printed={"kind": "error", "estimate": estimate, "standard_error": error},
        horizon="3 days",
        horizon_days=3,
        **({"measure": "standardised", "place": "table 2", "read_in_study": read} | more),
        by=by,
    )


@pytest.fixture
def tested(study, mark, chain, cast):
    def put(authors, estimate=0.3, **details):
        one = study(authors, **details)
        mark(one, chain.factors[1], "up", 1)
        mark(one, chain.factors[2], "up", 3)
        add(one, chain, estimate, by=cast.dina)
        return one

    return put


def test_a_figure_is_recorded_from_what_the_study_prints_without_javascript(cast, chain, study, mark, as_):
    one = study("Oak, A.")
    mark(one, chain.factors[1], "up", 1)
    mark(one, chain.factors[2], "up", 3)
    client = as_(cast.dina)
    first = client.get(reverse("effect_new", args=[one.pk]))
    assert "Means and standard deviations of two groups" in text_of(first)
    address = f"{reverse('effect_new', args=[one.pk])}?kind=means"
    assert "Standard deviation of the others" in text_of(client.get(address))
    given = {
        "factor": chain.factors[2].pk,
        "horizon": "3 days",
        "horizon_days": "3",
        "outcome": "trust, five questions",
        "measure": "standardised",
        "mean_treated": "3.4",
        "sd_treated": "1.1",
        "n_treated": "120",
        "mean_control": "3.1",
        "sd_control": "1.0",
        "n_control": "118",
        "direction": "more",
        "place": "p. 14, table 2",
        "read": "yes",
    }
    refused = client.post(address, given | {"sd_control": "", "version": one.version})
    assert refused.status_code == 422 and "standard deviation of the others" in text_of(refused)
    one.refresh_from_db()
    made = client.post(address, given | {"version": one.version}, follow=True)
    shown = text_of(made)
    assert "The figure is recorded." in shown and "p. 14, table 2. Read there by Dina" in shown
    assert PrintedEffect.objects.get().printed["n_control"] == 118
    pooled = text_of(client.get(reverse("pooled", args=[chain.assumptions[1].pk])))
    assert "pooling needs two from different people and places" in pooled
    assert reverse("pooled", args=[chain.assumptions[1].pk]) in made.content.decode()


def test_a_figure_nobody_read_in_the_study_is_hidden_from_others_until_it_is_read(
    cast, chain, study, mark, as_
):
    one = study("Oak, A.")
    mark(one, chain.factors[1], "up", 1)
    told = add(one, chain, 0.7345, by=cast.dina, read=False)
    seen = as_(None).get(reverse("study", args=[one.pk]))
    assert "Not verified" in text_of(seen) and "0.7345" not in text_of(seen) and "0.735" not in text_of(seen)
    assert (
        "0.7345"
        not in as_(None).get(reverse("pooled_table", args=[chain.assumptions[1].pk])).content.decode()
    )
    client = as_(cast.dina)
    address = reverse("effect_verify", args=[one.pk, told.pk])
    assert "0.735" in text_of(client.get(address))
    client.post(address, {"place": "p. 3", "version": told.version})
    assert "Read there by Dina" in text_of(as_(None).get(reverse("study", args=[one.pk])))


def test_a_figure_is_corrected_or_taken_back_only_with_a_reason_that_the_study_then_shows(
    cast, chain, tested, as_
):
    one = tested("Oak, A.")
    effect = PrintedEffect.objects.get()
    client = as_(cast.dina)
    address = reverse("effect_edit", args=[one.pk, effect.pk])
    begun = client.get(address)
    assert 'value="0.3"' in begun.content.decode()
    given = {
        "factor": chain.factors[2].pk,
        "horizon": "3 days",
        "horizon_days": "3",
        "measure": "standardised",
        "estimate": "0.2",
        "standard_error": "0.1",
        "direction": "more",
        "place": "table 2",
        "read": "yes",
        "version": effect.version,
    }
    assert client.post(address, given).status_code == 422
    done = client.post(address, given | {"because": "Table 2 was misread."}, follow=True)
    assert "A printed figure changed" in text_of(done) and "Table 2 was misread." in text_of(done)
    stale = client.post(address, given | {"because": "Again."})
    assert stale.status_code == 412
    effect.refresh_from_db()
    away = reverse("effect_remove", args=[one.pk, effect.pk])
    done = client.post(away, {"because": "It is of another group.", "version": effect.version}, follow=True)
    assert "It is of another group." in text_of(done) and not PrintedEffect.objects.exists()


def test_the_page_pools_draws_and_says_what_would_change_it(cast, chain, tested, as_):
    for authors, estimate in (("Oak, A.", 0.3), ("Elm, B.", 0.25), ("Ash, C.", 0.4)):
        tested(authors, estimate)
    answer = as_(None).get(reverse("pooled", args=[chain.assumptions[1].pk]))
    shown, markup = text_of(answer), answer.content.decode()
    assert "Over 3 studies the pooled difference in standard deviations is" in shown
    assert "Fewer than five" in shown and "Without each in turn" in shown
    assert "further stud" in shown and "another place" in shown.lower()
    assert markup.count("fm-forest") == 2 and "Oak 2020: 0.30, interval 0.10 to 0.50" in markup
    assert "style=" not in markup
    table = as_(None).get(reverse("pooled_table", args=[chain.assumptions[1].pk])).content.decode()
    assert (
        table.splitlines()[0].startswith("study,estimate,standard_error,cluster")
        and len(table.splitlines()) == 4
    )


def test_figures_leave_the_pool_with_their_study(cast, chain, tested, as_):
    one = tested("Oak, A.")
    tested("Elm, B.", 0.4)
    page = reverse("pooled", args=[chain.assumptions[1].pk])
    assert "Over 2 studies" in text_of(as_(None).get(page))
    one.refresh_from_db()
    actions.retract_study(one, on="2026-01-01", note="by the journal", expected=one.version, by=cast.dina)
    shown = text_of(as_(None).get(page))
    assert "Over 2 studies" not in shown and "The study was retracted." in shown


def test_a_plan_is_registered_and_given_up_on_its_pages(cast, chain, as_):
    client = as_(cast.dina)
    address = reverse("pool_plan_new", args=[chain.assumptions[1].pk])
    given = {
        "measure": "standardised",
        "lowest_level": "3",
        "rule": "Every trial of visits.",
        "smallest_change": "0.1",
        "because": "Less is not noticed.",
        "owner": "network",
        "reach": "public",
    }
    assert client.post(address, given | {"smallest_change": "-1"}).status_code == 422
    shown = text_of(client.post(address, given, follow=True))
    assert "Every trial of visits." in shown and "when 0 comparable estimates stood here" in shown
    plan = PoolPlan.objects.get()
    away = reverse("pool_plan_give_up", args=[plan.pk])
    assert client.get(away).status_code == 200
    assert "Wrong scale." in text_of(client.post(away, {"because": "Wrong scale."}, follow=True))
    assert as_(cast.ada).get(away).status_code == 403
    assert as_(None).get(address).status_code == 302


def test_outsiders_get_404_for_a_private_studys_figures(cast, chain, study, as_):
    ours = study("Oak", owner=cast.police, by=cast.ada)
    assert as_(cast.eli).get(reverse("effect_new", args=[ours.pk])).status_code == 404
    assert as_(cast.ben).get(reverse("effect_new", args=[ours.pk])).status_code == 403


def test_the_pooled_page_takes_the_same_queries_for_few_and_for_many(cast, chain, tested, as_):
    client = as_(cast.ada)
    page = reverse("pooled", args=[chain.assumptions[1].pk])

    def queries() -> int:
        client.get(page)
        with CaptureQueriesContext(connection) as taken:
            client.get(page)
        return len(taken)

    tested("First")
    before = queries()
    for number in range(8):
        tested(f"Author{number}", 0.1 * number)
    assert queries() == before <= 22
