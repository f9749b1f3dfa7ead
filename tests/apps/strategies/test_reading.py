"""Reading a strategy sentence by sentence: exact offsets, progress, verdicts in their place."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.audit.models import Event
from folkmoot.core.errors import FolkmootError, NotYet
from folkmoot.sources.actions import import_sources, mark_passage, withdraw_source
from folkmoot.sources.models import Passage, Source
from folkmoot.strategies import actions, queries
from folkmoot.strategies.models import Commitment, Objective, PassageVerdict, Strategy, StrategyVersion
from folkmoot.strategies.sentences import sentences_in

WORDS = st.text(alphabet="ab A.!?\n -1)👮é", max_size=120)


@given(WORDS)
def test_every_character_that_is_no_space_stands_in_exactly_one_sentence(text):
    found = sentences_in(text)
    inside = [at for one in found for at in range(one.start, one.end)]
    assert len(inside) == len(set(inside)) and inside == sorted(inside)
    assert {at for at, letter in enumerate(text) if letter.strip()} <= set(inside)
    assert all(text[one.start : one.end] == text[one.start : one.end].strip() for one in found)
    assert [one.number for one in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("We listen. We act.", 2),
        ("We ask, e.g. on walking alone. Then we act.", 2),
        ("Dr. Ames of St. Mary came. She spoke.", 2),
        ("Three things:\n- one\n- two", 3),
        ("What? Why! “Because.” So", 4),
        ("It costs 3.5 million.", 1),
        ("", 0),
    ],
)
def test_sentences_are_cut_where_a_reader_would(text, count):
    assert len(sentences_in(text)) == count


def read_url(version):
    return reverse("strategy_read", args=[version.strategy_id, version.number])


def words(passage):
    return passage.source.body.text[passage.start : passage.end]


def test_sentences_by_number_become_the_exact_passage_and_lead_to_the_objective(cast, as_, aims, version):
    page = as_(cast.ada).post(read_url(version), {"first": 2, "last": 3, "verdict": "objective"})
    passage = Passage.objects.get()
    assert page.url == f"{reverse('objective_new')}?passage={passage.pk}"
    assert words(passage).startswith("People of Ferry Road") and words(passage).endswith("walking alone.")
    form = as_(cast.ada).get(page.url).content.decode()
    assert "People of Ferry Road will feel safer" in form
    stated = {
        "aim": "C1",
        "title": "Safer",
        "who": "residents",
        "what_change": "feel safer",
        "by_when": "2028-03-31",
        "how_known": "survey",
        "stated": "before",
        "influence": "neither",
    }
    assert as_(cast.ada).post(page.url, stated).status_code == 302
    objective = Objective.objects.get()
    assert objective.passage == passage and passage.verdict.verdict == "objective"
    shown = as_(cast.ada).get(read_url(version)).content.decode()
    assert "2 of 5 sentences read" in shown and reverse("objective", args=[objective.pk]) in shown


def test_a_selection_counts_code_points_beyond_the_basic_plane(cast, as_, version):
    text = version.source.body.text
    start = text.index("👮")
    page = as_(cast.ada).post(
        read_url(version), {"start": start, "end": start + 5, "verdict": "nothing", "why": "a boast"}
    )
    assert page.status_code == 302
    passage = Passage.objects.get()
    assert words(passage) == "👮 and"
    shown = as_(cast.ada).get(read_url(version)).content.decode()
    assert f'data-start="{start}" data-end="{start + 5}">👮 and</span>' in shown
    assert "neither: a boast" in shown and "1 of 5 sentences read" in shown


def test_a_commitment_is_recorded_from_its_passage(cast, as_, version):
    client = as_(cast.ada)
    page = client.post(read_url(version), {"first": 4, "verdict": "commitment"})
    assert "We will publish what we did" in client.get(page.url).content.decode()
    after = client.post(page.url, {"text": "Publish what we did with every idea", "owner_role": "lead"})
    assert after.url == read_url(version)
    made = Commitment.objects.get()
    assert words(made.passage) == "We will publish what we did with every idea."
    assert PassageVerdict.objects.get().verdict == "commitment"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"verdict": "nothing"}, "with which sentence the passage begins"),
        ({"first": 3, "last": 2, "verdict": "nothing"}, "ends before it begins"),
        ({"first": 99, "verdict": "nothing"}, "none numbered 99"),
        ({"first": 1}, "Say what the passage is"),
        ({"start": 0, "end": 9999, "verdict": "nothing"}, "goes beyond it"),
        ({"start": 19, "end": 21, "verdict": "nothing"}, "no words in what you marked"),
    ],
)
def test_a_passage_that_is_none_is_refused_with_a_sentence(cast, as_, version, data, sentence):
    page = as_(cast.ada).post(read_url(version), data)
    assert page.status_code == 422 and sentence in page.content.decode()
    assert not PassageVerdict.objects.exists()


def test_the_words_are_there_for_the_organisation_and_marking_for_its_editors(cast, as_, version):
    url = read_url(version)
    for name, user in cast.people.items():
        expected = 200 if name in {"ada", "ben", "fay", "ira", "jon"} else 404
        assert as_(user).get(url).status_code == expected, name
    assert as_(None).get(url).status_code == 404
    assert as_(cast.ben).post(url, {"first": 1, "verdict": "nothing"}).status_code == 403
    assert as_(cast.eli).post(url, {"first": 1, "verdict": "nothing"}).status_code == 404


def test_a_shared_strategy_shows_its_words_only_where_they_may_be_quoted(cast, as_, version):
    actions.share_strategy(version.strategy, visibility="network", expected=1, by=cast.ada)
    page = as_(cast.eli).get(read_url(version)).content.decode()
    assert "Ferry Road" not in page and "not its words" in page
    published = actions.bring_in_version(
        version.strategy, file=("v2.txt", b"We will feel safer.\n"), published=True, by=cast.ada
    )
    assert "We will feel safer" in as_(cast.eli).get(read_url(published)).content.decode()
    assert as_(cast.gus).get(read_url(published)).status_code == 404


def test_an_objective_of_others_from_a_shared_passage_is_refused(cast, as_, aims, version):
    actions.share_strategy(version.strategy, visibility="network", expected=1, by=cast.ada)
    passage = mark_passage(version.source, start=0, end=5, by=cast.ada)
    url = f"{reverse('objective_new')}?passage={passage.pk}"
    assert as_(cast.eli).post(url, {"aim": "C1"}).status_code == 403
    assert as_(cast.gus).get(url).status_code == 404


def test_a_strategy_comes_in_by_file_by_pasting_or_from_the_sources(cast, as_):
    client = as_(cast.ada)
    url = reverse("strategy_new")
    about = {"title": "Plan", "kind": "action plan", "visibility": "own"}
    by_file = {**about, "chosen": SimpleUploadedFile("p.txt", b"We will visit. We will ask.")}
    made = StrategyVersion.objects.filter(strategy__title="Plan")
    assert client.post(url, by_file).status_code == 302
    assert made.get().source.kind == "action plan" and made.get().number == 1
    pasted = {**about, "title": "Pasted", "pasted": "One sentence.\n\nAnother one."}
    assert client.post(url, pasted).status_code == 302
    second = StrategyVersion.objects.get(strategy__title="Pasted")
    assert queries.reading_progress([second], viewer=cast.ada)[second.pk] == queries.Progress(0, 2)
    imported = import_sources([("x.txt", b"Words. More.")], kind="strategy", owner=cast.police, by=cast.ada)
    existing = {**about, "title": "Existing", "existing": imported.sources.get().pk}
    assert client.post(url, existing).status_code == 302
    assert StrategyVersion.objects.get(strategy__title="Existing").source == imported.sources.get()
    assert Event.objects.filter(action="created a strategy").count() == 3


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "Choose a file, paste the words, or choose a document"),
        ({"pasted": "Words.", "title": ""}, "Enter: title"),
        (
            {"pasted": "Words.", "in_force_from": "2026-02-01", "in_force_until": "2026-01-01"},
            "ends after it came into force",
        ),
    ],
)
def test_a_strategy_without_words_or_title_or_with_wrong_days_is_refused(cast, as_, more, sentence):
    about = {"title": "Plan", "kind": "strategy", "visibility": "own", **more}
    page = as_(cast.ada).post(reverse("strategy_new"), about)
    assert page.status_code == 422 and sentence in page.content.decode()
    assert not Strategy.objects.exists() and not Source.objects.exists()


def test_a_file_that_cannot_be_read_leaves_no_empty_strategy(cast, as_):
    about = {"title": "Plan", "kind": "strategy", "visibility": "own"}
    broken = {**about, "chosen": SimpleUploadedFile("p.docx", b"PK\x03\x04 not a document")}
    page = as_(cast.ada).post(reverse("strategy_new"), broken)
    assert page.status_code == 422 and "p.docx" in page.content.decode()
    assert not Strategy.objects.exists()


def test_the_same_file_is_not_two_versions(cast, version, strategy_text):
    with pytest.raises(FolkmootError, match="is here already"):
        actions.bring_in_version(version.strategy, file=("again.md", strategy_text.encode()), by=cast.ada)
    assert StrategyVersion.objects.count() == 1


def test_who_edits_for_no_organisation_brings_no_strategy_in(cast, as_):
    about = {"title": "Plan", "kind": "strategy", "visibility": "own", "pasted": "Words."}
    for user in (cast.ben, cast.dina, cast.gus):
        assert as_(user).post(reverse("strategy_new"), about).status_code == 403
    assert not Source.objects.exists()


def test_a_withdrawn_document_keeps_the_strategy_without_words(cast, as_, version):
    actions.judge_passage(
        mark_passage(version.source, start=0, end=5, by=cast.ada), verdict="nothing", by=cast.ada
    )
    withdraw_source(version.source, reason="", by=cast.ada)
    page = as_(cast.ada).get(read_url(version))
    assert page.status_code == 200 and "were withdrawn" in page.content.decode()
    assert as_(cast.ada).post(read_url(version), {"first": 1, "verdict": "nothing"}).status_code == 422


def test_a_passage_with_a_live_objective_cannot_be_called_nothing(cast, aims, version, whole):
    passage = mark_passage(version.source, start=0, end=5, by=cast.ada)
    actions.create_objective(aims["C1"], organisation=cast.police, passage=passage, by=cast.ada, **whole)
    with pytest.raises(NotYet, match="retire it before"):
        actions.judge_passage(passage, verdict="nothing", by=cast.ada)


def test_overlapping_markings_each_show_once_where_they_end(cast, version):
    source = version.source
    text = source.body.text
    first = text.index("People")
    for start, end in ((first, first + 40), (first + 10, text.index("alone.") + 6)):
        actions.judge_passage(
            mark_passage(source, start=start, end=end, by=cast.ada), verdict="nothing", by=cast.ada
        )
    reading = queries.reading_of(version, viewer=cast.ada)
    parts = [part for para in reading.paragraphs for one in para for part in one.segments]
    assert [len(part.closes) for part in parts if part.closes] == [1, 1]
    assert "".join(part.text for part in parts).replace(" ", "") == "".join(
        text[one.start : one.end] for one in queries.sentences_of(version)
    ).replace(" ", "")
    assert all(text[part.start : part.end] == part.text for part in parts)
    assert reading.progress == queries.Progress(2, 5)


def test_lists_ask_the_same_few_questions_however_many_strategies(
    cast, as_, version, django_assert_max_num_queries
):
    for number in range(6):
        actions.bring_in_strategy(
            f"Plan {number}",
            kind="policy",
            organisation=cast.police,
            visibility="own",
            file=(f"{number}.txt", f"Number {number}. Is short.".encode()),
            by=cast.ada,
        )
    client = as_(cast.ada)
    with django_assert_max_num_queries(14):
        assert client.get(reverse("strategies")).status_code == 200
