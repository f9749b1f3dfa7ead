"""The pages of evidence: recording, marking, judging without JavaScript; who sees what; few queries."""

from __future__ import annotations

import itertools
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from folkmoot.coding.actions import make_claim
from folkmoot.evidence import actions
from folkmoot.evidence.models import Appraisal, HoopClue, QualitativeFinding, Study
from folkmoot.evidence.queries import evidence_for, standings
from folkmoot.mechanisms.models import Assumption, Factor
from folkmoot.sources.actions import import_sources, mark_passage

from .conftest import made

pytestmark = pytest.mark.django_db
STUDY = {
    "authors": "Oak, A.",
    "title": "On visits",
    "year": "2020",
    "kind": "trial",
    "design": "streets by lot",
    "setting": "a town",
    "country": "England and Wales",
    "level_low": "4",
    "level_high": "5",
    "read_where": "full",
    "figures_text": "asked: 1,204",
    "evaluators": "oak",
}
PARTS = {
    "methodological_limits": "few people",
    "coherence": "fits",
    "adequacy": "thin",
    "relevance": "like here",
    "confidence": "low",
    "why": "one interview",
}


def rows(*marks, **extra):
    """The marks editor as a browser sends it."""
    sent = {"form-TOTAL_FORMS": str(len(marks)), "form-INITIAL_FORMS": "0", **extra}
    for number, mark in enumerate(marks):
        sent |= {f"form-{number}-{name}": value for name, value in mark.items()}
    return sent


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_study_is_recorded_marked_and_read_without_javascript(cast, chain, as_):
    client = as_(cast.ada)
    one = chain.assumptions[1]
    assert "people liked the visit" in text_of(client.get(f"{reverse('study_new')}?assumption={one.pk}"))
    sent = STUDY | {"owner": f"organisation-{cast.police.pk}", "reach": "only ours"}
    answer = client.post(f"{reverse('study_new')}?assumption={one.pk}", sent)
    study = Study.objects.get()
    assert answer.url == f"{reverse('study_marks', args=[study.pk])}?assumption={one.pk}"
    assert study.visibility == "own" and study.figures == [
        {"about": "asked", "text": "1,204", "verified": True}
    ]
    page = client.get(answer.url).content.decode()
    for factor in (one.cause, one.effect):
        assert f'value="{factor.pk}" selected' in page
    marks = (
        {
            "factor": one.cause_id,
            "sign": "up",
            "horizon": "at once",
            "horizon_days": "0",
            "manipulated": "on",
        },
        {
            "factor": one.effect_id,
            "sign": "down",
            "horizon": "a week",
            "horizon_days": "7",
            "outcome": "trust",
        },
        {"factor": "", "sign": ""},
    )
    assert client.post(reverse("study_marks", args=[study.pk]), rows(*marks, save="yes")).status_code == 302
    client.post(reverse("study_marks", args=[study.pk]), {"chance": "yes", "by_chance": [one.cause_id]})
    shown = text_of(client.get(reverse("study", args=[study.pk])))
    for words in (
        "moved the other way",
        "decided by chance",
        "A week",
        "Against",
        "at level 4",
        "Asked: 1,204",
    ):
        assert words in shown
    assert "▼" in shown and "thin, against" in text_of(client.get(reverse("assumption", args=[one.pk])))


def test_both_ways_is_refused_with_a_sentence_and_the_words_stay(cast, chain, study, as_):
    one = study(owner=cast.police, by=cast.ada)
    sent = rows({"factor": chain.factors[0].pk, "sign": "both", "note": "it differed"}, save="yes")
    answer = as_(cast.ada).post(reverse("study_marks", args=[one.pk]), sent)
    assert answer.status_code == 422 and not one.marks.exists()
    assert "split it by time, people or outcome" in text_of(answer)
    assert 'value="it differed"' in answer.content.decode()


