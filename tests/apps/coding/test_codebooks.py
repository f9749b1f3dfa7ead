"""Codebooks: who sees and changes them, what stays of a code that was merged, divided or retired."""

from __future__ import annotations

import html

import pytest

from folkmoot.audit.models import Event
from folkmoot.coding.actions import create_code, describe_code, merge_codes, read_passage, split_code
from folkmoot.coding.models import Code, Codebook, Coding
from folkmoot.coding.queries import code_rows, passage_rows, passages_of
from folkmoot.core.errors import FolkmootError, Stale

pytestmark = pytest.mark.django_db


def span(source, words):
    start = source.body.text.index(words)
    return {"start": start, "end": start + len(words)}


def text_of(answer):
    return html.unescape(answer.content.decode())


def test_outsiders_find_no_codebook_and_no_code(cast, book, as_):
    addresses = [f"/codebooks/{book.codebook.pk}/", f"/codes/{book.trust.pk}/"]
    addresses += [f"/codes/{book.trust.pk}/{name}/" for name in ("edit", "merge", "split", "retire")]
    for name, person in cast.people.items():
        expected = 200 if name == "dina" else 404
        for address in addresses:
            assert as_(person).get(address).status_code == expected, (name, address)
            if name != "dina" and address != addresses[1]:
                assert as_(person).post(address, {"names": "a\nb", "name": "x"}).status_code == 404
    assert as_(None).get(addresses[0]).status_code == 302
    assert "Reading for trust" not in text_of(as_(cast.eli).get("/codebooks/"))


def test_a_shared_codebook_is_read_and_not_changed_by_others(cast, book, as_):
    Codebook.objects.update(visibility="network")
    client = as_(cast.eli)
    assert client.get(f"/codebooks/{book.codebook.pk}/").status_code == 200
    assert client.post(f"/codebooks/{book.codebook.pk}/", {"name": "mine"}).status_code == 403
    assert client.post(f"/codes/{book.trust.pk}/retire/").status_code == 403
    assert client.post(f"/codes/{book.trust.pk}/merge/", {"into": book.visit.pk}).status_code == 403


def test_a_codebook_grows_from_the_pages_and_every_step_leaves_a_trace(cast, as_):
    client = as_(cast.dina)
    assert "Begin one below" in text_of(client.get("/codebooks/"))
    answer = client.post("/codebooks/", {"name": "Trust", "owner": f"team-{cast.team.pk}"})
    codebook = Codebook.objects.get()
    assert answer.url == f"/codebooks/{codebook.pk}/"
    client.post(answer.url, {"name": "visits", "description": "Any call at a home"})
    top = Code.objects.get()
    client.post(answer.url, {"name": "visits by night", "parent": top.pk})
    rows = code_rows(codebook, viewer=cast.dina)
    assert [(row.name, row.depth) for row in rows] == [("visits", 0), ("visits by night", 1)]
    refused = client.post(answer.url, {"name": "VISITS"})
    assert refused.status_code == 422 and "There is a code “VISITS”" in text_of(refused)
    assert Event.objects.filter(action="made a code", team_id=cast.team.pk).count() == 2


def test_a_code_page_shows_its_passages_within_consent_and_its_history(cast, book, bring_in, as_, finn):
    source = bring_in()
    for person in (cast.dina, finn):
        read_passage(source, **span(source, "Trust grew"), codes=[book.trust], by=person)
    describe_code(book.trust, name="reliance", description="They rely on police.", expected=1, by=cast.dina)
    page = text_of(as_(cast.dina).get(f"/codes/{book.trust.pk}/"))
    assert "“Trust grew”" in page and "Coded by Dina, Finn" in page and "1 passage coded so" in page
    assert "it was called “trust”" in page and "for your own people only" in page
    Codebook.objects.update(visibility="network")
    source.visibility = "network"
    source.save()
    outside = text_of(as_(cast.ada).get(f"/codes/{book.trust.pk}/"))
    assert "Trust grew" not in outside and "Dina, Finn" not in outside
    assert "The person agreed to be counted only. It is counted." in outside


def test_codes_used_in_sources_one_may_not_see_are_not_even_counted(cast, book, bring_in):
    source = bring_in()
    read_passage(source, **span(source, "Trust grew"), codes=[book.trust], by=cast.dina)
    Codebook.objects.update(visibility="network")
    assert passages_of(book.trust, viewer=cast.ada) == []
    assert [row.codings for row in code_rows(book.codebook, viewer=cast.ada)] == [0, 0]
    assert [row.codings for row in code_rows(book.codebook, viewer=cast.dina)] == [1, 0]


