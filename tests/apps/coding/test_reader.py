"""The reader: who may open it, what it shows, and the one form that marks, codes and claims."""

from __future__ import annotations

import html
import re

import pytest

from folkmoot.audit.models import Event
from folkmoot.coding.actions import code_passage, create_codebook, make_claim, read_passage
from folkmoot.coding.models import Claim, Code, Codebook, Coding
from folkmoot.coding.queries import turns_read, words_in
from folkmoot.core.errors import FolkmootError, NotAllowed, NotYet
from folkmoot.mechanisms.actions import start_assumption
from folkmoot.mechanisms.models import Assumption
from folkmoot.sources.actions import import_sources, mark_passage, set_visibility, withdraw_source
from folkmoot.sources.models import Passage

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


def span(source, words):
    start = source.body.text.index(words)
    return {"start": start, "end": start + len(words)}


def shown_words(page):
    """The words of each turn as a browser has them, markup taken away."""
    found = re.findall(r'<p class="rd-words">(.*?)</p>', page.content.decode(), re.S)
    return [html.unescape(re.sub(r"<[^>]+>", "", one)) for one in found]


def test_the_team_reads_outsiders_find_nothing(cast, bring_in, as_):
    source = bring_in()
    for name, person in cast.people.items():
        expected = 200 if name == "dina" else 404
        assert as_(person).get(f"/sources/{source.pk}/read/").status_code == expected, name
        posted = as_(person).post(f"/sources/{source.pk}/read/mark/", {"start": 1, "end": 4, "new_code": "x"})
        assert posted.status_code == (302 if name == "dina" else 404), name
    assert as_(None).get(f"/sources/{source.pk}/read/").status_code == 404


def test_the_words_on_the_page_are_the_words_of_the_body(cast, bring_in, as_, book):
    source = bring_in()
    read_passage(source, **span(source, "see us on"), codes=[book.trust, book.visit], by=cast.dina)
    read_passage(source, **span(source, "us on the"), codes=[book.visit], by=cast.dina)
    page = as_(cast.dina).get(f"/sources/{source.pk}/read/")
    body = source.body.text
    assert shown_words(page) == [body[turn.start : turn.end] for turn in source.turns.order_by("number")]
    turn = turns_read(source, viewer=cast.dina)[1]
    assert [(part.text, part.depth) for part in turn.segments if part.depth] == [
        ("see ", 1),
        ("us on", 2),
        (" the", 1),
    ]


def test_a_passage_over_several_turns_marks_each_and_stands_beside_the_first(cast, bring_in, book):
    source = bring_in()
    body = source.body.text
    start, end = body.index("at once"), body.index("reported")
    read_passage(source, start=start, end=end, codes=[book.trust], by=cast.dina)
    turns = turns_read(source, viewer=cast.dina)
    assert [bool(turn.codings) for turn in turns] == [False, True, False, False]
    assert [any(part.depth for part in turn.segments) for turn in turns] == [False, True, True, True]


def test_hidden_names_keep_every_offset_right(cast, bring_in, as_, book):
    source = bring_in(reviewed=True)
    read_passage(source, **span(source, "opened the door"), codes=[book.trust], by=cast.dina)
    page = as_(cast.dina).get(f"/sources/{source.pk}/read/").content.decode()
    assert "Oakthorpe" not in page and 'data-length="18"' in page
    assert ">opened the door</mark>" in page
    turn = turns_read(source, viewer=cast.dina)[1]
    text = source.body.text
    for word in words_in(turn):
        if not word.text.startswith("["):
            assert text[word.start : word.end] == word.text


@pytest.mark.parametrize("words", ["🙂", "🙂 they", "👩‍👧", "Honestly 🙂 they see us on the doorstep. 👩‍👧"])
def test_offsets_are_code_points_whatever_stands_before(cast, bring_in, as_, book, words):
    source = bring_in()
    at = span(source, words)
    answer = as_(cast.dina).post(f"/sources/{source.pk}/read/mark/", {**at, "codes": book.trust.pk}, **JSON)
    assert answer.status_code == 201
    passage = Passage.objects.get(pk=answer.json()["passage"])
    assert source.body.text[passage.start : passage.end] == words
    marked = re.search(
        r"<mark[^>]*>(.*?)</mark>", as_(cast.dina).get(f"/sources/{source.pk}/read/").content.decode()
    )
    assert html.unescape(marked[1]) == words