def test_more_rows_keeps_what_was_typed_and_an_empty_table_is_refused(cast, chain, study, as_):
    one = study(owner=cast.police, by=cast.ada)
    client, url = as_(cast.ada), reverse("study_marks", args=[one.pk])
    sent = rows({"factor": chain.factors[0].pk, "sign": "up", "note": "typed already"}, more="yes")
    answer = client.post(url, sent)
    assert answer.status_code == 200 and not one.marks.exists()
    page = answer.content.decode()
    assert 'value="typed already"' in page and 'name="form-3-factor"' in page and "Error:" not in page
    refused = client.post(url, rows({"factor": "", "sign": ""}, save="yes"))
    assert refused.status_code == 422 and "Mark at least one factor" in text_of(refused)


def test_a_stale_correction_gets_412_names_who_and_keeps_the_words(cast, study, as_):
    one = study(owner=cast.police, by=cast.ada)
    actions.revise_study(one, expected=1, setting="elsewhere", by=cast.ira)
    sent = STUDY | {"version": "1", "design": "my own words of the design"}
    answer = as_(cast.ada).post(reverse("study_edit", args=[one.pk]), sent)
    assert answer.status_code == 412
    assert "Ira" in text_of(answer) and "my own words of the design" in answer.content.decode()
    one.refresh_from_db()
    assert one.setting == "elsewhere"
    again = as_(cast.ada).post(reverse("study_edit", args=[one.pk]), sent | {"version": "2"})
    assert again.status_code == 302


@pytest.mark.parametrize("sent", [{}, {"version": ""}, {"version": "x"}])
def test_a_correction_that_says_no_version_changes_nothing(cast, study, as_, sent):
    one = study(owner=cast.police, by=cast.ada)
    assert as_(cast.ada).post(reverse("study_edit", args=[one.pk]), STUDY | sent).status_code in {412, 422}


def test_two_reviews_cannot_be_made_to_pool_each_other(cast, study, as_):
    first, second = (study(name, owner=cast.police, by=cast.ada, kind="review") for name in ("One", "Two"))
    client = as_(cast.ada)
    assert (
        client.post(
            reverse("study_pools", args=[first.pk]), {"pooled": [second.pk], "version": 1}
        ).status_code
        == 302
    )
    answer = client.post(reverse("study_pools", args=[second.pk]), {"pooled": [first.pk], "version": 1})
    assert answer.status_code == 422 and "cannot pool each other" in text_of(answer)
    assert client.post(reverse("study_pools", args=[first.pk]), {"version": 2}).status_code == 302
    assert not first.pools.exists()


def test_a_retraction_and_a_conflict_stand_on_the_page(cast, chain, study, mark, as_):
    one = study(owner=cast.police, by=cast.ada)
    effect = mark(one, chain.factors[1], "up", by=cast.ada)
    client = as_(cast.ada)
    url = reverse("study_conflict", args=[one.pk])
    sent = {"conflict": "Two versions disagree.", "marks": [effect.pk], "version": "2"}
    assert client.post(url, sent).status_code == 302
    assert "Two versions disagree." in text_of(client.get(reverse("study", args=[one.pk])))
    effect.refresh_from_db()
    assert effect.in_conflict
    assert client.post(url, {"resolution": "The later one.", "version": "3"}).status_code == 302
    sent = {"on": "2026-02-03", "note": "Its journal withdrew it.", "version": "4"}
    assert client.post(reverse("study_retract", args=[one.pk]), sent).status_code == 302
    shown = text_of(client.get(reverse("study", args=[one.pk])))
    assert "Retracted on 3 February 2026" in shown and "counts nowhere" in shown
    listed = text_of(client.get(reverse("studies"), {"retracted": "no"}))
    assert one.short not in listed