def test_a_stale_save_is_refused_names_who_and_keeps_what_was_typed(cast, book, as_, finn):
    describe_code(book.trust, name="trust in police", description="", expected=1, by=finn)
    sent = {"name": "reliance", "description": "my words", "version": 1}
    answer = as_(cast.dina).post(f"/codes/{book.trust.pk}/edit/", sent)
    assert answer.status_code == 412
    assert "Finn changed this since you opened it" in text_of(answer) and "my words" in text_of(answer)
    with pytest.raises(Stale):
        describe_code(book.trust, name="x", description="", expected=1, by=cast.dina)


def test_a_code_is_renamed_and_moved_in_one_go_and_never_below_itself(cast, book, as_):
    client = as_(cast.dina)
    answer = client.post(
        f"/codes/{book.trust.pk}/edit/", {"name": "trust", "parent": book.visit.pk, "version": 1}
    )
    assert answer.status_code == 422 and "cannot stand below itself" in text_of(answer)
    sent = {"name": "call", "description": "At home", "parent": "", "version": 1}
    assert client.post(f"/codes/{book.visit.pk}/edit/", sent).status_code == 302
    book.visit.refresh_from_db()
    assert (book.visit.name, book.visit.parent, book.visit.version) == ("call", None, 3)


def test_a_merge_is_shown_before_it_is_done_and_loses_nobodys_coding(cast, book, bring_in, as_, finn):
    source = bring_in()
    read_passage(source, **span(source, "Trust grew"), codes=[book.trust, book.visit], by=cast.dina)
    read_passage(source, **span(source, "Trust grew"), codes=[book.visit], by=finn)
    read_passage(source, **span(source, "reported"), codes=[book.visit], by=cast.dina)
    client = as_(cast.dina)
    asked = text_of(client.get(f"/codes/{book.visit.pk}/merge/?into={book.trust.pk}"))
    assert "3 uses of “visit” become uses of “trust”" in asked and Coding.objects.count() == 4
    assert client.post(f"/codes/{book.visit.pk}/merge/", {"into": book.trust.pk}).status_code == 302
    kept = {(one.passage_id, one.created_by) for one in Coding.objects.filter(code=book.trust)}
    assert len(kept) == 3 and Coding.objects.count() == 3
    book.visit.refresh_from_db()
    assert (book.visit.state, book.visit.merged_into) == ("merged", book.trust)
    history = text_of(client.get(f"/codes/{book.visit.pk}/"))
    assert "made it part of “trust”, with 2 codings" in history
    with pytest.raises(FolkmootError):
        merge_codes(book.visit, into=book.trust, by=cast.dina)


def test_a_divided_code_keeps_its_passages_until_they_are_coded_anew(cast, book, bring_in, as_):
    source = bring_in()
    read_passage(source, **span(source, "Trust grew"), codes=[book.visit], by=cast.dina)
    refused = as_(cast.dina).post(f"/codes/{book.visit.pk}/split/", {"names": "only one"})
    assert refused.status_code == 422
    parts = split_code(book.visit, names=["planned visit", "chance visit"], by=cast.dina)
    assert {part.parent for part in parts} == {book.trust}
    rows = passage_rows(book.visit, passages=passages_of(book.visit, viewer=cast.dina), viewer=cast.dina)
    assert [row.words.text for row in rows] == ["Trust grew"]
    page = text_of(as_(cast.dina).get(f"/codebooks/{book.codebook.pk}/"))
    assert "1 passage still coded so" in page and "planned visit" in page


def test_pages_of_codes_take_few_queries_whatever_their_number(
    cast, book, bring_in, as_, django_assert_max_num_queries
):
    source = bring_in()
    for number in range(30):
        code = create_code(book.codebook, name=f"code {number}", by=cast.dina)
        read_passage(source, start=number, end=number + 3, codes=[code, book.trust], by=cast.dina)
    client = as_(cast.dina)
    for address in ("/codebooks/", f"/codebooks/{book.codebook.pk}/", f"/codes/{book.trust.pk}/"):
        with django_assert_max_num_queries(24):
            assert client.get(address).status_code == 200