def test_without_javascript_a_turn_and_its_words_are_chosen_from_lists(cast, bring_in, as_, book):
    source = bring_in()
    client = as_(cast.dina)
    page = client.get(f"/sources/{source.pk}/read/?turn=2").content.decode()
    first = re.search(r'name="first_word".*?</select>', page, re.S)[0]
    last = re.search(r'name="last_word".*?</select>', page, re.S)[0]
    from_see = re.search(r'value="(\d+)"[^>]*>\d+ see<', first)[1]
    to_doorstep = re.search(r'value="(\d+)"[^>]*>\d+ doorstep\.<', last)[1]
    sent = {
        "turn": 2,
        "first_word": from_see,
        "last_word": to_doorstep,
        "codes": [book.trust.pk],
        "stance": "asserts",
    }
    answer = client.post(f"/sources/{source.pk}/read/mark/", sent)
    assert answer.status_code == 302 and answer.url.endswith("/read/#turn-2")
    passage = Coding.objects.get().passage
    assert source.body.text[passage.start : passage.end] == "see us on the doorstep."
    assert not Claim.objects.exists(), "a stance alone is the form's own first choice, not a claim"
    after = client.get(answer.url.partition("#")[0]).content.decode()
    assert "Take back trust" in after and ">see us on the doorstep.</mark>" in after


def test_one_form_marks_codes_and_claims_and_begins_an_assumption(cast, bring_in, as_, book):
    source = bring_in()
    sent = {
        **span(source, "Trust grew"),
        "codes": [book.trust.pk],
        "new_code": "growth",
        "codebook": book.codebook.pk,
        "cause": "Visits at home",
        "effect": "People trust police",
        "stance": "supports",
        "modality": "said",
        "claimant_role": "pcso",
        "assumption": "new",
        "note": "She hesitates.",
    }
    answer = as_(cast.dina).post(f"/sources/{source.pk}/read/mark/", sent, **JSON)
    assert answer.status_code == 201
    claim = Claim.objects.get()
    assert (claim.stance, claim.claimant_role, claim.team, claim.state) == (
        "supports",
        "pcso",
        cast.team,
        "provisional",
    )
    assert str(claim.assumption) == "Visits at home → People trust police"
    assert claim.assumption.team == cast.team
    assert {one.code.name for one in claim.passage.codings.all()} == {"trust", "growth"}
    done = set(Event.objects.filter(actor_id=cast.dina.pk).values_list("action", flat=True))
    assert {"coded a passage", "made a code", "made a claim", "started an assumption"} <= done
    assert "growth" in answer.json()["notes"] and "Visits at home" in answer.json()["notes"]


def test_a_claim_without_words_of_its_own_says_what_its_assumption_says(cast, bring_in, as_):
    source = bring_in()
    assumption = start_assumption("A visit", effect="Trust", owner=cast.team, by=cast.dina)
    sent = {**span(source, "Trust grew"), "assumption": assumption.pk, "stance": "challenges"}
    sent |= {"modality": "said", "claimant_role": "other"}
    assert as_(cast.dina).post(f"/sources/{source.pk}/read/mark/", sent, **JSON).status_code == 201
    claim = Claim.objects.get()
    assert (claim.cause, claim.effect, claim.assumption) == ("A visit", "Trust", assumption)


def test_all_or_nothing(cast, bring_in, as_, book):
    """A claim that is refused leaves no coding and no passage behind."""
    source = bring_in()
    with pytest.raises(FolkmootError):
        from folkmoot.coding.actions import ClaimDraft

        read_passage(
            source,
            **span(source, "Trust grew"),
            codes=[book.trust],
            claim=ClaimDraft(cause="Visits", effect=" "),
            by=cast.dina,
        )
    assert not Coding.objects.exists() and not Passage.objects.exists()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose the words first"),
        ({"start": 9, "end": 4, "new_code": "x"}, "The last word stands before the first one"),
        ({"start": 3, "end": 3, "new_code": "x"}, "The last word stands before the first one"),
        ({"start": 0, "end": 10_000_000, "new_code": "x"}, "goes beyond it"),
        ({"start": 3, "end": 9}, "Choose a code, or say what leads to what"),
        ({"start": 3, "end": 9, "codes": "999999"}, "999999"),
        ({"start": 3, "end": 9, "cause": "Visits", "stance": "asserts"}, "Say what it is supposed to lead to"),
        ({"start": 3, "end": 9, "cause": "a", "effect": "b", "stance": "perhaps"}, "perhaps"),
        ({"start": -3, "end": 9, "new_code": "x"}, "Choose the words first"),
    ],
)  # fmt: skip
def test_what_cannot_be_saved_says_why_and_keeps_what_was_typed(cast, bring_in, as_, sent, sentence):
    source = bring_in()
    client = as_(cast.dina)
    told = client.post(f"/sources/{source.pk}/read/mark/", sent, **JSON)
    assert told.status_code in (409, 422) and sentence in told.json()["detail"]
    page = client.post(f"/sources/{source.pk}/read/mark/", {**sent, "turn": 2, "note": "kept words"})
    assert page.status_code in (409, 422) and sentence in html.unescape(page.content.decode())
    assert not Coding.objects.exists() and not Claim.objects.exists()


