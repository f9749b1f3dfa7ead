"""The consent gate: who may read the words of a passage, and what the others are told."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from folkmoot.audit.models import Event
from folkmoot.core.errors import NotAllowed, NotYet
from folkmoot.sources import sharing
from folkmoot.sources.actions import add_redaction, mark_passage, set_consent, set_visibility, withdraw_source
from folkmoot.sources.models import Passage
from folkmoot.sources.queries import words_of

PART = "Trust grew, I think."


@pytest.fixture
def passage(bring_in, cast):
    source = bring_in(reviewed=True, consent="quote", visibility="network")
    at = source.body.text.index(PART)
    return mark_passage(source, start=at, end=at + len(PART), by=cast.dina)


def told(passage, viewer):
    return words_of([passage.pk], viewer=viewer)[passage.pk]


def test_the_team_reads_the_words_under_the_title_and_the_pseudonym(cast, passage):
    words = told(passage, cast.dina)
    assert (words.text, words.speaker, words.source_label) == (PART, "Interviewee 1", "talk")
    assert words.status == "quoted"


def test_others_read_shared_words_without_title_or_pseudonym(cast, passage):
    words = told(passage, cast.ada)
    assert (words.text, words.source_label, words.speaker) == (PART, "an interview", "Interviewee")


def test_nobody_outside_the_network_reads_what_is_shared_with_the_network(cast, passage):
    for viewer in (AnonymousUser(), cast.gus, None):
        assert told(passage, viewer).text is None


@pytest.mark.parametrize(("consent", "status"), [("paraphrase", "paraphrase"), ("count", "counted")])
def test_consent_stops_the_words_outside_the_team_at_once(cast, passage, consent, status):
    source = passage.source
    set_consent(source, consent=consent, expected=source.version, by=cast.dina)
    words = told(passage, cast.ada)
    assert (words.text, words.status, words.source_id, words.url) == (None, status, None, None)
    assert told(passage, cast.dina).text == PART


def test_words_that_nobody_reviewed_stay_in_the_team(cast, bring_in):
    source = bring_in(consent="quote", visibility="network")
    passage = mark_passage(source, start=0, end=11, by=cast.dina)
    assert told(passage, cast.ada).status == "not reviewed" and told(passage, cast.ada).text is None
    assert told(passage, cast.dina).text == "Interviewer"


def test_an_unshared_source_says_only_that_it_is_not_yours(cast, passage):
    set_visibility(passage.source, visibility="team", expected=passage.source.version, by=cast.dina)
    words = told(passage, cast.ada)
    assert (words.text, words.status) == (None, "not yours")


def test_a_shared_claim_shares_the_words_under_it_but_not_beyond_consent(cast, passage, monkeypatch):
    source = passage.source
    monkeypatch.setattr(sharing, "_shared", [lambda ids, viewer: set(ids)])
    set_visibility(source, visibility="team", expected=source.version, by=cast.dina)
    assert told(passage, cast.ada).text == PART
    source.refresh_from_db()
    set_consent(source, consent="count", expected=source.version, by=cast.dina)
    assert told(passage, cast.ada).text is None


def test_hidden_spans_are_hidden_from_everybody(cast, passage):
    add_redaction(passage.source, start=passage.start, end=passage.start + 5, by=cast.dina)
    assert told(passage, cast.dina).text == told(passage, cast.ada).text == "[HIDDEN] grew, I think."


def test_a_withdrawn_passage_says_so_to_everybody(cast, passage):
    withdraw_source(passage.source, reason="asked", by=cast.dina)
    for viewer in (cast.dina, cast.ada):
        words = told(passage, viewer)
        assert (words.text, words.status, words.url) == (None, "withdrawn", None)


def test_a_document_shared_by_an_organisation_is_named_by_kind_and_owner(cast, bring_in):
    source = bring_in(
        "our plan.md",
        "# Plan\n\nWe will listen.\n",
        kind="strategy",
        owner=cast.police,
        by=cast.ada,
        consent="quote",
        visibility="network",
        published=True,
    )
    passage = mark_passage(source, start=0, end=3, by=cast.ada)
    assert told(passage, cast.cleo).source_label == "a strategy of Northmere Police"
    assert told(passage, cast.ben).source_label == "our plan"


def test_the_gate_asks_few_questions_however_many_passages(cast, passage, django_assert_max_num_queries):
    source = passage.source
    ids = [mark_passage(source, start=n, end=n + 4, by=cast.dina).pk for n in range(60)]
    with django_assert_max_num_queries(6):
        shown = words_of([*ids, 999_999], viewer=cast.dina)
    assert len(shown) == 60


def test_a_mark_is_made_once_exactly_and_leaves_its_trace(cast, passage):
    before = Event.objects.count()
    same = mark_passage(passage.source, start=passage.start, end=passage.end, by=cast.dina)
    assert same == passage and Event.objects.count() == before
    assert Event.objects.filter(action="sources.passage.marked", team_id=cast.team.pk).count() == 1


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 3), (-1, 4), (0, 10_000)])
def test_a_mark_outside_the_text_is_refused_with_a_sentence(cast, passage, start, end):
    with pytest.raises(NotYet):
        mark_passage(passage.source, start=start, end=end, by=cast.dina)
    assert Passage.objects.count() == 1


def test_nobody_else_marks_in_a_teams_source(cast, passage):
    for name in ("ada", "eli", "cleo"):
        with pytest.raises(NotAllowed):
            mark_passage(passage.source, start=0, end=4, by=cast.people[name])
