"""Search: what it covers, what it must never find, and that it counts nothing it may not show."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.urls import reverse

from folkmoot.sources.actions import (
    add_protected_name,
    decide_redaction,
    remove_protected_name,
    reopen_redaction_review,
    set_consent,
    set_visibility,
    withdraw_source,
)
from folkmoot.sources.models import ProtectedName, SearchText
from folkmoot.sources.queries import search_passages


def found(query, viewer):
    answer = search_passages(query, viewer=viewer)
    assert answer.total == len(answer.hits)
    return answer.total


def test_a_reviewed_turn_is_found_by_its_words_stems_and_phrases(cast, bring_in):
    bring_in(reviewed=True)
    for query in ("doorstep", "doorsteps", "VISITED", "visit", '"the doorstep"', "ferry road visited"):
        assert found(query, cast.dina) == 1, query
    assert found('"doorstep the"', cast.dina) == 0 and found("doorstep bicycle", cast.dina) == 0
    hit = search_passages("doorstep", viewer=cast.dina).hits[0]
    assert [part.text for part in hit.excerpt if part.hit] == ["doorstep"]
    assert (hit.source_label, hit.speaker, hit.number) == ("talk", "Interviewee 1", 2)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        '"',
        "*",
        "AND",
        "- (",
        "NEAR(",
        "'; drop table x",
        "a" * 5000,
        "\x00",
        "doorstep*",
        "text:x",
        "^they",
    ],
)
def test_no_query_breaks_the_search(cast, bring_in, query):
    bring_in(reviewed=True)
    search_passages(query, viewer=cast.dina)


@pytest.mark.parametrize(
    "query", ["community", "police", "operate", "co-operate", "police/community", "under_score"]
)
def test_words_that_signs_join_are_found_one_by_one_on_every_database(cast, bring_in, query):
    bring_in(
        text="Interviewer: So?\n\nInterviewee: The police/community meeting; we co-operate, under_score.\n",
        reviewed=True,
    )
    assert found(query, cast.dina) == 1


def test_what_nobody_reviewed_is_not_found_even_by_the_team(cast, bring_in):
    source = bring_in()
    assert found("doorstep", cast.dina) == 0 and not SearchText.objects.exists()
    assert source.redaction == "open"


def test_only_the_team_finds_its_own_and_counts_tell_nobody_else(cast, bring_in, as_):
    bring_in(reviewed=True, consent="quote")
    for viewer in (*(cast.people[name] for name in ("ada", "cleo", "eli", "gus", "jon")), AnonymousUser()):
        assert found("doorstep", viewer) == 0
    page = as_(cast.eli).get(reverse("search"), {"q": "doorstep"}).content.decode()
    assert "Nothing found" in page and "1 turn" not in page


def test_others_find_what_is_shared_and_may_be_quoted_and_nothing_else(cast, bring_in):
    source = bring_in(reviewed=True, consent="quote", visibility="network")
    assert found("doorstep", cast.ada) == 1 and found("doorstep", cast.gus) == 0
    hit = search_passages("doorstep", viewer=cast.ada).hits[0]
    assert hit.source_label == "an interview" and hit.speaker == "Interviewee"
    for consent in ("paraphrase", "count"):
        set_consent(source, consent=consent, expected=source.version, by=cast.dina)
        assert found("doorstep", cast.ada) == 0 and found("doorstep", cast.dina) == 1
    set_consent(source, consent="quote", expected=source.version, by=cast.dina)
    set_visibility(source, visibility="public", expected=source.version, by=cast.dina)
    assert found("doorstep", AnonymousUser()) == 1


@pytest.mark.parametrize(
    "query",
    [
        "Oakthorpe",
        "margaret",
        "Margaret Oakthorpe",
        "OAKTHORPE doorstep",
        "who met margaret oakthorpe there",
        "margaret's doorstep",
        '"margaret oakthorpe"',
        "Óakthorpe",
    ],
)
def test_a_name_on_the_list_finds_nothing_even_inside_a_longer_question(cast, bring_in, query):
    source = bring_in()
    # somebody kept the words: the list still closes them to search
    for mark in source.redactions.all():
        decide_redaction(mark, accept=False, by=cast.dina)
    add_protected_name(cast.team, name="Margaret Oakthorpe", by=cast.dina)
    for mark in source.redactions.all():
        decide_redaction(mark, accept=False, by=cast.dina)
    from folkmoot.sources.actions import finish_redaction_review

    finish_redaction_review(source, by=cast.dina)
    assert found("doorstep", cast.dina) == 1
    assert found(query, cast.dina) == 0
    assert "Oakthorpe" not in "".join(SearchText.objects.values_list("text", flat=True))


def test_a_name_that_is_an_everyday_word_closes_only_the_name(cast, bring_in):
    bring_in(
        text="Interviewer: Where?\n\nInterviewee: In the park. Grace Park was there.\n",
        names=["Grace Park"],
        reviewed=True,
    )
    assert found("park", cast.dina) == 1 and found("grace park", cast.dina) == 0
    assert "Grace" not in SearchText.objects.get(text__contains="park").text


def test_a_new_name_opens_the_review_again_and_takes_the_source_out_of_search(cast, bring_in):
    source = bring_in(
        reviewed=True, text="Interviewer: So?\n\nInterviewee: Bert Underhill mended the doorstep.\n"
    )
    other = bring_in("b.txt", "Interviewer: So?\n\nInterviewee: The doorstep again.\n", reviewed=True)
    assert found("doorstep", cast.dina) == 2
    assert add_protected_name(cast.team, name="Bert Underhill", by=cast.dina) == [source]
    source.refresh_from_db()
    assert source.redaction == "open" and source.redactions.get().state == "proposed"
    assert [hit.source_id for hit in search_passages("doorstep", viewer=cast.dina).hits] == [other.pk]
    remove_protected_name(ProtectedName.objects.get(), by=cast.dina)
    assert found("doorstep", cast.dina) == 1


def test_one_teams_list_does_not_close_another_teams_words(cast, bring_in):
    bring_in(
        text="Interviewer: So?\n\nInterviewee: Underhill is steep.\n",
        owner=cast.rival,
        by=cast.eli,
        reviewed=True,
    )
    add_protected_name(cast.team, name="Underhill", by=cast.dina)
    assert found("underhill", cast.eli) == 1


def test_hidden_words_are_not_found(cast, bring_in):
    source = bring_in(reviewed=True)
    assert found("example", cast.dina) == 0
    mark = source.redactions.get(kind="e-mail")
    decide_redaction(mark, accept=False, by=cast.dina)
    assert found("example.org", cast.dina) == 1


def test_withdrawal_and_an_open_review_take_words_out_of_search_at_once(cast, bring_in):
    source, other = (
        bring_in(reviewed=True),
        bring_in("b.txt", "Interviewee: A doorstep.\n\nInterviewer: So?", reviewed=True),
    )
    assert _stored("doorstep")
    reopen_redaction_review(other, by=cast.dina)
    withdraw_source(source, reason="", by=cast.dina)
    assert found("doorstep", cast.dina) == 0 and not SearchText.objects.exists()
    # the other source's words went earlier; rewriting the index removed the last trace of both
    assert connection.vendor != "sqlite" or not _stored("doorstep")


def _stored(word):
    """Do the bytes of the index hold the word, whatever the index itself would answer?"""
    if connection.vendor != "sqlite":
        return SearchText.objects.filter(text__contains=word).exists()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from sources_search_data where instr(block, %s) > 0", [word.encode()])
        return cursor.fetchone()[0] > 0


def test_search_asks_few_questions_however_many_hits(cast, bring_in, django_assert_max_num_queries):
    text = "".join(f"Interviewer: {n}?\n\nInterviewee: Trust, {n} times.\n\n" for n in range(60))
    bring_in(text=text, reviewed=True)
    with django_assert_max_num_queries(6):
        answer = search_passages("trust", viewer=cast.dina, limit=20, offset=20)
    assert answer.total == 60 and len(answer.hits) == 20 and answer.hits[0].number == 42