def test_somebody_elses_assumption_or_code_cannot_be_used(cast, bring_in, as_):
    source = bring_in()
    theirs = start_assumption("A", effect="B", owner=cast.other, by=cast.eli)
    codebook = create_codebook("Theirs", owner=cast.rival, by=cast.eli)
    code = Code.objects.create(
        codebook=codebook, name="secret", created_at="2026-01-01T00:00Z", created_by="Eli"
    )
    at = span(source, "Trust grew")
    client = as_(cast.dina)
    for sent in ({"codes": code.pk}, {"assumption": theirs.pk}, {"new_code": "x", "codebook": codebook.pk}):
        answer = client.post(f"/sources/{source.pk}/read/mark/", {**at, **sent, "stance": "asserts"}, **JSON)
        assert answer.status_code == 422
        assert "secret" not in answer.content.decode()
    with pytest.raises(NotAllowed):
        code_passage(code, passage=mark_passage(source, **at, by=cast.dina), by=cast.dina)


def test_a_code_named_while_reading_begins_a_codebook_once(cast, bring_in, as_):
    source = bring_in()
    client = as_(cast.dina)
    for words in ("Trust grew", "reported the dumping"):
        sent = {**span(source, words), "new_code": "Trust"}
        assert client.post(f"/sources/{source.pk}/read/mark/", sent, **JSON).status_code == 201
    assert Codebook.objects.get().team == cast.team
    assert Code.objects.count() == 1 and Coding.objects.count() == 2


def test_coding_twice_is_coding_once_and_it_can_be_taken_back(cast, bring_in, as_, book, finn):
    source = bring_in()
    client = as_(cast.dina)
    sent = {**span(source, "Trust grew"), "codes": book.trust.pk}
    first = client.post(f"/sources/{source.pk}/read/mark/", sent, **JSON).json()
    again = client.post(f"/sources/{source.pk}/read/mark/", sent, **JSON).json()
    assert first["codings"] == again["codings"] and Coding.objects.count() == 1
    pk = first["codings"][0]["id"]
    assert as_(finn).post(f"/codings/{pk}/remove/", **JSON).status_code == 403
    assert as_(cast.ada).post(f"/codings/{pk}/remove/", **JSON).status_code == 404
    assert "Take back “trust”" in html.unescape(as_(cast.dina).get(f"/codings/{pk}/remove/").content.decode())
    assert as_(cast.dina).post(f"/codings/{pk}/remove/", **JSON).json() == {"passage": first["passage"]}
    assert not Coding.objects.exists()
    assert Event.objects.filter(action="removed a coding", actor_id=cast.dina.pk).exists()


def test_a_second_coder_can_stay_blind_to_the_first(cast, bring_in, as_, book, finn):
    source = bring_in()
    read_passage(source, **span(source, "Trust grew"), codes=[book.trust], by=cast.dina)
    page = as_(finn).get(f"/sources/{source.pk}/read/?whose=mine").content.decode()
    assert "rd-mark--1" not in page and 'class="rd-note__name"' not in page
    assert "rd-mark--1" in as_(finn).get(f"/sources/{source.pk}/read/").content.decode()


def test_an_insider_without_the_role_reads_and_is_refused_to_write(cast, as_):
    made = import_sources(
        [("plan.md", b"# Plan\n\nWe will visit every street once a year.\n")],
        kind="strategy",
        owner=cast.police,
        by=cast.ada,
    )
    source = made.sources.get()
    sent = {"start": 0, "end": 4, "new_code": "x"}
    for person, may in ((cast.fay, False), (cast.ben, False), (cast.ada, True)):
        page = as_(person).get(f"/sources/{source.pk}/read/")
        assert page.status_code == 200 and ('id="mark"' in page.content.decode()) == may
        assert as_(person).post(f"/sources/{source.pk}/read/mark/", sent).status_code == (302 if may else 403)
        assert as_(person).post(f"/sources/{source.pk}/read/mark/", sent, **JSON).status_code == (
            201 if may else 403
        )
    assert as_(cast.cleo).get(f"/sources/{source.pk}/read/").status_code == 404