def test_an_appraisal_with_its_five_parts_is_recorded_for_whom_it_is_made(cast, chain, study, mark, as_):
    one = study()
    mark(one, chain.factors[1], "up")
    mark(one, chain.factors[2], "up", 3)
    url = reverse("appraise", args=[one.pk, chain.assumptions[1].pk])
    client = as_(cast.ada)
    empty = client.post(url, {})
    assert empty.status_code == 422 and "Answer: did you read the paper in full?" in text_of(empty)
    sent = {
        "level": "4",
        "same_country": "yes",
        "differs": ["dose"],
        "read_in_full": "yes",
        "appraiser_is_evaluator": "no",
        "why": "read it twice",
        "owner": f"organisation-{cast.police.pk}",
        "reach": "only ours",
    }
    assert client.post(url, sent).status_code == 302
    appraisal = Appraisal.objects.get()
    assert appraisal.dose_differs and not appraisal.unit_differs and appraisal.level == 4
    assert "read it twice" in text_of(client.get(reverse("study", args=[one.pk])))
    assert "read it twice" not in text_of(as_(cast.eli).get(reverse("study", args=[one.pk])))


def test_what_belongs_to_the_network_needs_a_lead_researcher_and_is_shared(cast, chain, as_):
    url = reverse("study_new")
    page = as_(cast.ada).get(url).content.decode()
    assert 'value="network">The network' not in page
    refused = as_(cast.ada).post(url, STUDY | {"owner": "network", "reach": "public"})
    assert refused.status_code == 422 and not Study.objects.exists()
    only = as_(cast.dina).post(url, STUDY | {"owner": "network", "reach": "only ours"})
    assert only.status_code == 422 and "seen by the network" in text_of(only)
    assert as_(cast.dina).post(url, STUDY | {"owner": "network", "reach": "network"}).status_code == 302


def test_a_finding_rests_on_readings_through_the_consent_gate(cast, chain, as_):
    talk = "Interviewer: So?\n\nInterviewee: It works where she stays for years.\n"
    source = import_sources(
        [("talk.txt", talk.encode())], kind="transcript", owner=cast.team, consent="count", by=cast.dina
    ).sources.get()
    at = source.body.text.index("It works")
    passage = mark_passage(source, start=at, end=at + 10, by=cast.dina)
    claim = make_claim(
        passage,
        cause="visits",
        effect="trust",
        stance="qualifies",
        assumption=chain.assumptions[1],
        visibility="network",
        by=cast.dina,
    )
    url = f"{reverse('finding_new')}?assumption={chain.assumptions[1].pk}"
    assert "It works" in text_of(as_(cast.dina).get(url))
    told = text_of(as_(cast.ada).get(url))
    assert "It works" not in told and "words not shown" in told
    sent = PARTS | {
        "statement": "It holds where the officer stays.",
        "direction": "conditions",
        "owner": f"team-{cast.team.pk}",
        "reach": "network",
    }
    nothing = as_(cast.dina).post(url, sent)
    assert nothing.status_code == 422 and "rests on" in text_of(nothing)
    assert as_(cast.dina).post(url, sent | {"claims": [claim.pk]}).status_code == 302
    finding = QualitativeFinding.objects.get()
    shown = text_of(as_(cast.ada).get(reverse("finding", args=[finding.pk])))
    assert "It holds where the officer stays." in shown and "It works" not in shown


def test_the_second_coder_is_blind_to_the_first(cast, chain, as_):
    url = f"{reverse('clue_new')}?assumption={chain.assumptions[2].pk}"
    sent = {
        "clue": "a letter",
        "where_to_look": "the post",
        "owner": f"organisation-{cast.police.pk}",
        "reach": "network",
    }
    assert as_(cast.ada).post(url, sent).status_code == 302
    page = reverse("clue", args=[HoopClue.objects.get().pk])
    as_(cast.ada).post(page, {"verdict": "not found", "why": "I read every single one"})
    for who in (cast.fay, cast.ira, cast.dina):
        shown = text_of(as_(who).get(page))
        assert "every single one" not in shown and "stays hidden" in shown
    assert "every single one" in text_of(as_(cast.ada).get(page))
    again = as_(cast.ada).post(page, {"verdict": "found", "why": "looked again"})
    assert again.status_code == 409 and "already" in text_of(again)
    as_(cast.fay).post(page, {"verdict": "not found", "why": "half of them"})
    assert "every single one" in text_of(as_(cast.eli).get(page))


