"""The pages of sources: who gets which, what works without JavaScript, and what each refusal says."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from folkmoot.audit.models import Event
from folkmoot.sources.actions import mark_passage, withdraw_source
from folkmoot.sources.models import Import, ProtectedName, RedactionMark, Source

TALK = b"Interviewer: Why?\n\nInterviewee: Because they came back. Ask Margaret Oakthorpe on 07700 900123.\n"
INSIDE = (
    "source_edit",
    "source_consent",
    "source_speakers",
    "redact",
    "source_original",
    "source_withdraw",
)


def upload(name: str = "talk.txt", content: bytes = TALK) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def sent(cast, *files, **more):
    return {
        "chosen": list(files) or [upload()],
        "kind": "transcript",
        "owner": f"team-{cast.team.pk}",
        "consent": "quote",
        **more,
    }


def streamed(response) -> str:
    return b"".join(response.streaming_content).decode()


def statuses(cast, as_, url: str) -> dict[str, int]:
    found = {name: as_(user).get(url).status_code for name, user in cast.people.items()}
    found["nobody"] = as_(None).get(url).status_code
    return found


@pytest.mark.parametrize("page", ["source", *INSIDE])
def test_a_teams_source_is_there_for_the_team_alone(cast, as_, bring_in, page):
    url = reverse(page, args=[bring_in().pk])
    found = statuses(cast, as_, url)
    assert found.pop("dina") == 200
    assert found.pop("nobody") == (404 if page == "source" else 302)
    assert set(found.values()) == {404}


@pytest.mark.parametrize("page", ["source", *INSIDE])
def test_an_organisations_document_is_there_for_its_people_alone(cast, as_, bring_in, page):
    source = bring_in("p.md", "# Plan\n\nWe will visit.\n", kind="strategy", owner=cast.police, by=cast.ada)
    found = statuses(cast, as_, reverse(page, args=[source.pk]))
    inside = {"ada", "ben", "fay", "ira", "jon"}
    assert {name for name, status in found.items() if status == 200} == inside
    assert {status for name, status in found.items() if name not in inside | {"nobody"}} == {404}


def test_a_shared_source_shows_its_row_but_never_its_inside(cast, as_, bring_in):
    source = bring_in("Talk with Sergeant X.txt", visibility="network", consent="quote", reviewed=True)
    page = as_(cast.ada).get(reverse("source", args=[source.pk]))
    assert page.status_code == 200 and "Sergeant X" not in page.content.decode()
    for name in INSIDE:
        assert as_(cast.ada).get(reverse(name, args=[source.pk])).status_code == 404
    assert as_(cast.gus).get(reverse("source", args=[source.pk])).status_code == 404
    assert "Sergeant X" not in as_(cast.ada).get(reverse("sources")).content.decode()
    assert "Sergeant X" in as_(cast.dina).get(reverse("sources")).content.decode()


def test_the_filter_by_title_does_not_search_the_titles_of_others(cast, as_, bring_in):
    bring_in("Secret title.txt", visibility="network")
    page = as_(cast.ada).get(reverse("sources"), {"words": "Secret"})
    assert "No source fits" in page.content.decode()


def test_a_reader_of_the_organisation_sees_and_may_not_write(cast, as_, bring_in):
    source = bring_in("p.md", "# Plan\n\nWe will visit.\n", kind="strategy", owner=cast.police, by=cast.ada)
    client = as_(cast.ben)
    for page, data in (
        ("source_withdraw", {"sure": "on"}),
        ("source_consent", {"version": 1, "consent": "quote", "visibility": "public"}),
        ("redact", {"finish": "1"}),
    ):
        assert client.post(reverse(page, args=[source.pk]), data).status_code == 403
    source.refresh_from_db()
    assert source.state == "live" and source.redaction == "open"


def test_passages_and_imports_of_others_are_not_there(cast, as_, bring_in):
    source = bring_in()
    passage = mark_passage(source, start=0, end=5, by=cast.dina)
    for url in (
        reverse("passage", args=[passage.pk]),
        reverse("source_imported", args=[source.imported_id]),
        reverse("protected_names", args=[cast.team.pk]),
        reverse("turn_speaker", args=[source.pk, 1]),
    ):
        found = statuses(cast, as_, url)
        assert found.pop("dina") == 200 and found.pop("nobody") in {302, 404}
        assert set(found.values()) == {404}


def test_the_list_says_what_to_do_first_when_there_is_nothing(cast, as_):
    assert "Bring in an interview" in as_(cast.dina).get(reverse("sources")).content.decode()
    assert "Bring files in" not in as_(cast.ben).get(reverse("sources")).content.decode()


def test_the_list_asks_the_same_few_questions_however_many_sources(
    cast, as_, bring_in, django_assert_max_num_queries
):
    for number in range(12):
        bring_in(f"talk {number}.txt", f"Interviewer: {number}?\n\nInterviewee: Yes.\n")
    client = as_(cast.dina)
    # session, person, access and instance; the page, its counts, and what the rooms above count
    with django_assert_max_num_queries(18):
        page = client.get(reverse("sources"))
    assert page.content.decode().count("talk 1") >= 2


def test_an_import_from_the_page_tells_as_it_reads_and_ends_with_the_account(cast, as_):
    answer = as_(cast.dina).post(reverse("source_import"), sent(cast, names="Margaret Oakthorpe"))
    page = streamed(answer)
    assert answer.streaming and "Reading 1 of 1: talk.txt" in page
    assert "Read 2, used 2, set aside 0" in page and page.rstrip().endswith("</html>")
    assert Source.objects.get().consent == "quote" and ProtectedName.objects.exists()
    assert Event.objects.filter(action="sources.imported").count() == 1


def test_many_files_come_in_at_once_and_a_broken_one_gets_its_sentence(cast, as_):
    files = [upload(), upload("empty.txt", b""), upload("odd.pdf", b"%PDF-1.4 nothing")]
    page = streamed(as_(cast.dina).post(reverse("source_import"), sent(cast, *files)))
    assert "1 source came in" in page and "The file is empty" in page and "odd.pdf" in page


def test_only_broken_files_leave_nothing_behind(cast, as_):
    page = streamed(
        as_(cast.dina).post(reverse("source_import"), sent(cast, upload("x.docx", b"PK\x03\x04 no")))
    )
    assert "Nothing was brought in" in page and "x.docx" in page
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"chosen": []}, "Choose at least one file."),
        ({"owner": "team-99999"}, "Select a valid choice"),
        ({"kind": "strategy"}, "A strategy belongs to an organisation"),
    ],
)
def test_an_import_form_that_is_wrong_comes_back_with_a_sentence(cast, as_, more, sentence):
    answer = as_(cast.dina).post(reverse("source_import"), {**sent(cast), **more})
    assert answer.status_code == 422 and sentence in answer.content.decode()


def test_nobody_brings_in_for_another_team(cast, as_):
    assert as_(cast.ben).post(reverse("source_import"), sent(cast)).status_code == 403
    assert as_(cast.eli).post(reverse("source_import"), sent(cast)).status_code == 422
    assert not Source.objects.exists()


def test_the_original_is_handed_out_as_it_came_and_only_as_a_file(cast, as_, bring_in):
    source = bring_in("Gespräch „eins“.html", "<p>Interviewer: So?</p><p>Interviewee: <b>Yes</b></p>")
    answer = as_(cast.dina).get(reverse("source_original", args=[source.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"
    assert b"".join(answer.streaming_content).startswith(b"<p>Interviewer")


def test_a_stale_description_is_refused_naming_who_and_keeps_the_words(cast, as_, bring_in):
    source = bring_in()
    client, url = as_(cast.dina), reverse("source_edit", args=[source.pk])
    first = {"title": "First", "kind": "interview", "version": source.version}
    assert client.post(url, first).status_code == 302
    late = client.post(url, {**first, "title": "Second"})
    page = late.content.decode()
    assert late.status_code == 412 and "Dina" in page and 'value="Second"' in page
    assert Source.objects.get().title == "First"


def test_stale_terms_are_refused(cast, as_, bring_in):
    source = bring_in()
    url = reverse("source_consent", args=[source.pk])
    terms = {"consent": "quote", "visibility": "network", "version": source.version}
    assert as_(cast.dina).post(url, terms).status_code == 302
    assert as_(cast.dina).post(url, {**terms, "consent": "count"}).status_code == 412
    assert Source.objects.get().consent == "quote"


def test_speakers_are_corrected_and_joined_from_the_page(cast, as_, bring_in):
    source = bring_in(text="Interviewer: A?\n\nInterviewee 1: B.\n\nInterviewee 2: C.\n")
    asker, one, two = source.speakers.order_by("pk")
    client, url = as_(cast.dina), reverse("source_speakers", args=[source.pk])
    given = {
        "save": one.pk,
        f"speaker-{one.pk}-pseudonym": "Officer A",
        f"speaker-{one.pk}-role": "interviewee",
    }
    assert client.post(url, given).status_code == 302
    join = {
        "save": two.pk,
        f"speaker-{two.pk}-pseudonym": "x",
        f"speaker-{two.pk}-role": "interviewee",
        f"speaker-{two.pk}-join": one.pk,
    }
    assert client.post(url, join).status_code == 302
    assert [turn.speaker.pseudonym for turn in source.turns.all()] == [
        "Interviewer",
        "Officer A",
        "Officer A",
    ]
    source.refresh_from_db()
    assert source.people == 1 and asker.turns.count() == 1
    assert Event.objects.filter(action__startswith="sources.speaker").count() == 2


def test_the_review_decides_one_by_one_and_a_kind_at_a_time_and_ends_only_when_all_is_decided(
    cast, as_, bring_in
):
    source = bring_in(text=TALK.decode(), names=["Margaret Oakthorpe"])
    client, url = as_(cast.dina), reverse("redact", args=[source.pk])
    assert "Margaret Oakthorpe" in client.get(url).content.decode()
    refused = client.post(url, {"finish": "1"})
    assert refused.status_code == 409 and "not decided yet" in refused.content.decode()
    name = source.redactions.get(kind="name")
    assert client.post(url, {"hide": name.pk}).status_code == 302
    assert client.post(url, {"keep_all": "telephone"}).status_code == 302
    assert client.post(url, {"finish": "1"}).status_code == 302
    source.refresh_from_db()
    assert source.redaction == "reviewed"
    assert set(RedactionMark.objects.values_list("kind", "state")) == {
        ("name", "accepted"),
        ("telephone", "refused"),
    }


def test_words_are_hidden_by_hand_and_words_that_are_not_there_are_refused(cast, as_, bring_in):
    source = bring_in(text=TALK.decode())
    client, url = as_(cast.dina), reverse("redact", args=[source.pk])
    wrong = client.post(url, {"add": "1", "turn": 2, "words": "not there", "replacement": ""})
    assert wrong.status_code == 422 and "do not stand in turn 2" in wrong.content.decode()
    assert client.post(url, {"add": "1", "turn": 2, "words": "came back"}).status_code == 302
    assert source.redactions.get(kind="by hand").state == "accepted"


def test_a_mark_of_another_source_cannot_be_decided_here(cast, as_, bring_in):
    first = bring_in(text=TALK.decode())
    other = bring_in("o.txt", TALK.decode() + "\n")
    mark = other.redactions.first()
    answer = as_(cast.dina).post(reverse("redact", args=[first.pk]), {"hide": mark.pk})
    assert answer.status_code == 404


def test_withdrawal_tells_what_will_happen_and_leaves_a_tombstone(cast, as_, bring_in):
    source = bring_in("Talk with Ann.txt")
    passage = mark_passage(source, start=0, end=5, by=cast.dina)
    client, url = as_(cast.dina), reverse("source_withdraw", args=[source.pk])
    asked = client.get(url).content.decode()
    assert "Talk with Ann.txt” is erased" in asked and "1 passage" in asked
    assert client.post(url, {"reason": "x"}).status_code == 422
    assert client.post(url, {"reason": "She asked", "sure": "on"}).status_code == 302
    page = client.get(reverse("source", args=[source.pk])).content.decode()
    assert "Withdrawn interview" in page and "She asked" in page and "Ann.txt" not in page
    told = client.get(reverse("passage", args=[passage.pk])).content.decode()
    assert "These words were withdrawn" in told
    assert client.get(reverse("source_original", args=[source.pk])).status_code == 404
    assert client.get(reverse("redact", args=[source.pk])).status_code == 404


def test_the_passage_page_shows_the_words_where_they_stand(cast, as_, bring_in):
    source = bring_in(reviewed=True, consent="quote", visibility="network")
    at = source.body.text.index("Trust grew")
    passage = mark_passage(source, start=at, end=at + 10, by=cast.dina)
    for user in (cast.dina, cast.ada):
        page = as_(user).get(reverse("passage", args=[passage.pk])).content.decode()
        assert '<mark class="fm-passage">Trust grew</mark>' in page and "margaret@" not in page


@pytest.mark.parametrize("who", ["dina", "ada", "gus"])
def test_names_of_pages_have_one_heading_and_a_title(cast, as_, bring_in, who):
    bring_in(reviewed=True, consent="quote", visibility="network")
    for url in (reverse("sources"), reverse("search") + "?q=trust", reverse("source_import")):
        page = as_(cast.people[who]).get(url).content.decode()
        assert page.count("<h1") == 1 and "<title>" in page


def test_a_source_withdrawn_by_another_leaves_no_word_in_its_account(cast, as_, bring_in):
    source = bring_in("Talk with Ann.txt")
    account = reverse("source_imported", args=[source.imported_id])
    withdraw_source(source, reason="", by=cast.dina)
    assert "Ann" not in as_(cast.dina).get(account).content.decode()