def test_a_shared_source_is_read_outside_without_names_pseudonyms_or_codes(cast, bring_in, as_, book):
    source = bring_in(reviewed=True, consent="quote")
    read_passage(source, **span(source, "Trust grew"), codes=[book.trust], by=cast.dina)
    passage = mark_passage(source, **span(source, "reported"), by=cast.dina)
    make_claim(passage, cause="Visits", effect="Reports", stance="supports", by=cast.dina)
    set_visibility(source, visibility="network", expected=source.version, by=cast.dina)
    page = as_(cast.ada).get(f"/sources/{source.pk}/read/").content.decode()
    assert "An interview" in page and "doorstep" in page
    for secret in ("Oakthorpe", "talk", "rd-mark", "Visits", "Interviewee 1", "Dina", 'id="mark"'):
        assert secret not in page, secret


def test_a_source_shared_to_be_paraphrased_leads_to_its_page_that_says_why(cast, bring_in, as_):
    source = bring_in(reviewed=True, consent="paraphrase")
    set_visibility(source, visibility="network", expected=source.version, by=cast.dina)
    answer = as_(cast.ada).get(f"/sources/{source.pk}/read/")
    assert answer.status_code == 302 and answer.url == f"/sources/{source.pk}/"


def test_after_a_withdrawal_there_is_nothing_to_read_code_or_quote(cast, bring_in, as_, book):
    source = bring_in()
    made = read_passage(source, **span(source, "Trust grew"), codes=[book.trust], by=cast.dina)
    claim = make_claim(
        made.passage, cause="Doorsteps", effect="Trust", stance="supports", note="She said so", by=cast.dina
    )
    withdraw_source(source, reason="", by=cast.dina)
    client = as_(cast.dina)
    assert client.get(f"/sources/{source.pk}/read/").status_code == 302
    assert (
        client.post(f"/sources/{source.pk}/read/mark/", {"start": 1, "end": 3, "new_code": "x"}).status_code
        == 409
    )
    claim.refresh_from_db()
    assert (claim.cause, claim.effect, claim.note, claim.stance) == ("withdrawn", "withdrawn", "", "supports")
    assert not Event.objects.filter(object_kind="coding.claim", object_label__contains="Doorsteps").exists()
    with pytest.raises(NotYet):
        code_passage(book.trust, passage=Passage.objects.get(pk=made.passage.pk), by=cast.dina)


def test_the_queries_do_not_grow_with_the_transcript(
    cast, bring_in, as_, book, django_assert_max_num_queries
):
    long = "".join(f"Interviewer: Number {n}?\n\nInterviewee: Yes, {n} it is.\n\n" for n in range(300))
    source = bring_in(long, name="long.txt", names=[])
    for n in range(0, 60, 3):
        read_passage(source, **span(source, f"Yes, {n} it"), codes=[book.trust], by=cast.dina)
    client = as_(cast.dina)
    with django_assert_max_num_queries(20):
        page = client.get(f"/sources/{source.pk}/read/")
    assert page.content.decode().count("rd-note--code") == 20
    with django_assert_max_num_queries(32):
        sent = {**span(source, "Yes, 299 it"), "codes": book.trust.pk}
        assert client.post(f"/sources/{source.pk}/read/mark/", sent, **JSON).status_code == 201


def test_assumptions_are_offered_in_groups_and_only_those_one_may_see(cast, bring_in):
    from folkmoot.coding.queries import assumptions_for

    mine = start_assumption("Ours", effect="Ours too", owner=cast.team, by=cast.dina)
    start_assumption("Hidden", effect="From us", owner=cast.other, by=cast.eli)
    start_assumption("Shared", effect="With all", owner=cast.other, visibility="network", by=cast.eli)
    groups = dict(assumptions_for(cast.dina))
    assert groups["Our own"] == [(mine.pk, "Ours → Ours too")]
    assert [label for _, label in groups["Shared by others"]] == ["Shared → With all"]
    assert Assumption.objects.count() == 3