def test_outsiders_get_404_and_insiders_without_the_role_403(cast, chain, study, mark, as_):
    one = study("Zwilbrook", owner=cast.police, by=cast.ada)
    put = mark(one, chain.factors[0], "up", by=cast.ada)
    pages = [
        reverse(name, args=[one.pk])
        for name in ("study", "study_edit", "study_marks", "study_pools", "study_retract", "study_conflict")
    ] + [reverse("appraise", args=[one.pk, chain.assumptions[0].pk])]
    for who in (cast.cleo, cast.dina, cast.eli, cast.gus):
        client = as_(who)
        assert {client.get(page).status_code for page in pages} == {404}
        assert client.post(reverse("mark_remove", args=[one.pk, put.pk])).status_code == 404
        assert "Zwilbrook" not in client.get(reverse("studies"), {"words": "town"}).content.decode()
    client = as_(cast.ben)
    assert client.get(pages[0]).status_code == 200
    assert {client.get(page).status_code for page in pages[1:]} == {403}
    assert client.post(reverse("mark_remove", args=[one.pk, put.pk])).status_code == 403
    assert one.marks.count() == 1


@pytest.mark.parametrize("asked", ["", "?assumption=x", "?assumption=²", "?assumption=99999999999999999999"])
def test_a_form_about_no_assumption_is_not_there(cast, as_, asked):
    for name in ("finding_new", "clue_new"):
        assert as_(cast.ada).get(reverse(name) + asked).status_code == 404


def test_the_list_and_the_page_take_the_same_queries_for_few_and_for_many(cast, chain, study, mark, as_):
    client = as_(cast.ada)
    one = study("First")
    mark(one, chain.factors[1], "up")

    def queries():
        client.get(reverse("studies"))
        with CaptureQueriesContext(
            connection,
        ) as listed:
            client.get(reverse("studies"))
        with CaptureQueriesContext(connection) as shown:
            client.get(reverse("study", args=[one.pk]))
        return len(listed), len(shown)

    before = queries()
    for number in range(12):
        other = study(f"Author{number}")
        mark(other, chain.factors[1], "up")
        mark(other, chain.factors[2], "up", 3)
        mark(one, chain.factors[2], "up", number)
    assert queries() == before
    assert before[0] <= 12 and before[1] <= 32


def test_standings_take_at_most_ten_queries_whatever_the_size(cast, chain, study, mark):
    factors = [Factor.objects.create(wording=f"f{n}", visibility="public", **made()) for n in range(20)]
    for cause, effect in itertools.pairwise(factors):
        Assumption.objects.create(cause=cause, effect=effect, visibility="public", **made())
    for number in range(8):
        one = study(f"Author{number}")
        for factor in factors[::3]:
            mark(one, factor, "up", number)
    for scope in ("network", "ours"):
        cast.ada.__dict__.pop("_access", None)
        with CaptureQueriesContext(connection) as queries:
            assert len(standings(None, viewer=cast.ada, scope=scope)) == 22
        assert len(queries) <= 10


def test_the_overview_takes_at_most_fifteen_queries_for_a_member(cast, chain, as_):
    client = as_(cast.ada)
    client.get(reverse("overview"))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("overview")).status_code == 200
    assert len(queries) <= 15, [one["sql"][:90] for one in queries]


def test_how_long_people_were_followed_is_read_from_the_studies_and_not_from_fixed_words(
    cast, chain, study, mark, library, as_
):
    step = chain.assumptions[2]  # a year
    assert evidence_for(step, viewer=cast.ada, scope="network").ended_early == ""
    for authors, days, fading in (("Oak, A.", 21, False), ("Elm, B.", 42, True)):
        one = study(authors)
        mark(one, step.cause, "up", 1)
        mark(one, step.effect, "up", days, fading=fading)
    assert evidence_for(step, viewer=cast.ada, scope="network").ended_early == (
        "The longest follow-up on record so far ended after 42 days and the effect was smaller by then "
        "(Elm 2020)."
    )
    shipped = Assumption.objects.get(code="P3.4")
    page = text_of(as_(cast.ada).get(reverse("assumption", args=[shipped.pk])))
    assert "longest follow-up on record so far ended after 21 days" in page and "three weeks" not in page
